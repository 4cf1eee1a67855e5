import { badInput } from '../../errors.ts'
import { checkText } from '../../platform/json.ts'

export interface MessageRow {
  readonly id: string
  readonly chatId: string
  readonly number: number
  readonly senderId: string
  readonly senderNumber: number
  readonly content: string | null
  readonly replyToId: string | null
  readonly editedAt: Date | null
  readonly deletedAt: Date | null
  readonly createdAt: Date
}

/** A message as somebody sees it, to whom those of its chat up to `hiddenNumber` are hidden. */
export interface MessageAt extends MessageRow {
  readonly hiddenNumber: number
}

export const maxContentLength = 10_000
const blank = /^[\s\p{C}\p{Z}]*$/u

/** @throws BAD_USER_INPUT */
export function checkContent(content: string): void {
  const field = 'input.content'
  checkText(content, field)
  if (content.length > maxContentLength) throw badInput(field, `A message has 1 to ${maxContentLength} characters.`)
  if (blank.test(content)) throw badInput(field, 'A message has more than blanks in it.')
}
