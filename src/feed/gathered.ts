import { AppError, type ErrorCode } from '../errors.ts'
import type { Unsubscribe } from '../platform/bus.ts'
import type { Change } from './change.ts'
import type { Channel } from './channel.ts'
import type { Places } from './cursor.ts'
import { iterate } from './iterate.ts'
import type { EndFeed } from './subscription.ts'
import { createTail, type ReadLog, type Tail } from './tail.ts'

/** What a change of an index says: that a stream belongs to the feed, from which sequence on, or that it no longer does. */
export type Belonging = { readonly joined: string; readonly from: number } | { readonly left: string }

/** A stream that can be read, at one place of it. */
export interface Source {
  readonly channel: Channel
  readonly start: number
  readonly readLog: ReadLog
  release(): void
}

export interface GatheredDeps {
  /** Names the streams that belong to the feed, as they come and go. */
  readonly index: Source
  /** Where the reader stands in the streams; those it has just begun to follow are at null, which is their present. */
  readonly streams: ReadonlyMap<string, number | null>
  readonly belongingOf: (change: Change) => Belonging | null
  /** Whether a change of a stream is the reader's own leaving. */
  readonly isLeaving: (change: Change) => boolean
  /** Null when the reader may not read it, or it is gone. `end` tells that they no longer may. @throws RESYNC_REQUIRED */
  readonly open: (streamId: string, after: number | null, end: EndFeed) => Promise<Source | null>
  readonly toEvent: (change: Change, cursor: string) => object | null
  readonly cursorOf: (places: Places) => string
}

/** One feed over the streams that an index names. Within a stream changes come in order and once; the streams take turns. */
export interface Gathered {
  readonly feed: AsyncIterableIterator<object>
  readonly end: EndFeed
  /** Runs when the feed is over, for whatever reason. */
  onClose(listener: Unsubscribe): void
}

interface Followed {
  readonly tail: Tail
  hasMore(): boolean
  stop(): void
}

/** @throws RESYNC_REQUIRED when the log no longer holds all that follows */
export async function gather({ index, streams, belongingOf, isLeaving, open, toEvent, cursorOf }: GatheredDeps): Promise<Gathered> {
  const followed = new Map<string, Followed>()
  /** What the reader has been given of each stream, those that are still to be followed included. */
  const places = new Map<string, number>()
  /** Those that may have something to give. */
  const ready = new Set<string>()
  const closers: Unsubscribe[] = []
  const top = follow(index)
  let indexPlace = index.start
  let waiting: { readonly change: Change; readonly from: Followed }[] = []
  let wake = () => {}
  let lost: AppError | null = null
  let isClosed = false

  function follow({ channel, start, readLog, release }: Source): Followed {
    const { streamId } = channel
    const tail = createTail(channel, start, readLog)
    const forget = channel.onAdvance(() => {
      ready.add(streamId)
      wake()
    })
    ready.add(streamId)
    return {
      tail,
      hasMore: () => tail.position < channel.position,
      stop() {
        tail.end()
        forget()
        release()
      },
    }
  }

  function drop(streamId: string): void {
    followed.get(streamId)?.stop()
    followed.delete(streamId)
    ready.delete(streamId)
    places.delete(streamId)
  }

  function close(error: AppError | null = null): void {
    lost ??= error
    if (!isClosed) {
      isClosed = true
      for (const streamId of [...followed.keys()]) drop(streamId)
      top.stop()
      for (const closer of closers) closer()
    }
    wake()
  }

  const end = (code: ErrorCode) => close(new AppError(code, 'You may no longer follow this feed.'))

  async function join(streamId: string, after: number | null): Promise<void> {
    let isLost = false
    const source = await open(streamId, after, code => {
      isLost = true
      // To lose one stream ends no more than that; not to be signed in any more, or not to know, ends all.
      if (code === 'FORBIDDEN') drop(streamId)
      else end(code)
    })
    if (!source || isLost || isClosed) {
      source?.release()
      places.delete(streamId)
      return
    }
    places.set(streamId, source.start)
    followed.set(streamId, follow(source))
  }

  async function joinAll(): Promise<void> {
    for (const [streamId, place] of [...places]) if (!followed.has(streamId) && !isClosed) await join(streamId, place)
  }

  /** What the index said comes into force when it is handed out, so that a cursor never knows more than its reader. */
  function learn(change: Change): void {
    indexPlace = change.seq
    const belonging = belongingOf(change)
    if (belonging && 'left' in belonging) drop(belonging.left)
    else if (belonging && !places.has(belonging.joined)) places.set(belonging.joined, belonging.from - 1)
  }

  /** The next change; `places` and `indexPlace` then say where the reader stands with it. */
  async function take(): Promise<Change | null> {
    for (;;) {
      if (lost) throw lost
      if (isClosed) return null
      const next = waiting.shift()
      if (next?.from === top) {
        learn(next.change)
        return next.change
      }
      if (next) {
        const { streamId, seq } = next.change
        // What was read of a stream that was lost meanwhile is not handed out any more.
        if (followed.get(streamId) !== next.from) continue
        places.set(streamId, seq)
        // They may be back already; only the index says from where.
        if (isLeaving(next.change)) drop(streamId)
        return next.change
      }
      await readOn()
    }
  }

  /** The index goes first: what it says decides whether the rest may be read, and from where. */
  async function readOn(): Promise<void> {
    if (top.hasMore()) return fetch(top)
    await joinAll()
    for (const streamId of [...ready]) {
      // To the end of the row, as long as there is more.
      ready.delete(streamId)
      const stream = followed.get(streamId)
      if (!stream?.hasMore()) continue
      ready.add(streamId)
      return fetch(stream)
    }
    await new Promise<void>(resolve => {
      wake = resolve
      // The index may have moved while streams were opened, and its mark has been taken off with theirs.
      if (ready.size > 0 || top.hasMore() || isClosed) resolve()
    })
  }

  async function fetch(from: Followed): Promise<void> {
    waiting = ((await from.tail.next()) ?? []).map(change => ({ change, from }))
  }

  async function nextEvent(): Promise<object | null> {
    if (first && !lost) {
      const begin = first
      first = null
      return begin
    }
    for (;;) {
      const change = await take()
      if (!change) return null
      const event = toEvent(change, cursorOf({ index: indexPlace, streams: places }))
      if (event) return event
    }
  }

  const isNew: string[] = []
  for (const [streamId, place] of streams) {
    if (place === null) isNew.push(streamId)
    else places.set(streamId, place)
  }
  let first: object | null = null
  try {
    for (const streamId of isNew) await join(streamId, null)
    first = { __typename: 'FeedReady', cursor: cursorOf({ index: indexPlace, streams: places }) }
    if (!top.hasMore()) await joinAll()
  } catch (error) {
    close()
    throw error
  }

  return {
    feed: iterate(nextEvent, close),
    end,
    onClose(listener) {
      if (isClosed) listener()
      else closers.push(listener)
    },
  }
}
