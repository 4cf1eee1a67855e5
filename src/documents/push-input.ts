import { AppError, badInput } from '../errors.ts'
import type { Repeatable } from '../feed/idempotency.ts'
import type { Write } from '../merge/last-writer-wins.ts'
import { counterOf, type VectorClock } from '../merge/vector-clock.ts'
import { checkJson, checkText } from '../platform/json.ts'

export const maxWrites = 1_000
export const maxPathLength = 512
export const maxValueBytes = 256 * 1024
/** How far ahead of the server a client's clock may be. */
const maxSkewMs = 60_000

export interface FieldWriteInput {
  readonly path: string
  readonly value?: unknown
  readonly delete?: boolean | null | undefined
  readonly timestamp?: Date | null | undefined
}

export interface PushDeltaInput extends Repeatable {
  readonly documentId: string
  readonly clientId: string
  readonly clock: VectorClock
  readonly writes: readonly FieldWriteInput[]
}

/** Checks a push before anything is locked, and puts every write in its place in time. @throws BAD_USER_INPUT, PAYLOAD_TOO_LARGE, CLOCK_SKEW */
export function checkPush(input: PushDeltaInput, now: Date): readonly Write[] {
  checkClientId(input.clientId)
  const counter = counterOf(input.clock, input.clientId)
  if (counter < 1) throw badInput('input.clock', 'The clock has to hold the pushing client’s own counter, from 1 on.')
  if (input.writes.length < 1 || input.writes.length > maxWrites) throw badInput('input.writes', `A push has 1 to ${maxWrites} writes.`)
  const writes = input.writes.map((write, index) => checkWrite(write, { counter, clientId: input.clientId }, now, `input.writes.${index}`))
  const paths = new Set<string>()
  for (const [index, { path }] of writes.entries()) {
    if (paths.has(path)) throw badInput(`input.writes.${index}.path`, 'A push writes each path once.')
    paths.add(path)
  }
  return writes
}

export function checkClientId(clientId: string, field = 'input.clientId'): void {
  if (clientId.length < 1 || clientId.length > 128) throw badInput(field, 'A client id has 1 to 128 characters.')
  checkText(clientId, field)
}

function checkWrite(write: FieldWriteInput, by: { counter: number; clientId: string }, now: Date, field: string): Write {
  checkPath(write.path, `${field}.path`)
  const deleted = write.delete ?? false
  if (deleted && write.value != null) throw badInput(`${field}.value`, 'A write either deletes or has a value.')
  if (!deleted && write.value === undefined) throw badInput(`${field}.value`, 'A write needs a `value`, or `delete: true`.')
  const timestamp = (write.timestamp ?? now).getTime()
  // Before the year 100, what PostgreSQL gives back is read as another year; before the year 1 it takes nothing.
  if (timestamp < 0) throw badInput(`${field}.timestamp`, 'A timestamp is not before 1970.')
  if (timestamp > now.getTime() + maxSkewMs) {
    throw new AppError('CLOCK_SKEW', 'The timestamp is more than a minute ahead of the server. Set the clock, or leave the timestamp out.', {
      field: `${field}.timestamp`,
      serverTime: now.toISOString(),
    })
  }
  const value = deleted ? null : (write.value ?? null)
  checkValue(value, `${field}.value`)
  return { path: write.path, value, deleted, timestamp, ...by }
}

export function checkPath(path: string, field: string): void {
  if (path.length < 1 || path.length > maxPathLength) throw badInput(field, `A path has 1 to ${maxPathLength} characters.`)
  if (path === '__proto__') throw badInput(field, '__proto__ is not allowed as a path.')
  checkText(path, field)
}

export function checkValue(value: unknown, field: string): void {
  checkJson(value, field)
  const bytes = Buffer.byteLength(JSON.stringify(value))
  if (bytes > maxValueBytes)
    throw new AppError('PAYLOAD_TOO_LARGE', `A value has at most ${maxValueBytes} bytes as JSON; this one has ${bytes}.`, { field })
}
