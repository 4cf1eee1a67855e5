import { badInput } from '../errors.ts'
import { checkText } from '../platform/json.ts'

export const maxTitleLength = 1_000
export const maxContentLength = 1_000_000
export const maxTags = 20
export const maxTagLength = 50

/** What a note holds: in plain text, or encrypted by its writer. */
export interface NoteText {
  readonly title: string | null
  readonly content: string | null
  readonly encryptedTitle: string | null
  readonly encryptedContent: string | null
  readonly iv: string | null
  readonly salt: string | null
}

export type NoteTextInput = { readonly [Name in keyof NoteText]?: string | null | undefined }

/** @throws BAD_USER_INPUT */
export function checkNoteText(input: NoteTextInput, field = 'input'): NoteText {
  const { title = null, content = null, encryptedTitle = null, encryptedContent = null, iv = null, salt = null } = input
  checkLength(title, maxTitleLength, `${field}.title`)
  checkLength(content, maxContentLength, `${field}.content`)
  const encrypted = { encryptedTitle, encryptedContent, iv, salt }
  const missing = Object.entries(encrypted).filter(([, value]) => value === null)
  if (missing.length > 0 && missing.length < 4)
    throw badInput(`${field}.${missing[0]?.[0]}`, 'encryptedTitle, encryptedContent, iv and salt are given together or not at all.')
  if (missing.length === 0 && (title !== null || content !== null))
    throw badInput(`${field}.${title === null ? 'content' : 'title'}`, 'A note is either plain or encrypted.')
  checkLength(iv, 128, `${field}.iv`)
  checkLength(salt, 128, `${field}.salt`)
  return { title, content, ...encrypted }
}

function checkLength(text: string | null, max: number, field: string): void {
  if (text === null) return
  if (text.length > max) throw badInput(field, `This has at most ${max} characters.`)
  checkText(text, field)
}

/** Tags without repetition, in the order given. @throws BAD_USER_INPUT */
export function checkTags(tags: readonly string[] | null | undefined, field = 'input.tags'): readonly string[] {
  const unique = [...new Set(tags)]
  if (unique.length > maxTags) throw badInput(field, `A note has at most ${maxTags} tags.`)
  for (const [index, tag] of unique.entries()) {
    if (tag.length < 1 || tag.length > maxTagLength) throw badInput(`${field}.${index}`, `A tag has 1 to ${maxTagLength} characters.`)
    checkText(tag, `${field}.${index}`)
  }
  return unique
}
