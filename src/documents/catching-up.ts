import type { AppError } from '../errors.ts'
import type { Feed } from '../feed/feed.ts'
import { resyncRequired } from '../feed/tail.ts'
import { covers, type VectorClock } from '../merge/vector-clock.ts'
import type { Database } from '../platform/database.ts'
import { type DocumentDelta, deltaKind, toDocumentDelta } from './delta.ts'
import { readPrunedClocks } from './store.ts'

/** What a client lacks of a document: it has read the log up to `after`, or has seen `since`. */
export interface Lacking {
  readonly id: string
  readonly after: number | null
  readonly since: VectorClock | null
  readonly first: number
}

export interface DeltaPage {
  readonly rows: readonly DocumentDelta[]
  readonly hasNextPage: boolean
  readonly hasPreviousPage: boolean
  readonly cursorOf: (row: DocumentDelta) => string
}

/** Pages of what clients lack, together. RESYNC_REQUIRED where the log no longer has all of it, null where `maxBytes` has no room. */
export const createCatchingUp =
  ({ database, feed }: { readonly database: Database; readonly feed: Feed }) =>
  async (asked: readonly Lacking[], maxBytes: number): Promise<(DeltaPage | AppError | null)[]> => {
    const pages = await feed.readPages(
      asked.map(({ id, since, ...page }) => ({ ...page, streamId: id, seenBy: since })),
      deltaKind,
      maxBytes,
    )
    // Afterwards, so that what was pruned before the pages were read is known to be missing.
    const ids = new Set(asked.flatMap(({ id, after }) => (after === null ? [id] : [])))
    const pruned = ids.size > 0 ? await readPrunedClocks(database.db, ids) : new Map<string, VectorClock>()
    return pages.map((page, index) => {
      const { id = '', after = null, since = null } = asked[index] ?? {}
      if (page === null || page instanceof Error) return page
      if (after === null && !covers(since ?? {}, pruned.get(id) ?? {})) return resyncRequired()
      return {
        rows: page.changes.map(change => toDocumentDelta(change, ({ seq }) => feed.cursors.encode(id, seq))),
        hasNextPage: page.hasMore,
        hasPreviousPage: after !== null,
        cursorOf: ({ cursor }) => cursor,
      }
    })
  }
