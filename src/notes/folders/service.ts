import type { Viewer } from '../../access/viewer.ts'
import type { Feed } from '../../feed/feed.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/database.ts'
import type { Notebooks } from '../notebooks.ts'
import { notebookStream } from '../store.ts'
import { type FolderAt, type FolderRow, inTreeOrder } from './folder.ts'
import { countNotes, findChildren, findFolders, listFolders } from './store.ts'

export interface FoldersDeps {
  readonly database: Database
  readonly feed: Feed
  readonly notebooks: Notebooks
  readonly clock: Clock
}

export type Folders = ReturnType<typeof createFolders>

/** Folders are their owner's own; administrators of the server may do with them what they may do with every other thing. */
const maySee = ({ userId, role }: Viewer, folder: FolderRow): boolean => folder.ownerId === userId || role === 'ADMIN'

/** The tree that the notes of a notebook are in. */
export function createFolders({ database, feed, notebooks }: FoldersDeps) {
  return {
    /** Those of them that the viewer may see. */
    async load(viewer: Viewer, ids: readonly string[]): Promise<Map<string, FolderAt>> {
      const found = await findFolders(database.db, ids)
      return new Map(found.filter(folder => maySee(viewer, folder)).map(folder => [folder.id, folder]))
    },

    /** All of the viewer, each behind its parent. */
    async list({ userId }: Viewer): Promise<FolderAt[]> {
      await notebooks.open(userId)
      return inTreeOrder(await listFolders(database.db, userId))
    },

    /** The children of folders that were found to be the viewer's. */
    loadChildren: async (ids: readonly string[]): Promise<Map<string, FolderAt[]>> =>
      Map.groupBy(await findChildren(database.db, ids), folder => folder.parentId ?? ''),

    /** How many notes are in folders that were found to be the viewer's. */
    countNotes: (ids: readonly string[]): Promise<Map<string, number>> => countNotes(database.db, ids),

    cursorOf: ({ ownerId, head }: FolderAt): string => feed.cursors.encode(notebookStream(ownerId), head),
  }
}
