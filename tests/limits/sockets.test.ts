import { once } from 'node:events'
import { request } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask, codesOf } from '../transport/ask.ts'
import { openSocket, type RawSocket, refusedUpgrade } from '../transport/raw-socket.ts'
import { type SmallServer, startSmallServer } from '../transport/small-server.ts'
import { callerAt, newAddress, newNetwork } from './callers.ts'

const windowMs = 3_000
let server: SmallServer
let boundless: SmallServer
beforeAll(async () => {
  const common = { TRUSTED_PROXIES: '127.0.0.1' }
  const off = {
    WS_RATE_LIMIT_MAX_MESSAGES: '0',
    WS_MAX_CONNECTIONS: '0',
    WS_MAX_CONNECTIONS_PER_USER: '0',
    WS_MAX_CONNECTIONS_PER_ADDRESS: '0',
    WS_MAX_SUBSCRIPTIONS: '0',
  }
  const none = {
    IP_RATE_LIMIT_PER_MIN: '0',
    RATE_LIMIT_PER_MIN: '0',
    READ_RATE_LIMIT_PER_MIN: '0',
    SIGN_IN_RATE_LIMIT_PER_MIN: '0',
    ADMIN_RATE_LIMIT_PER_MIN: '0',
  }
  boundless = await startSmallServer({ ...common, ...off, ...none })
  server = await startSmallServer({
    ...common,
    ...none,
    WS_RATE_LIMIT_MAX_MESSAGES: '10',
    WS_RATE_LIMIT_WINDOW_MS: String(windowMs),
    WS_MAX_CONNECTIONS_PER_ADDRESS: '3',
    WS_MAX_CONNECTIONS_PER_USER: '2',
  })
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await boundless[Symbol.asyncDispose]()
})

const at = (address = newAddress()) => ({ headers: { 'x-forwarded-for': address } })
const subscribe = (id: string, query = '{ hello }') => ({ id, type: 'subscribe', payload: { query } })
const hello = { data: { hello: 'Hello, you' } }

async function signedIn(url: string, options = at()): Promise<RawSocket> {
  const socket = await openSocket(url, options)
  await socket.init()
  return socket
}

/** Sends so many operations at once and gives how each ended. */
async function flood(socket: RawSocket, ids: readonly string[]): Promise<readonly string[]> {
  for (const id of ids) socket.send(subscribe(id))
  const ends: string[] = []
  while (ends.length < ids.length) {
    const { type } = await socket.next()
    if (type !== 'next') ends.push(type)
  }
  return ends
}

const named = (prefix: string, count: number) => Array.from({ length: count }, (_, at) => `${prefix}${at}`)

describe('a socket with too many messages', () => {
  it('is refused what it would start, hears when to come back, and stays', async () => {
    using socket = await signedIn(server.wsUrl)
    const ends = await flood(socket, named('a', 12))
    expect(ends.filter(type => type === 'complete')).toHaveLength(9)
    socket.send(subscribe('b'))
    const refused = (await socket.next()) as {
      id: string
      type: string
      payload: { message: string; extensions: { code: string; retryAfterMs: number } }[]
    }
    expect(refused).toMatchObject({ id: 'b', type: 'error', payload: [{ extensions: { code: 'RATE_LIMITED' } }] })
    const { retryAfterMs = 0 } = refused.payload[0]?.extensions ?? {}
    expect(retryAfterMs).toBeGreaterThan(0)
    expect(retryAfterMs).toBeLessThanOrEqual(windowMs)
    await delay(retryAfterMs)
    socket.send(subscribe('c'))
    expect(await socket.next()).toMatchObject({ id: 'c', type: 'next', payload: hello })
  })

  it('still ends what runs, and still gets its pongs', async () => {
    using socket = await signedIn(server.wsUrl)
    socket.send(subscribe('feed', 'subscription { never }'))
    await expect.poll(() => server.openSources.size).toBe(1)
    expect((await flood(socket, named('a', 10))).filter(type => type === 'error')).toHaveLength(2)
    socket.send({ type: 'ping', payload: { at: 1 } })
    expect(await socket.next()).toEqual({ type: 'pong', payload: { at: 1 } })
    socket.send({ id: 'feed', type: 'complete' })
    await expect.poll(() => server.openSources.size).toBe(0)
  })

  it('is not even listened to when there are twice as many', async () => {
    using socket = await signedIn(server.wsUrl)
    for (const id of named('a', 40)) socket.send(subscribe(id))
    const frames: string[] = []
    for (let count = 0; count < 9 + 9 + 10; count += 1) frames.push((await socket.next()).type)
    expect([frames.filter(type => type === 'complete').length, frames.filter(type => type === 'error').length]).toEqual([9, 10])
    await delay(windowMs)
    socket.send(subscribe('later'))
    expect(await socket.next(), 'nothing was said of the other twenty').toMatchObject({ id: 'later', type: 'next' })
  })

  it('does not keep others from theirs', async () => {
    const address = at()
    using first = await signedIn(server.wsUrl, address)
    using second = await signedIn(server.wsUrl, address)
    await flood(first, named('a', 12))
    expect(await flood(second, named('a', 9))).toEqual(new Array(9).fill('complete'))
  })
})

