import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Person, signUp, useServers } from '../harness/client.ts'
import { modes } from '../harness/modes.ts'
import { codesOf } from '../transport/ask.ts'
import { openSocket, refusedUpgrade } from '../transport/raw-socket.ts'
import { callerAt, newAddress, newNetwork, standingOf, times } from './callers.ts'

const key = 'a key of administrators for the tests only'
const env = {
  TRUSTED_PROXIES: '127.0.0.1',
  ADMIN_API_KEY: key,
  CORS_ORIGINS: 'https://app.example.com',
  RATE_LIMIT_PER_MIN: '20',
  READ_RATE_LIMIT_PER_MIN: '15',
  IP_RATE_LIMIT_PER_MIN: '40',
  SIGN_IN_RATE_LIMIT_PER_MIN: '8',
  ADMIN_RATE_LIMIT_PER_MIN: '6',
  WS_RATE_LIMIT_MAX_MESSAGES: '10',
}

const write = 'createDocument(input: {}) { document { id } }'
/** For an account that does not exist, each time another, so that no account is locked. */
const login = () => `login(input: { email: "nobody.${randomUUID()}@example.org", password: "not this one" }) { accessToken }`
const logins = (count: number) => `mutation { ${Array.from({ length: count }, (_, at) => `c${at}: ${login()}`).join(' ')} }`

