import { setTimeout as delay } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { ask } from './ask.ts'
import { openSocket } from './raw-socket.ts'
import { type SmallServer, startSmallServer } from './small-server.ts'

const get = async (server: SmallServer, path: string) => {
  const response = await fetch(new URL(path, server.url))
  return [response.status, await response.json()]
}

it('/health says that the process lives, whatever it stands on', async () => {
  await using server = await startSmallServer({}, { database: { ping: () => Promise.reject(new Error('gone')) } })
  expect(await get(server, '/health')).toEqual([200, { status: 'ok' }])
})

it('/ready says whether the database and the bus answer, and which does not', async () => {
  let isUp = true
  const ping = async () => {
    if (!isUp) throw new Error('connect ECONNREFUSED 10.0.0.7:6379')
  }
  await using server = await startSmallServer({}, { bus: { ping } })
  expect(await get(server, '/ready')).toEqual([200, { status: 'ready', checks: { database: 'ok', bus: 'ok' } }])
  isUp = false
  expect(await get(server, '/ready')).toEqual([503, { status: 'not ready', checks: { database: 'ok', bus: 'failed' } }])
  expect(server.logs).toContainEqual(expect.objectContaining({ msg: 'not ready', part: 'bus' }))
  isUp = true
  expect(await get(server, '/ready')).toEqual([200, { status: 'ready', checks: { database: 'ok', bus: 'ok' } }])
})

it('/ready does not wait for a database that hangs, and asks it once for many askers', async () => {
  let pings = 0
  const database = {
    ping() {
      pings += 1
      return delay(60_000, undefined, { ref: false })
    },
  }
  await using server = await startSmallServer({}, { database })
  const answers = await Promise.all([1, 2, 3].map(() => get(server, '/ready')))
  expect(answers).toEqual(new Array(3).fill([503, { status: 'not ready', checks: { database: 'failed', bus: 'ok' } }]))
  expect(pings).toBe(1)
})

it('/metrics counts what runs and what happened, with no label of a client’s making', async () => {
  await using server = await startSmallServer()
  const metric = async (line: string) => {
    const text = await (await fetch(new URL('/metrics', server.url))).text()
    return Number(
      text
        .split('\n')
        .find(one => one.startsWith(`${line} `))
        ?.slice(line.length + 1),
    )
  }
  await ask(server.url, 'query ANameThatAClientChose { hello }')
  await ask(server.url, '{ fail(code: "NOT_FOUND") }')
  await ask(server.url, '{ nothing }')
  await fetch(new URL('/a/path/of/my/own', server.url))
  await fetch(server.url, { method: 'PROPFIND' })
  using socket = await openSocket(server.wsUrl)
  await socket.init()
  socket.send({ id: '1', type: 'subscribe', payload: { query: 'subscription { never }' } })
  await expect.poll(() => metric('tidemark_subscriptions{carrier="websocket"}')).toBe(1)
  expect(await metric('tidemark_connections{carrier="websocket"}')).toBe(1)
  expect(await metric('tidemark_operation_duration_seconds_count{type="query",outcome="ok",carrier="http"}')).toBe(1)
  expect(await metric('tidemark_operation_duration_seconds_count{type="query",outcome="NOT_FOUND",carrier="http"}')).toBe(1)
  expect(await metric('tidemark_operation_duration_seconds_count{type="subscription",outcome="ok",carrier="websocket"}')).toBe(1)
  expect(await metric('process_resident_memory_bytes')).toBeGreaterThan(0)
  const text = await (await fetch(new URL('/metrics', server.url))).text()
  expect(text).toContain('route="other"')
  expect(text).not.toMatch(/ANameThat|my\/own|PROPFIND/)
  socket.send({ id: '1', type: 'complete' })
  await expect.poll(() => metric('tidemark_subscriptions{carrier="websocket"}')).toBe(0)
  socket.socket.close()
  await expect.poll(() => metric('tidemark_connections{carrier="websocket"}')).toBe(0)
})
