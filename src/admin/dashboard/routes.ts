import { nobody, type Viewer } from '../../access/viewer.ts'
import type { Recorder } from '../../audit/audit.ts'
import type { Config } from '../../config.ts'
import { AppError } from '../../errors.ts'
import type { Feed } from '../../feed/feed.ts'
import type { AddressList } from '../../platform/addresses.ts'
import type { Limits } from '../../platform/limits.ts'
import type { WebAnswer, WebPages, WebRequest, WebRoute, WebRoutes } from '../../web.ts'
import { cookieLifeSeconds, cookieName, type DashboardCookies } from './cookie.ts'
import { createFiles } from './files.ts'

export interface DashboardDeps {
  readonly config: Pick<Config, 'ADMIN_COOKIE_SECURE' | 'PUBLIC_URL' | 'SIGN_IN_RATE_LIMIT_PER_MIN'>
  readonly cookies: DashboardCookies
  readonly mayAdminister: AddressList
  readonly limits: Limits
  readonly feed: Pick<Feed, 'transact'>
  readonly audit: Recorder
  readonly logout: (viewer: Viewer) => Promise<unknown>
}

const always = { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' }
const filesPath = '/admin/page/'

/** The page at /admin, and how one signs in to it. */
export function createDashboard(deps: DashboardDeps): { readonly webPages: WebPages; readonly webRoutes: WebRoutes } {
  const { config, cookies, mayAdminister, limits, feed, audit, logout } = deps
  const files = createFiles()
  const isSecure = config.ADMIN_COOKIE_SECURE ? config.ADMIN_COOKIE_SECURE === 'on' : (config.PUBLIC_URL?.startsWith('https:') ?? false)

  const cookie = (value: string, lifeSeconds: number) =>
    `${cookieName}=${value}; Path=/; Max-Age=${lifeSeconds}; HttpOnly; SameSite=Strict${isSecure ? '; Secure' : ''}`

  const answer = (value: object, setCookie: string): WebAnswer => ({
    status: 200,
    headers: { ...always, 'set-cookie': setCookie },
    body: JSON.stringify(value),
  })

  const onlyFrom =
    (route: WebRoute): WebRoute =>
    async request => {
      if (mayAdminister(request.ip)) return route(request)
      audit.refuse({ userId: null, ip: request.ip }, 'admin-refused', { target: '/admin', details: { reason: 'FORBIDDEN' } })
      throw new AppError('FORBIDDEN', 'Administrators may not act from this address.')
    }

  async function signIn({ ip, headers, identity }: WebRequest): Promise<WebAnswer> {
    const max = config.SIGN_IN_RATE_LIMIT_PER_MIN
    if (max > 0) await limits.take('dashboard-sign-in', ip, { max, windowSeconds: 60 })
    // Not by a cookie: it would never end.
    const proved = headers['authorization'] === undefined ? nobody : await identity()
    const issued = await cookies.issue(proved)
    if (!issued) {
      if (!proved.viewer && !proved.admin) throw new AppError('UNAUTHENTICATED', 'Send `authorization: Basic …`, or Bearer with an access token.')
      throw new AppError('FORBIDDEN', 'Only administrators may do this, by the password of the configuration or a session of their own.')
    }
    const actor = proved.viewer ?? proved.admin
    if (actor) await feed.transact(tx => audit.record(tx, actor, 'sign-in', { target: proved.viewer?.sessionId ?? null, details: { to: '/admin' } }))
    return answer({ expiresAt: issued.expiresAt.toISOString() }, cookie(issued.value, cookieLifeSeconds))
  }

  /** Who asks, so that the page knows without being refused. */
  async function tellWho({ identity }: WebRequest): Promise<WebAnswer> {
    const { admin } = await identity()
    return { status: 200, headers: always, body: JSON.stringify({ by: admin?.by ?? null }) }
  }

  /** A session that the cookie stands on ends by it; the cookie goes in any case. */
  async function signOut({ identity }: WebRequest): Promise<WebAnswer> {
    const { viewer, admin } = await identity()
    if (viewer) await logout(viewer)
    else if (admin) await feed.transact(tx => audit.record(tx, admin, 'sign-out', { details: { from: '/admin' } }))
    return answer({}, cookie('', 0))
  }

  const page = onlyFrom(request => files('index.html', request))
  return {
    webPages: {
      '/admin': { GET: page },
      '/admin/': { GET: async () => ({ status: 301, headers: { location: '/admin' }, body: '' }) },
      '/admin/session': { GET: onlyFrom(tellWho), POST: onlyFrom(signIn), DELETE: signOut },
    },
    webRoutes: { [filesPath]: onlyFrom(request => files(request.url.pathname.slice(filesPath.length), request)) },
  }
}
