import type { Access } from '../access/access.ts'
import { type Admin, adminOf, type Viewer } from '../access/viewer.ts'
import type { Recorder } from '../audit/audit.ts'
import type { Config } from '../config.ts'
import { AppError, badInput } from '../errors.ts'
import type { Feed } from '../feed/feed.ts'
import type { AddressList } from '../platform/addresses.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database, Tx } from '../platform/database.ts'
import type { Limits } from '../platform/limits.ts'
import type { Logger } from '../platform/logger.ts'
import type { Secrets } from '../platform/secrets.ts'
import type { WebRoutes } from '../web.ts'
import { createAdminSetup } from './admin-setup.ts'
import type { Caller } from './caller.ts'
import { createMailer } from './credentials/mail.ts'
import { createPasswords } from './credentials/password.ts'
import { createCredentials } from './credentials/service.ts'
import { deleteOneTimeExpiredBefore, deleteOneTimeOf } from './credentials/store.ts'
import { createDevices } from './devices/service.ts'
import { deleteDevicesOf } from './devices/store.ts'
import { createIssuedTokens } from './issued/service.ts'
import { deleteTokensExpiredBefore } from './issued/store.ts'
import { createRoles } from './roles.ts'
import { createAccessTokens } from './sessions/access-token.ts'
import { createAuthentication } from './sessions/authentication.ts'
import { createRefreshTokens } from './sessions/refresh-token.ts'
import { createSessions } from './sessions/service.ts'
import { deleteSessionsExpiredBefore } from './sessions/store.ts'
import { createJwksRoute, createTokenKeys, jwksPath } from './sessions/token-keys.ts'
import { createSignInGuard } from './sign-in/guard.ts'
import { createSignIn } from './sign-in/service.ts'
import { createSigningKeys } from './signing-keys.ts'
import { normalEmail } from './users/email.ts'
import { createPeople } from './users/people.ts'
import { deletePlacesBefore, deletePlacesOf, lockUser, updateUser } from './users/store.ts'
import { createToUser } from './users/user.ts'

export interface AccountsDeps {
  readonly database: Database
  readonly feed: Feed
  readonly access: Access
  readonly audit: Recorder
  readonly limits: Limits
  readonly secrets: Secrets
  readonly config: Config
  readonly logger: Logger
  readonly clock: Clock
  readonly mayAdminister: AddressList
  /** What else goes with an account, in the same transaction: memberships, and things nobody else is a member of. */
  readonly onAccountDeleted: readonly ((tx: Tx, userId: string) => Promise<void>)[]
}

export type Accounts = Awaited<ReturnType<typeof createAccounts>>

const dayMs = 86_400_000
const placesKeptMs = 180 * dayMs

