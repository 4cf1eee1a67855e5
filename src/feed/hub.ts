import type { Bus, Unsubscribe } from '../platform/bus.ts'
import type { Database } from '../platform/database.ts'
import type { Logger } from '../platform/logger.ts'
import { withMethods } from '../platform/methods.ts'
import { type HeardAnnouncement, readAnnouncement, topicOf } from './announcement.ts'
import { type Channel, createChannel } from './channel.ts'
import { type Extent, readChanges, readHeads } from './store.ts'

/** Changes read from the log at once. */
export const pageSize = 200

/** The streams this node watches: one channel and one bus subscription each, however many readers they have. */
export interface Hub extends AsyncDisposable {
  /** The channel of a stream, for as long as it is not released. Null: there is no such stream. */
  attach(streamId: string): Promise<Attachment | null>
  /** Compares every channel with the log. */
  heal(): Promise<void>
}

export interface Attachment {
  readonly channel: Channel
  release(): void
}

export interface HubDeps {
  readonly bus: Bus
  readonly database: Database
  /** Null: there is no such stream. */
  readonly extentOf: (streamId: string) => Promise<Extent | null>
  readonly logger: Logger
  readonly healIntervalMs: number
}

interface Watched {
  readonly streamId: string
  readers: number
  readonly opened: Promise<{ channel: Channel; unsubscribe: Unsubscribe } | null>
}

interface Held {
  readonly channel: Channel
  readonly watched: Watched
  isReleased: boolean
}

export function createHub({ bus, database, extentOf, logger, healIntervalMs }: HubDeps): Hub {
  const streams = new Map<string, Watched>()
  const onError = (error: unknown) => logger.warn({ err: error }, 'could not read the log; the next look heals it')

  async function open(streamId: string) {
    let channel: Channel | null = null
    const early: HeardAnnouncement[] = []
    const unsubscribe = await bus.subscribe(topicOf(streamId), message => {
      const announcement = readAnnouncement(streamId, message)
      if (!announcement) logger.warn({ streamId }, 'something on the bus is no announcement')
      else if (channel) hear(channel, announcement)
      else early.push(announcement)
    })
    try {
      const extent = await extentOf(streamId)
      if (extent) {
        channel = createChannel({
          streamId,
          position: extent.head,
          readLog: after => readChanges(database.db, streamId, { after, limit: pageSize }),
          readExtent: () => extentOf(streamId),
          onError,
        })
        for (const message of early) hear(channel, message)
        return { channel, unsubscribe }
      }
    } catch (error) {
      unsubscribe()
      throw error
    }
    unsubscribe()
    return null
  }

  function hear(channel: Channel, { head, changes }: HeardAnnouncement): void {
    for (const change of changes ?? []) channel.offer(change)
    if (channel.position < head) channel.advanceTo(head).catch(onError)
  }

  async function heal(): Promise<void> {
    if (streams.size === 0) return
    const heads = await readHeads(database.db, [...streams.keys()])
    await Promise.all(
      [...streams.values()].map(async ({ opened }) => {
        const channel = (await opened.catch(() => null))?.channel
        const head = channel && heads.get(channel.streamId)
        if (channel && head !== undefined) await channel.advanceTo(head)
      }),
    )
  }

  let healing: Promise<void> = Promise.resolve()
  const healSoon = () => {
    healing = healing.then(heal).catch(onError)
  }
  const timer = setInterval(healSoon, healIntervalMs)
  const forgetDoubts = bus.onDoubt(healSoon)

  function leave(watched: Watched): void {
    watched.readers -= 1
    if (watched.readers > 0) return
    if (streams.get(watched.streamId) === watched) streams.delete(watched.streamId)
    watched.opened.then(opened => opened?.unsubscribe()).catch(() => undefined)
  }

  const ofAttachments = {
    release(this: Held): void {
      if (this.isReleased) return
      this.isReleased = true
      leave(this.watched)
    },
  }

  return {
    async attach(streamId) {
      const watched = streams.get(streamId) ?? { streamId, readers: 0, opened: open(streamId) }
      streams.set(streamId, watched)
      watched.readers += 1
      try {
        const opened = await watched.opened
        if (opened) return withMethods({ channel: opened.channel, watched, isReleased: false } satisfies Held, ofAttachments)
      } catch (error) {
        leave(watched)
        throw error
      }
      leave(watched)
      return null
    },
    heal,
    async [Symbol.asyncDispose]() {
      clearInterval(timer)
      forgetDoubts()
      await healing
    },
  }
}
