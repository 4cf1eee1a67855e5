import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { answerOf, ask, codesOf } from './ask.ts'
import { type SmallServer, startSmallServer } from './small-server.ts'

let server: SmallServer
beforeAll(async () => {
  server = await startSmallServer({
    CORS_ORIGINS: 'https://app.example.com,app://tidemark',
    MAX_MESSAGE_BYTES: '2048',
    TRUSTED_PROXIES: '127.0.0.0/8,10.1.0.0/16,2001:db8::/32',
  })
})
afterAll(() => server[Symbol.asyncDispose]())

const json = { 'content-type': 'application/json' }
const at = (path: string) => new URL(path, server.url).href

describe('GraphQL over HTTP', () => {
  it('answers queries by POST and by GET', async () => {
    expect((await ask(server.url, 'query ($name: String) { hello(name: $name) }', { name: 'Ann' })).data).toEqual({ hello: 'Hello, Ann' })
    const query = new URLSearchParams({ query: 'query ($name: String) { hello(name: $name) }', variables: '{"name":"Bob"}' })
    expect((await answerOf(await fetch(`${server.url}?${query}`))).data).toEqual({ hello: 'Hello, Bob' })
  })

  it('refuses mutations by GET', async () => {
    const answer = await answerOf(await fetch(`${server.url}?${new URLSearchParams({ query: 'mutation { slowly(ms: 0) }' })}`))
    expect([answer.status, answer.headers.get('allow'), codesOf(answer)]).toEqual([405, 'POST', ['BAD_USER_INPUT']])
  })

  it.each([
    ['application/x-www-form-urlencoded', 'query=mutation%7Bslowly(ms%3A0)%7D'],
    ['text/plain', '{"query":"mutation{slowly(ms:0)}"}'],
    ['application/graphql', 'mutation{slowly(ms:0)}'],
    [
      'multipart/form-data; boundary=x',
      '--x\r\nContent-Disposition: form-data; name="operations"\r\n\r\n{"query":"mutation{slowly(ms:0)}"}\r\n--x--\r\n',
    ],
    ['application/json; charset=utf-16', '{"query":"mutation{slowly(ms:0)}"}'],
  ])('refuses bodies of type %s, which other pages can send', async (type, body) => {
    const answer = await answerOf(await fetch(server.url, { method: 'POST', headers: { 'content-type': type }, body }))
    expect([answer.status, codesOf(answer)]).toEqual([415, ['BAD_USER_INPUT']])
  })

  it('refuses bodies above the limit, announced or not, and lets the client read why', async () => {
    const body = JSON.stringify({ query: `{ hello(name: "${'x'.repeat(3000)}") }` })
    const announced = await answerOf(await fetch(server.url, { method: 'POST', headers: json, body }))
    expect([announced.status, codesOf(announced)]).toEqual([413, ['PAYLOAD_TOO_LARGE']])
    const chunks = new ReadableStream({
      start(controller) {
        for (let at = 0; at < body.length; at += 100) controller.enqueue(new TextEncoder().encode(body.slice(at, at + 100)))
        controller.close()
      },
    })
    const chunked = await answerOf(await fetch(server.url, { method: 'POST', headers: json, body: chunks, duplex: 'half' } as RequestInit))
    expect([chunked.status, codesOf(chunked)]).toEqual([413, ['PAYLOAD_TOO_LARGE']])
    const huge = await answerOf(
      await fetch(server.url, {
        method: 'POST',
        headers: { ...json, 'content-length': '900000000' },
        body: 'x',
        duplex: 'half',
      } as RequestInit).catch(() => new Response(null, { status: 413 })),
    )
    expect(huge.status).toBe(413)
  })

  it.each([
    ['[{"query":"{ hello }"},{"query":"{ hello }"}]', 'a batch'],
    ['{"query":', 'broken JSON'],
    ['"text"', 'text'],
    ['null', 'null'],
    ['{"query":"{ hello }","variables":[1]}', 'variables that are a list'],
    ['{"query":"{ hello }","nonsense":1}', 'an unknown parameter'],
    ['', 'nothing'],
  ])('answers %s with 400 and a code', async body => {
    const answer = await answerOf(await fetch(server.url, { method: 'POST', headers: json, body }))
    expect([answer.status, codesOf(answer)]).toEqual([400, ['BAD_USER_INPUT']])
  })

  it('refuses other methods, other answers and other paths, each as JSON with a code', async () => {
    const put = await answerOf(await fetch(server.url, { method: 'PUT', headers: json, body: '{}' }))
    expect([put.status, put.headers.get('allow'), codesOf(put)]).toEqual([405, 'GET, POST', ['BAD_USER_INPUT']])
    const image = await ask(server.url, '{ hello }', undefined, { accept: 'image/png' })
    expect([image.status, codesOf(image)]).toEqual([406, ['BAD_USER_INPUT']])
    for (const path of ['/nothing', '/graphql/more', '/graphiql/../../package.json', '/graphiql/%2e%2e/boot.js', '/constructor', '/__proto__']) {
      const answer = await answerOf(await fetch(at(path)))
      expect([path, answer.status, codesOf(answer)]).toEqual([path, 404, ['NOT_FOUND']])
    }
  })

  it('hardens every answer', async () => {
    for (const path of ['/graphql?query={hello}', '/health', '/nothing']) {
      const { headers } = await fetch(at(path))
      expect([path, headers.get('x-content-type-options'), headers.get('x-frame-options')]).toEqual([path, 'nosniff', 'DENY'])
      expect(headers.get('content-security-policy')).toContain("default-src 'none'")
      expect(headers.get('x-request-id')).toMatch(/^[\da-f-]{36}$/)
    }
    expect((await fetch(at('/graphql?query={hello}'))).headers.get('cache-control')).toBe('no-store')
  })
})

