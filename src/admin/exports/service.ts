import type { Access } from '../../access/access.ts'
import type { Admin, Viewer } from '../../access/viewer.ts'
import type { Audit } from '../../audit/audit.ts'
import { AppError, badInput, notFound } from '../../errors.ts'
import type { Feed } from '../../feed/feed.ts'
import type { Repeatable } from '../../feed/idempotency.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database, Tx } from '../../platform/database.ts'
import { newId, prefixOf } from '../../platform/ids.ts'
import { pageOf } from '../../platform/list-page.ts'
import { type ExportFormat, type ExportKind, type ExportRow, firstPlace } from './export.ts'
import { type FollowProgress, followProgress } from './progress.ts'
import { checkSelection, detailsOf } from './selection.ts'
import { countRunning, deleteExpired, findExports, insertExport, listExports } from './store.ts'

export interface ExportsDeps {
  readonly database: Database
  readonly feed: Feed
  readonly access: Pick<Access, 'watch'>
  readonly audit: Audit
  readonly clock: Clock
  readonly userExists: (userId: string, tx: Tx) => Promise<boolean>
  /** There is something to write. */
  readonly onCreated: () => void
}

export interface CreateExportInput extends Repeatable {
  readonly kind: ExportKind
  readonly format: ExportFormat
  readonly userId?: string | null | undefined
  readonly since?: Date | null | undefined
}

export interface Exports {
  /** @throws BAD_USER_INPUT, QUOTA_EXCEEDED, IDEMPOTENCY_MISMATCH */
  create(admin: Admin, input: CreateExportInput): Promise<ExportRow>
  find(id: string): Promise<ExportRow | null>
  load(ids: readonly string[]): Promise<ReadonlyMap<string, ExportRow>>
  list(page: { readonly first: number; readonly after: string | null }): Promise<ReturnType<typeof pageOf<ExportRow>>>
  /** How it is, and then each change of that; ends with the one that is READY or FAILED. @throws NOT_FOUND */
  follow: FollowProgress
  /** Removes what has expired. Any number of nodes may call it. */
  sweep(): Promise<void>
}

/** Written and waiting, on all nodes. */
export const mostRunning = 100
const sweptAtOnce = 10

/** Exports that are written in the background. */
export function createExports({ database, feed, access, audit, clock, userExists, onCreated }: ExportsDeps): Exports {
  async function load(ids: readonly string[]): Promise<Map<string, ExportRow>> {
    const now = clock.now()
    const rows = await findExports(database.db, ids)
    return new Map(rows.flatMap(row => (row.expiresAt === null || row.expiresAt > now ? [[row.id, row]] : [])))
  }

  const find = async (id: string): Promise<ExportRow | null> => (await load([id])).get(id) ?? null

  return {
    find,
    load,

    async create(admin, { idempotencyKey, kind, format, userId = null, since = null }) {
      const selection = { userId, since }
      const call = {
        scope: admin.userId ?? `admin by ${admin.by}`,
        mutation: 'createExport',
        key: idempotencyKey,
        input: { kind, format, ...selection },
      }
      const { id } = await feed.once(call, async tx => {
        const now = clock.now()
        await checkSelection(selection, { now, prefix: 'input.', userExists: user => userExists(user, tx) })
        if ((await countRunning(tx)) >= mostRunning)
          throw new AppError('QUOTA_EXCEEDED', `${mostRunning} exports are being written; wait until one is ready.`, { limit: mostRunning })
        const id = newId('exp')
        await insertExport(tx, { ...newExport, ...selection, id, kind, format, createdBy: admin.userId, createdAt: now })
        await audit.record(tx, admin, 'export-created', { target: id, details: { kind, format, ...detailsOf(selection) } })
        return { id }
      })
      onCreated()
      const [row] = await findExports(database.db, [id])
      if (!row) throw notFound('export')
      return row
    },

    async list({ first, after }) {
      if (after !== null && prefixOf(after) !== 'exp') throw badInput('after', 'This is no cursor of a list of exports.')
      return pageOf(await listExports(database.db, after, first + 1), first, after, ({ id }) => id)
    },

    follow: (id: string, viewer: Viewer | null) => followProgress({ feed, access, find }, id, viewer),

    async sweep() {
      while ((await deleteExpired(database.db, clock.now(), sweptAtOnce)) === sweptAtOnce);
    },
  }
}

const newExport = {
  status: 'RUNNING',
  place: firstPlace,
  rowCount: 0,
  totalRows: null,
  partCount: 0,
  sizeBytes: 0,
  error: null,
  leasedUntil: null,
  expiresAt: null,
} as const
