import { isDeepStrictEqual } from 'node:util'
import type { Access } from '../../access/access.ts'
import type { Viewer } from '../../access/viewer.ts'
import { AppError, badInput, notFound } from '../../errors.ts'
import type { Feed } from '../../feed/feed.ts'
import { callOf, once, type Repeatable } from '../../feed/idempotency.ts'
import type { Write } from '../../merge/last-writer-wins.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database, Tx } from '../../platform/database.ts'
import { newId, prefixOf } from '../../platform/ids.ts'
import { checkText } from '../../platform/json.ts'
import { pageOf } from '../../platform/list-page.ts'
import type { Logger } from '../../platform/logger.ts'
import { appendWrites } from '../append-writes.ts'
import { checkClientId } from '../push-input.ts'
import { findAllFields, lockDocument, readClocks } from '../store.ts'
import {
  deleteOldAutomatic,
  deleteSnapshot,
  findSnapshots,
  insertSnapshot,
  listSnapshots,
  readFields,
  readFieldsText,
  type SnapshotRow,
} from './store.ts'

export interface SnapshotsDeps {
  readonly database: Database
  readonly feed: Feed
  readonly access: Access
  readonly clock: Clock
  readonly logger: Logger
  /** Changes between automatic snapshots; 0 makes none. */
  readonly everyChanges: number
  readonly kept: number
}

const maxLabelLength = 200

export type Snapshots = ReturnType<typeof createSnapshots>

/** What documents looked like at some time. */
export function createSnapshots({ database, feed, access, clock, logger, everyChanges, kept }: SnapshotsDeps) {
  /** Automatic snapshots, by their documents: there is one of a document at a time. */
  const underWay = new Map<string, Promise<void>>()
  /** Documents that have grown enough for another one since theirs began. */
  const grown = new Set<string>()

  async function take(tx: Tx, documentId: string, label: string | null, automatic: boolean): Promise<string> {
    const id = newId('snap')
    if (!(await insertSnapshot(tx, { id, documentId, label, automatic, createdAt: clock.now() }))) throw notFound('document')
    return id
  }

  async function takeAutomatic(documentId: string): Promise<void> {
    do {
      grown.delete(documentId)
      await database
        .transact(async tx => {
          await take(tx, documentId, null, true)
          await deleteOldAutomatic(tx, documentId, kept)
        })
        .catch(error => logger.warn({ err: error, documentId }, 'could not take an automatic snapshot'))
    } while (grown.has(documentId))
    underWay.delete(documentId)
  }

  async function found(viewer: Viewer, id: string, level: 'READ' | 'WRITE' | 'ADMIN', db: Database['db'] | Tx = database.db): Promise<SnapshotRow> {
    const [snapshot] = await findSnapshots(db, [id])
    if (!snapshot || (await access.levelOf(viewer, snapshot.documentId, db)) === null) throw notFound('snapshot')
    await access.require(viewer, snapshot.documentId, level, db)
    return snapshot
  }

  return {
    readFieldsText: (ids: readonly string[]) => readFieldsText(database.db, ids),

    /** By their ids; whether the viewer may read them goes by their documents. */
    async load(ids: readonly string[]): Promise<Map<string, SnapshotRow>> {
      return new Map((await findSnapshots(database.db, ids)).map(snapshot => [snapshot.id, snapshot]))
    },

    /** A page for each of these documents; for who was found to have access. */
    async list(documentIds: readonly string[], first: number, after: string | null) {
      if (after !== null && prefixOf(after) !== 'snap') throw badInput('after', 'This is no cursor of a list of snapshots.')
      const rows = Map.groupBy(await listSnapshots(database.db, documentIds, after, first + 1), row => row.documentId)
      return new Map(documentIds.map(id => [id, pageOf(rows.get(id) ?? [], first, after, row => row.id)]))
    },

    create(viewer: Viewer, input: { documentId: string; label?: string | null | undefined } & Repeatable): Promise<SnapshotRow> {
      const label = input.label ?? null
      if (label !== null && label.length > maxLabelLength) throw badInput('input.label', `A label has at most ${maxLabelLength} characters.`)
      if (label !== null) checkText(label, 'input.label')
      return database.transact(async tx => {
        await access.require(viewer, input.documentId, 'WRITE', tx)
        const { id } = await once(tx, callOf(viewer, 'createSnapshot', input), async () => ({
          id: await take(tx, input.documentId, label, false),
        }))
        return found(viewer, id, 'READ', tx)
      })
    },

    async remove(viewer: Viewer, id: string): Promise<void> {
      await database.transact(async tx => {
        await found(viewer, id, 'WRITE', tx)
        await deleteSnapshot(tx, id)
      })
    },

    /** Writes the snapshot over the document, later than all that is there. Gives the document's id. */
    restore(viewer: Viewer, input: { id: string; clientId: string } & Repeatable): Promise<string> {
      checkClientId(input.clientId)
      return feed.transact(async tx => {
        const snapshot = await found(viewer, input.id, 'WRITE', tx)
        await once(tx, callOf(viewer, 'restoreSnapshot', input), async () => {
          await writeOver(tx, viewer, snapshot, input.clientId)
          return {}
        })
        return snapshot.documentId
      })
    },

    /** Takes an automatic snapshot, in the background, when the stream has grown past another `everyChanges`. */
    onGrowth(documentId: string, from: number, to: number): void {
      if (everyChanges === 0 || Math.floor(from / everyChanges) === Math.floor(to / everyChanges)) return
      if (underWay.has(documentId)) grown.add(documentId)
      else underWay.set(documentId, takeAutomatic(documentId))
    },

    /** Resolves when nothing is left in the background. */
    async settled(): Promise<void> {
      await Promise.all(underWay.values())
    },
  }

  async function writeOver(tx: Tx, viewer: Viewer, snapshot: SnapshotRow, clientId: string): Promise<void> {
    const { documentId } = snapshot
    const document = await lockDocument(tx, documentId)
    if (document?.deletedAt) throw new AppError('CONFLICT', 'The document is deleted; restore it first.', { field: 'input.id' })
    const now = clock.now()
    const current = new Map((await findAllFields(tx, documentId)).map(field => [field.path, field]))
    const writes = differences((await readFields(tx, [snapshot.id])).get(snapshot.id) ?? {}, current).map(write => ({
      ...write,
      timestamp: Math.max(now.getTime(), (current.get(write.path)?.timestamp ?? 0) + 1),
    }))
    if (writes.length === 0) return
    const seen = (await readClocks(tx, [documentId])).get(documentId) ?? {}
    await appendWrites(tx, feed, { documentId, actorId: viewer.userId, clientId, seen, updatedAt: now }, writes)
  }
}

/** What has to be written so that the fields become those of the snapshot. */
function differences(target: Readonly<Record<string, unknown>>, current: ReadonlyMap<string, Write>): Pick<Write, 'path' | 'value' | 'deleted'>[] {
  const changed = Object.entries(target)
    .filter(([path, value]) => {
      const field = current.get(path)
      return !field || field.deleted || !isDeepStrictEqual(field.value, value)
    })
    .map(([path, value]) => ({ path, value, deleted: false }))
  const gone = [...current.values()]
    .filter(field => !field.deleted && !Object.hasOwn(target, field.path))
    .map(({ path }) => ({ path, value: null, deleted: true }))
  return [...changed, ...gone]
}
