import type { FolderRow } from './folders/folder.ts'

export type NoteType = 'NOTE' | 'DIAGRAM' | 'CODE' | 'SHEET'

export interface NoteRow {
  readonly id: string
  readonly ownerId: string
  readonly folderId: string | null
  readonly type: NoteType
  readonly title: string | null
  readonly content: string | null
  readonly encryptedTitle: string | null
  readonly encryptedContent: string | null
  readonly iv: string | null
  readonly salt: string | null
  readonly tags: readonly string[]
  readonly starred: boolean
  readonly archived: boolean
  readonly hidden: boolean
  readonly trashedAt: Date | null
  readonly version: number
  readonly createdAt: Date
  readonly updatedAt: Date
}

/** A note, and where its notebook's stream stood at that very moment. */
export interface NoteAt extends NoteRow {
  readonly head: number
  /** Where it was read along: its folder as the viewer sees it. */
  readonly folder?: FolderRow | null
}
