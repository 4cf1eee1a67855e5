import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createSharedPlaces } from '../../src/platform/places.ts'
import { signUp, useServers } from '../harness/client.ts'
import { freshRedisUrl } from '../harness/modes.ts'
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
  const links: Redis[] = []
  beforeAll(async () => {
    url = await freshRedisUrl()
  })
  afterAll(() => {
    for (const link of links) link.disconnect()
  })
  const node = async () => {
    const redis = new Redis(url, { enableOfflineQueue: false, lazyConnect: true, maxRetriesPerRequest: 0, retryStrategy: () => 20 })
    redis.on('error', () => {})
    await redis.connect()
    links.push(redis)
    return { redis, places: await createSharedPlaces(redis, { leaseMs: 1_000, beatMs: 200 }) }
  }

  test('never are more than there may be, however many are asked for at once', async () => {
    const nodes = [await node(), await node(), await node()]
    const asked = await Promise.all(Array.from({ length: 60 }, (_, at) => nodes[at % 3]?.places.enter('crowd', 20)))
    const taken = asked.filter(Boolean).length
    expect(taken).toBeGreaterThan(10)
    expect(taken).toBeLessThanOrEqual(20)
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
})
