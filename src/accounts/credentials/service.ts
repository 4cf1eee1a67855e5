import type { Viewer } from '../../access/viewer.ts'
import type { Recorder } from '../../audit/audit.ts'
import { AppError } from '../../errors.ts'
import type { Feed } from '../../feed/feed.ts'
import { once } from '../../feed/idempotency.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database, Tx } from '../../platform/database.ts'
import type { Limits } from '../../platform/limits.ts'
import type { Caller } from '../caller.ts'
import { hashToken, randomToken } from '../sessions/refresh-token.ts'
import type { Sessions } from '../sessions/service.ts'
import type { AuthPayload } from '../sessions/session.ts'
import type { SignInGuard } from '../sign-in/guard.ts'
import { checkEmail } from '../users/email.ts'
import { findUser, findUserByEmail, isKnownPlaceOf, lockUser, rememberPlace, type UserRow, updateUser, verifyAddress } from '../users/store.ts'
import type { ToUser, User } from '../users/user.ts'
import type { Mailer } from './mail.ts'
import { resetMail, verificationMail } from './mails.ts'
import { checkNewPassword, checkPassword, type Passwords } from './password.ts'
import { deleteOneTimeOf, findOneTime, insertOneTime, type OneTimePurpose, takeOneTime } from './store.ts'

export interface CredentialsDeps {
  readonly database: Database
  readonly feed: Feed
  readonly audit: Recorder
  readonly clock: Clock
  readonly limits: Limits
  readonly passwords: Passwords
  readonly sessions: Sessions
  readonly guard: SignInGuard
  readonly mailer: Mailer
  readonly publicUrl: string
  readonly toUser: ToUser
  /** Called while what a user is seen as changes, for all nodes. */
  readonly announceChange: (tx: Tx, userId: string) => Promise<void>
  /** Called once it has, for this one. */
  readonly forget: () => void
}

const hourMs = 3_600_000
const lifeMs = { VERIFY_EMAIL: 24 * hourMs, RESET_PASSWORD: hourMs } as const
const mailsPerHour = { max: 5, windowSeconds: 3_600 }

