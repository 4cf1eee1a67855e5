import { badInput } from '../../errors.ts'
import { checkText } from '../../platform/json.ts'
import type { NoteType } from '../note.ts'
import { maxTagLength } from '../note-input.ts'

type Given<Value> = Value | null | undefined

export interface NoteFilter {
  readonly shared?: Given<boolean>
  readonly folderId?: Given<string>
  readonly withSubfolders?: Given<boolean>
  readonly starred?: Given<boolean>
  readonly archived?: Given<boolean>
  readonly hidden?: Given<boolean>
  readonly trashed?: Given<boolean>
  readonly type?: Given<NoteType>
  readonly tag?: Given<string>
  readonly search?: Given<string>
}

/** What a note has to be to be in a list; null: it does not matter. */
export interface NoteView {
  readonly trashed: boolean
  readonly hidden: boolean | null
  readonly archived: boolean | null
  readonly starred: boolean | null
}

export const maxSearchLength = 256

/** The trash shows all that is in it, and what is hidden is shown archived or not; otherwise archived and hidden notes have to be asked for. */
export function viewOf({ trashed, hidden, archived, starred }: NoteFilter): NoteView {
  return {
    trashed: trashed ?? false,
    hidden: hidden ?? (trashed ? null : false),
    archived: archived ?? (trashed || hidden ? null : false),
    starred: starred ?? null,
  }
}

/** @throws BAD_USER_INPUT */
export function checkFilter({ shared, folderId, tag, search }: NoteFilter): void {
  if (shared && folderId != null) throw badInput('filter.folderId', 'A folder holds notes of the viewer’s own; leave out `shared`.')
  if (tag != null) {
    if (tag.length < 1 || tag.length > maxTagLength) throw badInput('filter.tag', `A tag has 1 to ${maxTagLength} characters.`)
    checkText(tag, 'filter.tag')
  }
  if (search != null) {
    if (search.length < 1 || search.length > maxSearchLength) throw badInput('filter.search', `A search has 1 to ${maxSearchLength} characters.`)
    checkText(search, 'filter.search')
  }
}
