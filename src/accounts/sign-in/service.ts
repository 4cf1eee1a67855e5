import { createHash } from 'node:crypto'
import type { Recorder } from '../../audit/audit.ts'
import { AppError } from '../../errors.ts'
import type { Feed } from '../../feed/feed.ts'
import { once } from '../../feed/idempotency.ts'
import { networkOf } from '../../platform/addresses.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database, Tx } from '../../platform/database.ts'
import { newId } from '../../platform/ids.ts'
import type { Limits } from '../../platform/limits.ts'
import type { Caller } from '../caller.ts'
import { checkNewPassword, checkPassword, type Passwords } from '../credentials/password.ts'
import type { Device } from '../devices/service.ts'
import { createGates } from '../gate.ts'
import type { OpenedSession, Sessions } from '../sessions/service.ts'
import type { AuthPayload } from '../sessions/session.ts'
import { checkEmail } from '../users/email.ts'
import { findSignIn, findUser, insertUser, lockUser, rememberPlace, type UserRow } from '../users/store.ts'
import { checkName, type ToUser } from '../users/user.ts'
import type { SignInGuard } from './guard.ts'

export interface RegisterInput {
  readonly email: string
  readonly password: string
  readonly displayName?: string | null | undefined
  readonly idempotencyKey?: string | null | undefined
}

export interface LoginInput {
  readonly email: string
  readonly password: string
  readonly deviceName?: string | null | undefined
  readonly idempotencyKey?: string | null | undefined
}

export interface SignInDeps {
  readonly database: Database
  readonly feed: Feed
  readonly audit: Recorder
  readonly clock: Clock
  readonly limits: Limits
  readonly passwords: Passwords
  readonly sessions: Sessions
  readonly guard: SignInGuard
  readonly toUser: ToUser
  readonly isOpen: boolean
  /** 0: any number. */
  readonly registrationsPerHour: number
  readonly seeDevice: (tx: Tx, userId: string, name: string) => Promise<Device>
  readonly sendVerification: (user: UserRow) => void
}

/** What is stored of an outcome; tokens are made anew for whoever repeats the call with the password. */
type Outcome = { readonly userId: string; readonly sessionId: string }

const hourSeconds = 3_600