/** Who people are, how they prove it, and where they are signed in. */
export async function createAccounts(deps: AccountsDeps) {
  const { database, feed, access, audit, limits, secrets, config, logger, clock, onAccountDeleted } = deps
  const adminEmail = config.ADMIN_EMAIL === undefined ? null : normalEmail(config.ADMIN_EMAIL)
  const publicUrl = config.PUBLIC_URL ?? `http://localhost:${config.PORT}`
  const toUser = createToUser(adminEmail)
  const tokenKeys = createTokenKeys(secrets, config)
  const accessTokens = createAccessTokens({ keys: tokenKeys, clock })
  const refreshTokens = createRefreshTokens(secrets.deriveKeys('refresh-token'))
  const guard = createSignInGuard({ limits, keys: secrets.deriveKeys('sign-in-guard') })
  const signingKeys = createSigningKeys(secrets.deriveKeys('signing-keys'))
  const passwords = await createPasswords()
  const mailer = createMailer({ config, logger })
  const ground = { ...deps, accessTokens, refreshTokens, signingKeys, passwords, guard, toUser }
  const authentication = createAuthentication(ground)
  const { announceChange, forget } = authentication
  const people = createPeople({ database, toUser, isDiscoveryOn: config.USER_DISCOVERY === 'on' })
  const sessions = createSessions(ground)
  const issued = createIssuedTokens({ ...ground, endAll: (tx, userId) => sessions.endAll(tx, userId, null) })
  const devices = createDevices({ ...ground, announceEnded: sessions.announceEnded })
  const credentials = createCredentials({ ...ground, sessions, mailer, publicUrl, announceChange, forget })
  const signIn = createSignIn({
    ...ground,
    sessions,
    isOpen: config.REGISTRATION === 'open',
    registrationsPerHour: config.REGISTRATIONS_PER_HOUR,
    seeDevice: devices.see,
    sendVerification: credentials.sendVerification,
  })
  const adminSetup = createAdminSetup({ ...ground, adminEmail, announceChange, forget })
  const hasOtherWay = [adminEmail, config.ADMIN_API_KEY, config.ADMIN_USERNAME].some(way => way != null)
  const roles = createRoles({ ...ground, hasOtherWay })

  /** The row stays, without anything that tells whose it was. */
  async function deleteAccount(viewer: Viewer, { password }: { readonly password: string }, caller: Caller): Promise<{ deletedId: string }> {
    const { userId } = viewer
    await credentials.proveAgain(viewer, password, 'input.password', caller)
    return feed.transact(async tx => {
      if (!(await lockUser(tx, userId))) throw new AppError('TOKEN_REVOKED', 'This account is gone.')
      for (const alsoDelete of onAccountDeleted) await alsoDelete(tx, userId)
      await sessions.endAll(tx, userId, null)
      await deleteDevicesOf(tx, userId)
      await deleteOneTimeOf(tx, userId)
      await deletePlacesOf(tx, userId)
      const nothing = { email: null, emailVerifiedAt: null, displayName: null, passwordHash: null, issuer: null, subject: null }
      await updateUser(tx, userId, { ...nothing, role: 'USER', deletedAt: clock.now() })
      await access.revoke(tx, { userId })
      await audit.record(tx, viewer, 'account-deleted', { target: userId })
      return { deletedId: userId }
    })
  }

  /** Who an open socket goes on for. @throws BAD_USER_INPUT for a token of somebody else, and what `authenticate` throws */
  async function renewal(
    viewer: Viewer,
    { accessToken }: { readonly accessToken: string },
  ): Promise<{ readonly viewer: Viewer; readonly admin: Admin | null }> {
    const renewed = await authentication.authenticate(accessToken, viewer.ip)
    if (renewed.userId !== viewer.userId) throw badInput('input.accessToken', 'This token is another user’s; open a connection for it.')
    return { viewer: renewed, admin: adminOf(renewed) }
  }

  return {
    authenticate: authentication.authenticate,
    recall: authentication.recall,
    viewerOf: authentication.viewerOf,
    viewerOfLink: authentication.viewerOfLink,
    verifyToken: authentication.verifyToken,
    userOf: authentication.userOf,
    signingKeyOf: authentication.signingKeyOf,
    renewal,
    register: signIn.register,
    login: signIn.login,
    refreshSession: sessions.refresh,
    logout: sessions.logout,
    sessions: sessions.list,
    sessionsOf: sessions.listOf,
    countSessions: sessions.count,
    findSessions: sessions.find,
    revokeSession: sessions.revoke,
    issueToken: issued.issue,
    rotateTokens: issued.rotate,
    revokeToken: issued.revoke,
    issuedTokens: issued.list,
    setRole: roles.set,
    changePassword: credentials.changePassword,
    requestPasswordReset: credentials.requestPasswordReset,
    resetPassword: credentials.resetPassword,
    requestEmailVerification: credentials.requestEmailVerification,
    verifyEmail: credentials.verifyEmail,
    deleteAccount,
    devices: devices.list,
    findDevices: devices.find,
    registerDevice: devices.register,
    removeDevice: devices.remove,
    ...people,
    claimAdmin: adminSetup.claim,
    /** The one-time link that makes whoever opens it ADMIN, to be logged at start; null when there is no need. */
    setupLink: adminSetup.link,
    webRoutes: { [jwksPath]: createJwksRoute(tokenKeys) } satisfies WebRoutes,
    /** Removes what has expired. */
    async sweep(): Promise<void> {
      const now = clock.now()
      await deleteSessionsExpiredBefore(database.db, now)
      await deleteTokensExpiredBefore(database.db, now)
      await deleteOneTimeExpiredBefore(database.db, now)
      await deletePlacesBefore(database.db, new Date(now.getTime() - placesKeptMs))
    },
    async [Symbol.asyncDispose]() {
      authentication[Symbol.dispose]()
      await mailer[Symbol.asyncDispose]()
    },
  }
}
