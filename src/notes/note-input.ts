import { badInput } from '../errors.ts'
import { checkText } from '../platform/json.ts'

export const maxTitleLength = 1_000
export const maxContentLength = 1_000_000
export const maxParameterLength = 128
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

/** What of it a call names; null empties. */
export type NoteTextInput = { readonly [Name in keyof NoteText]?: string | null | undefined }

const noText: NoteText = { title: null, content: null, encryptedTitle: null, encryptedContent: null, iv: null, salt: null }
const encryptedFields = ['encryptedTitle', 'encryptedContent', 'iv', 'salt'] as const

export const isEncrypted = (text: NoteText): boolean => text.iv !== null

/** The text of a new note, where null says no more than nothing. @throws BAD_USER_INPUT */
export function checkNoteText(input: NoteTextInput): NoteText {
  const given = Object.entries(input).filter(([, value]) => value !== null)
  return { ...noText, ...checkTextChange(Object.fromEntries(given)) }
}

/** What of a note's text is to change. @throws BAD_USER_INPUT */
export function checkTextChange(input: NoteTextInput): Partial<NoteText> {
  checkLength(input.title, 0, maxTitleLength, 'input.title')
  checkLength(input.content, 0, maxContentLength, 'input.content')
  checkLength(input.iv, 1, maxParameterLength, 'input.iv')
  checkLength(input.salt, 1, maxParameterLength, 'input.salt')
  if (encryptedFields.some(name => input[name] !== undefined)) checkTogether(input)
  const names = Object.keys(noText) as (keyof NoteText)[]
  return Object.fromEntries(names.flatMap(name => (input[name] === undefined ? [] : [[name, input[name]]])))
}

function checkTogether(input: NoteTextInput): void {
  const isCleared = encryptedFields.every(name => input[name] === null)
  const missing = encryptedFields.find(name => input[name] == null)
  if (missing && !isCleared) throw badInput(`input.${missing}`, 'encryptedTitle, encryptedContent, iv and salt are given together or not at all.')
  if (!isCleared) refusePlain(input)
}

/** What a note holds once a change is written into it. @throws BAD_USER_INPUT for plain text beside ciphertext */
export function changeText(text: NoteText, change: Partial<NoteText>): NoteText {
  const { title, content, encryptedTitle, encryptedContent, iv, salt } = { ...text, ...change }
  // Ciphertext is written in place of plain text; plain text never in place of ciphertext that its writer may not know of.
  if (change.iv != null) return { title: null, content: null, encryptedTitle, encryptedContent, iv, salt }
  if (iv !== null) refusePlain({ title, content })
  return { title, content, encryptedTitle, encryptedContent, iv, salt }
}

function refusePlain({ title, content }: NoteTextInput): void {
  if (title == null && content == null) return
  throw badInput(
    `input.${title == null ? 'content' : 'title'}`,
    'A note is either plain or encrypted; to make it plain, give encryptedTitle, encryptedContent, iv and salt as null.',
  )
}

function checkLength(text: string | null | undefined, min: number, max: number, field: string): void {
  if (text == null) return
  if (text.length < min || text.length > max) throw badInput(field, `This has ${min > 0 ? `${min} to` : 'at most'} ${max} characters.`)
  checkText(text, field)
}

/** Tags without repetition, in the order given. @throws BAD_USER_INPUT */
export function checkTags(tags: readonly string[]): readonly string[] {
  for (const [index, tag] of tags.entries()) {
    const field = `input.tags.${index}`
    if (tag.length < 1 || tag.length > maxTagLength) throw badInput(field, `A tag has 1 to ${maxTagLength} characters.`)
    checkText(tag, field)
  }
  const unique = [...new Set(tags)]
  if (unique.length > maxTags) throw badInput('input.tags', `A note has at most ${maxTags} tags.`)
  return unique
}