describe('the connections of one address', () => {
  const stream = (options: { headers: Record<string, string> }, signal: AbortSignal) =>
    fetch(server.url, {
      method: 'POST',
      headers: { ...options.headers, 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ query: 'subscription { never }' }),
      signal,
    })

  it('are limited, sockets and streams of events together, and free their places', async () => {
    const address = at()
    const leaving = new AbortController()
    using first = await openSocket(server.wsUrl, address)
    using _second = await signedIn(server.wsUrl, address)
    await stream(address, leaving.signal)
    await expect.poll(() => server.openSources.size).toBe(1)
    expect(await refusedUpgrade(server.wsUrl, address)).toBe(503)
    expect(await (await stream(address, new AbortController().signal)).text()).toContain('TOO_MANY_CONNECTIONS')
    expect(codesOf(await callerAt(address.headers['x-forwarded-for']).ask(server.url, '{ hello }')), 'what holds nothing open is free').toEqual([])
    leaving.abort()
    await expect.poll(() => server.openSources.size).toBe(0)
    using _third = await openSocket(server.wsUrl, address)
    expect(await refusedUpgrade(server.wsUrl, address)).toBe(503)
    first.socket.terminate()
    await expect
      .poll(async () =>
        openSocket(server.wsUrl, address).then(
          socket => socket.socket.readyState,
          () => 0,
        ),
      )
      .toBe(1)
  })

  it('are none where a handshake fails', async () => {
    const address = at()
    for (let time = 1; time <= 4; time += 1) {
      const [response] = await once(
        request(server.url, { headers: { ...address.headers, connection: 'upgrade', upgrade: 'websocket' } }).end(),
        'response',
      )
      expect(response.resume().statusCode).toBe(400)
    }
    using _socket = await openSocket(server.wsUrl, address)
  })

  it('are those of one IPv6 network, whatever a client claims', async () => {
    const network = newNetwork()
    const open = await Promise.all(
      ['', '::1, ', '203.0.113.9, '].map((forged, host) => openSocket(server.wsUrl, at(`${forged}${network}::${host + 1}`))),
    )
    expect(await refusedUpgrade(server.wsUrl, at(`198.51.100.7, ${network}:1:2:3:4`))).toBe(503)
    using _other = await openSocket(server.wsUrl, at(`${newNetwork()}::1`))
    for (const { socket } of open) socket.terminate()
  })
})

describe('the connections of one user', () => {
  it('are limited from whatever addresses, by a code after which clients come back', async () => {
    const open = await Promise.all([1, 2].map(() => openSocket(server.wsUrl, at())))
    for (const socket of open) expect(await socket.init({ token: 'mona' })).toMatchObject({ type: 'connection_ack' })
    using third = await openSocket(server.wsUrl, at())
    third.send({ type: 'connection_init', payload: { token: 'mona' } })
    expect(await third.closed).toEqual({ code: 1013, reason: 'TOO_MANY_CONNECTIONS' })
    open[0]?.socket.terminate()
    await expect
      .poll(async () => {
        const again = await openSocket(server.wsUrl, at())
        return Promise.race([again.init({ token: 'mona' }).then(({ type }) => type), again.closed.then(({ reason }) => reason)])
      })
      .toBe('connection_ack')
    for (const { socket } of open) socket.terminate()
  })
})

describe('a limit of 0', () => {
  it('is none', async () => {
    const sockets = await Promise.all(named('s', 30).map(() => openSocket(boundless.wsUrl, at('203.0.113.1'))))
    for (const socket of sockets) expect(await socket.init({ token: 'olga' })).toMatchObject({ type: 'connection_ack' })
    const [socket] = sockets
    if (!socket) throw new Error('There is no socket.')
    expect(await flood(socket, named('a', 600))).toEqual(new Array(600).fill('complete'))
    for (const id of named('f', 600)) socket.send(subscribe(id, 'subscription { never }'))
    await expect.poll(() => boundless.openSources.size).toBe(600)
    for (const each of sockets) each.socket.terminate()
    const answers = await Promise.all(
      named('q', 100).map(() =>
        ask(
          boundless.url,
          `mutation { ${named('m', 50)
            .map(id => `${id}: slowly(ms: 0)`)
            .join(' ')} }`,
        ),
      ),
    )
    expect(answers.filter(({ status, headers }) => status !== 200 || headers.has('ratelimit') || headers.has('ratelimit-policy'))).toEqual([])
  })
})

describe('the defaults', () => {
  it('let one type and move a cursor, twenty times a second for a whole minute, and no more', async () => {
    await using usual = await startSmallServer()
    using socket = await openSocket(usual.wsUrl)
    await socket.init({ token: 'ada' })
    const write = (id: string) => socket.send({ id, type: 'subscribe', payload: { query: 'mutation { secret(password: "p") }' } })
    for (let second = 0; second < 60; second += 1) {
      for (const id of named(`w${second}-`, 20)) write(id)
      for (let frames = 0; frames < 2 * 20; frames += 1) expect((await socket.next()).type).not.toBe('error')
    }
    write('above')
    expect(await socket.next()).toMatchObject({ id: 'above', type: 'error', payload: [{ extensions: { code: 'RATE_LIMITED' } }] })
  })
})
