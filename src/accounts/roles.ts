import type { Access } from '../access/access.ts'
import type { Admin, Role } from '../access/viewer.ts'
import type { Recorder } from '../audit/audit.ts'
import { AppError, notFound } from '../errors.ts'
import type { Feed } from '../feed/feed.ts'
import { countAdmins, lockSetup, lockUser, updateUser } from './users/store.ts'
import type { ToUser, User } from './users/user.ts'

export interface RolesDeps {
  readonly feed: Feed
  readonly access: Access
  readonly audit: Pick<Recorder, 'record'>
  readonly toUser: ToUser
  /** Whether the configuration lets somebody administer the server when no user is ADMIN. */
  readonly hasOtherWay: boolean
}

/** Who is an administrator, once there is one. */
export function createRoles({ feed, access, audit, toUser, hasOtherWay }: RolesDeps) {
  return {
    /** Their sessions go on with the other role. What they have open closes, since it was opened with the old one. */
    async set(admin: Admin, { userId, role }: { readonly userId: string; readonly role: Role }): Promise<{ user: User }> {
      return feed.transact(async tx => {
        // Of two ADMINs who take the role from one another, the second finds that they have none to give.
        await lockSetup(tx)
        const user = await lockUser(tx, userId)
        if (!user) throw notFound('user')
        if (user.role === 'ADMIN' && role === 'USER' && !hasOtherWay && (await countAdmins(tx)) === 1)
          throw new AppError('CONFLICT', 'Nobody would administer the server any more; make somebody else ADMIN first.', { field: 'input.role' })
        const changed = toUser({ ...user, role })
        if (changed.role !== role)
          throw new AppError('CONFLICT', 'ADMIN_EMAIL makes this user ADMIN, for as long as it is set.', { field: 'input.role' })
        if (user.role === role) return { user: changed }
        await updateUser(tx, userId, { role })
        await access.revoke(tx, { userId })
        await audit.record(tx, admin, 'role-changed', { target: userId, details: { from: user.role, to: role } })
        return { user: changed }
      })
    },
  }
}
