import { isDeepStrictEqual } from 'node:util'
import { badInput } from '../errors.ts'
import type { Repeatable } from '../feed/idempotency.ts'
import type { NoteRow } from './note.ts'
import { changeText, checkTags, checkTextChange, type NoteText, type NoteTextInput } from './note-input.ts'

export interface UpdateNoteInput extends NoteTextInput, Repeatable {
  readonly id: string
  readonly expectedVersion?: number | null | undefined
  readonly folderId?: string | null | undefined
  readonly tags?: readonly string[] | null | undefined
  readonly starred?: boolean | null | undefined
  readonly archived?: boolean | null | undefined
  readonly hidden?: boolean | null | undefined
}

/** How the owner of a notebook keeps a note in it. */
interface NoteState {
  readonly folderId: string | null
  readonly starred: boolean
  readonly archived: boolean
  readonly hidden: boolean
}

export interface NoteUpdate {
  readonly text: Partial<NoteText>
  readonly tags: readonly string[] | undefined
  readonly state: Partial<NoteState>
}

/** What a call wants to change, checked as far as it can be without the note. @throws BAD_USER_INPUT */
export function checkUpdate(input: UpdateNoteInput): NoteUpdate {
  const { folderId, starred, archived, hidden } = input
  for (const name of ['tags', 'starred', 'archived', 'hidden'] as const)
    if (input[name] === null) throw badInput(`input.${name}`, 'This can’t be null; leave it out to keep it as it is.')
  const state = Object.fromEntries(Object.entries({ folderId, starred, archived, hidden }).filter(([, value]) => value !== undefined))
  return { text: checkTextChange(input), tags: input.tags == null ? undefined : checkTags(input.tags), state }
}

export interface NoteDifference {
  /** What the note holds from now on. */
  readonly text: NoteText
  readonly change: Partial<NoteText & NoteState & Pick<NoteRow, 'tags'>>
  /** Fields of the GraphQL type, by name. */
  readonly changedFields: readonly string[]
}

/** What of it is new to the note. @throws BAD_USER_INPUT for text that does not go with what the note holds */
export function differenceOf(note: NoteRow, { text: textChange, tags, state }: NoteUpdate): NoteDifference {
  const text = changeText(note, textChange)
  const wanted = { ...text, ...(tags && { tags }), ...state }
  const changes = Object.entries(wanted).filter(([name, value]) => !isDeepStrictEqual(value, note[name as keyof NoteRow]))
  return {
    text,
    change: Object.fromEntries(changes),
    changedFields: changes.map(([name]) => (name === 'folderId' ? 'folder' : name)),
  }
}

export const changesText = ({ change }: NoteDifference): boolean =>
  ['title', 'content', 'encryptedTitle', 'encryptedContent', 'iv', 'salt'].some(name => name in change)
