import type { Access } from '../access/access.ts'
import type { Viewer } from '../access/viewer.ts'
import { createRemembered } from '../accounts/sessions/remembered.ts'
import type { User } from '../accounts/users/user.ts'
import { badInput, notFound } from '../errors.ts'
import type { Unsubscribe } from '../platform/bus.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database, Tx } from '../platform/database.ts'
import type { Logger } from '../platform/logger.ts'
import { mapped } from '../signals/reader.ts'
import type { Signals } from '../signals/signals.ts'
import { createLastSeen } from './last-seen.ts'
import { maxAskedUsers, type Presence } from './presence.ts'
import { createRoster } from './roster.ts'
import { createStays } from './stays.ts'
import { deleteLastSeen } from './store.ts'
import { createWatches } from './watches.ts'

export interface PresenceService extends AsyncDisposable {
  /** A connection of a user opened, to this node. */
  enter(userId: string): void
  /** One is gone. */
  leave(userId: string): void
  /** Whoever asks has checked that the viewer may know. */
  load(userIds: readonly string[]): Promise<ReadonlyMap<string, Presence>>
  /** Of these users those whom the viewer shares something with, in the order in which they were named. */
  list(viewer: Viewer, userIds: readonly string[]): Promise<readonly Presence[]>
  /** First how it is with each of them, then each change. */
  watch(viewer: Viewer, userIds: readonly string[]): Promise<AsyncIterableIterator<Presence>>
  /** Hears when a user comes and goes, on whichever node. Whoever listens has checked that the viewer may know. */
  listen(userId: string, listener: (presence: Presence) => void): Unsubscribe
  /** As far as it is known without asking the database: who went longer ago has no `lastSeenAt`. */
  glance(userId: string): Presence
  /** Who it is, at most seconds old: asked for with every signal, for every reader. */
  user(userId: string, load: () => Promise<User | null>): Promise<User>
  /** An account goes. */
  forget(tx: Tx, userId: string): Promise<void>
}

export interface PresenceDeps {
  readonly database: Database
  readonly signals: Signals
  readonly access: Pick<Access, 'onRevoked'>
  /** Which of the others share something with a user. */
  readonly sharingWith: (userId: string, otherIds: readonly string[]) => Promise<ReadonlySet<string>>
  readonly clock: Clock
  readonly logger: Logger
  /** How long somebody without a connection stays online, so that whoever reconnects was never away. */
  readonly graceMs?: number
}

/** Clients wait one to four seconds before they connect again. */
const reconnectGraceMs = 4_000

export async function createPresence(deps: PresenceDeps): Promise<PresenceService> {
  const { database, signals, access, sharingWith, clock, logger, graceMs = reconnectGraceMs } = deps
  const lastSeen = createLastSeen({ database, logger })
  const roster = await createRoster({ signals, clock, logger, onVanished: lastSeen.noteVanished })
  const stays = createStays({ signals, roster, lastSeen, clock, logger, graceMs })
  const watches = createWatches({ access, roster, load, sharingWith, logger })
  const users = createRemembered<User>({ max: 10_000, ttlMs: 5_000 })

  async function load(userIds: readonly string[]): Promise<Map<string, Presence>> {
    const seen = await lastSeen.read(userIds.filter(userId => !roster.find(userId).online))
    return new Map(
      userIds.map(userId => {
        const presence = roster.find(userId)
        const written = seen.get(userId) ?? null
        const isNewer = !presence.online && written !== null && written > (presence.lastSeenAt ?? 0)
        return [userId, isNewer ? { ...presence, lastSeenAt: written } : presence]
      }),
    )
  }

  return {
    enter: stays.enter,
    leave: stays.leave,
    load,
    async list({ userId }, given) {
      const userIds = checkUserIds(given)
      const known = await sharingWith(userId, userIds)
      const presences = await load(userIds.filter(id => id === userId || known.has(id)))
      return [...presences.values()]
    },
    async watch(viewer, userIds) {
      const reader = await watches.open(viewer.userId, checkUserIds(userIds))
      return mapped(reader, ({ state }) => state as Presence)
    },
    listen: roster.listen,
    glance: roster.find,
    async user(userId, loadUser) {
      const user = await users.get(userId, loadUser)
      if (!user) throw notFound('user')
      return user
    },
    forget: deleteLastSeen,
    async [Symbol.asyncDispose]() {
      watches[Symbol.dispose]()
      await stays.endAll()
      roster.end()
      await lastSeen.flush().catch(error => logger.warn({ err: error }, 'could not write when users were last seen'))
    },
  }
}

/** @throws BAD_USER_INPUT */
function checkUserIds(userIds: readonly string[]): string[] {
  if (userIds.length > maxAskedUsers) throw badInput('userIds', `These are at most ${maxAskedUsers} users.`)
  return [...new Set(userIds)]
}
