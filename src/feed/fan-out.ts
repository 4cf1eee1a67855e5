import { LRUCache } from 'lru-cache'
import { withMethods } from '../platform/methods.ts'
import type { Change } from './change.ts'
import { createDrainWatch } from './drain-watch.ts'
import type { FeedSubscription } from './subscription.ts'
import { createTail } from './tail.ts'
import { createTurns } from './turns.ts'

/** Where a reader's messages go. */
export interface FrameSink {
  /** Sends a message of two parts, UTF-8 both; what is handed over must not change any more. */
  send(head: Uint8Array, body: Uint8Array): void
  /** The same, and resolves when it has left; a closed socket swallows it. */
  deliver(head: Uint8Array, body: Uint8Array): Promise<void>
  /** All that was sent before this turn of the event loop has left. */
  isIdle(): boolean
  /** So much waits for this reader, or for all readers together while this one is slow, that the log has to keep the rest. */
  isBehind(): boolean
  /** It is worth while to go on with a reader that was behind. */
  hasDrained(): boolean
}

export interface Reader {
  /** Readers with the same key get the same payload for the same event. */
  readonly groupKey: string
  readonly subscription: FeedSubscription
  readonly sink: Pick<FrameSink, 'send' | 'isBehind' | 'hasDrained'>
  /** What stands before the payload in a message to this reader. */
  readonly head: Uint8Array
  /** What an event looks like to this group, up to the end of a message. */
  readonly render: (event: object) => Uint8Array | Promise<Uint8Array>
}

/** How a reader is served: yields nothing, and is over as soon as it is returned or fails. */
export interface Served extends AsyncIterableIterator<never> {
  fail(error: unknown): void
  /** Tells one listener of the end, in place of `next`: that would keep a promise for each of ten thousand readers. */
  onOver(listener: OverListener): void
}

export interface OverListener {
  /** Null: nothing went wrong. */
  over(failure: Failure | null): void
}

export interface Failure {
  readonly error: unknown
}

/** Sends the events of feeds to many readers: each event is rendered once for a group of readers that asked the same. */
export interface FanOut {
  /** Serves a reader until it is returned, or loses its access; nothing is yielded, messages go to the sink. */
  join(reader: Reader): Served
}

/** Null: there is nothing to tell. */
type Payload = Uint8Array | null

/** Changes that are rendered side by side. */
const renderedTogether = 32
/** Payloads, and pages of the log, are kept for readers who come a little later than others: so much of all, and so long. */
const keptBytes = 32 * 1024 * 1024
const keptMs = 10_000
const keptPagesMs = 2_000
/** Pages of the log that are read at once, and with that held, however many readers have fallen behind. */
const readsAtOnce = 16
const done: IteratorResult<never> = { done: true, value: undefined }

/** What is kept of a reader: not how it renders, which holds all that belongs to its operation. */
interface Member extends Pick<Reader, 'subscription' | 'sink' | 'head'> {
  readonly group: Group
  /** The reader was sent everything up to here. */
  position: number
  isOver: boolean
  failure: Failure | null
  /** Whoever waits for the end. */
  listener: OverListener | null
}

interface Group {
  readonly members: Set<Member>
  /** Those of the members who are sent each event as it comes. */
  readonly live: Set<Member>
  /** Live members were sent everything up to here. */
  position: number
  /** `isForAll`: nobody else will ask for it. */
  readonly payloadOf: (change: Change, isForAll: boolean) => Payload | Promise<Payload>
  close(): void
}

