import { AppError } from '../errors.ts'
import { isJsonText } from '../platform/json-text.ts'

/** What one operation may return of the contents of documents, notes, attachments, public notes, messages, records and logs of vaults together; all of it is in memory at once. */
export const maxReadBytes = 16 * 1024 * 1024

/** For the fields that count. */
export const contentsLimit = `One operation returns at most ${maxReadBytes / 1024 ** 2} MiB of contents, else QUERY_TOO_COMPLEX.`

/** Counts by the variables, which every execution has its own object of: each event of a subscription is one. */
const spent = new WeakMap<object, number>()

/** @throws QUERY_TOO_COMPLEX when this execution has asked for too much */
export function spendBytes(variables: object, sizeBytes: number): void {
  const total = (spent.get(variables) ?? 0) + sizeBytes
  spent.set(variables, total)
  if (total <= maxReadBytes) return
  throw tooManyBytes()
}

export function tooManyBytes(): AppError {
  const message = `One operation returns at most ${maxReadBytes} bytes of contents: of documents, their snapshots and who is in them, of notes, their revisions and attachments, of public notes, of messages, of the values of records and of the logs of vaults. Ask for fewer at once, and get attachments by their \`downloadUrl\`.`
  return new AppError('QUERY_TOO_COMPLEX', message, { limit: maxReadBytes })
}

/** A text that counts. @throws QUERY_TOO_COMPLEX */
export function spendText(variables: object, text: string | null): string | null {
  if (text !== null) spendBytes(variables, Buffer.byteLength(text))
  return text
}

/** A value that counts, as JSON. @throws QUERY_TOO_COMPLEX */
export function spendValue(variables: object, value: unknown): unknown {
  if (value !== null) spendBytes(variables, weightOf(value))
  return value
}

/** Of what was read once, and may be shown under many names. */
const weights = new WeakMap<object, number>()

function weightOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return Buffer.byteLength(JSON.stringify(value))
  if (isJsonText(value)) return Buffer.byteLength(value.text)
  const weight = weights.get(value) ?? Buffer.byteLength(JSON.stringify(value))
  weights.set(value, weight)
  return weight
}
