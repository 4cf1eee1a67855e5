import { Tokenizer } from 'htmlparser2'
import { attributesOf, isRead } from './attributes.ts'
import { escapeHtml, withoutControls } from './plain-text.ts'

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '))

/** What a public note may be made of. */
const kept = words(
  'a abbr b blockquote br caption cite code dd del details div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q s samp small strong sub summary sup table tbody td tfoot th thead tr u ul var wbr',
)
const empty = words('br hr img wbr')
/** Gone with all that is in them; of other elements that are not kept, the text stays. */
const dropped = words(
  'applet audio canvas frameset iframe math noembed noframes noscript object script select style svg template textarea title video xmp',
)
/** What an element ends by beginning, when its own end was left out. */
const ends: Readonly<Record<string, ReadonlySet<string>>> = {
  a: words('a'),
  li: words('li p'),
  dt: words('dt dd p'),
  dd: words('dt dd p'),
  td: words('td th p'),
  th: words('td th p'),
  tr: words('td th tr p'),
  ...Object.fromEntries(['thead', 'tbody', 'tfoot'].map(name => [name, words('caption td th tr thead tbody tfoot p')])),
  ...Object.fromEntries(
    'blockquote details div dl figure h1 h2 h3 h4 h5 h6 hr ol p pre table ul'.split(' ').map(name => [name, words('p')] as const),
  ),
}
/** No page needs more, and what is nested deeper costs every reader. */
const maxDepth = 100

/**
 * HTML from an editor, or from anybody, as HTML that is safe to put into a page. Nothing of the given markup is passed on: tags are
 * written anew from the lists here, all other text is escaped. Whatever a parser may misread in it, the outcome holds nothing else.
 * Takes time in proportion to the length.
 */
export function sanitiseHtml(html: string): string {
  let clean = ''
  const open: string[] = []
  let tag = ''
  let given = new Map<string, string>()
  let attribute: string | null = null
  let value = ''
  /** The element that is being dropped, and how many of its name are open. */
  let drop = { name: '', depth: 0 }

  const write = (text: string) => {
    if (drop.depth === 0) clean += escapeHtml(withoutControls(text))
  }
  const endLast = () => {
    clean += `</${open.pop()}>`
  }

  function begin(isClosed: boolean): void {
    if (drop.depth > 0) {
      if (tag === drop.name && !isClosed) drop.depth += 1
      return
    }
    if (dropped.has(tag)) {
      if (!isClosed) drop = { name: tag, depth: 1 }
      return
    }
    const attributes = kept.has(tag) ? attributesOf(tag, given) : null
    if (attributes === null) return
    for (let last = open.at(-1); last !== undefined && ends[tag]?.has(last); last = open.at(-1)) endLast()
    if (!empty.has(tag) && open.length === maxDepth) return
    clean += `<${tag}${attributes}>`
    if (empty.has(tag)) return
    open.push(tag)
    if (isClosed) endLast()
  }

  function end(name: string): void {
    if (drop.depth > 0) {
      if (name === drop.name) drop.depth -= 1
      return
    }
    const at = open.lastIndexOf(name)
    while (at >= 0 && open.length > at) endLast()
  }

  const ignore = () => {}
  const tokenizer = new Tokenizer(
    { decodeEntities: true, recognizeSelfClosing: true },
    {
      ontext: (from, to) => write(html.slice(from, to)),
      ontextentity: codePoint => write(String.fromCodePoint(codePoint)),
      onopentagname(from, to) {
        tag = html.slice(from, to).toLowerCase()
        given = new Map()
      },
      onattribname(from, to) {
        const name = html.slice(from, to).toLowerCase()
        attribute = isRead(tag, name) && !given.has(name) ? name : null
        value = ''
      },
      onattribdata(from, to) {
        if (attribute !== null) value += html.slice(from, to)
      },
      onattribentity(codePoint) {
        if (attribute !== null) value += String.fromCodePoint(codePoint)
      },
      onattribend() {
        if (attribute !== null) given.set(attribute, withoutControls(value))
      },
      onopentagend: () => begin(false),
      onselfclosingtag: () => begin(true),
      onclosetag: (from, to) => end(html.slice(from, to).toLowerCase()),
      oncdata: ignore,
      oncomment: ignore,
      ondeclaration: ignore,
      onprocessinginstruction: ignore,
      onend: ignore,
    },
  )
  tokenizer.write(html)
  tokenizer.end()
  while (open.length > 0) endLast()
  // What is broken off at the end may be broken off within a pair of surrogates.
  return clean.toWellFormed()
}