/** Passwords and addresses: how they are proved and how they change. */
export function createCredentials({
  database,
  feed,
  audit,
  clock,
  limits,
  passwords,
  sessions,
  guard,
  mailer,
  publicUrl,
  toUser,
  announceChange,
  forget,
}: CredentialsDeps) {
  /** A token that goes to an address; what it is good for is good once, and only while the user has that address. */
  async function makeToken(purpose: keyof typeof lifeMs, userId: string, email: string): Promise<string> {
    const token = randomToken()
    const createdAt = clock.now()
    await insertOneTime(database.db, {
      hash: hashToken(token),
      purpose,
      userId,
      email,
      createdAt,
      expiresAt: new Date(createdAt.getTime() + lifeMs[purpose]),
    })
    return token
  }

  async function findToken(token: string, purpose: OneTimePurpose): Promise<void> {
    if (!(await findOneTime(database.db, hashToken(token), purpose, clock.now()))) throw spent()
  }

  function sendVerification({ id, email }: Pick<UserRow, 'id' | 'email'>): void {
    if (email !== null) mailer.later(async () => verificationMail(email, publicUrl, await makeToken('VERIFY_EMAIL', id, email)))
  }

  /** The viewer, once they proved again that they know their password: whoever found an open browser does not. */
  async function proveAgain(viewer: Viewer, password: string, field: string, { ip }: Caller): Promise<UserRow> {
    const { userId } = viewer
    checkPassword(password, field)
    const user = await findUser(database.db, userId)
    if (!user) throw new AppError('TOKEN_REVOKED', 'This account is gone.')
    if (user.passwordHash === null)
      throw new AppError('CONFLICT', 'This account has no password; requestPasswordReset sets one for its verified address.')
    const account = user.email ?? user.id
    const isKnownPlace = await isKnownPlaceOf(database.db, userId, guard.placesOf(ip))
    try {
      const fits = await guard.attempt({ account, ip, isKnownPlace }, () => passwords.verify(user.passwordHash, password))
      if (!fits) throw new AppError('INVALID_CREDENTIALS', 'This is not the password of this account.', { field })
      return user
    } catch (error) {
      if (error instanceof AppError) audit.refuse(viewer, 'sign-in-refused', { target: userId, details: { proof: 'password', reason: error.code } })
      throw error
    }
  }

  /** Whoever verifies the address of ADMIN_EMAIL becomes an administrator by that. */
  async function recordRole(tx: Tx, user: UserRow, now: Date, { ip }: Caller): Promise<void> {
    const isNewlyVerified = user.emailVerifiedAt?.getTime() === now.getTime()
    if (isNewlyVerified && user.role === 'USER' && toUser(user).role === 'ADMIN')
      await audit.record(tx, { userId: user.id, ip }, 'role-changed', { target: user.id, details: { from: 'USER', to: 'ADMIN', by: 'ADMIN_EMAIL' } })
  }

  return {
    sendVerification,
    proveAgain,

    /** Every other session ends; this one goes on, with new tokens. */
    async changePassword(
      viewer: Viewer,
      input: { readonly currentPassword: string; readonly newPassword: string },
      caller: Caller,
    ): Promise<AuthPayload> {
      checkNewPassword(input.newPassword, 'input.newPassword')
      const proved = await proveAgain(viewer, input.currentPassword, 'input.currentPassword', caller)
      const passwordHash = await passwords.hash(input.newPassword)
      const { user, opened } = await feed.transact(async tx => {
        const locked = await lockUser(tx, viewer.userId)
        // Somebody else changed it in the meantime: then what was proved is no longer so.
        if (locked?.passwordHash !== proved.passwordHash)
          throw new AppError('INVALID_CREDENTIALS', 'The password was changed just now.', { field: 'input.currentPassword' })
        const user = await updateUser(tx, viewer.userId, { passwordHash })
        await deleteOneTimeOf(tx, viewer.userId, 'RESET_PASSWORD')
        const endedSessions = await sessions.endAll(tx, viewer.userId, viewer.sessionId)
        const opened =
          viewer.sessionId === null ? await sessions.open(tx, viewer.userId, caller, null) : await sessions.renew(tx, viewer.sessionId, viewer.userId)
        await audit.record(tx, viewer, 'password-changed', { target: viewer.userId, details: { endedSessions } })
        return { user, opened }
      })
      if (!user || !opened) throw new AppError('TOKEN_REVOKED', 'The password was changed, and this session was ended; sign in again.')
      return sessions.payload(toUser(user), opened)
    },

    /** Answers the same at once, whether there is such an account or not; the rest happens afterwards. */
    async requestPasswordReset({ email: given }: { readonly email: string }): Promise<{ accepted: boolean }> {
      const email = checkEmail(given, 'input.email')
      mailer.requireWay()
      mailer.later(async () => {
        const user = await findUserByEmail(database.db, email)
        if (!user) return null
        await limits.take('reset-mails', user.id, mailsPerHour)
        return resetMail(email, publicUrl, await makeToken('RESET_PASSWORD', user.id, email))
      })
      return { accepted: true }
    },

    async resetPassword({ token, newPassword }: { readonly token: string; readonly newPassword: string }, caller: Caller): Promise<AuthPayload> {
      checkNewPassword(newPassword, 'input.newPassword')
      await findToken(token, 'RESET_PASSWORD')
      const passwordHash = await passwords.hash(newPassword)
      const { user, opened } = await feed.transact(async tx => {
        const now = clock.now()
        const taken = await takeOneTime(tx, hashToken(token), 'RESET_PASSWORD', now)
        if (!taken?.userId || taken.email === null) throw spent()
        // Whoever read the mail has the address.
        const user = (await verifyAddress(tx, taken.userId, taken.email, now)) && (await updateUser(tx, taken.userId, { passwordHash }))
        if (!user) throw spent()
        await deleteOneTimeOf(tx, user.id, 'RESET_PASSWORD')
        const endedSessions = await sessions.endAll(tx, user.id, null)
        await rememberPlace(tx, user.id, guard.placeOf(caller.ip), now)
        const opened = await sessions.open(tx, user.id, caller, null)
        const sessionId = opened.session.id
        await audit.record(tx, { userId: user.id, ip: caller.ip }, 'password-reset', { target: user.id, details: { endedSessions, sessionId } })
        await recordRole(tx, user, now, caller)
        await announceChange(tx, user.id)
        return { user, opened }
      })
      forget()
      if (user.email !== null) await guard.forgive(user.email)
      return sessions.payload(toUser(user), opened)
    },

    async requestEmailVerification(
      { userId }: Viewer,
      input: { readonly idempotencyKey?: string | null | undefined } | null | undefined,
    ): Promise<{ accepted: boolean }> {
      mailer.requireWay()
      const user = await findUser(database.db, userId)
      if (!user?.email) throw new AppError('CONFLICT', 'This account has no e-mail address.')
      if (user.emailVerifiedAt !== null) return { accepted: true }
      const call = { scope: userId, mutation: 'requestEmailVerification', key: input?.idempotencyKey, input: {} }
      const isFirst = await feed.transact(async tx => {
        let first = false
        await once(
          tx,
          call,
          async () => {
            first = true
            return {}
          },
          clock.now(),
        )
        return first
      })
      if (isFirst) {
        await limits.take('verification-mails', userId, mailsPerHour)
        sendVerification(user)
      }
      return { accepted: true }
    },

    async verifyEmail({ token }: { readonly token: string }, caller: Caller): Promise<{ user: User }> {
      const user = await feed.transact(async tx => {
        const now = clock.now()
        const taken = await takeOneTime(tx, hashToken(token), 'VERIFY_EMAIL', now)
        const verified = taken?.userId && taken.email !== null ? await verifyAddress(tx, taken.userId, taken.email, now) : null
        if (!verified) throw spent()
        await deleteOneTimeOf(tx, verified.id, 'VERIFY_EMAIL')
        await recordRole(tx, verified, now, caller)
        await announceChange(tx, verified.id)
        return verified
      })
      forget()
      return { user: { ...toUser(user), emailKnown: true } }
    },
  }
}

const spent = () => new AppError('BAD_USER_INPUT', 'This token was used, has ended, or never was one.', { field: 'input.token' })
