import { AppError, type ErrorCode, notFound } from '../errors.ts'
import type { Feed } from '../feed/feed.ts'
import type { Unsubscribe } from '../platform/bus.ts'
import type { Database, Db, Tx } from '../platform/database.ts'
import type { Logger } from '../platform/logger.ts'
import { readTogether } from '../platform/read-together.ts'
import { type AccessLevel, allows } from './level.ts'
import type { Revocation } from './revocation.ts'
import { followRevocations } from './revocation-log.ts'
import { findEachLevel, findLevels, findLevelsOf, findShared, findThoseShared } from './store.ts'
import type { Viewer } from './viewer.ts'
import { createWatchers } from './watchers.ts'

/** Says who may do what with which thing, and ends what is open when that changes. */
export interface Access extends AsyncDisposable {
  /** What the viewer may do with it. Null: nothing, or there is no such thing. */
  levelOf(viewer: Viewer, resourceId: string, db?: Db | Tx): Promise<AccessLevel | null>
  /** The same for several things; those the viewer may do nothing with are left out. */
  levelsOf(viewer: Viewer, resourceIds: readonly string[], db?: Db | Tx): Promise<Map<string, AccessLevel>>
  /** @throws NOT_FOUND when the viewer may not even read it, FORBIDDEN when they may do less than `level` */
  require(viewer: Viewer, resourceId: string, level: AccessLevel, db?: Db | Tx): Promise<void>
  /** As `require`, for those who come together: for each what it would throw, or null. Nobody is told of it. In one flight. */
  refusals(asked: readonly Asked[], level: AccessLevel, tx: Tx): Promise<(AppError | null)[]>
  /** As `require`, from now on: `end` is called once when the viewer loses it, until the answer is called. */
  hold(viewer: Viewer, resourceId: string, end: (code: ErrorCode) => void): Promise<Unsubscribe>
  /** Calls `end` once when the viewer, the session, the token or (if given) the access to `resourceId` is revoked; RESYNC_REQUIRED: it may have been. */
  watch(viewer: Viewer, resourceId: string | null, end: (code: ErrorCode) => void): Unsubscribe
  /** Takes something away. It holds as soon as `tx` commits; within milliseconds every node has closed what is open. */
  revoke(tx: Tx, what: Revocation | readonly Revocation[]): Promise<void>
  /** Hears of every revocation, on whichever node it was made. */
  onRevoked(listener: (what: Revocation) => void): Unsubscribe
  /** Hears of those of this node, before whoever revoked is answered; `onRevoked` tells of them as well. */
  onRevokedHere(listener: (what: Revocation) => void): Unsubscribe
}

/** Who wants to do something with what. */
export interface Asked {
  readonly viewer: Viewer
  readonly resourceId: string
}

/** Revocations are a stream like any other, so none is missed: not by a node that lost its bus for a while either. */
const revocations = 'access'

/** Hears of who tried what they may not. */
export type OnForbidden = (viewer: Viewer, resourceId: string, needed: AccessLevel) => void

export interface AccessDeps {
  readonly database: Database
  readonly feed: Feed
  readonly logger: Logger
  readonly onForbidden?: OnForbidden
}

export async function createAccess({ database, feed, logger, onForbidden }: AccessDeps): Promise<Access> {
  const listeners = new Set<(what: Revocation) => void>()
  const watchers = createWatchers(tell)
  const levelTogether = readTogether((asked: readonly { readonly resourceId: string; readonly userId: string }[]) =>
    findEachLevel(database.db, asked),
  )

  await database.transact(tx => feed.open(tx, revocations, 'access'))
  const log = await followRevocations({
    feed,
    streamId: revocations,
    logger,
    onRevocation(what) {
      for (const listener of listeners) tell(listener, what)
      watchers.revoke(what)
    },
    onGap: () => watchers.endAll('RESYNC_REQUIRED'),
  })

  /** One that fails must not keep the others from hearing. */
  function tell<T>(listener: (what: T) => void, what: T): void {
    try {
      listener(what)
    } catch (error) {
      logger.error({ err: error }, 'a listener to revocations failed')
    }
  }

  async function levelsOf(viewer: Viewer, resourceIds: readonly string[], db: Db | Tx = database.db): Promise<Map<string, AccessLevel>> {
    if (viewer.role === 'ADMIN') return new Map((await findShared(db, resourceIds)).map(id => [id, 'ADMIN']))
    return findLevels(db, resourceIds, viewer.userId)
  }

  async function levelOf(viewer: Viewer, resourceId: string, db: Db | Tx = database.db): Promise<AccessLevel | null> {
    return (await levelsOf(viewer, [resourceId], db)).get(resourceId) ?? null
  }

  async function require(viewer: Viewer, resourceId: string, level: AccessLevel, db?: Db | Tx): Promise<void> {
    const { userId, role } = viewer
    const held = db || role === 'ADMIN' ? await levelOf(viewer, resourceId, db) : await levelTogether({ userId, resourceId })
    const refusal = refusalOf(held, level)
    if (refusal?.code === 'FORBIDDEN') onForbidden?.(viewer, resourceId, level)
    if (refusal) throw refusal
  }

  async function refusals(asked: readonly Asked[], level: AccessLevel, tx: Tx): Promise<(AppError | null)[]> {
    const byAdmins = asked.flatMap(({ viewer, resourceId }) => (viewer.role === 'ADMIN' ? [resourceId] : []))
    const pairs = asked.map(({ viewer, resourceId }) => ({ userId: viewer.userId, resourceId }))
    const [held, there] = await Promise.all([findLevelsOf(tx, pairs), findThoseShared(tx, byAdmins)])
    return asked.map(({ viewer, resourceId }) =>
      refusalOf(viewer.role === 'ADMIN' && there.has(resourceId) ? 'ADMIN' : (held.get(resourceId)?.get(viewer.userId) ?? null), level),
    )
  }

  return {
    levelOf,
    levelsOf,
    require,
    refusals,
    watch: watchers.add,
    async hold(viewer, resourceId, end) {
      // Watching comes first: a revocation during the check is then seen by one of the two.
      const stop = watchers.add(viewer, resourceId, end)
      try {
        await require(viewer, resourceId, 'READ')
        return stop
      } catch (error) {
        stop()
        throw error
      }
    },
    async revoke(tx, what) {
      await feed.append(
        tx,
        revocations,
        [what].flat().map(payload => ({ kind: 'revoked', payload, actorId: null, clientId: null, clientCounter: null })),
      )
    },
    onRevoked(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    onRevokedHere: listener =>
      feed.onCommitted(changes => {
        for (const { streamId, payload } of changes) if (streamId === revocations) tell(listener, payload as Revocation)
      }),
    [Symbol.asyncDispose]: () => log[Symbol.asyncDispose](),
  }
}

function refusalOf(held: AccessLevel | null, needed: AccessLevel): AppError | null {
  if (!allows(held, 'READ')) return notFound('thing')
  return allows(held, needed) ? null : new AppError('FORBIDDEN', `This needs ${needed} access; you have ${held}.`)
}
