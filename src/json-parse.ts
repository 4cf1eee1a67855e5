/**
 * The V8 of Node.js 24 and 26 may read a key of JSON that holds an escape as another one, which it has seen at the same place of an earlier
 * object: `{"h":1,"\"":2}` behind `{"h":[],"\\":0}` gets the key `\`. What one client pushes would then depend on what another one
 * did. Where that is so, `JSON.parse` is put right here, for the libraries as well: it hands such keys to V8 without
 * their escapes, under names that nobody else knows. To be imported before anything that might keep the old one.
 * @see https://github.com/nodejs/node/issues/63785
 */
import { randomUUID } from 'node:crypto'

const parse = JSON.parse

function isAtFault(): boolean {
  parse('{"h":[],"\\\\":0}')
  return !Object.hasOwn(parse('{"h":1,"\\"":2}') as object, '"')
}

/** Stands for the escaped keys of a text. Whoever guessed it would only rename keys of their own. */
const mark = `${randomUUID().slice(0, 8)}:`

/** A text without escapes in its keys, and the keys that can't be written without. */
interface Plain {
  readonly text: string
  readonly keys: readonly string[]
}

/** Null when no key has an escape, or it is no JSON. */
function withoutEscapes(text: string): Plain | null {
  const keys = new Map<string, number>()
  function numbered(key: string): string {
    const number = keys.get(key) ?? keys.size
    keys.set(key, number)
    return `"${mark}${number}"`
  }
  let plain = ''
  let taken = 0
  let backslash = text.indexOf('\\')
  for (let start = text.indexOf('"'); start !== -1 && backslash !== -1; ) {
    let end = text.indexOf('"', start + 1)
    const isEscaped = end > backslash
    // An escape is two characters at least, and neither of them ends the text.
    while (end !== -1 && backslash !== -1 && backslash < end) {
      if (end <= backslash + 1) end = text.indexOf('"', backslash + 2)
      backslash = text.indexOf('\\', backslash + 2)
    }
    if (end === -1) return null
    if (isEscaped && isFollowedByColon(text, end + 1)) {
      const key = parse(text.slice(start, end + 1)) as string
      plain += text.slice(taken, start) + (plainly(key) ?? numbered(key))
      taken = end + 1
    }
    start = text.indexOf('"', end + 1)
  }
  return taken === 0 ? null : { text: plain + text.slice(taken), keys: [...keys.keys()] }
}

/** The same key may stand beside it without any escape, and V8 has to see that they are the same. Null: it can't be written so. */
function plainly(key: string): string | null {
  const text = JSON.stringify(key)
  return text.length === key.length + 2 ? text : null
}

function isFollowedByColon(text: string, start: number): boolean {
  let at = start
  while (at < text.length && ' \t\n\r'.includes(text[at] ?? '')) at += 1
  return text[at] === ':'
}

/** Gives the keys back, in their order. Not by recursion: there is no limit to how deep JSON may be. */
function restore(root: unknown, keys: readonly string[]): void {
  const waiting = [root]
  while (waiting.length > 0) {
    const value = waiting.pop()
    if (Array.isArray(value)) {
      for (const member of value) if (typeof member === 'object' && member !== null) waiting.push(member)
    } else if (typeof value === 'object' && value !== null) {
      const object = value as Record<string, unknown>
      const names = Object.keys(object)
      for (const name of names) {
        const member = object[name]
        if (typeof member === 'object' && member !== null) waiting.push(member)
      }
      if (names.some(name => name.startsWith(mark))) rename(object, names, keys)
    }
  }
}

function rename(object: Record<string, unknown>, names: readonly string[], keys: readonly string[]): void {
  const members = names.map(name => object[name])
  for (const name of names) delete object[name]
  for (const [index, name] of names.entries()) {
    const key = name.startsWith(mark) ? (keys[Number(name.slice(mark.length))] ?? name) : name
    // Defined and not assigned, as by V8: it is a key like all others.
    if (key === '__proto__') Object.defineProperty(object, key, { value: members[index], configurable: true, enumerable: true, writable: true })
    else object[key] = members[index]
  }
}

function parseRightly(text: string, reviver?: Parameters<typeof parse>[1]): unknown {
  const plain = typeof text === 'string' && reviver === undefined ? withoutEscapes(text) : null
  if (!plain) return parse(text, reviver)
  try {
    const value: unknown = parse(plain.text)
    if (plain.keys.length > 0) restore(value, plain.keys)
    return value
  } catch {
    // It is no JSON, and the error is to speak of what was given.
    return parse(text)
  }
}

if (isAtFault()) JSON.parse = parseRightly
