import { connect } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { createClient } from 'graphql-ws'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { ask } from './ask.ts'
import { openSocket, refusedUpgrade } from './raw-socket.ts'
import { type SmallServer, startSmallServer } from './small-server.ts'

let server: SmallServer
beforeAll(async () => {
  server = await startSmallServer({
    CORS_ORIGINS: 'https://app.example.com',
    MAX_MESSAGE_BYTES: '4096',
    WS_AUTH_TIMEOUT_MS: '150',
    WS_MAX_SUBSCRIPTIONS: '3',
    WS_MAX_CONNECTIONS_PER_USER: '2',
  })
})
afterAll(() => server[Symbol.asyncDispose]())

const subscribe = (id: string, query: string, variables?: unknown) => ({ id, type: 'subscribe', payload: { query, variables } })

describe('opening a socket', () => {
  it('works at /graphql alone', async () => {
    expect(await refusedUpgrade(server.wsUrl.replace('/graphql', '/other'))).toBe(404)
    expect(await refusedUpgrade(server.wsUrl.replace('/graphql', '/health'))).toBe(404)
  })

  it.each([
    ['https://app.example.com', true],
    ['own', true],
    [undefined, true],
    ['https://evil.example.com', false],
    ['null', false],
    ['http://127.0.0.1:1', false],
  ])('from the origin %s: %s', async (origin, isAllowed) => {
    const headers = origin === undefined ? {} : { origin: origin === 'own' ? `http://127.0.0.1:${server.port}` : origin }
    if (!isAllowed) return expect(await refusedUpgrade(server.wsUrl, { headers })).toBe(403)
    using socket = await openSocket(server.wsUrl, { headers })
    expect(await socket.init()).toEqual({ type: 'connection_ack', payload: { signingKey: expect.stringMatching(/^[\w-]{43}$/) } })
  })

  it('without connection_init closes with 4408', async () => {
    using socket = await openSocket(server.wsUrl)
    expect((await socket.closed).code).toBe(4408)
  })

  it('in no protocol it knows closes with 4406', async () => {
    using socket = await openSocket(server.wsUrl, {}, [])
    expect((await socket.closed).code).toBe(4406)
  })

  it('twice, or speaking before it is acknowledged, closes with the code of the protocol', async () => {
    using eager = await openSocket(server.wsUrl)
    eager.send(subscribe('1', '{ hello }'))
    expect((await eager.closed).code).toBe(4401)
    using twice = await openSocket(server.wsUrl)
    await twice.init()
    twice.send({ type: 'connection_init' })
    expect((await twice.closed).code).toBe(4429)
  })
})

describe('authentication of a socket', () => {
  it.each([
    [{ authorization: 'Bearer ann' }, 'ann'],
    [{ Authorization: 'bearer ann' }, 'ann'],
    [{ AUTHORIZATION: 'Bearer ann' }, 'ann'],
    [{ headers: { Authorization: 'Bearer ann' } }, 'ann'],
    [{ token: 'ann' }, 'ann'],
    [{ token: 'Bearer ann' }, 'ann'],
    [{ Token: 'ann' }, 'ann'],
    [{}, null],
    [{ authorization: '', token: null }, null],
    [undefined, null],
  ])('with %j makes it speak for %s', async (payload, whoAmI) => {
    using socket = await openSocket(server.wsUrl)
    expect(await socket.init(payload)).toMatchObject({ type: 'connection_ack' })
    socket.send(subscribe('1', '{ whoAmI }'))
    expect(await socket.next()).toEqual({ id: '1', type: 'next', payload: { data: { whoAmI } } })
    expect(await socket.next()).toEqual({ id: '1', type: 'complete' })
  })

  it.each([
    ['!TOKEN_EXPIRED', 4403, 'TOKEN_EXPIRED'],
    ['!TOKEN_REVOKED', 4403, 'TOKEN_REVOKED'],
    ['!UNAUTHENTICATED', 4403, 'UNAUTHENTICATED'],
    ['!RATE_LIMITED', 1013, 'RATE_LIMITED'],
    ['database-is-down', 1013, 'INTERNAL_SERVER_ERROR'],
  ])('with the token %s closes with %i, after which clients come back', async (token, code, reason) => {
    using socket = await openSocket(server.wsUrl)
    socket.send({ type: 'connection_init', payload: { token } })
    expect(await socket.closed).toEqual({ code, reason })
    using other = await openSocket(server.wsUrl)
    other.send({ type: 'connection_init', payload: { authorization: `Basic ${token}` } })
    expect(await other.closed).toEqual({ code: 4403, reason: 'UNAUTHENTICATED' })
  })

  it('logs once what went wrong while it asked who someone is', async () => {
    const failures = () => server.logs.filter(line => line['level'] === 50 && JSON.stringify(line).includes('ECONNREFUSED 10.0.0.7')).length
    const before = failures()
    using socket = await openSocket(server.wsUrl)
    socket.send({ type: 'connection_init', payload: { token: 'database-is-down' } })
    await socket.closed
    expect(failures()).toBe(before + 1)
  })
})

