import type { Viewer } from '../../access/viewer.ts'
import { badInput } from '../../errors.ts'
import type { Feed } from '../../feed/feed.ts'
import type { Database } from '../../platform/database.ts'
import { prefixOf } from '../../platform/ids.ts'
import { requireFolder } from '../folders/require-folder.ts'
import type { Notebooks } from '../notebooks.ts'
import { notebookStream } from '../store.ts'
import { checkFilter, type NoteFilter, viewOf } from './note-filter.ts'
import { withPrefix } from './search-query.ts'
import { countNotes, findNotebookAt, listNotes, type NoteCounts, type Place, parseSearch } from './store.ts'

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
    async list(viewer: Viewer, filter: NoteFilter, { first, after }: { first: number; after: string | null }) {
      checkFilter(filter)
      const place = after === null ? null : decode(after)
      const { folderId = null, tag = null, type = null, search = null } = filter
      await requireFolder(database.db, viewer.userId, folderId, 'filter.folderId')
      const { rows, isLast } = await listNotes(database.db, {
        viewerId: viewer.userId,
        shared: filter.shared ?? false,
        view: viewOf(filter),
        folder: folderId === null ? null : { id: folderId, withSubfolders: filter.withSubfolders ?? false },
        type,
        tag,
        search: search === null ? null : withPrefix(await parseSearch(database.db, search)),
        after: place,
        limit: first,
      })
      return { rows, hasNextPage: !isLast, hasPreviousPage: place !== null, cursorOf: encode }
    },

    /** @throws BAD_USER_INPUT for a folder of somebody else, as for none */
    async counts(viewer: Viewer, folderId: string | null): Promise<NoteCounts> {
      await requireFolder(database.db, viewer.userId, folderId, 'folderId')
      return countNotes(database.db, viewer.userId, folderId, countedViews)
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

const encode = ({ updatedAt, id }: Place): string => Buffer.from(`${updatedAt.getTime()} ${id}`).toString('base64url')

/** Anybody can make such a cursor up, so what is in it must be fit for the database. */
function decode(cursor: string): Place {
  const text = Buffer.from(cursor, 'base64url').toString()
  const [, time, id = ''] = /^(\d{1,14}) (\S+)$/.exec(text) ?? []
  const place = { updatedAt: new Date(Number(time)), id }
  if (time === undefined || prefixOf(id) !== 'note' || encode(place) !== cursor) throw badInput('after', 'This is no cursor of a list of notes.')
  return place
}
