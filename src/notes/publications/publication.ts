import type { NoteType } from '../note.ts'

/** A public copy of a note, without its content. */
export interface Publication {
  readonly noteId: string
  /** Of the note. */
  readonly ownerId: string
  readonly slug: string
  /** Of the note when it was last published. */
  readonly type: NoteType
  readonly title: string
  readonly authorName: string | null
  readonly contentBytes: number
  readonly publishedAt: Date
  readonly updatedAt: Date
}

/** The whole of it. */
export interface PublicationWithContent extends Omit<Publication, 'contentBytes'> {
  readonly content: string
}
