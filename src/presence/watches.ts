import type { Access } from '../access/access.ts'
import { AppError } from '../errors.ts'
import type { Unsubscribe } from '../platform/bus.ts'
import type { Logger } from '../platform/logger.ts'
import { createReader, type SignalReader } from '../signals/reader.ts'
import type { Presence } from './presence.ts'
import type { Roster } from './roster.ts'

/** Those who follow how it is with some users, as long as they share something with them. */
export interface Watches extends Disposable {
  open(viewerId: string, userIds: readonly string[]): Promise<SignalReader>
}

export interface WatchesDeps {
  readonly access: Pick<Access, 'onRevoked'>
  readonly roster: Roster
  readonly load: (userIds: readonly string[]) => Promise<ReadonlyMap<string, Presence>>
  readonly sharingWith: (userId: string, otherIds: readonly string[]) => Promise<ReadonlySet<string>>
  readonly logger: Logger
}

interface Watch {
  readonly viewerId: string
  readonly reader: SignalReader
  /** Those it tells of, with what stops that; null until it is known that the viewer may hear of them. */
  readonly users: Map<string, Unsubscribe | null>
}

export function createWatches({ access, roster, load, sharingWith, logger }: WatchesDeps): Watches {
  /** The watches that somebody's loss of access may concern: their own, and those that tell of them. */
  const concerned = new Map<string, Set<Watch>>()

  const stopListening = access.onRevoked(what => {
    if ('userId' in what) void lookAgain(what.userId)
  })

  async function lookAgain(userId: string): Promise<void> {
    const watches = [...(concerned.get(userId) ?? [])]
    if (watches.length === 0) return
    const othersOf = ({ viewerId, users }: Watch) => (viewerId === userId ? [...users.keys()] : [viewerId])
    try {
      const known = await sharingWith(userId, [...new Set(watches.flatMap(othersOf))])
      for (const watch of watches)
        for (const otherId of othersOf(watch)) if (!known.has(otherId)) hide(watch, watch.viewerId === userId ? otherId : userId)
    } catch (error) {
      logger.warn({ err: error }, 'could not see whether users still share something; what shows them ends')
      for (const { reader } of watches) reader.fail(new AppError('RESYNC_REQUIRED', 'Subscribe again.'))
    }
  }

  /** Who no longer is to be seen is shown as who was never there. */
  function hide(watch: Watch, userId: string): void {
    if (userId !== watch.viewerId && drop(watch, userId)) tell(watch, { userId, online: false, lastSeenAt: null })
  }

  /** False: it never told of them. */
  function drop(watch: Watch, userId: string): boolean {
    const stop = watch.users.get(userId)
    watch.users.delete(userId)
    unlist(userId, watch)
    stop?.()
    return stop != null
  }

  function unlist(userId: string, watch: Watch): void {
    const left = concerned.get(userId)
    left?.delete(watch)
    if (left?.size === 0) concerned.delete(userId)
  }

  function tell({ reader }: Watch, presence: Presence): void {
    reader.offer({ key: { owner: presence.userId, client: '' }, state: presence, clock: 0 })
  }

  function forget(watch: Watch): void {
    for (const userId of [...watch.users.keys()]) drop(watch, userId)
    unlist(watch.viewerId, watch)
  }

  return {
    async open(viewerId, userIds) {
      // Whatever is revoked from here on is noticed, and so is whatever changes.
      const watch: Watch = { viewerId, users: new Map(), reader: createReader(() => forget(watch)) }
      for (const userId of [viewerId, ...userIds]) concerned.set(userId, (concerned.get(userId) ?? new Set()).add(watch))
      for (const userId of userIds) watch.users.set(userId, null)
      try {
        const known = await sharingWith(viewerId, userIds)
        for (const userId of userIds) {
          if (userId !== viewerId && !known.has(userId)) drop(watch, userId)
          else if (watch.users.has(userId))
            watch.users.set(
              userId,
              roster.listen(userId, presence => tell(watch, presence)),
            )
        }
        for (const presence of (await load([...watch.users.keys()])).values()) if (watch.users.has(presence.userId)) tell(watch, presence)
        return watch.reader
      } catch (error) {
        watch.reader.end()
        throw error
      }
    },
    [Symbol.dispose]: stopListening,
  }
}
