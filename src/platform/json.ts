import { AppError, badInput } from '../errors.ts'

/** How deep a stored value may nest: what is deeper overflows stacks along the way. */
const maxJsonDepth = 64
/** What one stored value may weigh. */
export const maxValueBytes = 256 * 1024
/** What one of a text’s `length` weighs at most; what is short enough by it needs no weighing. */
const mostBytes = 3

/**
 * Refuses what would not come back from PostgreSQL as it went in, or would do harm as an object's key.
 * Walks without recursion, since depth is one of the things it guards against.
 * @throws BAD_USER_INPUT that names `field`
 */
export function checkJson(value: unknown, field: string): void {
  const rest: { nest: object; depth: number }[] = []
  if (isNest(value)) rest.push({ nest: value, depth: 1 })
  else checkLeaf(value, field)
  for (let at = rest.pop(); at; at = rest.pop()) {
    const { nest, depth } = at
    if (depth > maxJsonDepth) throw badInput(field, `A value may nest ${maxJsonDepth} levels deep at most.`)
    if (!Array.isArray(nest)) for (const key of Object.keys(nest)) checkKey(key, field)
    for (const child of Object.values(nest)) {
      if (isNest(child)) rest.push({ nest: child, depth: depth + 1 })
      else checkLeaf(child, field)
    }
  }
}

const isNest = (value: unknown): value is object => typeof value === 'object' && value !== null

function checkLeaf(value: unknown, field: string): void {
  if (typeof value === 'string') checkText(value, field)
  else if (typeof value === 'number') checkNumber(value, field)
  else if (typeof value !== 'boolean' && value !== null) throw badInput(field, 'This is no JSON.')
}

/** Refuses what is too large to be one value as well. Gives it as JSON. @throws BAD_USER_INPUT, PAYLOAD_TOO_LARGE */
export function checkValue(value: unknown, field: string): string {
  checkJson(value, field)
  const json = JSON.stringify(value)
  const bytes = json.length > maxValueBytes / mostBytes ? Buffer.byteLength(json) : 0
  if (bytes > maxValueBytes)
    throw new AppError('PAYLOAD_TOO_LARGE', `A value has at most ${maxValueBytes} bytes as JSON; this one has ${bytes}.`, { field })
  return json
}

/** @throws BAD_USER_INPUT for text that PostgreSQL refuses or replaces */
export function checkText(text: string, field: string): void {
  if (text.includes('\0')) throw badInput(field, 'Text may not contain the NUL character.')
  if (!text.isWellFormed()) throw badInput(field, 'Text may not contain half of a surrogate pair.')
}

function checkNumber(number: number, field: string): void {
  if (!Number.isFinite(number)) throw badInput(field, 'A number is too large for JSON.')
  if (Object.is(number, -0)) throw badInput(field, 'Negative zero can’t be stored; send 0.')
  if (Number.isInteger(number) && !Number.isSafeInteger(number))
    throw badInput(field, 'Integers beyond 2^53 - 1 lose digits in JSON; send them as text.')
}

function checkKey(key: string, field: string): void {
  if (key === '__proto__') throw badInput(field, '__proto__ is not allowed as a key.')
  checkText(key, field)
}
