import { badInput } from '../../errors.ts'
import type { ChatAt } from '../chat.ts'
import type { MessageRow } from './message.ts'

export interface PageArgs {
  readonly first?: number | null | undefined
  readonly after?: string | null | undefined
  readonly last?: number | null | undefined
  readonly before?: string | null | undefined
}

/** Messages of a chat, by their numbers, both ends included; none when `to` is below `from`. */
export interface Span {
  readonly chatId: string
  readonly from: number
  readonly to: number
  /** Where messages are left out when all of them are too heavy. */
  readonly cutAt: 'start' | 'end'
}

const maxPageSize = 500
const usualPageSize = 50

/**
 * What a page holds. Numbers have no gaps, so that this needs no look at the messages. Without `first` and `last` it is
 * the newest, or what follows `after`. @throws BAD_USER_INPUT
 */
export function spanOf({ id, hiddenNumber, messageCount }: ChatAt, { first, after, last, before }: PageArgs): Span {
  if (first != null && last != null) throw badInput('last', 'A page is the `first` or the `last` of what is asked for.')
  const low = after == null ? hiddenNumber : Math.max(hiddenNumber, decode(after, 'after'))
  const high = before == null ? messageCount + 1 : Math.min(messageCount + 1, decode(before, 'before'))
  const fromStart = first != null || (last == null && after != null && before == null)
  if (fromStart) return { chatId: id, from: low + 1, to: Math.min(low + size(first, 'first'), high - 1), cutAt: 'end' }
  return { chatId: id, from: Math.max(low + 1, high - size(last, 'last')), to: high - 1, cutAt: 'start' }
}

export function pageOf<Row extends MessageRow>({ hiddenNumber, messageCount }: ChatAt, span: Span, rows: readonly Row[]) {
  const from = rows[0]?.number ?? span.from
  const to = rows.at(-1)?.number ?? span.to
  return {
    rows,
    hasPreviousPage: Math.min(from - 1, messageCount) > hiddenNumber,
    hasNextPage: Math.max(to, hiddenNumber) < messageCount,
    cursorOf: ({ number }: Row) => encode(number),
  }
}

function size(given: number | null | undefined, field: string): number {
  const count = given ?? usualPageSize
  if (count < 1 || count > maxPageSize) throw badInput(field, `\`${field}\` is from 1 to ${maxPageSize}.`)
  return count
}

const encode = (number: number): string => Buffer.from(`message ${number}`).toString('base64url')

function decode(cursor: string, field: string): number {
  const number = Number(/^message (\d{1,15})$/.exec(Buffer.from(cursor, 'base64url').toString())?.[1] ?? Number.NaN)
  if (Number.isNaN(number)) throw badInput(field, 'This is no cursor of a list of messages.')
  return number
}
