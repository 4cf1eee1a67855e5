import { badInput } from '../errors.ts'
import { checkText } from '../platform/json.ts'

export interface ChatRow {
  readonly id: string
  readonly title: string | null
  readonly historyVisible: boolean
  readonly messageCount: number
  readonly activeAt: Date
  readonly createdAt: Date
}

/** A chat as somebody sees it, and where its stream stood at that moment. */
export interface ChatAt extends ChatRow {
  readonly head: number
  /** Messages up to this number are from before the viewer's time, and hidden from them. */
  readonly hiddenNumber: number
}

export const maxTitleLength = 200

/** @throws BAD_USER_INPUT */
export function checkTitle(title: string): string {
  if (title.length < 1 || title.length > maxTitleLength) throw badInput('input.title', `A title has 1 to ${maxTitleLength} characters.`)
  checkText(title, 'input.title')
  return title
}

/** The stream that tells a user which chats they are in: the index of their inbox. */
export const inboxOf = (userId: string): string => `inbox:${userId}`
