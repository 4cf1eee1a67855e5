import { v7 } from 'uuid'
import type { ImportFolderInput, ImportNoteInput, ListingNotesQuery, NoteFilter } from '../generated/graphql.ts'
import type { Client } from '../harness/client.ts'
import { importNotebook, listNotes } from './listing-operations.ts'

export const newNoteId = (): string => `note_${v7()}`
export const newFolderId = (): string => `fold_${v7()}`

export const noteWith = (more: Partial<ImportNoteInput> = {}): ImportNoteInput => ({ id: newNoteId(), ...more })
export const folderWith = (more: Partial<ImportFolderInput> = {}): ImportFolderInput => ({ id: newFolderId(), name: 'A folder', ...more })

/** Puts folders and notes into a notebook as they are. */
export const put = async (
  client: Client,
  { folders = [], notes = [] }: { folders?: readonly ImportFolderInput[]; notes?: readonly ImportNoteInput[] },
) => (await client.run(importNotebook, { input: { folders: [...folders], notes: [...notes] } })).importNotebook

/** The ids of all notes in a list, page by page. */
export async function idsIn(client: Client, filter: NoteFilter = {}, first = 500): Promise<string[]> {
  const ids: string[] = []
  for (let after: string | null | undefined = null; ; ) {
    const { notes }: ListingNotesQuery = await client.run(listNotes, { filter, first, after })
    ids.push(...notes.nodes.map(note => note.id))
    if (!notes.pageInfo.hasNextPage) return ids
    after = notes.pageInfo.endCursor
  }
}