export function createFanOut(): FanOut {
  const groups = new Map<string, Group>()
  const pages = new LRUCache<string, Promise<readonly Change[]>>({ maxSize: keptBytes, ttl: keptPagesMs })
  const takeTurn = createTurns(readsAtOnce)
  const drained = createDrainWatch()
  const kept = new LRUCache<string, { payload: Payload | Promise<Payload> }>({ maxSize: keptBytes, ttl: keptMs })
  let groupCount = 0

  function groupOf({ groupKey, subscription, render }: Reader): Group {
    const known = groups.get(groupKey)
    if (known) return known
    const { channel, readLog, toEvent, rewrites } = subscription
    const number = groupCount++
    const tail = createTail(channel, channel.position, readLog)
    let rewrittenAt = 0

    function renderChange(change: Change): Payload | Promise<Payload> {
      try {
        const event = toEvent(change)
        return event && render(event)
      } catch (error) {
        return Promise.reject(error)
      }
    }

    const group: Group = {
      members: new Set(),
      live: new Set(),
      position: channel.position,
      payloadOf(change, isForAll) {
        // A payload that is kept may not hold what is gone: who comes later has it rendered anew.
        if (change.seq > rewrittenAt && rewrites(change)) rewrittenAt = change.seq
        if (isForAll) return renderChange(change)
        const key = `${number} ${rewrittenAt} ${change.seq}`
        const known = kept.get(key)
        if (known) return known.payload
        const payload = renderChange(change)
        const keep = (size: number) => kept.set(key, { payload }, { size: size + key.length })
        if (!(payload instanceof Promise)) keep(payload?.length ?? 0)
        else {
          keep(0)
          payload.then(
            bytes => keep(bytes?.length ?? 0),
            () => kept.delete(key),
          )
        }
        return payload
      },
      close() {
        groups.delete(groupKey)
        tail.end()
      },
    }
    groups.set(groupKey, group)
    follow(group, tail.next).catch(error => {
      for (const member of [...group.members]) fail(member, error)
    })
    return group
  }

  async function follow(group: Group, next: () => Promise<readonly Change[] | null>): Promise<void> {
    for (let changes = await next(); changes; changes = await next()) {
      for (let rest = changes; rest.length > 0; rest = rest.slice(renderedTogether)) {
        const batch = rest.slice(0, renderedTogether)
        const payloads = await renderAll(group, batch, group.live.size === group.members.size)
        for (const [index, { seq }] of batch.entries()) {
          group.position = seq
          for (const member of group.live) deliver(group, member, seq, payloads[index] ?? null)
        }
      }
    }
  }

  /** Side by side, so that what events show is read from the database together. */
  function renderAll(group: Group, changes: readonly Change[], isForAll: boolean): readonly Payload[] | Promise<readonly Payload[]> {
    const payloads = changes.map(change => group.payloadOf(change, isForAll))
    return payloads.some(payload => payload instanceof Promise) ? Promise.all(payloads) : (payloads as Payload[])
  }

  function deliver(group: Group, member: Member, seq: number, payload: Payload): void {
    if (seq <= member.position) return
    const { sink, head } = member
    if (sink.isBehind()) {
      // Its queue is the log: it is sent on from there once its socket has drained.
      group.live.delete(member)
      void bringUp(group, member)
      return
    }
    if (payload) sink.send(head, payload)
    member.position = seq
  }

  /** Readers who come or fall behind together catch up together: what all of them need is read once. */
  function readOnce({ channel, readLog }: FeedSubscription, after: number): Promise<readonly Change[]> {
    const key = `${channel.streamId} ${after}`
    const known = pages.get(key)
    if (known) return known
    const page = takeTurn(() => readLog(channel.streamId, after))
    pages.set(key, page, { size: 1 })
    page.then(
      changes => pages.set(key, page, { size: JSON.stringify(changes).length }),
      () => pages.delete(key),
    )
    return page
  }

  /** Sends a member what it lacks, until it is where its group is. */
  async function bringUp(group: Group, member: Member): Promise<void> {
    try {
      const { subscription, sink, head } = member
      while (!member.isOver) {
        // Nothing is kept for who is waited for: there may be ten thousand of them.
        if (sink.isBehind()) await drained(() => member.isOver || sink.hasDrained())
        else if (member.position >= group.position) {
          group.live.add(member)
          return
        } else {
          let page = subscription.channel.recent(member.position) ?? (await readOnce(subscription, member.position))
          while (page.length > 0 && !member.isOver && !sink.isBehind()) {
            const batch = page.slice(0, renderedTogether)
            const payloads = await renderAll(group, batch, group.members.size === 1)
            for (const [index, { seq }] of batch.entries()) {
              if (member.isOver || sink.isBehind()) break
              const payload = payloads[index]
              if (payload) sink.send(head, payload)
              member.position = seq
            }
            page = page.slice(renderedTogether)
          }
        }
      }
    } catch (error) {
      fail(member, error)
    }
  }

  async function greet(group: Group, member: Member, render: Reader['render']): Promise<void> {
    const { subscription, sink, head } = member
    const ready = subscription.takeReady()
    const payload = ready && (await render(ready))
    if (member.isOver) return
    if (payload) sink.send(head, payload)
    await bringUp(group, member)
  }

  function leave(member: Member): void {
    if (member.isOver) return
    const { group, subscription } = member
    member.isOver = true
    group.members.delete(member)
    group.live.delete(member)
    if (group.members.size === 0) group.close()
    void subscription.return()
    member.listener?.over(member.failure)
  }

  function fail(member: Member, error: unknown): void {
    if (member.isOver) return
    member.failure = { error }
    leave(member)
  }

  const methods = {
    next(this: Member): Promise<IteratorResult<never>> {
      return new Promise((resolve, reject) => methods.onOver.call(this, { over: failure => (failure ? reject(failure.error) : resolve(done)) }))
    },
    onOver(this: Member, listener: OverListener): void {
      if (this.isOver) listener.over(this.failure)
      else this.listener = listener
    },
    async return(this: Member): Promise<IteratorResult<never>> {
      leave(this)
      return done
    },
    fail(this: Member, error: unknown): void {
      fail(this, error)
    },
    [Symbol.asyncIterator](this: Member) {
      return this as Member & Served
    },
  }

  return {
    join(reader) {
      const { subscription, sink, head } = reader
      const group = groupOf(reader)
      const member = withMethods<Member, typeof methods>(
        { subscription, sink, head, group, position: subscription.start, isOver: false, failure: null, listener: null },
        methods,
      )
      group.members.add(member)
      subscription.onEnd(member)
      greet(group, member, reader.render).catch(error => fail(member, error))
      return member
    },
  }
}
