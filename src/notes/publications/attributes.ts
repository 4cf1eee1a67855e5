import { escapeHtml } from './plain-text.ts'

/** The only attributes that are looked at, by element. */
const read: ReadonlyMap<string, readonly string[]> = new Map([
  ['a', ['href']],
  ['img', ['src', 'alt', 'width', 'height']],
  ['ol', ['start']],
  ['td', ['colspan', 'rowspan']],
  ['th', ['colspan', 'rowspan']],
])

export const isRead = (tag: string, attribute: string): boolean => read.get(tag)?.includes(attribute) ?? false

/** The attributes an element is written with. Null: without a safe address it is nothing. */
export function attributesOf(tag: string, given: ReadonlyMap<string, string>): string | null {
  if (tag === 'a') {
    const address = safeLink(given.get('href') ?? '')
    return address && write({ href: address, rel: 'noopener noreferrer nofollow ugc' })
  }
  if (tag === 'img') {
    const picture = given.get('src')?.trim() ?? ''
    if (!inlinePicture.test(picture)) return null
    return write({ src: picture, alt: given.get('alt') ?? '', width: number(given.get('width'), 4), height: number(given.get('height'), 4) })
  }
  if (tag === 'ol') return write({ start: number(given.get('start'), 6) })
  if (tag === 'td' || tag === 'th') return write({ colspan: number(given.get('colspan'), 2), rowspan: number(given.get('rowspan'), 2) })
  return ''
}

const write = (attributes: Readonly<Record<string, string | null>>): string =>
  Object.entries(attributes)
    .map(([name, value]) => (value === null ? '' : ` ${name}="${escapeHtml(value)}"`))
    .join('')

const number = (text: string | undefined, digits: number): string | null =>
  text !== undefined && /^[1-9]\d*$/.test(text) && text.length <= digits ? text : null

/** A picture from elsewhere tells its host who reads; one in the text itself tells nobody. SVG is left out: it is a document. */
const inlinePicture = /^data:image\/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/]+={0,2}$/

const maxLinkLength = 4_000

/** The address as browsers read it, so that what was checked is what is followed. */
function safeLink(text: string): string | null {
  const url = text.length <= maxLinkLength ? URL.parse(text) : null
  if (!url || !['http:', 'https:', 'mailto:'].includes(url.protocol)) return null
  // `https://bank.example@elsewhere.example` is read as the wrong one of the two.
  return url.username === '' && url.password === '' ? url.href : null
}
