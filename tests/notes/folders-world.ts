import type { CreateFolderInput, FolderStateFragment, FoldersNotebookSubscription, UpdateFolderInput } from '../generated/graphql.ts'
import type { Client } from '../harness/client.ts'
import { followFeed } from '../harness/follow.ts'
import {
  createFolder,
  createNoteIn,
  deleteFolder,
  listFolders,
  notebookChanges,
  readFolder,
  readNote,
  reorderFolders,
  updateFolder,
} from './folders-operations.ts'

export type FolderState = FolderStateFragment
export type NotebookItem = FoldersNotebookSubscription['notebookChanges']

/** What tests do with the folders of one caller. */
export const foldersOf = (by: Client) => ({
  list: async () => (await by.run(listFolders, {})).folders,
  read: async (id: string) => (await by.run(readFolder, { id })).folder,
  make: async (input: Partial<CreateFolderInput> = {}) => (await by.run(createFolder, { input: { name: 'folder', ...input } })).createFolder.folder,
  change: async (input: UpdateFolderInput) => (await by.run(updateFolder, { input })).updateFolder.folder,
  reorder: async (parentId: string | null, folderIds: string[]) =>
    (await by.run(reorderFolders, { input: { parentId, folderIds } })).reorderFolders.folders,
  remove: async (id: string) => (await by.run(deleteFolder, { input: { id } })).deleteFolder.deletedId,
  note: async (folderId: string | null) => (await by.run(createNoteIn, { input: { folderId, title: 'a note' } })).createNote.note.id,
  readNote: async (id: string) => (await by.run(readNote, { id })).note,
  /** Their names, in the order in which they are listed. */
  names: async () => (await by.run(listFolders, {})).folders.map(folder => folder.name),
  follow: (wsUrl: string, after: string | null = null) =>
    followFeed(wsUrl, by.accessToken, notebookChanges, { after }, (data): NotebookItem => data.notebookChanges),
})