export function createSignIn({
  database,
  feed,
  audit,
  clock,
  limits,
  passwords,
  sessions,
  guard,
  toUser,
  isOpen,
  registrationsPerHour,
  seeDevice,
  sendVerification,
}: SignInDeps) {
  const collisions = limits.attempts('register', { free: 20, firstWaitSeconds: 5, longestWaitSeconds: hourSeconds, memorySeconds: 24 * hourSeconds })

  // Registrations under way count as collisions until they turn out to be none, so fewer run at once than are free.
  const perAddress = createGates({ running: 10, waiting: 2_000 })

  async function answer(user: UserRow, opened: OpenedSession | null): Promise<AuthPayload> {
    if (!opened) throw new AppError('TOKEN_REVOKED', 'The session that the first call with this key opened is over; sign in with another key.')
    return sessions.payload(toUser(user), opened)
  }

  /** Checks the password of an address, at the same pace whether there is such an account or not. */
  async function prove(email: string, password: string, { ip }: Caller): Promise<UserRow> {
    const found = await findSignIn(database.db, email, guard.placesOf(ip))
    const isKnownPlace = found?.known ?? false
    try {
      const fits = await guard.attempt({ account: email, ip, isKnownPlace }, () => passwords.verify(found?.user.passwordHash ?? null, password))
      if (!fits || !found) throw wrong()
      return found.user
    } catch (error) {
      const target = found?.user.id ?? audit.digestOf(email)
      if (error instanceof AppError)
        audit.refuse({ userId: null, ip }, 'sign-in-refused', { target, details: { proof: 'password', reason: error.code } })
      throw error
    }
  }

  async function repeat({ userId, sessionId }: Outcome, { ip }: Caller): Promise<AuthPayload> {
    const [user, opened] = await feed.transact(async tx => {
      const opened = await sessions.renew(tx, sessionId, userId)
      if (opened) await audit.record(tx, { userId, ip }, 'sign-in', { target: sessionId, details: { repeated: true } })
      return [await findUser(tx, userId), opened] as const
    })
    if (!user) throw new AppError('TOKEN_REVOKED', 'The account that the first call with this key signed in to is gone.')
    return answer(user, opened)
  }

  async function makeAccount(
    { email, displayName, password, idempotencyKey: key }: RegisterInput & { readonly displayName: string | null },
    caller: Caller,
  ) {
    const passwordHash = await passwords.hash(password)
    return feed.transact(async tx => {
      let made: { user: UserRow; opened: OpenedSession } | null = null
      const call = { scope: scopeOf(email), mutation: 'register', key, input: { email, displayName } }
      const outcome = await once<Outcome>(
        tx,
        call,
        async () => {
          const now = clock.now()
          const user = await insertUser(tx, { id: newId('user'), email, displayName, passwordHash, createdAt: now })
          if (!user) throw new AppError('EMAIL_TAKEN', 'An account with this e-mail address exists.', { field: 'input.email' })
          await rememberPlace(tx, user.id, guard.placeOf(caller.ip), now)
          made = { user, opened: await sessions.open(tx, user.id, caller, null) }
          await audit.record(tx, { userId: user.id, ip: caller.ip }, 'register', { target: user.id, details: { sessionId: made.opened.session.id } })
          return { userId: user.id, sessionId: made.opened.session.id }
        },
        clock.now(),
      )
      return { outcome, made: made as { user: UserRow; opened: OpenedSession } | null }
    })
  }

  /** EMAIL_TAKEN tells who has an account; this bounds how many addresses one caller can try. */
  async function boundCollisions<T>(ip: string, work: () => Promise<T>): Promise<T> {
    const retryAfterMs = await collisions.begin(ip)
    if (retryAfterMs > 0)
      throw new AppError('RATE_LIMITED', 'Too many registrations with addresses that are taken; wait and try again.', { retryAfterMs })
    let isCollision = false
    try {
      return await work()
    } catch (error) {
      isCollision = error instanceof AppError && error.code === 'EMAIL_TAKEN'
      throw error
    } finally {
      if (!isCollision) await collisions.undo(ip)
    }
  }

  return {
    async register(input: RegisterInput, caller: Caller): Promise<AuthPayload> {
      if (!isOpen) throw new AppError('FORBIDDEN', 'This server takes no registrations.')
      const email = checkEmail(input.email, 'input.email')
      checkNewPassword(input.password, 'input.password')
      const displayName = input.displayName == null ? null : checkName(input.displayName, 'input.displayName')
      if (registrationsPerHour > 0) await limits.take('registrations', caller.ip, { max: registrationsPerHour, windowSeconds: hourSeconds })
      const done = await perAddress.run(networkOf(caller.ip), () =>
        boundCollisions(caller.ip, () => makeAccount({ ...input, email, displayName }, caller)),
      )
      if (!done.made) {
        await prove(email, input.password, caller)
        return repeat(done.outcome, caller)
      }
      sendVerification(done.made.user)
      return answer(done.made.user, done.made.opened)
    },

    async login(input: LoginInput, caller: Caller): Promise<AuthPayload> {
      const email = checkEmail(input.email, 'input.email')
      checkPassword(input.password, 'input.password')
      const deviceName = input.deviceName == null ? null : checkName(input.deviceName, 'input.deviceName')
      const user = await prove(email, input.password, caller)
      const done = await feed.transact(async tx => {
        let opened: OpenedSession | null = null
        const call = { scope: scopeOf(email), mutation: 'login', key: input.idempotencyKey, input: { email, deviceName } }
        const outcome = await once<Outcome>(
          tx,
          call,
          async () => {
            // A password that was changed since it was proved ended all sessions, and opens none any more.
            if ((await lockUser(tx, user.id))?.passwordHash !== user.passwordHash) throw wrong()
            await rememberPlace(tx, user.id, guard.placeOf(caller.ip), clock.now())
            const device = deviceName === null ? null : await seeDevice(tx, user.id, deviceName)
            opened = await sessions.open(tx, user.id, caller, device)
            await audit.record(tx, { userId: user.id, ip: caller.ip }, 'sign-in', { target: opened.session.id })
            return { userId: user.id, sessionId: opened.session.id }
          },
          clock.now(),
        )
        return { outcome, opened: opened as OpenedSession | null }
      })
      return done.opened ? answer(user, done.opened) : repeat(done.outcome, caller)
    },
  }
}

const wrong = () => new AppError('INVALID_CREDENTIALS', 'E-mail and password do not belong together.')

/** Keys of the anonymous are told apart by the address they speak of, without keeping it. */
const scopeOf = (email: string) => `anonymous ${createHash('sha256').update(email).digest('base64url')}`
