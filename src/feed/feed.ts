import { setTimeout as delay } from 'node:timers/promises'
import { AppError, notFound } from '../errors.ts'
import type { Bus, Unsubscribe } from '../platform/bus.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database, TransactOptions, Tx } from '../platform/database.ts'
import type { Logger } from '../platform/logger.ts'
import { readTogether } from '../platform/read-together.ts'
import type { Keys } from '../platform/secrets.ts'
import { announcementOf, topicOf } from './announcement.ts'
import type { Change, NewChange } from './change.ts'
import { type Cursors, createCursors } from './cursor.ts'
import { type Belonging, gather, type Source } from './gathered.ts'
import { createHub, pageSize } from './hub.ts'
import { type Call, once } from './idempotency.ts'
import { type LogPage, type PageOfLog, readPages } from './page-store.ts'
import {
  appendChanges,
  appendToAll,
  appendToEach,
  deleteStream,
  type Extent,
  insertStream,
  lockStreams,
  readChange,
  readChanges,
  readExtents,
} from './store.ts'
import { createFeedSubscription, type EndFeed, type FeedSubscription } from './subscription.ts'
import { createTail, resyncRequired, type Tail } from './tail.ts'
import type { Together } from './together.ts'

/** The log under every domain: it orders changes, stores them, tells of them, and hands them out from any position. */
export interface Feed extends AsyncDisposable {
  readonly cursors: Cursors
  /** A transaction; what is appended in it is announced once it has committed. */
  transact<T>(work: (tx: Tx) => Promise<T>, options?: TransactOptions): Promise<T>
  /** The same for a `work` that gives what is to be asked at last: COMMIT goes with it. See `Database`. */
  commitWith<T>(work: (tx: Tx) => Promise<() => Promise<T>>, options?: TransactOptions): Promise<T>
  /** Hears of what a transaction of this node appended, as soon as it has committed and before `transact` answers. */
  onCommitted(listener: (changes: readonly Change[]) => void): Unsubscribe
  /** Does something as the last thing in a transaction of `transact`: for a lock that many wait for, and that nobody may hold while waiting. */
  beforeCommit(tx: Tx, work: () => Promise<void>): void
  /** The same for a call that may come again: its work is done once, and a repeat gets the first outcome. @throws IDEMPOTENCY_MISMATCH */
  once<T>(call: Call, work: (tx: Tx) => Promise<T>, options?: TransactOptions): Promise<T>
  /** Makes an empty stream, unless there is one. */
  open(tx: Tx, streamId: string, kind: string): Promise<void>
  /** Removes a stream with all its changes, for good. */
  remove(tx: Tx, streamId: string): Promise<void>
  /** With `together` given, it is what stores the changes; it has to select exactly these. */
  append(tx: Tx, streamId: string, changes: readonly NewChange[], together?: Together): Promise<readonly Change[]>
  /** Changes to several streams, in one statement, which fails where one of them is not there; those to the same stream keep their order. */
  appendAll(tx: Tx, changes: readonly (NewChange & { readonly streamId: string })[]): Promise<readonly Change[]>
  /** One change to each of several streams of one kind; those that are not there yet are made. */
  appendEach(tx: Tx, kind: string, changes: readonly (NewChange & { readonly streamId: string })[]): Promise<void>
  /** Reads a stream from a position on, for the server's own use. */
  tail(streamId: string, after?: number): Promise<{ tail: Tail; release: Unsubscribe }>
  /** Opens a feed for a reader. @throws NOT_FOUND, RESYNC_REQUIRED, BAD_USER_INPUT for the cursor, and whatever `hold` throws */
  subscribe(options: SubscribeOptions): Promise<FeedSubscription>
  /** Opens one feed over all streams that an index stream names. @throws as `subscribe` */
  gather(options: GatherOptions): Promise<AsyncIterableIterator<object>>
  /** Changes of one kind in several logs; RESYNC_REQUIRED for a page that begins where its log does not reach, null for one there was no room for. */
  readPages(pages: readonly PageOfLog[], kind: string, maxBytes: number): Promise<(LogPage | AppError | null)[]>
  /** The change at one place; null when it was pruned. */
  at(streamId: string, seq: number): Promise<Change | null>
  /** Compares what this node watches with the log, now. */
  heal(): Promise<void>
}

export interface SubscribeOptions {
  readonly streamId: string
  readonly after: string | null | undefined
  readonly toEvent: (change: Change) => object | null
  /** Whether the reader is told that the server listens; without it, yes. */
  readonly isGreeted?: boolean
  /** Makes sure that the reader may read, from now until the answer is called; `end` closes the feed. */
  readonly hold: (end: EndFeed) => Promise<Unsubscribe>
  /** What of the stream the reader may see, once they are held; those who may see the same get the same. Without it: all of it. */
  readonly audience?: () => string
  /** Whether what earlier events show is another thing since this change, or nothing any more. */
  readonly rewrites?: (change: Change) => boolean
}