describe.each(modes)('limits on what callers ask for, %s', mode => {
  const servers = useServers(mode, { nodes: 2, env })
  /** One node after the other. */
  const everywhere = (count: number) => Array.from({ length: count }, (_, at) => (at % 2 === 0 ? servers.one : servers.other).url)
  let ada: Person
  let bob: Person
  beforeAll(async () => {
    ada = await signUp(servers.one.url, 'ada')
    bob = await signUp(servers.one.url, 'bob')
  })
  const as = (person: Person, address = newAddress()) => callerAt(address, { authorization: `Bearer ${person.accessToken}` })

  test('count writes by user, on whichever node and under whatever alias', async () => {
    const answer = await as(ada).ask(servers.one.url, `mutation { ${times(15, write)} }`)
    expect(standingOf(answer, 'writes')).toEqual({ quota: 20, window: 60, left: 5, reset: expect.any(Number) })
    for (const url of everywhere(5)) expect(codesOf(await as(ada).ask(url, `mutation { ${write} }`))).toEqual([])
    for (const url of everywhere(2)) {
      const refused = await as(ada).ask(url, `mutation { ${write} }`)
      expect([refused.status, codesOf(refused), refused.data]).toEqual([429, ['RATE_LIMITED'], undefined])
      const retryAfterMs = Number(refused.errors?.[0]?.extensions['retryAfterMs'])
      expect(retryAfterMs).toBeGreaterThan(0)
      expect(retryAfterMs).toBeLessThanOrEqual(60_000)
      expect(Number(refused.headers.get('retry-after'))).toBe(Math.ceil(retryAfterMs / 1000))
      expect(standingOf(refused, 'writes')).toMatchObject({ left: 0, reset: Math.ceil(retryAfterMs / 1000) })
    }
    expect(codesOf(await as(ada).ask(servers.one.url, '{ viewer { id } }'))).toEqual([])
    expect(codesOf(await as(bob).ask(servers.other.url, `mutation { ${write} }`))).toEqual([])
  })

  test('refuse the messages of a socket that are too many, and keep it open', async () => {
    using socket = await openSocket(servers.one.wsUrl, { headers: { 'x-forwarded-for': newAddress() } })
    expect((await socket.init()).type).toBe('connection_ack')
    const frames = []
    for (let id = 1; id <= 10; id++) {
      socket.send({ id: String(id), type: 'subscribe', payload: { query: '{ viewer { id } }' } })
      const frame = await socket.next()
      frames.push(frame)
      if (frame.type === 'next') await socket.next()
    }
    expect(frames.slice(0, 9).map(({ type }) => type)).toEqual(Array.from({ length: 9 }, () => 'next'))
    expect(frames[9]).toMatchObject({
      id: '10',
      type: 'error',
      payload: [{ extensions: { code: 'RATE_LIMITED', retryAfterMs: expect.any(Number) } }],
    })
    socket.send({ type: 'ping' })
    expect((await socket.next()).type).toBe('pong')
  })

  test('refuse more calls in one operation than a minute has, and count none of them', async () => {
    const answer = await as(bob).ask(servers.one.url, `mutation { ${times(21, write)} }`)
    expect(answer.errors?.map(error => error.extensions)).toEqual([{ code: 'QUERY_TOO_COMPLEX', limit: 20, actual: 21 }])
    expect(codesOf(await as(bob).ask(servers.one.url, `mutation { ...A ...A } fragment A on Mutation { ${write} }`))).toEqual([])
  })

  test('count reads by user, subscriptions that are started included, over HTTP, server-sent events and sockets', async () => {
    const eve = as(await signUp(servers.one.url, 'eve'))
    for (const url of everywhere(5)) expect(codesOf(await eve.ask(url, '{ a: viewer { id } b: viewer { id } }'))).toEqual([])
    const streams = new AbortController()
    const open = (url: string) =>
      fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...eve.headers },
        body: JSON.stringify({ query: 'subscription { inboxEvents { __typename } }' }),
        signal: streams.signal,
      })
    for (const url of everywhere(2)) expect(standingOf(await open(url), 'reads')?.quota).toBe(15)
    using socket = await openSocket(servers.other.wsUrl, { headers: { 'x-forwarded-for': newAddress() } })
    await socket.init({ authorization: eve.headers['authorization'] })
    for (const id of ['1', '2', '3']) {
      socket.send({ id, type: 'subscribe', payload: { query: '{ viewer { id } }' } })
      expect(await socket.next()).toMatchObject({ id, type: 'next' })
      expect(await socket.next()).toMatchObject({ id, type: 'complete' })
    }
    socket.send({ id: '4', type: 'subscribe', payload: { query: 'subscription { inboxEvents { __typename } }' } })
    expect(await socket.next()).toMatchObject({
      id: '4',
      type: 'error',
      payload: [{ extensions: { code: 'RATE_LIMITED', retryAfterMs: expect.any(Number) } }],
    })
    expect(await (await open(servers.one.url)).text()).toContain('RATE_LIMITED')
    expect(codesOf(await eve.ask(servers.one.url, '{ viewer { id } }'))).toEqual(['RATE_LIMITED'])
    socket.send({ id: '5', type: 'subscribe', payload: { query: `mutation { ${write} }` } })
    expect(await socket.next(), 'the socket stays, and other kinds are counted apart').toMatchObject({ id: '5', type: 'next' })
    streams.abort()
  })

  test('count attempts to sign in by address, each alias of them, and nothing else with them', async () => {
    const thief = callerAt(newAddress())
    expect(new Set(codesOf(await thief.ask(servers.one.url, logins(5))))).toEqual(new Set(['INVALID_CREDENTIALS']))
    const refused = await thief.ask(servers.other.url, logins(4))
    expect([refused.status, codesOf(refused), standingOf(refused, 'sign-in')?.quota]).toEqual([429, ['RATE_LIMITED'], 8])
    for (const call of [
      'refreshSession(input: { refreshToken: "x" }) { accessToken }',
      'requestPasswordReset(input: { email: "a@example.org" }) { accepted }',
    ])
      expect(codesOf(await thief.ask(servers.one.url, `mutation { ${call} }`))).toEqual(['RATE_LIMITED'])
    expect(codesOf(await thief.ask(servers.one.url, 'mutation { verifyToken(input: { token: "x" }) { valid } }'))).toEqual([])
    expect(codesOf(await as(bob, newAddress()).ask(servers.one.url, logins(1)))).toEqual(['INVALID_CREDENTIALS'])
    expect(codesOf(await thief.ask(servers.one.url, logins(9)))).toEqual(['QUERY_TOO_COMPLEX'])
  })

  test('take a network of IPv6 for one address, and no invented address for another', async () => {
    const network = newNetwork()
    const forged = ['', '203.0.113.7, ', '::1, 127.0.0.1, ']
    for (const [at, url] of everywhere(8).entries())
      expect(codesOf(await callerAt(`${forged[at % 3]}${network}::${at + 1}`).ask(url, logins(1)))).toEqual(['INVALID_CREDENTIALS'])
    expect(codesOf(await callerAt(`198.51.100.1, ${network}:ffff::1`).ask(servers.one.url, logins(1)))).toEqual(['RATE_LIMITED'])
    expect(codesOf(await callerAt(`${newNetwork()}::1`).ask(servers.one.url, logins(1)))).toEqual(['INVALID_CREDENTIALS'])
  })

  test('count administrators apart', async () => {
    const admin = callerAt(newAddress(), { 'x-admin-api-key': key })
    for (const url of everywhere(6)) expect(codesOf(await admin.ask(url, '{ serverStats { version } }'))).toEqual([])
    expect(codesOf(await admin.ask(servers.one.url, '{ serverStats { version } }'))).toEqual(['RATE_LIMITED'])
    expect(codesOf(await as(bob).ask(servers.one.url, '{ serverStats { version } }')), 'who is none is counted as a reader').toEqual(['FORBIDDEN'])
  })

  test('count all that comes from one address before anything is looked at', async () => {
    const address = newAddress()
    const anybody = callerAt(address)
    const statusOf = async (path: string) => (await fetch(new URL(path, servers.one.url), { headers: anybody.headers })).status
    const first = await anybody.ask(servers.one.url, 'no GraphQL')
    expect(standingOf(first, 'address')).toEqual({ quota: 40, window: 60, left: 39, reset: expect.any(Number) })
    for (const url of everywhere(30))
      await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', ...anybody.headers }, body: 'no JSON' })
    using socket = await openSocket(servers.one.wsUrl, { headers: anybody.headers })
    await socket.init()
    for (let id = 0; id < 6; id += 1) {
      socket.send({ id: String(id), type: 'subscribe', payload: { query: 'no GraphQL either' } })
      expect(await socket.next()).toMatchObject({ type: 'error', payload: [{ extensions: { code: 'BAD_USER_INPUT' } }] })
    }
    expect([await statusOf('/p/nothing-here'), await statusOf('/metrics')]).toEqual([404, 200])
    socket.send({ id: 'above', type: 'subscribe', payload: { query: '{ viewer { id } }' } })
    expect(await socket.next()).toMatchObject({ id: 'above', type: 'error', payload: [{ extensions: { code: 'RATE_LIMITED' } }] })
    const refused = await anybody.ask(servers.other.url, 'no GraphQL')
    expect([refused.status, codesOf(refused), Number(refused.headers.get('retry-after')) > 0]).toEqual([429, ['RATE_LIMITED'], true])
    expect((await fetch(new URL('/p/nothing-here', servers.other.url), { headers: anybody.headers })).status).toBe(429)
    expect(await refusedUpgrade(servers.one.wsUrl, { headers: anybody.headers })).toBe(429)
    expect([await statusOf('/metrics'), await statusOf('/health'), await statusOf('/ready')]).toEqual([429, 200, 200])
    expect(socket.socket.readyState).toBe(socket.socket.OPEN)
  })

  test('are told to pages of listed origins', async () => {
    const answer = await callerAt(newAddress(), { origin: 'https://app.example.com' }).ask(servers.one.url, '{ viewer { id } }')
    const exposed = answer.headers.get('access-control-expose-headers')?.split(', ')
    expect(exposed).toEqual(expect.arrayContaining(['ratelimit', 'ratelimit-policy', 'retry-after']))
  })
})
