import { badInput } from '../errors.ts'
import type { Repeatable } from '../feed/idempotency.ts'
import type { Write } from '../merge/last-writer-wins.ts'
import { counterOf, type VectorClock } from '../merge/vector-clock.ts'
import { checkWriterTime } from '../platform/clock.ts'
import { checkText, checkValue } from '../platform/json.ts'

export const maxWrites = 1_000
export const maxPathLength = 512

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

/** What is right with a push. */
export interface CheckedPush {
  readonly writes: readonly Write[]
  /** Of its values and its clock as JSON, in characters. */
  readonly weight: number
}

/** Checks a push before anything is locked, and puts every write in its place in time. @throws BAD_USER_INPUT, PAYLOAD_TOO_LARGE, CLOCK_SKEW */
export function checkPush(input: PushDeltaInput, now: Date): CheckedPush {
  checkClientId(input.clientId)
  const counter = counterOf(input.clock, input.clientId)
  if (counter < 1) throw badInput('input.clock', 'The clock has to hold the pushing client’s own counter, from 1 on.')
  if (input.writes.length < 1 || input.writes.length > maxWrites) throw badInput('input.writes', `A push has 1 to ${maxWrites} writes.`)
  const checked = input.writes.map((write, index) => checkWrite(write, { counter, clientId: input.clientId }, now, `input.writes.${index}`))
  const writes = checked.map(({ write }) => write)
  const paths = new Set<string>()
  for (const [index, { path }] of writes.entries()) {
    if (paths.has(path)) throw badInput(`input.writes.${index}.path`, 'A push writes each path once.')
    paths.add(path)
  }
  return { writes, weight: checked.reduce((sum, { weight }) => sum + weight, JSON.stringify(input.clock).length) }
}

export function checkClientId(clientId: string, field = 'input.clientId'): void {
  if (clientId.length < 1 || clientId.length > 128) throw badInput(field, 'A client id has 1 to 128 characters.')
  checkText(clientId, field)
}

function checkWrite(write: FieldWriteInput, by: { counter: number; clientId: string }, now: Date, field: string): { write: Write; weight: number } {
  checkPath(write.path, `${field}.path`)
  const deleted = write.delete ?? false
  if (deleted && write.value != null) throw badInput(`${field}.value`, 'A write either deletes or has a value.')
  if (!deleted && write.value === undefined) throw badInput(`${field}.value`, 'A write needs a `value`, or `delete: true`.')
  const timestamp = checkWriterTime(write.timestamp ?? now, now, `${field}.timestamp`)
  const value = deleted ? null : (write.value ?? null)
  const { length: weight } = checkValue(value, `${field}.value`)
  return { write: { path: write.path, value, deleted, timestamp, ...by }, weight }
}

export function checkPath(path: string, field: string): void {
  if (path.length < 1 || path.length > maxPathLength) throw badInput(field, `A path has 1 to ${maxPathLength} characters.`)
  if (path === '__proto__') throw badInput(field, '__proto__ is not allowed as a path.')
  checkText(path, field)
}