describe('authentication over HTTP', () => {
  it('takes a Bearer token in any case of letters, and none at all for anonymous', async () => {
    expect((await ask(server.url, '{ whoAmI }', undefined, { authorization: 'Bearer ann' })).data).toEqual({ whoAmI: 'ann' })
    expect((await ask(server.url, '{ whoAmI }', undefined, { authorization: 'bearer  bob' })).data).toEqual({ whoAmI: 'bob' })
    expect((await ask(server.url, '{ whoAmI }')).data).toEqual({ whoAmI: null })
  })

  it.each([
    ['Bearer !TOKEN_EXPIRED', 'TOKEN_EXPIRED'],
    ['Bearer !TOKEN_REVOKED', 'TOKEN_REVOKED'],
    ['Bearer !UNAUTHENTICATED', 'UNAUTHENTICATED'],
    ['Basic YW5uOmFubg==', 'UNAUTHENTICATED'],
    ['Bearer', 'UNAUTHENTICATED'],
    ['Bearer a b', 'UNAUTHENTICATED'],
  ])('fails every operation that comes with %s', async (authorization, code) => {
    const modern = await ask(server.url, '{ hello }', undefined, { authorization, accept: 'application/graphql-response+json' })
    expect([modern.status, codesOf(modern), modern.data]).toEqual([401, [code], undefined])
    const old = await ask(server.url, '{ hello }', undefined, { authorization })
    expect([old.status, codesOf(old)]).toEqual([200, [code]])
    const stream = await ask(server.url, 'subscription { count(to: 1) }', undefined, { authorization, accept: 'text/event-stream' })
    expect(stream.text).toContain(`"code":"${code}"`)
  })

  it('masks what goes wrong while it asks who someone is', async () => {
    const answer = await ask(server.url, '{ hello }', undefined, { authorization: 'Bearer database-is-down' })
    expect([answer.status, codesOf(answer)]).toEqual([500, ['INTERNAL_SERVER_ERROR']])
    expect(answer.text).not.toContain('10.0.0.7')
  })
})

describe('CORS', () => {
  const preflight = (origin: string) =>
    fetch(server.url, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' },
    })

  it.each(['https://app.example.com', 'app://tidemark'])('lets the listed origin %s in', async origin => {
    const { status, headers } = await preflight(origin)
    expect([status, headers.get('access-control-allow-origin'), headers.get('access-control-allow-methods')]).toEqual([204, origin, 'GET, POST'])
    expect(headers.get('access-control-allow-headers')).toContain('authorization')
    const answer = await ask(server.url, '{ hello }', undefined, { origin })
    expect([answer.headers.get('access-control-allow-origin'), answer.headers.get('vary')]).toEqual([origin, 'Origin'])
  })

  it.each(['https://evil.example.com', 'https://app.example.com.evil.com', 'http://app.example.com', 'null', ''])(
    'says nothing to the origin %j',
    async origin => {
      for (const { headers } of [await preflight(origin), await ask(server.url, '{ hello }', undefined, { origin })]) {
        expect(headers.get('access-control-allow-origin')).toBeNull()
        expect(headers.get('access-control-allow-credentials')).toBeNull()
      }
    },
  )
})

