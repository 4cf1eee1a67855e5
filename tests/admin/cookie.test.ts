import { randomBytes } from 'node:crypto'
import { type IncomingMessage, request } from 'node:http'
import { text } from 'node:stream/consumers'
import { decodeJwt, SignJWT, UnsecuredJWT } from 'jose'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Viewer } from '../../src/access/viewer.ts'
import { cookieLifeSeconds, createDashboardCookies, type DashboardCookiesDeps } from '../../src/admin/dashboard/cookie.ts'
import { createDashboard } from '../../src/admin/dashboard/routes.ts'
import { AppError } from '../../src/errors.ts'
import { untilSignedOut } from '../../src/transport/http/stream.ts'
import { createOrigins } from '../../src/transport/origins.ts'
import { makeAdmin, type Person, signUp, useServers } from '../harness/client.ts'
import { modes } from '../harness/modes.ts'
import { until } from '../harness/wait.ts'
import { openSocket, refusedUpgrade } from '../transport/raw-socket.ts'
import { revokeSession, setRole } from './accounts-operations.ts'

const password = 'a tide that never turns'
const basic = (secret: string) => `Basic ${Buffer.from(`keeper:${secret}`).toString('base64')}`
const friend = 'https://friend.example.org'
const stranger = '192.0.2.7'
type Headers = Readonly<Record<string, string>>

const env = {
  ADMIN_USERNAME: 'keeper',
  ADMIN_PASSWORD: password,
  ADMIN_API_KEY: randomBytes(24).toString('base64url'),
  CORS_ORIGINS: friend,
  TRUSTED_PROXIES: '127.0.0.1',
  ADMIN_IP_ALLOWLIST: '127.0.0.0/8',
}

