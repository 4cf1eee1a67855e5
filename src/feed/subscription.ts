import type { ErrorCode } from '../errors.ts'
import { AppError } from '../errors.ts'
import type { Unsubscribe } from '../platform/bus.ts'
import type { Change } from './change.ts'
import type { Channel } from './channel.ts'
import type { Attachment } from './hub.ts'
import { iterate } from './iterate.ts'
import { createTail, type ReadLog, type Tail } from './tail.ts'

/** An open feed of one reader. As an iterable it yields events one by one; the fan-out reads its parts instead. */
export interface FeedSubscription extends AsyncIterableIterator<object> {
  readonly channel: Channel
  /** The reader has everything up to here. */
  readonly start: number
  /** The first event: the server is listening. Null: the reader is not told. */
  readonly ready: object | null
  /** A change as the event that clients get; null when there is nothing to tell them. */
  toEvent(change: Change): object | null
  readonly readLog: ReadLog
  /** What of the stream the reader may see: those with the same text here get the same events. */
  audience(): string
  /** Whether events from before this change are no longer what they were. */
  rewrites(change: Change): boolean
  /** Calls back once when the reader loses the right to read. */
  onEnd(listener: (error: AppError) => void): void
  return(): Promise<IteratorResult<object>>
}

export interface FeedSubscriptionDeps {
  readonly attachment: Attachment
  readonly start: number
  readonly ready: object | null
  readonly toEvent: (change: Change) => object | null
  readonly readLog: ReadLog
  readonly audience: () => string
  readonly rewrites: (change: Change) => boolean
}

/** Ends an open feed from outside, for the reason given. */
export type EndFeed = (code: ErrorCode) => void

export const isFeedSubscription = (value: unknown): value is FeedSubscription =>
  typeof value === 'object' && value !== null && 'channel' in value && 'toEvent' in value

/** The subscription, and the two ways in which others reach into it. */
export function createFeedSubscription({ attachment, start, ready, toEvent, readLog, audience, rewrites }: FeedSubscriptionDeps): {
  subscription: FeedSubscription
  end: EndFeed
  /** Runs when the feed is over, for whatever reason. */
  onClose(listener: Unsubscribe): void
} {
  /** Only for who reads it as an iterable. */
  let tail: Tail | null = null
  const closers: Unsubscribe[] = []
  const enders: ((error: AppError) => void)[] = []
  let waiting: object[] = ready ? [ready] : []
  let lost: AppError | null = null
  let closed = false

  function close(error?: Error): void {
    tail?.end(error)
    if (closed) return
    closed = true
    attachment.release()
    for (const closer of closers) closer()
  }

  const end: EndFeed = code => {
    lost ??= new AppError(code, 'You may no longer follow this feed.')
    waiting = []
    for (const ender of enders) ender(lost)
    close(lost)
  }

  async function take(): Promise<object | null> {
    for (;;) {
      if (lost) throw lost
      if (closed) return null
      const event = waiting.shift()
      if (event) return event
      tail ??= createTail(attachment.channel, start, readLog)
      const changes = await tail.next()
      waiting = (changes ?? []).map(toEvent).filter(event => event !== null)
    }
  }

  const subscription: FeedSubscription = {
    channel: attachment.channel,
    start,
    ready,
    toEvent,
    readLog,
    audience,
    rewrites,
    onEnd(listener) {
      if (lost) listener(lost)
      else enders.push(listener)
    },
    ...iterate(take, close),
  }
  return {
    subscription,
    end,
    onClose(listener) {
      if (closed) listener()
      else closers.push(listener)
    },
  }
}
