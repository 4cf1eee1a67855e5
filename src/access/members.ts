import type { Recorder } from '../audit/audit.ts'
import { AppError, notFound } from '../errors.ts'
import type { Feed } from '../feed/feed.ts'
import { callOf, once, type Repeatable } from '../feed/idempotency.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database, Tx } from '../platform/database.ts'
import { type IdPrefix, prefixOf } from '../platform/ids.ts'
import { decodePlace, encodePlace, pageOf } from '../platform/list-page.ts'
import type { Access } from './access.ts'
import type { AccessLevel } from './level.ts'
import type { Membership } from './membership.ts'
import {
  deleteMember,
  deleteMembers,
  deleteMembershipsOf,
  findMember,
  insertMembers,
  insertOwner,
  listMembers,
  listMembershipsOf,
  lockAdmins,
  promoteHeir,
  shareSomething,
  upsertMember,
} from './store.ts'
import type { Viewer } from './viewer.ts'

/**
 * For things whose room goes by who is a member: it hears of every change of members, in the transaction of the change. The last one
 * with ADMIN access may leave such a thing; the member who comes next gets it, and when there is none the thing goes.
 */
export interface MemberHooks {
  /** Comes before the change, so that changes to one thing wait for one another. Things are locked in the order of their ids. */
  lock(tx: Tx, resourceIds: readonly string[]): Promise<void>
  joined(tx: Tx, resourceId: string, members: readonly Membership[], actorId: string): Promise<void>
  levelChanged(tx: Tx, resourceId: string, actorId: string): Promise<void>
  left(tx: Tx, resourceId: string, userId: string, actorId: string): Promise<void>
  /** The last member has left. */
  abandoned(tx: Tx, resourceId: string): Promise<void>
}

export interface MembersDeps {
  readonly database: Database
  readonly feed: Feed
  readonly access: Access
  readonly audit: Recorder
  readonly clock: Clock
  /** Whether there is such a user; there is one until the transaction ends, then. */
  readonly userExists: (userId: string, tx: Tx) => Promise<boolean>
  readonly hooks?: { readonly [Prefix in IdPrefix]?: MemberHooks }
}

type Place = Pick<Membership, 'resourceId' | 'userId'>

export type Members = ReturnType<typeof createMembers>

/** The first member of something new, with ADMIN access. */
export const addMember = (tx: Tx, member: Pick<Membership, 'resourceId' | 'userId' | 'since'>): Promise<Membership> =>
  upsertMember(tx, { ...member, level: 'ADMIN', owner: false })

/** Says whom new things belong to: the owner keeps ADMIN access for good, and the things go with the owner's account. */
export const addOwner = insertOwner

/** Forgets who was a member of things that are gone. Gives those other than the owner. */
export const dropMembers = deleteMembers