describe('the end of a token', () => {
  it('closes the socket with 4403', async () => {
    using socket = await openSocket(server.wsUrl)
    await socket.init({ token: 'eve:200' })
    const startedAt = performance.now()
    expect(await socket.closed).toEqual({ code: 4403, reason: 'TOKEN_EXPIRED' })
    expect(performance.now() - startedAt).toBeGreaterThan(100)
  })

  it('is moved on by renewConnection, for the same user only', async () => {
    using socket = await openSocket(server.wsUrl)
    await socket.init({ token: 'eve:300' })
    const renew = async (token: string) => {
      socket.send(subscribe(token, `mutation { renew(token: "${token}") }`))
      const [answer] = [await socket.next(), await socket.next()]
      return answer.payload
    }
    expect(await renew('mallory')).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] })
    expect(await renew('eve:60000')).toEqual({ data: { renew: true } })
    await delay(400)
    expect(socket.socket.readyState).toBe(WebSocket.OPEN)
    expect(await renew('eve:100')).toEqual({ data: { renew: true } })
    expect(await socket.closed).toEqual({ code: 4403, reason: 'TOKEN_EXPIRED' })
  })

  it('may be further away than a timer can count', async () => {
    using socket = await openSocket(server.wsUrl)
    await socket.init({ token: `frank:${400 * 24 * 3600 * 1000}` })
    await delay(50)
    expect(socket.socket.readyState).toBe(WebSocket.OPEN)
  })

  it('and that of the session close it at once, and its subscriptions with it', async () => {
    using socket = await openSocket(server.wsUrl)
    await socket.init({ token: 'gina' })
    socket.send(subscribe('1', 'subscription { never }'))
    await expect.poll(() => server.openSources.size).toBe(1)
    server.revoke('gina', 'TOKEN_REVOKED')
    expect(await socket.closed).toEqual({ code: 4403, reason: 'TOKEN_REVOKED' })
    await expect.poll(() => server.openSources.size).toBe(0)
  })

  it('is survived by the client library, which comes back with a new token', async () => {
    const tokens = ['hugo:150', 'hugo:60000']
    const client = createClient({
      url: server.wsUrl,
      webSocketImpl: WebSocket,
      connectionParams: () => ({ authorization: `Bearer ${tokens.shift()}` }),
      retryWait: () => delay(10),
      shouldRetry: () => true,
    })
    let counted = 0
    for await (const { data } of client.iterate<{ count: number }>({ query: 'subscription { count(to: 20, everyMs: 15) }' })) {
      expect(data!.count).toBeGreaterThan(0)
      counted += 1
    }
    await client.dispose()
    expect(counted).toBeGreaterThan(20)
    expect(tokens).toEqual([])
  })
})

