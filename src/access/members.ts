import { AppError, badInput, notFound } from '../errors.ts'
import type { Feed } from '../feed/feed.ts'
import { once, type Repeatable } from '../feed/idempotency.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database, Tx } from '../platform/database.ts'
import { prefixOf } from '../platform/ids.ts'
import type { Access } from './access.ts'
import type { AccessLevel } from './level.ts'
import type { Membership } from './membership.ts'
import {
  deleteMember,
  deleteMembers,
  deleteMembershipsOf,
  findMember,
  insertOwner,
  listMembers,
  lockAdmins,
  promoteHeir,
  shareSomething,
  upsertMember,
} from './store.ts'
import type { Viewer } from './viewer.ts'

export interface MembersDeps {
  readonly database: Database
  readonly feed: Feed
  readonly access: Access
  readonly clock: Clock
  /** Whether there is such a user; there is one until the transaction ends, then. */
  readonly userExists: (userId: string, tx: Tx) => Promise<boolean>
}

export type Members = ReturnType<typeof createMembers>

/** The first member of something new, with ADMIN access. */
export const addMember = (tx: Tx, member: Pick<Membership, 'resourceId' | 'userId' | 'since'>): Promise<Membership> =>
  upsertMember(tx, { ...member, level: 'ADMIN', owner: false })

/** Says whom new things belong to: the owner keeps ADMIN access for good, and the things go with the owner's account. */
export const addOwner = insertOwner

/** Forgets who was a member of things that are gone. Gives those other than the owner. */
export const dropMembers = deleteMembers

/** Who shares a thing with whom. */
export function createMembers({ database, feed, access, clock, userExists }: MembersDeps) {
  return {
    /** For each of several things, a page of those who may see it, in the order in which they came. */
    async list(resourceIds: readonly string[], first: number, after: string | null) {
      const rows = await listMembers(database.db, resourceIds, after === null ? null : decode(after), first + 1)
      const pages = Map.groupBy(rows, row => row.resourceId)
      return new Map(
        resourceIds.map(id => {
          const page = pages.get(id) ?? []
          return [id, { rows: page.slice(0, first), hasNextPage: page.length > first, hasPreviousPage: after !== null, cursorOf: encode }]
        }),
      )
    },

    /** Which of these users are members of something that `userId` is a member of too. */
    sharingWith: (userId: string, otherIds: readonly string[]): Promise<Set<string>> => shareSomething(database.db, userId, otherIds),

    /** Lets someone in, or changes what they may do. @throws NOT_FOUND, FORBIDDEN, CONFLICT for the last ADMIN */
    set(viewer: Viewer, input: { resourceId: string; userId: string; access: AccessLevel } & Repeatable): Promise<Membership> {
      const { resourceId, userId } = input
      return feed.transact(async tx => {
        const call = { scope: viewer.userId, mutation: 'setAccess', key: input.idempotencyKey, input }
        await access.require(viewer, resourceId, 'ADMIN', tx)
        await once(tx, call, async () => {
          if (!(await userExists(userId, tx))) throw new AppError('NOT_FOUND', 'There is no such user.', { field: 'input.userId' })
          const admins = await lockAdmins(tx, resourceId)
          // Again: while the lock was waited for, it may have been taken away.
          await access.require(viewer, resourceId, 'ADMIN', tx)
          if (input.access !== 'ADMIN') await keepAdmins(tx, admins, { resourceId, userId })
          await upsertMember(tx, { resourceId, userId, level: input.access, owner: false, since: clock.now() })
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
        const call = { scope: viewer.userId, mutation: 'removeAccess', key: input.idempotencyKey, input }
        await once(tx, call, async () => {
          const needed = userId === viewer.userId ? 'READ' : 'ADMIN'
          await access.require(viewer, resourceId, needed, tx)
          const admins = await lockAdmins(tx, resourceId)
          await access.require(viewer, resourceId, needed, tx)
          await keepAdmins(tx, admins, { resourceId, userId })
          if (!(await deleteMember(tx, resourceId, userId))) throw new AppError('NOT_FOUND', 'This user is no member.', { field: 'input.userId' })
          await access.revoke(tx, { userId, resourceId })
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

const encode = ({ since, userId }: Membership): string => Buffer.from(`${since.getTime()} ${userId}`).toString('base64url')

/** Anybody can make such a cursor up, so what is in it must be fit for the database. */
function decode(cursor: string): { since: Date; userId: string } {
  const [, time, userId = ''] = /^(\d{1,14}) (\S+)$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? []
  if (time === undefined || prefixOf(userId) !== 'user') throw badInput('after', 'This is no cursor of a list of members.')
  return { since: new Date(Number(time)), userId }
}
