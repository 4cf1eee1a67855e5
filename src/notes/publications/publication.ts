import type { NoteType } from '../note.ts'

/** A public copy of a note. */
export interface Publication {
  readonly noteId: string
  /** Of the note. */
  readonly ownerId: string
  readonly slug: string
  /** Of the note when it was last published. */
  readonly type: NoteType
  readonly title: string
  readonly content: string
  readonly authorName: string | null
  readonly publishedAt: Date
  readonly updatedAt: Date
}
