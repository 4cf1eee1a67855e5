import type { AppError } from '../errors.ts'
import type { Change } from './change.ts'
import type { Channel } from './channel.ts'
import type { FeedSubscription } from './subscription.ts'
import { createTail } from './tail.ts'

/** Where a reader's frames go. */
export interface FrameSink {
  send(frame: string): void
  /** What was handed over and has not left yet. */
  bufferedBytes(): number
}

export interface Reader {
  /** Readers with the same key get the same payload for the same event. */
  readonly groupKey: string
  readonly subscription: FeedSubscription
  readonly sink: FrameSink
  /** The reader's frame around a payload. */
  readonly frame: (payload: string) => string
  /** What an event looks like to this group, as JSON. */
  readonly render: (event: object) => Promise<string>
}

/** Sends the events of feeds to many readers: each event is rendered once for a group of readers that asked the same. */
export interface FanOut {
  /** Serves a reader until it is returned, or loses its access; nothing is yielded, frames go to the sink. */
  join(reader: Reader): AsyncIterableIterator<never>
}

/** Payloads kept for readers who come a little later than the others. */
const keptPayloads = 32
const drainCheckMs = 20

interface Member {
  readonly reader: Reader
  /** The reader was sent everything up to here. */
  position: number
  isOver: boolean
  fail(error: unknown): void
}

interface Group {
  readonly members: Set<Member>
  /** Those of the members who are sent each event as it comes. */
  readonly live: Set<Member>
  /** Live members were sent everything up to here. */
  position: number
  readonly payloadOf: (change: Change) => Promise<string | null>
  close(): void
}

export function createFanOut({ maxBufferedBytes }: { readonly maxBufferedBytes: number }): FanOut {
  const groups = new Map<string, Group>()
  const reading = new WeakMap<Channel, Map<number, Promise<readonly Change[]>>>()

  function groupOf({ groupKey, subscription, render }: Reader): Group {
    const known = groups.get(groupKey)
    if (known) return known
    const { channel, readLog, toEvent, rewrites } = subscription
    const payloads = new Map<number, Promise<string | null>>()
    const tail = createTail(channel, channel.position, readLog)
    const group: Group = {
      members: new Set(),
      live: new Set(),
      position: channel.position,
      payloadOf(change) {
        // A payload that is kept may not hold what is gone: who comes later has it rendered anew.
        if (!payloads.has(change.seq) && rewrites(change)) payloads.clear()
        const payload = payloads.get(change.seq) ?? renderChange(change)
        payloads.set(change.seq, payload)
        for (const seq of payloads.keys()) {
          if (payloads.size <= keptPayloads) break
          payloads.delete(seq)
        }
        return payload
      },
      close() {
        groups.delete(groupKey)
        tail.end()
      },
    }
    async function renderChange(change: Change): Promise<string | null> {
      const event = toEvent(change)
      return event && render(event)
    }
    groups.set(groupKey, group)
    follow(group, tail.next).catch(error => {
      for (const member of [...group.members]) member.fail(error)
    })
    return group
  }

  async function follow(group: Group, next: () => Promise<readonly Change[] | null>): Promise<void> {
    for (let changes = await next(); changes; changes = await next()) {
      for (let rest = changes; rest.length > 0; rest = rest.slice(keptPayloads)) {
        for (const { seq, payload } of await renderNext(group, rest)) {
          group.position = seq
          for (const member of group.live) deliver(group, member, seq, payload)
        }
      }
    }
  }

  /** Side by side, so that what events show is read from the database together; no more than are kept anyway. */
  const renderNext = (group: Group, changes: readonly Change[]) =>
    Promise.all(changes.slice(0, keptPayloads).map(async change => ({ seq: change.seq, payload: await group.payloadOf(change) })))

  function deliver(group: Group, member: Member, seq: number, payload: string | null): void {
    if (seq <= member.position) return
    if (isBehind(member)) {
      // Its queue is the log: it is sent on from there once its socket has drained.
      group.live.delete(member)
      void bringUp(group, member)
      return
    }
    if (payload !== null) member.reader.sink.send(member.reader.frame(payload))
    member.position = seq
  }

  /** Readers who fell behind together catch up together: what all of them need is read once. */
  function readOnce({ channel, readLog }: FeedSubscription, after: number): Promise<readonly Change[]> {
    const pages = reading.get(channel) ?? new Map<number, Promise<readonly Change[]>>()
    reading.set(channel, pages)
    const known = pages.get(after)
    if (known) return known
    const page = readLog(after).finally(() => pages.delete(after))
    pages.set(after, page)
    return page
  }

  const isBehind = ({ reader }: Member) => reader.sink.bufferedBytes() > maxBufferedBytes

  /** Sends a member what it lacks, until it is where its group is. */
  async function bringUp(group: Group, member: Member): Promise<void> {
    try {
      const { subscription } = member.reader
      let page: readonly Change[] = []
      while (!member.isOver) {
        // Nothing is kept for who is waited for: there may be ten thousand of them.
        if (isBehind(member)) page = []
        while (isBehind(member) && !member.isOver) await new Promise(resolve => setTimeout(resolve, drainCheckMs))
        if (member.position >= group.position) {
          if (!member.isOver) group.live.add(member)
          return
        }
        if (member.isOver) return
        if (page.length === 0) page = subscription.channel.recent(member.position) ?? (await readOnce(subscription, member.position))
        for (const { seq, payload } of await renderNext(group, page)) {
          if (member.isOver || isBehind(member)) break
          if (payload !== null) member.reader.sink.send(member.reader.frame(payload))
          member.position = seq
        }
        page = page.filter(({ seq }) => seq > member.position)
      }
    } catch (error) {
      member.fail(error)
    }
  }

  return {
    join(reader) {
      const { subscription, sink, frame, render } = reader
      const { promise: over, resolve, reject } = Promise.withResolvers<void>()
      over.catch(() => undefined)
      const group = groupOf(reader)
      const leave = () => {
        if (member.isOver) return
        member.isOver = true
        group.members.delete(member)
        group.live.delete(member)
        if (group.members.size === 0) group.close()
        void subscription.return()
      }
      const member: Member = {
        reader,
        position: subscription.start,
        isOver: false,
        fail(error) {
          leave()
          reject(error)
        },
      }
      group.members.add(member)
      subscription.onEnd((error: AppError) => member.fail(error))
      const greeting = subscription.ready ? render(subscription.ready) : Promise.resolve(null)
      greeting
        .then(payload => {
          if (member.isOver) return
          if (payload !== null) sink.send(frame(payload))
          void bringUp(group, member)
        })
        .catch(error => member.fail(error))

      return {
        async next() {
          await over
          return { done: true, value: undefined }
        },
        async return() {
          leave()
          resolve()
          return { done: true, value: undefined }
        },
        [Symbol.asyncIterator]() {
          return this
        },
      }
    },
  }
}