describe('limits of sockets', () => {
  it('hold for one user, with a code after which clients come back, and free their place', async () => {
    const [first, second, third] = await Promise.all([1, 2, 3].map(() => openSocket(server.wsUrl)))
    await first!.init({ token: 'ines' })
    await second!.init({ token: 'ines' })
    third!.send({ type: 'connection_init', payload: { token: 'ines' } })
    expect(await third!.closed).toEqual({ code: 1013, reason: 'TOO_MANY_CONNECTIONS' })
    first!.socket.close()
    await first!.closed
    using again = await openSocket(server.wsUrl)
    expect(await again.init({ token: 'ines' })).toMatchObject({ type: 'connection_ack' })
    second!.socket.terminate()
  })

  it('hold for the whole server, before any message', async () => {
    await using small = await startSmallServer({ WS_MAX_CONNECTIONS: '2' })
    const open = [await openSocket(small.wsUrl), await openSocket(small.wsUrl)]
    expect(await refusedUpgrade(small.wsUrl)).toBe(503)
    open[0]!.socket.terminate()
    await delay(50)
    using again = await openSocket(small.wsUrl)
    expect(await again.init()).toMatchObject({ type: 'connection_ack' })
    open[1]!.socket.terminate()
  })

  it('hold for the operations on one socket', async () => {
    using socket = await openSocket(server.wsUrl)
    await socket.init()
    for (const id of ['1', '2', '3']) socket.send(subscribe(id, 'subscription { never }'))
    socket.send(subscribe('4', '{ hello }'))
    expect(await socket.next()).toMatchObject({ id: '4', type: 'error', payload: [{ extensions: { code: 'QUOTA_EXCEEDED' } }] })
    socket.send({ id: '2', type: 'complete' })
    await expect.poll(() => server.openSources.size).toBe(2)
    socket.send(subscribe('5', '{ hello }'))
    expect(await socket.next()).toMatchObject({ id: '5', type: 'next', payload: { data: { hello: 'Hello, you' } } })
  })

  it('hold for the size of a message, before connection_init too', async () => {
    using socket = await openSocket(server.wsUrl)
    socket.send({ type: 'connection_init', payload: { padding: 'x'.repeat(5000) } })
    expect((await socket.closed).code).toBe(1009)
  })

  it('hold for the ids of operations', async () => {
    using socket = await openSocket(server.wsUrl)
    await socket.init()
    socket.send(subscribe('1', 'subscription { never }'))
    await expect.poll(() => server.openSources.size).toBe(1)
    socket.send(subscribe('1', '{ hello }'))
    expect((await socket.closed).code).toBe(4409)
    using long = await openSocket(server.wsUrl)
    await long.init()
    long.send(subscribe('x'.repeat(300), '{ hello }'))
    expect((await long.closed).code).toBe(4400)
    await expect.poll(() => server.openSources.size).toBe(0)
  })

  it.each(['x', 'é', '漢', '😀'])('and leave room in a close frame for what they are made of: %s', async character => {
    using socket = await openSocket(server.wsUrl)
    await socket.init()
    const id = character.repeat(120)
    socket.send(subscribe(id, 'subscription { never }'))
    socket.send(subscribe(id, '{ hello }'))
    const { code, reason } = await socket.closed
    expect(code).toBe(4409)
    expect(reason).toMatch(new RegExp(`^Subscriber for (${character})+$`, 'u'))
    expect((await ask(server.url, '{ hello }')).data).toEqual({ hello: 'Hello, you' })
  })
})

describe('hostile peers', () => {
  const survives = async () => expect((await ask(server.url, '{ hello }')).data).toEqual({ hello: 'Hello, you' })

  it.each([
    ['no JSON'],
    ['{}'],
    ['[]'],
    ['null'],
    ['{"type":"nonsense"}'],
    ['{"type":"subscribe","id":7,"payload":{"query":"{ hello }"}}'],
    ['{"type":"connection_init","payload":"text"}'],
  ])('that send %s are closed with 4400', async text => {
    using socket = await openSocket(server.wsUrl)
    await socket.init()
    socket.send(text)
    expect((await socket.closed).code).toBe(4400)
    await survives()
  })

  it('that nest their pings deeply get their pong', async () => {
    await using roomy = await startSmallServer()
    using socket = await openSocket(roomy.wsUrl)
    await socket.init()
    socket.send(`{"type":"ping","payload":{"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}}`)
    expect(await socket.next()).toEqual({ type: 'pong' })
    socket.send({ type: 'ping', payload: { sentAt: 7 } })
    expect(await socket.next()).toEqual({ type: 'pong', payload: { sentAt: 7 } })
    socket.send(
      `{"type":"subscribe","id":"1","payload":{"query":"query ($i: EchoInput!) { echo(input: $i) }","variables":{"i":${'{"deep":['.repeat(60_000)}${']}'.repeat(60_000)}}}}`,
    )
    expect(await Promise.race([socket.next(), socket.closed])).toBeDefined()
    expect((await ask(roomy.url, '{ hello }')).data).toEqual({ hello: 'Hello, you' })
  })

  it('that send broken frames, or break off, do no harm', async () => {
    const frames = ['\xff\xff\xff\xff\xff\xff\xff\xff', '\x81\x05hello', '\xc1\x80\0\0\0\0', '\x89\xfe\xff\xff', '\x81\x82\0\0\0\0\xff\xfe', '']
    for (const frame of frames) {
      const raw = connect(server.port, '127.0.0.1')
      raw.on('error', () => {})
      raw.write(
        'GET /graphql HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n',
      )
      await new Promise(resolve => raw.once('data', resolve))
      raw.write(Buffer.from(frame, 'latin1'))
      await delay(10)
      raw.resetAndDestroy()
    }
    await survives()
  })

  it('that do not answer pings are dropped, and those that do are not', async () => {
    await using brisk = await startSmallServer({ WS_HEARTBEAT_INTERVAL_MS: '200' })
    using stack = new DisposableStack()
    const open = async (autoPong: boolean) => stack.use(await openSocket(brisk.wsUrl, { autoPong }))
    const sockets = await Promise.all(Array.from({ length: 40 }, (_, index) => open(index % 2 === 0)))
    const { alive = [], dead = [] } = Object.groupBy(sockets, (_, index) => (index % 2 === 0 ? 'alive' : 'dead'))
    await Promise.all(alive.map(socket => socket.init()))
    expect(await Promise.all(dead.map(async ({ closed }) => (await closed).code))).toEqual(dead.map(() => 1006))
    await delay(500)
    expect(alive.map(({ socket }) => socket.readyState)).toEqual(alive.map(() => WebSocket.OPEN))
    await ask(brisk.url, '{ hello }')
  })

  it('that never read what they asked for cost a bounded amount of memory', async () => {
    await using small = await startSmallServer({ WS_MAX_BUFFERED_BYTES: '65536' })
    using socket = await openSocket(small.wsUrl)
    await socket.init()
    socket.send(subscribe('1', 'subscription { big(bytes: 100000) }'))
    socket.socket.pause()
    await delay(50)
    const before = process.memoryUsage().rss
    for (let at = 0; at < 20_000; at += 1) socket.send({ type: 'ping', payload: { padding: 'x'.repeat(1000) } })
    await delay(500)
    expect(process.memoryUsage().rss - before).toBeLessThan(120_000_000)
  })
})

