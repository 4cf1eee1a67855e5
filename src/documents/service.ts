import type { Access } from '../access/access.ts'
import { addMember } from '../access/members.ts'
import type { Viewer } from '../access/viewer.ts'
import type { Recorder } from '../audit/audit.ts'
import { AppError, badInput, notFound } from '../errors.ts'
import type { Change } from '../feed/change.ts'
import type { Feed } from '../feed/feed.ts'
import { callOf, type Repeatable } from '../feed/idempotency.ts'
import type { FeedSubscription } from '../feed/subscription.ts'
import type { Write } from '../merge/last-writer-wins.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database, Db, Tx } from '../platform/database.ts'
import { chosenId, prefixOf } from '../platform/ids.ts'
import { checkText, checkValue } from '../platform/json.ts'
import { pageOf } from '../platform/list-page.ts'
import { appendWrites } from './append-writes.ts'
import { createCatchingUp } from './catching-up.ts'
import { type DocumentDelta, type DocumentEvent, toDocumentDelta, toDocumentEvent } from './delta.ts'
import { createPushes } from './push.ts'
import { checkPath, checkPush, type PushDeltaInput } from './push-input.ts'
import type { Snapshots } from './snapshots/service.ts'
import {
  type DocumentAt,
  deleteDocument,
  type FieldPlace,
  findDocuments,
  insertDocument,
  listDocuments,
  lockDocument,
  raisePrunedClock,
  readClocks,
  readFieldsText,
  readSingleFields,
  setDeleted,
} from './store.ts'

export interface DocumentsDeps {
  readonly database: Database
  readonly feed: Feed
  readonly access: Access
  readonly audit: Recorder
  readonly snapshots: Snapshots
  readonly clock: Clock
  /** Whether there is such a user; there is one until the transaction ends, then. */
  readonly userExists: (userId: string, tx: Tx) => Promise<boolean>
}

/** Stands for the server where it writes fields itself: those a document is created with. */
const serverClient = 'server'
const maxNameLength = 200
const maxInitialFields = 10_000

