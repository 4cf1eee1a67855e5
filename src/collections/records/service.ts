import type { Access } from '../../access/access.ts'
import type { Viewer } from '../../access/viewer.ts'
import { AppError, badInput, notFound } from '../../errors.ts'
import type { Feed } from '../../feed/feed.ts'
import { callOf, once, type Repeatable } from '../../feed/idempotency.ts'
import type { FeedSubscription } from '../../feed/subscription.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database, Tx } from '../../platform/database.ts'
import { type CollectionAt, type CollectionRef, type CollectionRow, checkName, isOwn } from '../collection.ts'
import type { Collections } from '../service.ts'
import type { Outcome } from './apply.ts'
import { createExpiry } from './expiry.ts'
import { mergeWrites } from './merge-writes.ts'
import { decodePlace, encodePlace, noPlace } from './page-cursor.ts'
import type { RecordIn } from './record.ts'
import { toRecordEvent } from './record-change.ts'
import { checkDeletion, checkPut, type DeleteRecordInput, type PutRecordInput, type RecordWrite } from './record-input.ts'
import { createSingleWrites } from './single-writes.ts'
import { countLive, findRecord, findRecords, listRecords } from './store.ts'

export interface RecordsDeps {
  readonly database: Database
  readonly feed: Feed
  readonly access: Access
  readonly collections: Collections
  readonly clock: Clock
}

export const maxItems = 5_000
const maxCollections = 100
/** What the records that win over the items of a batch may weigh together: its answer shows each of them twice, as `record` and as `existing`. */
const maxConflictBytes = 6 * 1024 * 1024

export interface PutRecordsInput extends Repeatable {
  readonly items: readonly PutRecordInput[]
}

export interface PageInput {
  readonly updatedSince: Date | null
  readonly includeDeleted: boolean
  readonly first: number
  readonly after: string | null
}

export interface RecordsPage {
  readonly rows: readonly RecordIn[]
  readonly hasNextPage: boolean
  readonly hasPreviousPage: boolean
  readonly cursorOf: (record: RecordIn) => string
  /** Where the feed stood before the page was read. */
  readonly feedCursor: () => Promise<string>
}

/** PostgreSQL reads not every year that a date can hold; there are no records beyond these. */
const readable = (date: Date): Date => new Date(Math.min(Math.max(date.getTime(), -1), Date.UTC(9999, 0)))

/** What came of one write, and where. */
export interface Written {
  readonly outcome: Outcome
  readonly collection: CollectionRow
}