describe('running operations', () => {
  it('puts the frames of one turn into few writes and keeps their order', async () => {
    using socket = await openSocket(server.wsUrl)
    await socket.init()
    socket.send(subscribe('1', 'subscription { count(to: 50) }'))
    for (let count = 1; count <= 50; count += 1) expect(await socket.next()).toEqual({ id: '1', type: 'next', payload: { data: { count } } })
    expect(await socket.next()).toEqual({ id: '1', type: 'complete' })
  })

  it('leaves a subscription to the fan-out, which may write its frames itself', async () => {
    await using grouped = await startSmallServer(
      {},
      {
        subscribeGrouped: (_, { id, socket }) => {
          socket.send(Buffer.from(`{"id":"${id}","type":"next",`), Buffer.from(`"payload":{"data":{"isBehind":${socket.isBehind()}}}}`))
          return {
            [Symbol.asyncIterator]: () => ({
              next: async () => ({ done: true, value: undefined }),
              return: async () => ({ done: true, value: undefined }),
            }),
          }
        },
      },
    )
    using socket = await openSocket(grouped.wsUrl)
    await socket.init()
    socket.send(subscribe('mine', 'subscription { count(to: 50) }'))
    expect(await socket.next()).toEqual({ id: 'mine', type: 'next', payload: { data: { isBehind: false } } })
    expect(await socket.next()).toEqual({ id: 'mine', type: 'complete' })
  })

  it('gives resolvers the socket, and tells them when it is gone', async () => {
    using socket = await openSocket(server.wsUrl)
    await socket.init({ token: 'jan' })
    socket.send(subscribe('1', '{ hello }'))
    await socket.next()
    const { connection, viewer, ip } = server.contexts.at(-1)!
    expect([viewer?.userId, ip]).toEqual(['jan', '127.0.0.1'])
    const gone = new Promise<void>(resolve => connection!.onClose(resolve))
    socket.socket.terminate()
    await gone
    await new Promise<void>(resolve => connection!.onClose(resolve))
  })

  it('remembers documents across HTTP and sockets, and still runs each with its own variables', async () => {
    using socket = await openSocket(server.wsUrl)
    await socket.init()
    const query = 'query ($name: String) { hello(name: $name) }'
    for (const name of ['a', 'b']) {
      socket.send(subscribe(name, query, { name }))
      expect(await socket.next()).toMatchObject({ payload: { data: { hello: `Hello, ${name}` } } })
      await socket.next()
      expect((await ask(server.url, query, { name: `${name}2` })).data).toEqual({ hello: `Hello, ${name}2` })
    }
  })
})
