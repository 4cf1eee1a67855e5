import { createHash, timingSafeEqual } from 'node:crypto'
import { type Admin, adminOf, type Identity, nobody, type Viewer } from '../access/viewer.ts'
import { createGates } from '../accounts/gate.ts'
import type { Recorder } from '../audit/audit.ts'
import type { Config } from '../config.ts'
import { AppError } from '../errors.ts'
import { type AddressList, networkOf } from '../platform/addresses.ts'
import type { Limits } from '../platform/limits.ts'

/** What a request brings along to say who sends it. */
export interface Credentials {
  /** An access token. */
  readonly token: string | null
  /** User name and password of HTTP's Basic scheme (RFC 7617). */
  readonly basic: { readonly username: string; readonly password: string } | null
  readonly adminApiKey: string | null
  /** The cookie of the dashboard; null also when a page of another origin sent it. */
  readonly dashboardCookie: string | null
  readonly ip: string
}

/** @throws UNAUTHENTICATED, TOKEN_EXPIRED, TOKEN_REVOKED, RATE_LIMITED, FORBIDDEN */
export type Identify = (credentials: Credentials) => Promise<Identity> | Identity

export interface IdentifyDeps {
  readonly config: Pick<Config, 'ADMIN_API_KEY' | 'ADMIN_USERNAME' | 'ADMIN_PASSWORD'>
  /** Whom an access token speaks for. */
  readonly authenticate: (token: string, ip: string) => Promise<Viewer>
  /** The same where nobody has to be asked, else null. */
  readonly recall: (token: string, ip: string) => Viewer | null
  /** Whom the cookie of the dashboard speaks for: nobody when it does not hold. */
  readonly byCookie: (value: string, ip: string) => Promise<Identity>
  /** Whether administrators may act from an address. */
  readonly mayAdminister: AddressList
  readonly limits: Pick<Limits, 'attempts'>
  readonly audit: Pick<Recorder, 'refuse'>
}

/** The key and the password are too long to be guessed; this keeps those who try from being a burden. */
const patience = { free: 10, firstWaitSeconds: 2, longestWaitSeconds: 60, memorySeconds: 3_600 }

/** Says who sent a request: a user by token, an administrator by the key or the password of the configuration. */
export function createIdentify({ config, authenticate, recall, byCookie, mayAdminister, limits, audit }: IdentifyDeps): Identify {
  const attempts = limits.attempts('administrator', patience)
  // Of many guesses at once only so few are under way before those that came first have counted.
  const perNetwork = createGates({ running: 5, waiting: 1_000 })

  async function adminBy(by: 'api-key' | 'password', isRight: boolean, ip: string): Promise<Admin> {
    const refusal = mayAdminister(ip) ? await perNetwork.run(networkOf(ip), () => count(isRight, ip)) : elsewhere()
    if (!refusal) return { userId: null, by, ip, expiresAt: null }
    const action = refusal.code === 'FORBIDDEN' ? 'admin-refused' : 'sign-in-refused'
    audit.refuse({ userId: null, ip }, action, { details: { proof: by, reason: refusal.code } })
    throw refusal
  }

  /** Whoever has to wait is not told whether this time it was right. */
  async function count(isRight: boolean, ip: string): Promise<AppError | null> {
    // Right ones don't count, or an administrator with many requests were taken for one who guesses.
    const areFree = await attempts.areFree(ip)
    const retryAfterMs = isRight && areFree ? 0 : await attempts.begin(ip)
    if (retryAfterMs > 0)
      return new AppError('RATE_LIMITED', 'Too many wrong credentials of administrators from this address; wait and try again.', { retryAfterMs })
    if (!isRight) return new AppError('UNAUTHENTICATED', 'These credentials of an administrator do not hold.')
    await attempts.clear(ip)
    return null
  }

  async function identify({ token, basic, adminApiKey, dashboardCookie, ip }: Credentials): Promise<Identity> {
    if (adminApiKey !== null) {
      const admin = await adminBy('api-key', isSame(adminApiKey, config.ADMIN_API_KEY), ip)
      return { viewer: token === null ? null : await authenticate(token, ip), admin }
    }
    if (basic !== null) {
      const isUser = isSame(basic.username, config.ADMIN_USERNAME)
      const isRight = isSame(basic.password, config.ADMIN_PASSWORD) && isUser
      return { viewer: null, admin: await adminBy('password', isRight, ip) }
    }
    if (token === null) {
      const identity = dashboardCookie === null ? nobody : await byCookie(dashboardCookie, ip)
      return identity.admin ? { ...identity, byCookie: true } : identity
    }
    return identityOf(await authenticate(token, ip))
  }

  return credentials => {
    const { token, basic, adminApiKey, ip } = credentials
    const viewer = token !== null && basic === null && adminApiKey === null ? recall(token, ip) : null
    return viewer ? identityOf(viewer) : identify(credentials)
  }
}

const identityOf = (viewer: Viewer): Identity => ({ viewer, admin: adminOf(viewer) })

const elsewhere = () => new AppError('FORBIDDEN', 'Administrators may not act from this address.')

/** Takes the same time whatever is given; nothing is the same as what is not configured. */
function isSame(given: string, configured: string | undefined): boolean {
  return timingSafeEqual(digest(given), digest(configured ?? '')) && configured !== undefined
}

const digest = (text: string) => createHash('sha256').update(text).digest()
