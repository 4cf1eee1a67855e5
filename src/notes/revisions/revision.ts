import type { NoteText } from '../note-input.ts'

/** What a note held before it was written over. */
export interface RevisionRow extends NoteText {
  readonly id: string
  readonly noteId: string
  readonly version: number
  readonly createdAt: Date
}