describe.each(modes)('the cookie of the dashboard, %s', mode => {
  const servers = useServers(mode, { nodes: 2, env })
  let admin: Person
  beforeAll(async () => {
    admin = await signUp(servers.one.url, 'admin')
    await makeAdmin(servers.one, admin)
  })

  /** Sends just these headers, also those that `fetch` keeps for itself. */
  async function send(method: string, path: string, headers: Headers, body?: string, url = servers.one.url) {
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
    request(new URL(path, url), { method, headers: { 'content-type': 'application/json', ...headers } }, resolve)
      .on('error', reject)
      .end(body)
    const response = await promise
    const said = await text(response)
    const isJson = String(response.headers['content-type']).startsWith('application/json')
    return { status: response.statusCode, headers: response.headers, said: isJson ? JSON.parse(said) : said }
  }
  const signIn = (headers: Headers, body = '{}') => send('POST', '/admin/session', headers, body)
  const codeOf = ({ status, said }: { status: number | undefined; said: { errors?: { extensions: { code: string } }[] } }) =>
    said.errors?.[0]?.extensions.code ?? status
  async function cookieOf(authorization: string): Promise<string> {
    const { headers } = await signIn({ authorization })
    return headers['set-cookie']?.[0]?.split(';')[0] ?? ''
  }
  const whoQuery = JSON.stringify({ query: '{ viewer { id } serverStats { nodes } }' })
  /** Who the server takes somebody for: `viewer` null is nobody, or somebody without an account. */
  async function who(headers: Headers, url = servers.one.url) {
    const { said } = await send('POST', '/graphql', headers, whoQuery, url)
    return { viewer: said.data?.viewer?.id ?? null, isAdmin: typeof said.data?.serverStats?.nodes === 'number' }
  }
  const nobody = { viewer: null, isAdmin: false }
  const socketOf = async (cookie: string, url = servers.one.wsUrl) => {
    const socket = await openSocket(url, { headers: { cookie, origin: new URL(url).origin.replace('ws', 'http') } })
    await socket.init()
    return socket
  }

  test('comes for the password, and stays with pages of this server', async () => {
    const { status, headers, said } = await signIn({ authorization: basic(password) })
    expect({ status, said }).toEqual({ status: 200, said: { expiresAt: expect.any(String) } })
    expect(headers['set-cookie']).toEqual([expect.stringMatching(/^tidemark_admin=[\w.-]+; Path=\/; Max-Age=43200; HttpOnly; SameSite=Strict$/)])
    expect(headers['cache-control']).toBe('no-store')
    const cookie = headers['set-cookie']?.[0]?.split(';')[0] ?? ''
    for (const { url } of [servers.one, servers.other]) expect(await who({ cookie }, url)).toEqual({ viewer: null, isAdmin: true })
    expect((await send('GET', '/admin/session', { cookie })).said).toEqual({ by: 'password' })
    expect((await send('GET', '/admin/session', {})).said).toEqual({ by: null })
    expect(JSON.stringify(decodeJwt(cookie.split('=')[1] ?? ''))).not.toContain('keeper')
  })

  test('comes for the session of an administrator, and speaks for them', async () => {
    const cookie = await cookieOf(`Bearer ${admin.accessToken}`)
    expect(await who({ cookie })).toEqual({ viewer: admin.id, isAdmin: true })
    expect((await send('GET', '/admin/session', { cookie })).said).toEqual({ by: 'session' })
  })

  test('comes for nobody else, nor for whoever has one already', async () => {
    const user = await signUp(servers.one.url, 'user')
    const cookie = await cookieOf(basic(password))
    const refused: readonly (readonly [Headers, unknown])[] = [
      [{}, 'UNAUTHENTICATED'],
      [{ cookie }, 'UNAUTHENTICATED'],
      [{ authorization: basic('a tide that never turns ') }, 'UNAUTHENTICATED'],
      [{ authorization: 'Bearer nonsense' }, 'UNAUTHENTICATED'],
      [{ authorization: `Bearer ${user.accessToken}` }, 'FORBIDDEN'],
      [{ 'x-admin-api-key': env.ADMIN_API_KEY }, 'UNAUTHENTICATED'],
      [{ authorization: basic(password), 'x-forwarded-for': stranger }, 'FORBIDDEN'],
      [{ authorization: `Bearer ${admin.accessToken}`, 'x-forwarded-for': stranger }, 'FORBIDDEN'],
      [{ authorization: basic(password), 'content-type': 'text/plain' }, 'BAD_USER_INPUT'],
      [{ authorization: basic(password), 'content-type': 'application/x-www-form-urlencoded' }, 'BAD_USER_INPUT'],
      [{ authorization: basic(password), 'content-type': 'multipart/form-data; boundary=x' }, 'BAD_USER_INPUT'],
    ]
    for (const [headers, code] of refused) {
      const answer = await signIn(headers)
      expect([headers, codeOf(answer), answer.headers['set-cookie']]).toEqual([headers, code, undefined])
    }
  })

  const foreign = (host: string): Readonly<Record<string, Headers>> => ({
    'a page of a listed origin': { origin: friend },
    'a page of a listed origin, as browsers say it': { origin: friend, 'sec-fetch-site': 'cross-site' },
    'a page of any other origin': { origin: 'https://evil.example.org' },
    'a page on another port of the same machine': { origin: `http://${host}1`, 'sec-fetch-site': 'same-site' },
    'a page without an origin of its own': { origin: 'null' },
    'a link on another site': { 'sec-fetch-site': 'cross-site' },
    'a page of a sister domain': { 'sec-fetch-site': 'same-site' },
  })

  test('does nothing for pages of other origins: neither by HTTP, nor on a socket', async () => {
    const cookie = await cookieOf(`Bearer ${admin.accessToken}`)
    const host = new URL(servers.one.url).host
    const own = { origin: `http://${host}`, 'sec-fetch-site': 'same-origin' }
    expect(await who({ cookie, ...own })).toEqual({ viewer: admin.id, isAdmin: true })
    for (const [name, headers] of Object.entries(foreign(host))) {
      expect([name, await who({ cookie, ...headers })]).toEqual([name, nobody])
      const { said } = await send('GET', `/graphql?query=${encodeURIComponent('{ viewer { id } }')}`, {
        cookie,
        accept: 'application/json',
        ...headers,
      })
      expect([name, said.data]).toEqual([name, { viewer: null }])
      expect([name, codeOf(await signIn({ authorization: basic(password), ...headers }))]).toEqual([name, 'FORBIDDEN'])
      expect([name, codeOf(await send('DELETE', '/admin/session', { cookie, ...headers }))]).toEqual([name, 'FORBIDDEN'])
      expect([name, (await send('GET', '/admin/session', { cookie, ...headers })).said]).toEqual([name, { by: null }])
    }
    const preflight = await send('OPTIONS', '/admin/session', { origin: friend, 'access-control-request-method': 'DELETE' })
    expect(preflight.headers['access-control-allow-credentials']).toBeUndefined()
    expect(await refusedUpgrade(servers.one.wsUrl, { headers: { cookie, origin: 'https://evil.example.org' } })).toBe(403)
    using socket = await openSocket(servers.one.wsUrl, { headers: { cookie, origin: friend } })
    await socket.init()
    socket.send({ id: '1', type: 'subscribe', payload: JSON.parse(whoQuery) })
    expect(await socket.next()).toMatchObject({ type: 'next', payload: { data: null, errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] } })
    // None of it signed anybody out.
    expect(await who({ cookie, ...own })).toEqual({ viewer: admin.id, isAdmin: true })
  })

  test('holds as it was made, and for nothing else', async () => {
    const cookie = await cookieOf(basic(password))
    const token = cookie.split('=')[1] ?? ''
    const [head = '', body = '', signature = ''] = token.split('.')
    const forged = Buffer.from(JSON.stringify({ ...decodeJwt(token), by: 'session', sub: admin.id, sid: admin.sessionId })).toString('base64url')
    const others = [
      `${head}.${forged}.${signature}`,
      `${head}.${body}.${signature.slice(0, -2)}`,
      `${head}.${body}.`,
      new UnsecuredJWT(decodeJwt(token)).encode(),
      await new SignJWT(decodeJwt(token)).setProtectedHeader({ alg: 'HS256' }).sign(randomBytes(32)),
      admin.accessToken,
      admin.refreshToken,
      'x'.repeat(5_000),
      '%00',
      '',
    ]
    for (const value of others) expect([value, await who({ cookie: `tidemark_admin=${value}` })]).toEqual([value, nobody])
    expect(await who({ cookie: `a=b; ${cookie}; c=d` })).toEqual({ viewer: null, isAdmin: true })
    expect(codeOf(await send('POST', '/graphql', { authorization: `Bearer ${token}` }, whoQuery))).toBe('UNAUTHENTICATED')
    // What is said of oneself goes before the cookie.
    expect(codeOf(await send('POST', '/graphql', { cookie, authorization: 'Bearer nonsense' }, whoQuery))).toBe('UNAUTHENTICATED')
  })

  test('holds from where administrators may be, as the page does', async () => {
    for (const authorization of [basic(password), `Bearer ${admin.accessToken}`]) {
      const cookie = await cookieOf(authorization)
      expect((await who({ cookie })).isAdmin).toBe(true)
      expect(await who({ cookie, 'x-forwarded-for': stranger })).toEqual(nobody)
    }
    const { status, headers } = await send('GET', '/admin/', {})
    expect([status, headers.location]).toEqual([301, '/admin'])
    for (const path of ['/admin', '/admin/page/main.js', '/admin/session']) {
      expect([path, (await send('GET', path, {})).status]).toEqual([path, 200])
      expect([path, (await send('GET', path, { 'x-forwarded-for': stranger })).status]).toEqual([path, 403])
    }
  })

  describe('of somebody else, who is an administrator for now', () => {
    let other: Person
    let cookie: string
    beforeEach(async () => {
      other = await signUp(servers.one.url, 'other')
      await admin.run(setRole, { input: { userId: other.id, role: 'ADMIN' } })
      cookie = await until('the cookie', () => cookieOf(`Bearer ${other.accessToken}`))
    })

    /** Over on both nodes, and with it what was open. */
    async function isOver(end: () => Promise<unknown>): Promise<void> {
      using socket = await socketOf(cookie, servers.other.wsUrl)
      expect(await who({ cookie }, servers.other.url)).toEqual({ viewer: other.id, isAdmin: true })
      await end()
      expect(await socket.closed).toMatchObject({ code: 4403 })
      for (const { url } of [servers.one, servers.other]) expect(await who({ cookie }, url)).toEqual(nobody)
    }

    test('ends with the session it stands on', () => isOver(() => admin.run(revokeSession, { input: { id: other.sessionId } })))

    test('ends with the role', () => isOver(() => admin.run(setRole, { input: { userId: other.id, role: 'USER' } })))

    test('ends by signing out, and the session with it', async () => {
      await isOver(async () => {
        const { status, headers } = await send('DELETE', '/admin/session', { cookie })
        expect([status, headers['set-cookie']?.[0]]).toEqual([200, 'tidemark_admin=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict'])
      })
      expect(codeOf(await send('POST', '/graphql', { authorization: `Bearer ${other.accessToken}` }, whoQuery))).toBe('TOKEN_REVOKED')
    })
  })
})

