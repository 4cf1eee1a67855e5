import { badInput } from '../../errors.ts'
import { checkText } from '../../platform/json.ts'
import { maxContentLength, maxTitleLength } from '../note-input.ts'
import { isBlank, plainLine } from './plain-text.ts'

export const maxAuthorNameLength = 200

/** What is to be public of a note; its writer says so, since the note itself may be encrypted. */
export interface PublicationInput {
  readonly title: string
  readonly content: string
  readonly authorName?: string | null | undefined
}

export interface PublicationText {
  readonly title: string
  readonly content: string
  readonly authorName: string | null
}

/** The content is as it was given; title and author are lines of plain text. @throws BAD_USER_INPUT */
export function checkPublication({ title, content, authorName }: PublicationInput): PublicationText {
  checkLength(title, maxTitleLength, 'input.title')
  if (isBlank(title)) throw badInput('input.title', 'What is published has a title.')
  checkLength(content, maxContentLength, 'input.content')
  if (authorName != null) checkLength(authorName, maxAuthorNameLength, 'input.authorName')
  return { title: plainLine(title), content, authorName: authorName == null || isBlank(authorName) ? null : plainLine(authorName) }
}

function checkLength(text: string, max: number, field: string): void {
  if (text.length > max) throw badInput(field, `This has at most ${max} characters.`)
  checkText(text, field)
}
