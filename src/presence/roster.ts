import { crc32 } from 'node:zlib'
import type { Unsubscribe } from '../platform/bus.ts'
import type { Clock } from '../platform/clock.ts'
import type { Logger } from '../platform/logger.ts'
import type { SignalReader } from '../signals/reader.ts'
import type { Signal } from '../signals/signal.ts'
import type { Signals } from '../signals/signals.ts'
import type { Presence } from './presence.ts'

/**
 * Who is online on any node. Each node says for each user whether they are with it, in one of a fixed number of topics,
 * and listens to all of them: so it answers from memory, and always notices when a node is no longer there to say goodbye.
 */
export interface Roster {
  /** As far as it is known here: who went longer ago has no `lastSeenAt`. */
  find(userId: string): Presence
  /** Whether some other node has them. */
  isElsewhere(userId: string, nodeId: string): boolean
  /** Hears when a user comes and when they go. */
  listen(userId: string, listener: (presence: Presence) => void): Unsubscribe
  end(): void
}

/** What a node says of a user: there, or since when (in milliseconds) no longer. */
export type Attendance = true | number

export interface RosterDeps {
  readonly signals: Signals
  readonly clock: Clock
  readonly logger: Logger
  /** Somebody is offline, and no node said that they went. */
  readonly onVanished: (userId: string, at: Date) => void
}

/** A topic holds a thousand signals. */
const topicCount = 128

export const topicOf = (userId: string): string => `presence:${crc32(userId) % topicCount}`

export async function createRoster({ signals, clock, logger, onVanished }: RosterDeps): Promise<Roster> {
  /** For each user what each node says of them. */
  const said = new Map<string, Map<string, Attendance>>()
  const listeners = new Map<string, Set<(presence: Presence) => void>>()

  const isOnline = (userId: string) =>
    said
      .get(userId)
      ?.values()
      .some(attendance => attendance === true) ?? false

  function find(userId: string): Presence {
    const attendances = [...(said.get(userId)?.values() ?? [])]
    const online = attendances.includes(true)
    const leftAt = Math.max(0, ...attendances.filter(attendance => attendance !== true))
    return { userId, online, lastSeenAt: online || leftAt === 0 ? null : new Date(leftAt) }
  }

  function hear({ key: { owner: userId, client: nodeId }, state }: Signal): void {
    const wasOnline = isOnline(userId)
    const nodes = said.get(userId) ?? new Map<string, Attendance>()
    if (state === null) nodes.delete(nodeId)
    else nodes.set(nodeId, state as Attendance)
    if (nodes.size > 0) said.set(userId, nodes)
    else said.delete(userId)
    const isNow = isOnline(userId)
    if (wasOnline === isNow) return
    const vanishedAt = !isNow && state === null ? clock.now() : null
    if (vanishedAt) onVanished(userId, vanishedAt)
    const presence = vanishedAt ? { userId, online: false, lastSeenAt: vanishedAt } : find(userId)
    for (const listener of [...(listeners.get(userId) ?? [])]) listener(presence)
  }

  async function follow(reader: SignalReader): Promise<void> {
    for await (const signal of reader) hear(signal)
  }

  const readers = await Promise.all(Array.from({ length: topicCount }, (_, index) => signals.watch(`presence:${index}`)))
  for (const reader of readers) follow(reader).catch(error => logger.error({ err: error }, 'this node no longer hears of who comes and goes'))

  return {
    find,
    isElsewhere: (userId, nodeId) =>
      said
        .get(userId)
        ?.entries()
        .some(([node, attendance]) => node !== nodeId && attendance === true) ?? false,
    listen(userId, listener) {
      listeners.set(userId, (listeners.get(userId) ?? new Set()).add(listener))
      return () => {
        const left = listeners.get(userId)
        left?.delete(listener)
        if (left?.size === 0) listeners.delete(userId)
      }
    },
    end() {
      for (const reader of readers) reader.end()
    },
  }
}