describe('the address of a caller', () => {
  const ipFor = async (forwarded?: string) =>
    (await ask(server.url, '{ ip }', undefined, forwarded === undefined ? {} : { 'x-forwarded-for': forwarded })).data?.ip

  it('is the one that the last trusted proxy saw', async () => {
    expect(await ipFor()).toBe('127.0.0.1')
    expect(await ipFor('203.0.113.9')).toBe('203.0.113.9')
    expect(await ipFor('203.0.113.9, 10.1.2.3')).toBe('203.0.113.9')
    expect(await ipFor('[2606:4700::1]:4711, 2001:db8::7, ::ffff:10.1.0.1')).toBe('2606:4700::1')
  })

  it('is not what a client claims', async () => {
    expect(await ipFor('1.1.1.1, 203.0.113.9')).toBe('203.0.113.9')
    expect(await ipFor('10.1.0.1, nonsense')).toBe('127.0.0.1')
    expect(await ipFor('10.1.0.1, 203.0.113.9, 10.1.2.3')).toBe('203.0.113.9')
    await using alone = await startSmallServer()
    expect((await ask(alone.url, '{ ip }', undefined, { 'x-forwarded-for': '203.0.113.9' })).data).toEqual({ ip: '127.0.0.1' })
  })

  it.each(['10.0.0.0/33', '10.0.0', 'proxy.internal', '10.0.0.0/', 'fd00::/129'])('stops the start when TRUSTED_PROXIES has %s', async entry => {
    await expect(startSmallServer({ TRUSTED_PROXIES: entry })).rejects.toThrow('TRUSTED_PROXIES')
  })
})

describe('server-sent events', () => {
  const events = { accept: 'text/event-stream' }

  it('carry a subscription to its end, and queries too', async () => {
    const stream = await ask(server.url, 'subscription { count(to: 2) }', undefined, events)
    expect(stream.headers.get('content-type')).toContain('text/event-stream')
    expect([...stream.text.matchAll(/^data: (.+)$/gm)].map(match => JSON.parse(match[1]!))).toEqual([{ data: { count: 1 } }, { data: { count: 2 } }])
    expect(stream.text.trimEnd()).toMatch(/event: complete\ndata:$/)
    expect((await ask(server.url, '{ hello }', undefined, events)).text).toContain('data: {"data":{"hello":"Hello, you"}}')
  })

  it('are what a subscription over HTTP needs: other answers are refused, and nothing is left open', async () => {
    for (const accept of ['application/json', 'multipart/mixed']) {
      const answer = await ask(server.url, 'subscription { never }', undefined, { accept })
      expect([answer.status, answer.text]).toEqual([406, expect.stringContaining('BAD_USER_INPUT')])
    }
    expect(server.openSources.size).toBe(0)
  })

  it('end the subscription when the client goes', async () => {
    const controller = new AbortController()
    const response = await fetch(server.url, {
      method: 'POST',
      headers: { ...json, ...events },
      body: JSON.stringify({ query: 'subscription { never }' }),
      signal: controller.signal,
    })
    await response.body!.getReader().read()
    expect(server.openSources.size).toBe(1)
    controller.abort()
    await expect.poll(() => server.openSources.size).toBe(0)
  })

  it('end with the token, and with the session, though nothing ever happens on the feed', async () => {
    const ends = async (token: string) =>
      (await ask(server.url, 'subscription { never }', undefined, { ...events, authorization: `Bearer ${token}` })).text
    expect(await ends('ann:200')).toContain('"code":"TOKEN_EXPIRED"')
    const bob = ends('bob')
    await expect.poll(() => server.openSources.size).toBe(1)
    server.revoke('bob', 'TOKEN_REVOKED')
    expect(await bob).toContain('"code":"TOKEN_REVOKED"')
    expect(server.openSources.size).toBe(0)
  })

  it('count as connections', async () => {
    await using small = await startSmallServer({ WS_MAX_CONNECTIONS: '3', WS_MAX_CONNECTIONS_PER_USER: '1' })
    const controller = new AbortController()
    const open = (token: string) =>
      fetch(small.url, {
        method: 'POST',
        headers: { ...json, ...events, authorization: `Bearer ${token}` },
        body: JSON.stringify({ query: 'subscription { never }' }),
        signal: controller.signal,
      })
    const first = await open('ann')
    expect(first.status).toBe(200)
    expect(await (await open('ann')).text()).toContain('TOO_MANY_CONNECTIONS')
    await open('bob')
    await open('cem')
    const full = await open('dora')
    expect([full.status, await full.text()]).toEqual([503, expect.stringContaining('TOO_MANY_CONNECTIONS')])
    controller.abort()
    await expect
      .poll(async () => (await ask(small.url, 'subscription { count(to: 1) }', undefined, { ...events, authorization: 'Bearer ann' })).status)
      .toBe(200)
  })
})

it('survives clients that leave in the middle of a body', async () => {
  const half = request(server.url, { method: 'POST', headers: { ...json, 'content-length': '100' } })
  half.on('error', () => {})
  half.write('{"query":')
  await new Promise(resolve => setTimeout(resolve, 20))
  half.destroy()
  expect((await ask(server.url, '{ hello }')).status).toBe(200)
})
