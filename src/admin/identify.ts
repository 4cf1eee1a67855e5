import { createHash, timingSafeEqual } from 'node:crypto'
import { type Admin, adminOf, type Identity, nobody, type Viewer } from '../access/viewer.ts'
import type { Config } from '../config.ts'
import { AppError } from '../errors.ts'
import type { AddressList } from '../platform/addresses.ts'

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
export type Identify = (credentials: Credentials) => Promise<Identity>

export interface IdentifyDeps {
  readonly config: Pick<Config, 'ADMIN_API_KEY' | 'ADMIN_USERNAME' | 'ADMIN_PASSWORD'>
  /** Whom an access token speaks for. */
  readonly authenticate: (token: string, ip: string) => Promise<Viewer>
  /** Whom the cookie of the dashboard speaks for: nobody when it does not hold. */
  readonly byCookie: (value: string, ip: string) => Promise<Identity>
  /** Whether administrators may act from an address. */
  readonly mayAdminister: AddressList
}

/** Says who sent a request: a user by token, an administrator by the key or the password of the configuration. */
export function createIdentify({ config, authenticate, byCookie, mayAdminister }: IdentifyDeps): Identify {
  function adminBy(by: 'api-key' | 'password', isRight: boolean, ip: string): Admin {
    if (!mayAdminister(ip)) throw new AppError('FORBIDDEN', 'Administrators may not act from this address.')
    if (!isRight) throw new AppError('UNAUTHENTICATED', 'These credentials of an administrator do not hold.')
    return { userId: null, by, ip, expiresAt: null }
  }

  return async ({ token, basic, adminApiKey, dashboardCookie, ip }) => {
    if (adminApiKey !== null) {
      const admin = adminBy('api-key', isSame(adminApiKey, config.ADMIN_API_KEY), ip)
      return { viewer: token === null ? null : await authenticate(token, ip), admin }
    }
    if (basic !== null) {
      const isUser = isSame(basic.username, config.ADMIN_USERNAME)
      const isRight = isSame(basic.password, config.ADMIN_PASSWORD) && isUser
      return { viewer: null, admin: adminBy('password', isRight, ip) }
    }
    if (token === null) return dashboardCookie === null ? nobody : { ...(await byCookie(dashboardCookie, ip)), byCookie: true }
    const viewer = await authenticate(token, ip)
    return { viewer, admin: adminOf(viewer) }
  }
}

/** Takes the same time whatever is given; nothing is the same as what is not configured. */
function isSame(given: string, configured: string | undefined): boolean {
  return timingSafeEqual(digest(given), digest(configured ?? '')) && configured !== undefined
}

const digest = (text: string) => createHash('sha256').update(text).digest()
