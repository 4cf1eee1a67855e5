import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { createSharedPlaces } from '../../src/platform/places.ts'
import { signUp, useServers } from '../harness/client.ts'
import { freshRedisUrl } from '../harness/modes.ts'
import { startProxy, type TcpProxy } from '../harness/proxy.ts'
import { until } from '../harness/wait.ts'
import { openSocket, refusedUpgrade } from '../transport/raw-socket.ts'
import { newAddress } from './callers.ts'

describe('connections over two nodes', () => {
  const servers = useServers('postgres+redis', {
    nodes: 2,
    env: { TRUSTED_PROXIES: '127.0.0.1', WS_MAX_CONNECTIONS_PER_ADDRESS: '3', WS_MAX_CONNECTIONS_PER_USER: '2' },
  })
  const at = (address: string) => ({ headers: { 'x-forwarded-for': address } })

  test('count together by address, and free their places', async () => {
    const address = at(newAddress())
    using first = await openSocket(servers.one.wsUrl, address)
    using _second = await openSocket(servers.other.wsUrl, address)
    using _third = await openSocket(servers.one.wsUrl, address)
    for (const { wsUrl } of [servers.one, servers.other]) expect(await refusedUpgrade(wsUrl, address)).toBe(503)
    first.socket.terminate()
    const opens = () => openSocket(servers.other.wsUrl, address).catch(() => null)
    using _again = await until('a place on the other node', opens)
    expect(await refusedUpgrade(servers.one.wsUrl, address)).toBe(503)
  })

  test('count together by user', async () => {
    const ada = await signUp(servers.one.url, 'ada')
    const enter = async (wsUrl: string) => {
      const socket = await openSocket(wsUrl, at(newAddress()))
      return {
        socket,
        outcome: await Promise.race([socket.init({ token: ada.accessToken }).then(({ type }) => type), socket.closed.then(({ reason }) => reason)]),
      }
    }
    const entered = [
      await enter(servers.one.wsUrl),
      await enter(servers.other.wsUrl),
      await enter(servers.one.wsUrl),
      await enter(servers.other.wsUrl),
    ]
    expect(entered.map(({ outcome }) => outcome)).toEqual(['connection_ack', 'connection_ack', 'TOO_MANY_CONNECTIONS', 'TOO_MANY_CONNECTIONS'])
    for (const { socket } of entered) socket.socket.terminate()
  })
})

describe('places that nodes share', () => {
  let url: string
  let proxy: TcpProxy
  const links: Redis[] = []
  beforeAll(async () => {
    url = await freshRedisUrl()
    proxy = await startProxy(Number(new URL(url).port))
  })
  afterAll(async () => {
    for (const link of links) link.disconnect()
    await proxy[Symbol.asyncDispose]()
  })
  afterEach(() => proxy.delay(0))
  const node = async (at = url, leaseMs = 1_000) => {
    const redis = new Redis(at, { enableOfflineQueue: false, lazyConnect: true, maxRetriesPerRequest: 0, retryStrategy: () => 20 })
    redis.on('error', () => {})
    await redis.connect()
    links.push(redis)
    return { redis, places: await createSharedPlaces(redis, { leaseMs, beatMs: 200 }) }
  }

  test('are as many as there may be and never more, however many are asked for at once', async () => {
    const nodes = [await node(), await node(), await node()]
    const asked = await Promise.all(Array.from({ length: 60 }, (_, at) => nodes[at % 3]?.places.enter('crowd', 20)))
    expect(asked.filter(Boolean)).toHaveLength(20)
    for (const [at, isIn] of asked.entries()) if (isIn) nodes[at % 3]?.places.leave('crowd')
    const [one] = nodes
    await until('all to be free', async () => {
      const again = await Promise.all(Array.from({ length: 20 }, () => one?.places.enter('crowd', 20)))
      for (const isIn of again) if (isIn) one?.places.leave('crowd')
      return again.every(Boolean)
    })
    for (const { places } of nodes) await places[Symbol.asyncDispose]()
  })

  test('of a node that was killed are free when its lease has ended, and not before', async () => {
    const [lost, left] = [await node(), await node()]
    expect(await lost.places.enter('victim', 1)).toBe(true)
    expect(await left.places.enter('victim', 1)).toBe(false)
    lost.redis.disconnect()
    expect(await left.places.enter('victim', 1)).toBe(false)
    await until('the lease to end', () => left.places.enter('victim', 1))
    await left.places[Symbol.asyncDispose]()
  })

  test('of a node that ends in good order are free at once', async () => {
    const [ending, left] = [await node(), await node()]
    expect(await ending.places.enter('guest', 1)).toBe(true)
    await ending.places[Symbol.asyncDispose]()
    expect(await left.places.enter('guest', 1)).toBe(true)
    await left.places[Symbol.asyncDispose]()
  })

  test('are told anew when Redis has lost its memory, or the connection to it was lost', async () => {
    const [one, other] = [await node(), await node()]
    expect(await one.places.enter('rock', 1)).toBe(true)
    await other.redis.flushdb()
    await until('the place to be known again', async () => {
      if (!(await other.places.enter('rock', 1))) return true
      other.places.leave('rock')
      return false
    })
    one.redis.disconnect(true)
    expect(await one.places.enter('sand', 1), 'without Redis a node counts for itself').toBe(true)
    expect(await one.places.enter('sand', 1)).toBe(false)
    await until('what was taken meanwhile to be known', async () => {
      if (!(await other.places.enter('sand', 1))) return true
      other.places.leave('sand')
      return false
    })
    for (const { places } of [one, other]) await places[Symbol.asyncDispose]()
  })

  test.each([
    ['refuses connections', () => proxy.refuse(), () => proxy.accept()],
    ['says nothing', () => proxy.swallow(), () => proxy.flow()],
  ])('that are freed while Redis %s are free when it is back, though the lease of their node never ended', async (how, lose, find) => {
    const [away, other] = [await node(proxy.through(url), 600_000), await node()]
    expect(await away.places.enter(how, 1)).toBe(true)
    expect(await other.places.enter(how, 1)).toBe(false)
    lose()
    away.places.leave(how)
    find()
    proxy.cut()
    await until('the place to be free', () => other.places.enter(how, 1))
    for (const { places } of [away, other]) await places[Symbol.asyncDispose]()
  })

  test('that are taken while Redis is slow are known after a while', async () => {
    const [away, other] = [await node(proxy.through(url), 600_000), await node()]
    proxy.delay(400)
    expect(await away.places.enter('too slow', 1)).toBe(true)
    expect(await away.places.enter('late', 1), 'Redis is not asked for some seconds').toBe(true)
    await until('the place to be known', async () => {
      if (!(await other.places.enter('late', 1))) return true
      other.places.leave('late')
      return false
    })
    for (const { places } of [away, other]) await places[Symbol.asyncDispose]()
  })

  test('of more subjects than a node remembers are freed as well', async () => {
    const [away, other] = [await node(proxy.through(url), 3_000), await node()]
    expect(await away.places.enter('crowded out', 1)).toBe(true)
    expect(await away.places.enter('resident', 1)).toBe(true)
    proxy.refuse()
    away.places.leave('crowded out')
    for (let at = 0; at < 10_001; at += 1) if (await away.places.enter(`guest ${at}`, 1)) away.places.leave(`guest ${at}`)
    proxy.accept()
    await until('the place to be free', () => other.places.enter('crowded out', 1))
    await until('what is held to be known', async () => {
      if (!(await other.places.enter('resident', 1))) return true
      other.places.leave('resident')
      return false
    })
    for (const { places } of [away, other]) await places[Symbol.asyncDispose]()
  })
})
