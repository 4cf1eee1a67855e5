import type { ErrorCode } from '../errors.ts'
import { AppError } from '../errors.ts'
import type { Unsubscribe } from '../platform/bus.ts'
import { withMethods } from '../platform/methods.ts'
import type { Change } from './change.ts'
import type { Channel } from './channel.ts'
import type { Attachment } from './hub.ts'
import { stepOf } from './iterate.ts'
import { createTail, type ReadLog, type Tail } from './tail.ts'

/** An open feed of one reader. As an iterable it yields events one by one; the fan-out reads its parts instead. */
export interface FeedSubscription extends AsyncIterableIterator<object> {
  readonly channel: Channel
  /** The reader has everything up to here. */
  readonly start: number
  /** The first event: the server is listening. Null: the reader is not told, or was. */
  takeReady(): object | null
  /** A change as the event that clients get; null when there is nothing to tell them. */
  toEvent(change: Change): object | null
  readonly readLog: ReadLog
  /** What of the stream the reader may see: those with the same text here get the same events. */
  audience(): string
  /** Whether events from before this change are no longer what they were. */
  rewrites(change: Change): boolean
  /** Tells it once when the reader loses the right to read. */
  onEnd(ended: Ended): void
  return(): Promise<IteratorResult<object>>
}

/** Who hears that a reader lost the right to read. */
export interface Ended {
  fail(error: AppError): void
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

/** The subscription, and the two ways in which others reach into it. */
export interface OpenFeed extends FeedSubscription {
  end(code: ErrorCode): void
  /** Runs when the feed is over, for whatever reason. There is one listener: ten thousand lists of one would be longer than what is in them. */
  onClose(listener: Unsubscribe): void
}

export const isFeedSubscription = (value: unknown): value is FeedSubscription =>
  typeof value === 'object' && value !== null && 'channel' in value && 'toEvent' in value

interface State extends Omit<FeedSubscriptionDeps, 'ready'> {
  readonly channel: Channel
  ready: object | null
  /** Only for who reads it as an iterable. */
  tail: Tail | null
  waiting: object[]
  last: Promise<unknown>
  closer: Unsubscribe | null
  ended: Ended | null
  lost: AppError | null
  isClosed: boolean
}

/** What nothing is ever put into. */
const none: never[] = []
const begun = Promise.resolve()

export function createFeedSubscription(deps: FeedSubscriptionDeps): OpenFeed {
  const { attachment, start, ready, toEvent, readLog, audience, rewrites } = deps
  const { channel } = attachment
  const state: State = {
    attachment,
    channel,
    start,
    ready,
    toEvent,
    readLog,
    audience,
    rewrites,
    tail: null,
    waiting: none,
    last: begun,
    closer: null,
    ended: null,
    lost: null,
    isClosed: false,
  }
  return withMethods(state, methods)
}

/** Tens of thousands of feeds are open at a time and silent: what they do is written once. */
const methods = {
  takeReady(this: State): object | null {
    const { ready } = this
    this.ready = null
    return ready
  },
  onEnd(this: State, ended: Ended): void {
    if (this.lost) ended.fail(this.lost)
    else this.ended = ended
  },
  /** One after the other, as for any iterator; nobody waits for long, since `close` settles all of them. */
  next(this: State): Promise<IteratorResult<object>> {
    const step = () =>
      stepOf(
        () => take(this),
        () => close(this),
      )
    const mine = this.last.then(step, step)
    this.last = mine
    return mine
  },
  async return(this: State): Promise<IteratorResult<object>> {
    close(this)
    return { value: undefined, done: true }
  },
  [Symbol.asyncIterator](this: State) {
    return this as unknown as FeedSubscription
  },
  end(this: State, code: ErrorCode): void {
    this.lost ??= new AppError(code, 'You may no longer follow this feed.')
    this.waiting = none
    this.ready = null
    this.ended?.fail(this.lost)
    close(this, this.lost)
  },
  onClose(this: State, listener: Unsubscribe): void {
    if (this.isClosed) listener()
    else this.closer = listener
  },
}

function close(state: State, error?: Error): void {
  state.tail?.end(error)
  if (state.isClosed) return
  state.isClosed = true
  state.attachment.release()
  state.closer?.()
}

async function take(state: State): Promise<object | null> {
  for (;;) {
    if (state.lost) throw state.lost
    if (state.isClosed) return null
    const ready = methods.takeReady.call(state)
    if (ready) return ready
    const event = state.waiting.shift()
    if (event) return event
    state.tail ??= createTail(state.channel, state.start, state.readLog)
    const changes = await state.tail.next()
    state.waiting = (changes ?? []).map(state.toEvent).filter(event => event !== null)
  }
}
