import type { Viewer } from '../../access/viewer.ts'
import type { Feed } from '../../feed/feed.ts'
import type { Database } from '../../platform/database.ts'
import { decodePlace, encodePlace } from '../../platform/list-page.ts'
import { requireFolder } from '../folders/require-folder.ts'
import type { Notebooks } from '../notebooks.ts'
import { notebookStream } from '../store.ts'
import { checkFilter, type NoteFilter, viewOf } from './note-filter.ts'
import { withPrefix } from './search-query.ts'
import type { Shown } from './shown.ts'
import { countNotes, findNotebookAt, listNotes, type NoteCounts, parseSearch } from './store.ts'

export interface ListingDeps {
  readonly database: Database
  readonly feed: Feed
  readonly notebooks: Notebooks
  /** 0: as much as there is room for. */
  readonly quotaBytes: number
}

export interface NotebookState {
  readonly cursor: string
  readonly usedBytes: number
  readonly quotaBytes: number | null
}

const countedViews = {
  all: viewOf({}),
  starred: viewOf({ starred: true }),
  archived: viewOf({ archived: true }),
  hidden: viewOf({ hidden: true }),
  trashed: viewOf({ trashed: true }),
}

/** Looks at a notebook from outside: its lists, its counts, and where it stands. */
export function createListing({ database, feed, notebooks, quotaBytes }: ListingDeps) {
  return {
    /** Of the notes there is what is to be shown, and nothing else. */
    async list(viewer: Viewer, filter: NoteFilter, { first, after, shown }: { first: number; after: string | null; shown: Shown }) {
      checkFilter(filter)
      const place = after === null ? null : decodePlace(after, 'note')
      const { folderId = null, tag = null, type = null, search = null } = filter
      await requireFolder(database.db, viewer.userId, folderId, 'filter.folderId')
      const { rows, isLast } = await listNotes(database, {
        viewerId: viewer.userId,
        shared: filter.shared ?? false,
        view: viewOf(filter),
        folder: folderId === null ? null : { id: folderId, withSubfolders: filter.withSubfolders ?? false },
        type,
        tag,
        search: search === null ? null : withPrefix(await parseSearch(database.db, search)),
        after: place,
        limit: first,
        shown,
        seesAllFolders: viewer.role === 'ADMIN',
      })
      return {
        rows,
        hasNextPage: !isLast,
        hasPreviousPage: place !== null,
        cursorOf: ({ updatedAt, id }: { updatedAt: Date; id: string }) => encodePlace({ at: updatedAt, id }),
      }
    },

    /** @throws BAD_USER_INPUT for a folder of somebody else, as for none */
    async counts(viewer: Viewer, folderId: string | null): Promise<NoteCounts> {
      await requireFolder(database.db, viewer.userId, folderId, 'folderId')
      return countNotes(database, viewer.userId, folderId, countedViews)
    },

    async notebook(viewer: Viewer): Promise<NotebookState> {
      await notebooks.open(viewer.userId)
      const found = await findNotebookAt(database.db, viewer.userId)
      if (!found) throw new Error(`There is no notebook of ${viewer.userId}.`)
      const { usedBytes, head } = found
      return { cursor: feed.cursors.encode(notebookStream(viewer.userId), head), usedBytes, quotaBytes: quotaBytes === 0 ? null : quotaBytes }
    },
  }
}
