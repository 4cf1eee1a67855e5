import type { Viewer } from '../access/viewer.ts'
import type { Recorder } from '../audit/audit.ts'
import { AppError } from '../errors.ts'
import type { Feed } from '../feed/feed.ts'
import type { Clock } from '../platform/clock.ts'
import type { Tx } from '../platform/database.ts'
import { linkTo } from './credentials/mails.ts'
import { deleteOneTimeFor, findOneTime, insertOneTime } from './credentials/store.ts'
import { hashToken, randomToken } from './sessions/refresh-token.ts'
import { hasAdmin, lockSetup, updateUser } from './users/store.ts'
import type { ToUser, User } from './users/user.ts'

export interface AdminSetupDeps {
  readonly feed: Feed
  readonly audit: Recorder
  readonly clock: Clock
  readonly toUser: ToUser
  readonly adminEmail: string | null
  /** Called while what a user is seen as changes, for all nodes. */
  readonly announceChange: (tx: Tx, userId: string) => Promise<void>
  /** Called once it has, for this one. */
  readonly forget: () => void
}

/** An old log is no key; a restart makes a new link. */
const linkLifeMs = 24 * 60 * 60 * 1000

/** How the first administrator comes to be: whoever can read the server's log opens its link. */
export function createAdminSetup({ feed, audit, clock, toUser, adminEmail, announceChange, forget }: AdminSetupDeps) {
  return {
    /** The link to put in the log at start; `baseUrl` is where the server is reached. Null when ADMIN_EMAIL names the administrator, or there is one. */
    async link(baseUrl: string): Promise<string | null> {
      if (adminEmail !== null) return null
      const token = randomToken()
      return feed.transact(async tx => {
        await lockSetup(tx)
        if (await hasAdmin(tx)) return null
        await insertOneTime(tx, {
          hash: hashToken(token),
          purpose: 'CLAIM_ADMIN',
          userId: null,
          email: null,
          createdAt: clock.now(),
          expiresAt: new Date(clock.now().getTime() + linkLifeMs),
        })
        return linkTo(baseUrl, '/setup', token)
      })
    },

    /** Makes the viewer the first administrator. Every node prints a link of its own; the first one used ends them all. */
    async claim(viewer: Viewer, { token }: { readonly token: string }): Promise<{ user: User }> {
      const { userId } = viewer
      const user = await feed
        .transact(async tx => {
          await lockSetup(tx)
          const isGood = (await findOneTime(tx, hashToken(token), 'CLAIM_ADMIN', clock.now())) !== null
          if (!isGood || adminEmail !== null || (await hasAdmin(tx))) {
            throw new AppError('FORBIDDEN', 'This set-up token was used, is not good any more, or never was one.', { field: 'input.token' })
          }
          await deleteOneTimeFor(tx, 'CLAIM_ADMIN')
          const made = await updateUser(tx, userId, { role: 'ADMIN' })
          if (!made) throw new AppError('TOKEN_REVOKED', 'This account is gone.')
          await audit.record(tx, viewer, 'role-changed', { target: userId, details: { from: 'USER', to: 'ADMIN', by: 'set-up token' } })
          await announceChange(tx, userId)
          return made
        })
        .catch(error => {
          if (error instanceof AppError && error.code === 'FORBIDDEN')
            audit.refuse(viewer, 'admin-refused', { target: 'Mutation.claimAdmin', details: { reason: 'set-up token' } })
          throw error
        })
      forget()
      return { user: toUser(user) }
    },
  }
}