export interface GatherOptions {
  /** Its changes say which streams belong to the feed. */
  readonly indexId: string
  readonly after: string | null | undefined
  /** Which do at the moment, and where the index stood at that very moment: for a reader who starts at the present. */
  readonly members: () => Promise<{ readonly at: number; readonly streamIds: readonly string[] }>
  /** Whether a change of such a stream is the reader's own leaving, behind which nothing is theirs until the index says so. */
  readonly isLeaving: (change: Change) => boolean
  readonly belongingOf: (change: Change) => Belonging | null
  readonly toEvent: (change: Change, cursor: string) => object | null
  /** As for `subscribe`, for the feed as a whole. */
  readonly hold: (end: EndFeed) => Promise<Unsubscribe>
  /** The same for one stream of it: with FORBIDDEN or NOT_FOUND, or FORBIDDEN later, it is left out. */
  readonly holdStream: (streamId: string, end: EndFeed) => Promise<Unsubscribe>
}

export interface FeedDeps {
  readonly database: Database
  readonly bus: Bus
  readonly clock: Clock
  readonly logger: Logger
  readonly cursorKeys: Keys
  readonly healIntervalMs: number
}

/** Whether a log still, and already, goes on from there. */
const holds = (extent: Extent | null, place: number): boolean => extent !== null && place >= extent.floor && place <= extent.head

/** Lets go of what was opened when what comes after it fails. */
function release(source: Source, error: unknown): never {
  source.release()
  throw error
}

/** Pause before the log is read again while the database is away. */
const retryMs = 500

const anybody = () => ''
const never = () => false