/** Documents: maps of fields that merge field by field. */
export function createDocuments({ database, feed, access, audit, snapshots, clock, userExists }: DocumentsDeps) {
  const pushes = createPushes({ feed, access, clock })

  async function load(id: string, db: Db | Tx = database.db): Promise<DocumentAt> {
    const [document] = await findDocuments(db, [id])
    if (!document) throw notFound('document')
    return document
  }

  const cursorOf = ({ streamId, seq }: Change): string => feed.cursors.encode(streamId, seq)
  const toEvent = (change: Change): DocumentEvent | null => toDocumentEvent(change, cursorOf)

  return {
    load,
    snapshots,

    /** For who was found to have access. */
    async loadAll(ids: readonly string[]): Promise<Map<string, DocumentAt>> {
      return new Map((await findDocuments(database.db, ids)).map(document => [document.id, document]))
    },

    async list(viewer: Viewer, page: { first: number; after: string | null; includeDeleted: boolean }) {
      if (page.after !== null && prefixOf(page.after) !== 'doc') throw badInput('after', 'This is no cursor of a list of documents.')
      const rows = await listDocuments(database.db, viewer.userId, { before: page.after, includeDeleted: page.includeDeleted, limit: page.first + 1 })
      return pageOf(rows, page.first, page.after, row => row.id)
    },

    async create(
      viewer: Viewer,
      input: { id?: string | null | undefined; name?: string | null | undefined; fields?: unknown } & Repeatable,
    ): Promise<DocumentAt> {
      const id = chosenId('doc', input.id)
      const now = clock.now()
      const name = checkName(input.name)
      const writes = initialWrites(input.fields, now)
      const { documentId } = await feed.once(callOf(viewer, 'createDocument', input), async tx => {
        if (!(await userExists(viewer.userId, tx))) throw new AppError('TOKEN_REVOKED', 'This account is gone.')
        if (!(await insertDocument(tx, { id, name, createdAt: now, updatedAt: now, deletedAt: null }))) {
          throw new AppError('ALREADY_EXISTS', 'There is a document with this id.', { field: 'input.id' })
        }
        await addMember(tx, { resourceId: id, userId: viewer.userId, since: now })
        await feed.open(tx, id, 'document')
        await appendWrites(tx, feed, { documentId: id, actorId: viewer.userId, clientId: serverClient, seen: {}, updatedAt: now }, writes)
        return { documentId: id }
      })
      // Who repeats the call may have lost the document since.
      if (input.idempotencyKey != null) await access.require(viewer, documentId, 'READ')
      return load(documentId)
    },

    async push(viewer: Viewer, input: PushDeltaInput) {
      const { documentId, clientId, clock: seen } = input
      try {
        const { writes, weight } = checkPush(input, clock.now())
        const { seq, superseded, change } = await pushes.submit({
          documentId,
          viewer,
          clientId,
          clock: seen,
          writes,
          weight,
          call: callOf(viewer, 'pushDelta', input),
        })
        if (change) snapshots.onGrowth(documentId, change.seq - 1, change.seq)
        return { applied: seq !== null, delta: () => deltaAt(documentId, seq, change), superseded, documentId }
      } catch (error) {
        // Who may is looked up with the rest. Where something is wrong, that they may not comes first, and is told of.
        if (error instanceof AppError) await access.require(viewer, documentId, 'WRITE')
        throw error
      }
    },

    /** Hides the document from lists and refuses pushes, until it is restored. */
    remove: (viewer: Viewer, input: { id: string } & Repeatable) => setRemoved(viewer, input, 'deleteDocument', clock.now()),
    restore: (viewer: Viewer, input: { id: string } & Repeatable) => setRemoved(viewer, input, 'restoreDocument', null),

    /** Where in the log of a document a cursor stands. @throws BAD_USER_INPUT */
    placeOf: (documentId: string, after: string): number => feed.cursors.decode(after, documentId),
    catchUp: createCatchingUp({ database, feed }),

    subscribe: (viewer: Viewer, documentId: string, after: string | null | undefined): Promise<FeedSubscription> =>
      feed.subscribe({ streamId: documentId, after, toEvent, hold: end => access.hold(viewer, documentId, end) }),

    readSingleFields: (places: readonly FieldPlace[]) => readSingleFields(database.db, places),
    readFieldsText: (ids: readonly string[], maxBytes: number) => readFieldsText(database.db, ids, maxBytes),
    readClocks: (ids: readonly string[]) => readClocks(database.db, ids),

    /** Removes a document for good, with all that belongs to it. */
    async purge(tx: Tx, documentId: string): Promise<void> {
      await deleteDocument(tx, documentId)
      await feed.remove(tx, documentId)
    },

    /** Remembers up to where the clients' pushes leave the log. */
    async onPrune(tx: Tx, documentId: string, changes: readonly Change[]): Promise<void> {
      const counters = new Map<string, number>()
      for (const { clientId, payload } of changes) {
        const { counter } = payload as { counter?: number }
        if (clientId !== null && counter !== undefined) counters.set(clientId, Math.max(counter, counters.get(clientId) ?? 0))
      }
      await raisePrunedClock(tx, documentId, counters)
    },
  }

  async function deltaAt(documentId: string, seq: number | null, change: Change | undefined): Promise<DocumentDelta | null> {
    const accepted = change ?? (seq === null ? null : await feed.at(documentId, seq))
    return accepted && toDocumentDelta(accepted, cursorOf)
  }

  async function setRemoved(viewer: Viewer, input: { id: string } & Repeatable, mutation: string, deletedAt: Date | null): Promise<string> {
    await feed.once(callOf(viewer, mutation, input), async tx => {
      const document = await lockDocument(tx, input.id)
      await access.require(viewer, input.id, 'ADMIN', tx)
      if (document && (document.deletedAt === null) !== (deletedAt === null)) {
        await setDeleted(tx, input.id, deletedAt, clock.now())
        await feed.append(tx, input.id, [
          { kind: deletedAt ? 'removed' : 'restored', payload: {}, actorId: viewer.userId, clientId: null, clientCounter: null },
        ])
        await audit.record(tx, viewer, deletedAt ? 'deleted' : 'restored', { target: input.id })
      }
      return {}
    })
    return input.id
  }
}

function checkName(name: string | null | undefined): string | null {
  if (name == null) return null
  if (name.length > maxNameLength) throw badInput('input.name', `A name has at most ${maxNameLength} characters.`)
  checkText(name, 'input.name')
  return name
}

function initialWrites(fields: unknown, now: Date): Omit<Write, 'counter' | 'clientId'>[] {
  if (fields == null) return []
  if (typeof fields !== 'object' || Array.isArray(fields)) throw badInput('input.fields', 'Fields are an object: path → value.')
  const entries = Object.entries(fields)
  if (entries.length > maxInitialFields) throw badInput('input.fields', `A document starts with at most ${maxInitialFields} fields.`)
  return entries.map(([path, value]) => {
    checkPath(path, `input.fields.${path}`)
    checkValue(value, `input.fields.${path}`)
    return { path, value, deleted: false, timestamp: now.getTime() }
  })
}