describe('what a cookie of the dashboard stands on', () => {
  const viewer: Viewer = {
    userId: 'user_1',
    role: 'ADMIN',
    scopes: null,
    sessionId: 'sess_1',
    tokenId: 't',
    expiresAt: new Date(8e12),
    ip: '127.0.0.1',
  }
  const key = randomBytes(32)
  let now = new Date('2026-01-01T00:00:00Z')
  const cookies = (change: Partial<DashboardCookiesDeps> = {}) =>
    createDashboardCookies({
      config: { ADMIN_USERNAME: 'keeper', ADMIN_PASSWORD: password },
      keys: [key],
      clock: { now: () => now },
      viewerOf: async ({ userId, sessionId, tokenId, expiresAt }, ip) => ({ ...viewer, userId, sessionId, tokenId, expiresAt, ip }),
      mayAdminister: () => true,
      ...change,
    })
  const byPassword = { viewer: null, admin: { userId: null, by: 'password', ip: '127.0.0.1', expiresAt: null } } as const
  const bySession = { viewer, admin: { userId: viewer.userId, by: 'session', ip: '127.0.0.1', expiresAt: viewer.expiresAt } } as const
  const nobody = { viewer: null, admin: null }
  const issue = async (identity: Parameters<ReturnType<typeof cookies>['issue']>[0] = byPassword) => (await cookies().issue(identity))?.value ?? ''

  test('another user name or password ends it', async () => {
    const value = await issue()
    expect((await cookies().identify(value, '::1')).admin).toEqual({
      userId: null,
      by: 'password',
      ip: '::1',
      expiresAt: new Date('2026-01-01T12:00:00Z'),
    })
    for (const config of [
      { ADMIN_USERNAME: 'keeper', ADMIN_PASSWORD: `${password}!` },
      { ADMIN_USERNAME: 'keepe', ADMIN_PASSWORD: `r${password}` },
      {},
    ])
      expect(await cookies({ config }).identify(value, '::1')).toEqual(nobody)
  })

  test('it lives for twelve hours, whatever is done with it', async () => {
    const [password, session] = [await issue(), await issue(bySession)]
    now = new Date(now.getTime() + (cookieLifeSeconds - 1) * 1_000)
    expect((await cookies().identify(password, '::1')).admin?.by).toBe('password')
    expect((await cookies().identify(session, '::1')).viewer?.expiresAt).toEqual(new Date('2026-01-01T12:00:00Z'))
    now = new Date(now.getTime() + 1_000)
    expect(await cookies().identify(password, '::1')).toEqual(nobody)
    expect(await cookies().identify(session, '::1')).toEqual(nobody)
  })

  test('a rotated secret does not end it, a lost one does', async () => {
    const [value, next] = [await issue(), randomBytes(32)]
    expect((await cookies({ keys: [next, key] }).identify(value, '::1')).admin?.by).toBe('password')
    expect(await cookies({ keys: [next] }).identify(value, '::1')).toEqual(nobody)
  })

  test('no session, no role, no place to administer from: nobody', async () => {
    const value = await issue(bySession)
    expect((await cookies().identify(value, '::1')).viewer).toMatchObject({ userId: 'user_1', sessionId: 'sess_1', role: 'ADMIN', ip: '::1' })
    const gone = async () => Promise.reject(new AppError('TOKEN_REVOKED', 'over'))
    const degraded = async () => ({ ...viewer, role: 'USER' as const })
    for (const change of [{ viewerOf: gone }, { viewerOf: degraded }, { mayAdminister: () => false }])
      expect(await cookies(change).identify(value, '::1')).toEqual(nobody)
    const broken = async () => Promise.reject(new Error('the database is away'))
    await expect(cookies({ viewerOf: broken }).identify(value, '::1')).rejects.toThrow('away')
    for (const identity of [
      nobody,
      { ...bySession, viewer: { ...viewer, sessionId: null } },
      { ...byPassword, admin: { ...byPassword.admin, by: 'api-key' } as const },
    ])
      expect(await cookies().issue(identity)).toBeNull()
  })

  test('over HTTPS it goes over nothing else', async () => {
    const setCookie = async (config: object) => {
      const { webPages } = createDashboard({
        config: { SIGN_IN_RATE_LIMIT_PER_MIN: 0, ...config },
        cookies: cookies(),
        mayAdminister: () => true,
        feed: { transact: async () => undefined },
      } as never)
      const answer = await webPages['/admin/session']?.POST?.({
        url: new URL('http://x/'),
        headers: { authorization: 'Basic …' },
        ip: '::1',
        identity: async () => byPassword,
      })
      return answer?.headers['set-cookie']?.endsWith('; Secure')
    }
    expect(await setCookie({})).toBe(false)
    expect(await setCookie({ PUBLIC_URL: 'http://tide.example.org' })).toBe(false)
    expect(await setCookie({ PUBLIC_URL: 'https://tide.example.org' })).toBe(true)
    expect(await setCookie({ PUBLIC_URL: 'https://tide.example.org', ADMIN_COOKIE_SECURE: 'off' })).toBe(false)
    expect(await setCookie({ ADMIN_COOKIE_SECURE: 'on' })).toBe(true)
  })

  test('a stream of events ends with it', async () => {
    const source = { [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => undefined) }) }
    const admin = { ...byPassword.admin, expiresAt: new Date(Date.now() + 50) }
    const stream = untilSignedOut(source, { viewer: null, admin }, { watch: () => () => undefined }, () => undefined)
    await expect(stream.next()).rejects.toMatchObject({ code: 'TOKEN_EXPIRED' })
  })

  test('a page of the same name that did not come over HTTPS is no page of ours', () => {
    const { isOwnPage } = createOrigins([], 'https://tide.example.org')
    const from = (origin: string) => isOwnPage({ headers: { host: 'tide.example.org', origin } } as IncomingMessage)
    expect([from('https://tide.example.org'), from('http://tide.example.org')]).toEqual([true, false])
  })
})