export function createFeed({ database, bus, clock, logger, cursorKeys, healIntervalMs }: FeedDeps): Feed {
  const extentOf = readTogether((streamIds: readonly string[]) => readExtents(database.db, streamIds))
  const hub = createHub({ bus, database, extentOf, logger, healIntervalMs })
  const cursors = createCursors(cursorKeys)
  const appended = new WeakMap<Tx, Change[]>()
  const endings = new WeakMap<Tx, (() => Promise<void>)[]>()
  const announcing = new Set<Promise<void>>()
  let isClosed = false

  function announce(changes: readonly Change[]): void {
    for (const [streamId, group] of Map.groupBy(changes, change => change.streamId)) {
      const sent = bus.publish(topicOf(streamId), announcementOf(group))
      announcing.add(sent)
      void sent.finally(() => announcing.delete(sent))
    }
  }

  /** A page of the log; a reader that stands before what is kept has to start anew. Readers sit out a database that is away. */
  async function readPage(streamId: string, after: number): Promise<readonly Change[]> {
    for (;;) {
      try {
        const changes = await readChanges(database.db, streamId, { after, limit: pageSize })
        if (changes[0]?.seq !== after + 1) throw resyncRequired()
        return changes
      } catch (error) {
        if (error instanceof AppError || isClosed) throw error
        logger.warn({ err: error, streamId }, 'could not read the log; trying again')
        await delay(retryMs, undefined, { ref: false })
      }
    }
  }

  async function startOf(streamId: string, after: string | null | undefined, position: number): Promise<number> {
    if (after == null) return position
    const start = cursors.decode(after, streamId)
    await checkPlace(streamId, start)
    return start
  }

  async function checkPlace(streamId: string, place: number): Promise<void> {
    if (!holds(await extentOf(streamId), place)) throw resyncRequired()
  }

  /** A stream to be read behind `place`, or from its present on; null when there is none. @throws RESYNC_REQUIRED */
  async function sourceOf(streamId: string, place: number | null): Promise<Source | null> {
    const attachment = await hub.attach(streamId)
    if (!attachment) return null
    const { channel } = attachment
    const source: Source = { channel, start: place ?? channel.position, readLog: readPage, release: () => attachment.release() }
    if (place !== null) await checkPlace(streamId, place).catch(error => release(source, error))
    return source
  }

  async function openHeld(streamId: string, place: number | null, end: EndFeed, hold: GatherOptions['holdStream']): Promise<Source | null> {
    // Held before it is read, so that nothing is read that is not theirs.
    const unhold = await hold(streamId, end).catch(error => {
      if (error instanceof AppError && (error.code === 'NOT_FOUND' || error.code === 'FORBIDDEN')) return null
      throw error
    })
    if (!unhold) return null
    const source = await sourceOf(streamId, place).catch(error => {
      unhold()
      throw error
    })
    if (!source) {
      unhold()
      return null
    }
    return {
      ...source,
      release() {
        unhold()
        source.release()
      },
    }
  }

  const listeners = new Set<(changes: readonly Change[]) => void>()

  async function commitWith<T>(work: (tx: Tx) => Promise<() => Promise<T>>, options?: TransactOptions): Promise<T> {
    const { result, changes } = await database.commitWith(async tx => {
      const last: (() => Promise<void>)[] = []
      endings.set(tx, last)
      const askLast = await work(tx)
      for (const ending of last) await ending()
      endings.delete(tx)
      return async () => ({ result: await askLast(), changes: appended.get(tx) ?? [] })
    }, options)
    for (const listener of listeners) listener(changes)
    announce(changes)
    return result
  }

  const transact = <T>(work: (tx: Tx) => Promise<T>, options?: TransactOptions): Promise<T> =>
    commitWith(async tx => {
      const result = await work(tx)
      return async () => result
    }, options)

  function note(tx: Tx, changes: readonly Change[]): void {
    appended.set(tx, [...(appended.get(tx) ?? []), ...changes])
  }

  return {
    cursors,
    transact,
    commitWith,
    onCommitted(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    beforeCommit(tx, work) {
      const last = endings.get(tx)
      if (!last) throw new Error('This transaction was not begun by the feed.')
      last.push(work)
    },
    once: (call, work, options) => transact(tx => once(tx, call, () => work(tx), clock.now()), options),
    open: insertStream,
    remove: deleteStream,
    async append(tx, streamId, added, together) {
      if (added.length === 0) return []
      const at = clock.now()
      const first = await appendChanges(tx, streamId, added, at, together)
      const changes = added.map((change, index) => ({ ...change, streamId, at, seq: first + index }))
      note(tx, changes)
      return changes
    },
    async appendAll(tx, added) {
      if (added.length === 0) return []
      const at = clock.now()
      const seqs = await appendToAll(tx, added, at)
      const changes = added.map((change, index) => ({ ...change, at, seq: seqs[index] ?? 0 }))
      note(tx, changes)
      return changes
    },
    async appendEach(tx, kind, added) {
      if (added.length === 0) return
      const at = clock.now()
      await lockStreams(
        tx,
        added.map(({ streamId }) => streamId),
        kind,
      )
      const seqs = await appendToEach(tx, added, at)
      note(
        tx,
        added.map(change => ({ ...change, at, seq: seqs.get(change.streamId) ?? 0 })),
      )
    },
    async tail(streamId, after) {
      const attachment = await hub.attach(streamId)
      if (!attachment) throw notFound('stream')
      const tail = createTail(attachment.channel, after ?? attachment.channel.position, readPage)
      return { tail, release: () => attachment.release() }
    },
    async subscribe({ streamId, after, toEvent, isGreeted = true, hold, audience = anybody, rewrites = never }) {
      const attachment = await hub.attach(streamId)
      if (!attachment) throw notFound('feed')
      try {
        const start = await startOf(streamId, after, attachment.channel.position)
        const ready = isGreeted ? { __typename: 'FeedReady', cursor: cursors.encode(streamId, start) } : null
        const opened = createFeedSubscription({ attachment, start, ready, toEvent, readLog: readPage, audience, rewrites })
        try {
          opened.onClose(await hold(opened.end.bind(opened)))
        } catch (error) {
          await opened.return()
          throw error
        }
        return opened
      } catch (error) {
        attachment.release()
        throw error
      }
    },
    async gather({ indexId, after, members, belongingOf, isLeaving, toEvent, hold, holdStream }) {
      const given = after == null ? null : cursors.decodePlaces(after, indexId)
      const index = await sourceOf(indexId, given?.index ?? null)
      if (!index) throw notFound('feed')
      // The index is listened to by now, so whatever joins after this look is heard of.
      const present = given ? null : await members().catch(error => release(index, error))
      const gathered = await gather({
        index: present ? { ...index, start: present.at } : index,
        streams: given?.streams ?? new Map(present?.streamIds.map(id => [id, null])),
        belongingOf,
        isLeaving,
        toEvent,
        cursorOf: places => cursors.encodePlaces(indexId, places),
        open: (streamId, place, end) => openHeld(streamId, place, end, holdStream),
      })
      try {
        gathered.onClose(await hold(gathered.end))
      } catch (error) {
        await gathered.feed.return?.()
        throw error
      }
      return gathered.feed
    },
    async readPages(pages, kind, maxBytes) {
      const found = await readPages(database.db, pages, kind, maxBytes)
      return pages.map(({ after }, index) => {
        const { extent = null, page = null } = found[index] ?? {}
        if (after !== null && !holds(extent, after)) return resyncRequired()
        return extent ? page : { changes: [], hasMore: false }
      })
    },
    at: (streamId, seq) => readChange(database.db, streamId, seq),
    heal: hub.heal,
    async [Symbol.asyncDispose]() {
      isClosed = true
      await Promise.all(announcing)
      await hub[Symbol.asyncDispose]()
    },
  }
}