/** Records: JSON under a key, each write with a policy that says how it fares against what is there. */
export function createRecords({ database, feed, access, collections, clock }: RecordsDeps) {
  const singles = createSingleWrites({ feed, access, clock })

  async function writeOne(viewer: Viewer, collection: CollectionRow, input: Repeatable, mutation: string, write: RecordWrite): Promise<Written> {
    return { outcome: await singles.submit(collection.id, { viewer, write, call: callOf(viewer, mutation, input) }), collection }
  }

  /** One of the viewer's own that nothing was put into yet. Whoever wants to follow it from here makes it. */
  function emptyPage(viewer: Viewer, ref: CollectionRef & PageInput): RecordsPage {
    if (!isOwn(viewer, ref)) throw notFound('collection')
    if (ref.after !== null) throw noPlace()
    return {
      rows: [],
      hasNextPage: false,
      hasPreviousPage: false,
      cursorOf: ({ id }) => id,
      feedCursor: async () => feed.cursors.encode((await collections.open(viewer, ref)).id, 0),
    }
  }

  return {
    async find(viewer: Viewer, ref: CollectionRef & { readonly key: string }): Promise<RecordIn | null> {
      checkName(ref.collection, 'collection')
      checkName(ref.key, 'key')
      const collection = await collections.find(viewer, ref)
      const record = collection && (await findRecord(database.db, collection.id, ref.key, clock.now()))
      return record && { ...record, collection }
    },

    /** By their ids, those that are there; whether the viewer may read them goes by their collections. */
    async load(ids: readonly string[]): Promise<Map<string, RecordIn>> {
      return new Map((await findRecords(database.db, ids, clock.now())).map(record => [record.id, record]))
    },

    /** A page by (updatedAt, key), and where the feed stood before it was read. @throws NOT_FOUND for others’ that are not there, or not to be seen */
    async list(viewer: Viewer, ref: CollectionRef & PageInput): Promise<RecordsPage> {
      checkName(ref.collection, 'collection')
      const collection = await collections.find(viewer, ref)
      if (!collection) return emptyPage(viewer, ref)
      const { rows, hasMore } = await listRecords(database.db, collection.id, {
        after: ref.after === null ? null : decodePlace(ref.after, collection.id),
        updatedSince: ref.updatedSince && readable(ref.updatedSince),
        includeDeleted: ref.includeDeleted,
        limit: ref.first,
        now: clock.now(),
      })
      return {
        rows: rows.map(record => ({ ...record, collection })),
        hasNextPage: hasMore,
        hasPreviousPage: ref.after !== null,
        cursorOf: record => encodePlace(collection.id, record),
        feedCursor: async () => feed.cursors.encode(collection.id, collection.head),
      }
    },

    /** How many live records each of these collections has. */
    count: (collectionIds: readonly string[]): Promise<Map<string, number>> => countLive(database.db, collectionIds, clock.now()),

    async put(viewer: Viewer, input: PutRecordInput): Promise<Written> {
      const write = checkPut(input, clock.now(), 'input')
      return writeOne(viewer, await collections.open(viewer, input), input, 'putRecord', write)
    },

    /** @throws NOT_FOUND for what never was */
    async remove(viewer: Viewer, input: DeleteRecordInput): Promise<Written> {
      const write = checkDeletion(input, clock.now())
      const collection = await collections.find(viewer, input)
      if (!collection) throw notFound('record')
      return writeOne(viewer, collection, input, 'deleteRecord', write)
    },

    /** All of the items or none of them. */
    async putAll(viewer: Viewer, input: PutRecordsInput): Promise<Written[]> {
      const writes = checkItems(input.items, viewer, clock.now())
      const work = async (tx: Tx) => {
        const places = await collections.lockAll(tx, viewer, input.items)
        const outcomes = await once(tx, callOf(viewer, 'putRecords', input), async () => {
          const located = writes.map((write, index) => ({ collectionId: placeOf(places, index).id, actorId: viewer.userId, write }))
          const merged = (await mergeWrites(tx, feed, located, clock.now().getTime())).filter(outcome => outcome !== null)
          checkWeight(merged)
          return merged
        })
        return outcomes.map((outcome, index) => ({ outcome, collection: placeOf(places, index) }))
      }
      return feed.transact(work, { isByKey: true })
    },

    /** The feed of a collection. */
    async subscribe(viewer: Viewer, ref: CollectionRef, after: string | null | undefined): Promise<FeedSubscription> {
      checkName(ref.collection, 'collection')
      const collection = await collections.open(viewer, ref)
      return feed.subscribe({
        streamId: collection.id,
        after,
        toEvent: change => toRecordEvent(change, collection, feed.cursors.encode(change.streamId, change.seq)),
        hold: end => access.hold(viewer, collection.id, end),
      })
    },

    expire: createExpiry({ database, feed, clock }),
  }
}

function placeOf(places: readonly CollectionAt[], index: number): CollectionAt {
  const place = places[index]
  if (!place) throw notFound('collection')
  return place
}

function checkItems(items: readonly PutRecordInput[], viewer: Viewer, now: Date): RecordWrite[] {
  if (items.length < 1 || items.length > maxItems) throw badInput('input.items', `A batch has 1 to ${maxItems} items.`)
  const named = new Set<string>()
  let last: PutRecordInput | null = null
  return items.map((item, index) => {
    const field = `input.items.${index}`
    if (item.idempotencyKey != null) throw badInput(`${field}.idempotencyKey`, 'A batch is repeated as a whole: it has one key, beside its items.')
    const write = checkPut(item, now, field)
    if (last?.collection !== item.collection || last.owner !== item.owner) named.add(`${item.owner ?? viewer.userId} ${item.collection}`)
    last = item
    if (named.size > maxCollections) throw badInput(`${field}.collection`, `A batch writes to at most ${maxCollections} collections.`)
    return write
  })
}

function checkWeight(outcomes: readonly Outcome[]): void {
  let bytes = 0
  for (const [index, { applied, record }] of outcomes.entries()) {
    if (applied) continue
    bytes += Buffer.byteLength(JSON.stringify(record.value))
    if (bytes > maxConflictBytes)
      throw new AppError('PAYLOAD_TOO_LARGE', 'The records that win over this batch are too large for one answer; send fewer items.', {
        field: `input.items.${index}`,
      })
  }
}