/** Who shares a thing with whom. */
export function createMembers({ database, feed, access, audit, clock, userExists, hooks = {} }: MembersDeps) {
  function hooksOf(resourceId: string): MemberHooks | null {
    const prefix = prefixOf(resourceId)
    return (prefix && hooks[prefix]) ?? null
  }

  /** What becomes of the thing; null: they are no member. Whoever calls it has locked the thing. */
  async function leave(tx: Tx, { resourceId, userId }: Place, actorId: string): Promise<'kept' | 'abandoned' | null> {
    if (!(await deleteMember(tx, resourceId, userId))) return null
    const room = hooksOf(resourceId)
    await room?.left(tx, resourceId, userId, actorId)
    if (!room || (await lockAdmins(tx, resourceId)).length > 0) return 'kept'
    if (await promoteHeir(tx, resourceId)) {
      await room.levelChanged(tx, resourceId, actorId)
      return 'kept'
    }
    await room.abandoned(tx, resourceId)
    return 'abandoned'
  }

  /** Takes a user out of a thing that is locked, and ends what they have open of it. False: they are no member. */
  async function takeOut(tx: Tx, { resourceId, userId }: Place, viewer: Viewer): Promise<boolean> {
    const outcome = await leave(tx, { resourceId, userId }, viewer.userId)
    if (outcome === null) return false
    await access.revoke(tx, { userId, resourceId })
    await audit.record(tx, viewer, 'access-revoked', { target: resourceId, details: { userIds: [userId] } })
    if (outcome === 'abandoned') await audit.record(tx, viewer, 'deleted', { target: resourceId })
    return true
  }

  return {
    /** Lets users into a thing that is locked; those who are in it already stay as they are. */
    async join(
      tx: Tx,
      resourceId: string,
      added: readonly { readonly userId: string; readonly level: AccessLevel }[],
      viewer: Viewer,
    ): Promise<void> {
      const since = clock.now()
      const joined = await insertMembers(
        tx,
        added.map(({ userId, level }) => ({ resourceId, userId, level, owner: false, since })),
      )
      if (joined.length === 0) return
      await hooksOf(resourceId)?.joined(tx, resourceId, joined, viewer.userId)
      const others = joined.filter(({ userId }) => userId !== viewer.userId)
      for (const [level, granted] of Map.groupBy(others, ({ level }) => level)) {
        await audit.record(tx, viewer, 'access-granted', {
          target: resourceId,
          details: { userIds: granted.map(({ userId }) => userId), access: level },
        })
      }
    },

    leave: takeOut,

    /** Takes a user whose account goes out of all things whose rooms go by their members. */
    async leaveRooms(tx: Tx, userId: string): Promise<void> {
      const ids = (await listMembershipsOf(tx, userId)).filter(hooksOf)
      for (const [prefix, room] of Object.entries(hooks)) {
        const inRoom = ids.filter(id => prefixOf(id) === prefix)
        if (inRoom.length > 0) await room.lock(tx, inRoom)
        for (const resourceId of inRoom) await leave(tx, { resourceId, userId }, userId)
      }
    },

    /** For each of several things, a page of those who may see it, in the order in which they came. */
    async list(resourceIds: readonly string[], first: number, after: string | null) {
      const rows = await listMembers(database.db, resourceIds, after === null ? null : decodePlace(after, 'user'), first + 1)
      const pages = Map.groupBy(rows, row => row.resourceId)
      return new Map(
        resourceIds.map(id => [
          id,
          pageOf(pages.get(id) ?? [], first, after, ({ since, userId }: Membership) => encodePlace({ at: since, id: userId })),
        ]),
      )
    },

    /** Which of these users are members of something that `userId` is a member of too. */
    sharingWith: (userId: string, otherIds: readonly string[]): Promise<Set<string>> => shareSomething(database.db, userId, otherIds),

    /** Lets someone in, or changes what they may do. @throws NOT_FOUND, FORBIDDEN, CONFLICT for the last ADMIN */
    set(viewer: Viewer, input: { resourceId: string; userId: string; access: AccessLevel } & Repeatable): Promise<Membership> {
      const { resourceId, userId } = input
      return feed.transact(async tx => {
        await access.require(viewer, resourceId, 'ADMIN', tx)
        await once(tx, callOf(viewer, 'setAccess', input), async () => {
          if (!(await userExists(userId, tx))) throw new AppError('NOT_FOUND', 'There is no such user.', { field: 'input.userId' })
          const room = hooksOf(resourceId)
          await room?.lock(tx, [resourceId])
          const admins = await lockAdmins(tx, resourceId)
          // Again: while the lock was waited for, it may have been taken away.
          await access.require(viewer, resourceId, 'ADMIN', tx)
          if (input.access !== 'ADMIN') await keepAdmins(tx, admins, { resourceId, userId })
          const before = room && (await findMember(tx, resourceId, userId))
          const member = await upsertMember(tx, { resourceId, userId, level: input.access, owner: false, since: clock.now() })
          await audit.record(tx, viewer, 'access-granted', { target: resourceId, details: { userIds: [userId], access: input.access } })
          if (!before) await room?.joined(tx, resourceId, [member], viewer.userId)
          else if (before.level !== input.access) await room?.levelChanged(tx, resourceId, viewer.userId)
          return {}
        })
        const member = await findMember(tx, resourceId, userId)
        if (!member) throw notFound('member')
        return member
      })
    },

    /**
     * Takes a user out of everything they are a member of. Where they were the last ADMIN, the member who has most access
     * (and of those the first to come) gets it. Gives the things that nobody is a member of any more.
     */
    async leaveAll(tx: Tx, userId: string): Promise<string[]> {
      const orphans: string[] = []
      for (const { resourceId } of await deleteMembershipsOf(tx, userId)) {
        const admins = await lockAdmins(tx, resourceId)
        if (admins.length === 0 && !(await promoteHeir(tx, resourceId))) orphans.push(resourceId)
      }
      return orphans
    },

    /** Takes someone out, or oneself; what they have open of it closes at once, on every node. */
    async remove(viewer: Viewer, input: { resourceId: string; userId: string } & Repeatable): Promise<string> {
      const { resourceId, userId } = input
      return feed.transact(async tx => {
        await once(tx, callOf(viewer, 'removeAccess', input), async () => {
          const needed = userId === viewer.userId ? 'READ' : 'ADMIN'
          await access.require(viewer, resourceId, needed, tx)
          const room = hooksOf(resourceId)
          await room?.lock(tx, [resourceId])
          const admins = await lockAdmins(tx, resourceId)
          await access.require(viewer, resourceId, needed, tx)
          if (!room) await keepAdmins(tx, admins, { resourceId, userId })
          if (!(await takeOut(tx, { resourceId, userId }, viewer)))
            throw new AppError('NOT_FOUND', 'This user is no member.', { field: 'input.userId' })
          return {}
        })
        return userId
      })
    },
  }
}

/** `admins` are locked until the transaction ends, so two of them can't remove each other at once. @throws CONFLICT */
async function keepAdmins(tx: Tx, admins: readonly string[], { resourceId, userId }: { resourceId: string; userId: string }): Promise<void> {
  if (!admins.includes(userId)) return
  if ((await findMember(tx, resourceId, userId))?.owner)
    throw new AppError('CONFLICT', 'It belongs to this user, who keeps ADMIN access.', { field: 'input.userId' })
  if (admins.length === 1)
    throw new AppError('CONFLICT', 'Someone has to keep ADMIN access; give it to another member first.', { field: 'input.userId' })
}
