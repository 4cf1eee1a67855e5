import type { ErrorCode } from '../errors.ts'
import { AppError } from '../errors.ts'
import type { Unsubscribe } from '../platform/bus.ts'
import type { Change } from './change.ts'
import type { Channel } from './channel.ts'
import type { Attachment } from './hub.ts'
import { createTail, type ReadLog } from './tail.ts'

/** An open feed of one reader. As an iterable it yields events one by one; the fan-out reads its parts instead. */
export interface FeedSubscription extends AsyncIterableIterator<object> {
  readonly channel: Channel
  /** The reader has everything up to here. */
  readonly start: number
  /** The first event: the server is listening. */
  readonly ready: object
  /** A change as the event that clients get; null when there is nothing to tell them. */
  toEvent(change: Change): object | null
  readonly readLog: ReadLog
  /** Calls back once when the reader loses the right to read. */
  onEnd(listener: (error: AppError) => void): void
  return(): Promise<IteratorResult<object>>
}

export interface FeedSubscriptionDeps {
  readonly attachment: Attachment
  readonly start: number
  readonly ready: object
  readonly toEvent: (change: Change) => object | null
  readonly readLog: ReadLog
}

/** Ends an open feed from outside, for the reason given. */
export type EndFeed = (code: ErrorCode) => void

export const isFeedSubscription = (value: unknown): value is FeedSubscription =>
  typeof value === 'object' && value !== null && 'channel' in value && 'toEvent' in value

/** The subscription, and the two ways in which others reach into it. */
export function createFeedSubscription({ attachment, start, ready, toEvent, readLog }: FeedSubscriptionDeps): {
  subscription: FeedSubscription
  end: EndFeed
  /** Runs when the feed is over, for whatever reason. */
  onClose(listener: Unsubscribe): void
} {
  const tail = createTail(attachment.channel, start, readLog)
  const closers: Unsubscribe[] = []
  const enders: ((error: AppError) => void)[] = []
  let waiting: object[] = [ready]
  let lost: AppError | null = null
  let closed = false

  function close(error?: Error): void {
    tail.end(error)
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

  const subscription: FeedSubscription = {
    channel: attachment.channel,
    start,
    ready,
    toEvent,
    readLog,
    onEnd(listener) {
      if (lost) listener(lost)
      else enders.push(listener)
    },
    async next() {
      try {
        for (;;) {
          const event = waiting.shift()
          if (event) return { value: event, done: false }
          const changes = await tail.next()
          if (!changes) return { value: undefined, done: true }
          waiting = changes.map(toEvent).filter(event => event !== null)
        }
      } catch (error) {
        close()
        throw error
      }
    },
    async return() {
      close()
      return { value: undefined, done: true }
    },
    [Symbol.asyncIterator]() {
      return this
    },
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
