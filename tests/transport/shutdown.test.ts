import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { ask, codesOf } from './ask.ts'
import { openSocket, refusedUpgrade } from './raw-socket.ts'
import { startSmallServer } from './small-server.ts'

/** A time to finish in that no test lasts. */
const unreached = 600_000
const slowly = (ms: number) => `mutation { slowly(ms: ${ms}) }`

describe('a server that stops', () => {
  it('lets mutations finish and be answered, refuses new ones, and then sends its clients elsewhere', async () => {
    await using server = await startSmallServer()
    using socket = await openSocket(server.wsUrl)
    await socket.init()
    const overHttp = ask(server.url, slowly(300))
    socket.send({ id: '1', type: 'subscribe', payload: { query: slowly(300) } })
    socket.send({ id: '2', type: 'subscribe', payload: { query: 'subscription { never }' } })
    await expect.poll(() => server.openSources.size).toBe(1)
    await delay(50)
    const closed = server.close(unreached)
    socket.send({ id: '3', type: 'subscribe', payload: { query: '{ hello }' } })
    expect(await socket.next()).toMatchObject({ id: '3', type: 'error', payload: [{ extensions: { code: 'SHUTTING_DOWN' } }] })
    await expect(ask(server.url, '{ hello }')).rejects.toThrow('fetch failed')
    await expect(refusedUpgrade(server.wsUrl)).rejects.toThrow()
    const answer = await overHttp
    expect([answer.data, answer.headers.get('connection')]).toEqual([{ slowly: 300 }, 'close'])
    expect(await socket.next()).toMatchObject({ id: '1', payload: { data: { slowly: 300 } } })
    expect(await socket.next()).toEqual({ id: '1', type: 'complete' })
    expect(await socket.closed).toEqual({ code: 1012, reason: 'SHUTTING_DOWN' })
    await closed
    expect(server.openSources.size).toBe(0)
  })

  it('refuses a request whose first half it had, and ends the connection', async () => {
    await using server = await startSmallServer()
    const raw = connect(server.port, '127.0.0.1')
    raw.write('GET /graphql?query={hello} HTTP/1.1\r\nHost: x\r\n')
    await delay(50)
    const closed = server.close(unreached)
    raw.write('Accept: application/json\r\n\r\n')
    const answer = await text(raw)
    expect(answer).toMatch(/^HTTP\/1.1 503 /)
    expect(answer).toMatch(/^connection: close\r$/im)
    expect(answer).toContain('SHUTTING_DOWN')
    await closed
  })

  it('cuts streams of server-sent events, so that clients do not take them for complete', async () => {
    await using server = await startSmallServer()
    const response = await fetch(server.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ query: 'subscription { never }' }),
    })
    const body = response.text()
    body.catch(() => undefined)
    await expect.poll(() => server.openSources.size).toBe(1)
    await server.close(unreached)
    await expect(body).rejects.toThrow()
    expect(server.openSources.size).toBe(0)
  })

  it('does not wait beyond its deadline', async () => {
    await using server = await startSmallServer()
    using socket = await openSocket(server.wsUrl, { autoPong: false })
    await socket.init()
    socket.socket.pause()
    const hopeless = ask(server.url, slowly(20_000)).catch(error => error)
    await delay(50)
    await server.close(200)
    expect(await hopeless).toBeInstanceOf(Error)
  })

  it('may be told so twice', async () => {
    await using server = await startSmallServer()
    await Promise.all([server.close(100), server.close(100)])
    await server.close(0)
  })
})

it('answers an operation without a name, and one whose field fails, on a socket that stays open', async () => {
  await using server = await startSmallServer()
  using socket = await openSocket(server.wsUrl)
  await socket.init()
  socket.send({ id: '1', type: 'subscribe', payload: { query: 'query A { hello } query B { hello }', operationName: 'B' } })
  expect(await socket.next()).toMatchObject({ payload: { data: { hello: 'Hello, you' } } })
  expect(codesOf(await ask(server.url, 'query A { hello } query B { hello }'))).toEqual(['BAD_USER_INPUT'])
})
