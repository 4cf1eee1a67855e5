import { pino } from 'pino'
import { beforeAll, describe, expect, test } from 'vitest'
import { createInventory } from '../../src/admin/stats/inventory.ts'
import { createLoadWindow, type NodeFigures, type NodeLoad, percentile } from '../../src/admin/stats/load.ts'
import { createTicker } from '../../src/admin/stats/ticker.ts'
import { systemClock } from '../../src/platform/clock.ts'
import { codeOf, follow, makeAdmin, type Person, refusalOf, signUp, useServers } from '../harness/client.ts'
import { followFeed } from '../harness/follow.ts'
import { modes } from '../harness/modes.ts'
import { createDocument } from '../harness/operations.ts'
import { until } from '../harness/wait.ts'
import { connectionsByUser, followStats, serverStats } from './stats-operations.ts'

describe.each(modes)('statistics of the server, %s', mode => {
  const servers = useServers(mode, { nodes: 2 })
  const nodes = mode === 'postgres+redis' ? 2 : 1
  let admin: Person
  let ada: Person
  let document: string
  beforeAll(async () => {
    admin = await signUp(servers.one.url, 'admin')
    await makeAdmin(servers.one, admin)
    ada = await signUp(servers.one.url, 'ada')
    document = (await ada.run(createDocument, { input: { name: 'Tides' } })).createDocument.document.id
  })
  const stats = async (url = servers.one.url) => (await admin.at(url).run(serverStats, {})).serverStats
  const connected = async (url: string) =>
    (await admin.at(url).run(connectionsByUser, {})).connectionsByUser.map(({ user, deviceCount }) => [user.id, deviceCount])

  test('say what the server is and holds', async () => {
    await until('every node to be known', async () => (await stats()).nodes === nodes)
    const { version, users, documents, databaseBytes, uptimeSeconds, countedAt, at } = await until('the counts', async () => {
      const known = await stats()
      return known.users === 2 && known.documents === 1 ? known : null
    })
    expect({ version, users, documents }).toEqual({ version: expect.stringMatching(/^\d+\.\d+\.\d+/), users: 2, documents: 1 })
    expect(databaseBytes).toBeGreaterThan(1_000_000)
    expect(uptimeSeconds).toBeGreaterThanOrEqual(0)
    expect(Date.parse(String(countedAt))).toBeLessThanOrEqual(Date.parse(String(at)))
  })

  test('say the same on every node: who is connected where, and how often', async () => {
    await using _first = await follow(servers.one.wsUrl, ada.accessToken, document)
    await using _second = await follow(servers.other.wsUrl, ada.accessToken, document)
    await using _third = await follow(servers.other.wsUrl, admin.accessToken, document)
    const everybody = [
      [ada.id, 2],
      [admin.id, 1],
    ]
    for (const { url } of [servers.one, servers.other]) {
      await until('three connections', async () => {
        const { connections, authenticatedConnections, subscriptions } = await stats(url)
        return connections === 3 && authenticatedConnections === 3 && subscriptions === 3
      })
      await until('whose they are', async () => JSON.stringify(await connected(url)) === JSON.stringify(everybody))
    }
    const [one, ...others] = (await admin.run(connectionsByUser, { first: 1 })).connectionsByUser
    expect({ one, others }).toEqual({ one: { user: { id: ada.id, email: ada.email }, deviceCount: 2 }, others: [] })
    const busy = await until('a rate and latencies', async () => {
      const known = await stats()
      return known.messagesPerSecond > 0 && known.operationsPerSecond > 0 && known.latencyP99Ms !== null ? known : null
    })
    expect(busy.latencyP50Ms).toBeLessThanOrEqual(busy.latencyP99Ms ?? 0)
  })

  test('no longer count who is gone', async () => {
    await until('no connection', async () => (await stats(servers.other.url)).connections === 0)
    await until('nobody', async () => (await connected(servers.other.url)).length === 0)
  })

  test('come at once and then at each interval, for as long as one is an administrator', async () => {
    const read = (intervalMs: number | null) =>
      followFeed(servers.one.wsUrl, admin.accessToken, followStats, { intervalMs }, data => data.serverStats)
    await using often = await read(250)
    await using seldom = await read(60_000)
    await often.got(4)
    expect(seldom.items).toHaveLength(1)
    const times = often.items.map(({ at }) => Date.parse(String(at)))
    expect(times).toEqual([...new Set(times)].sort((a, b) => a - b))
    const far = [249, 60_001, -1].map(async intervalMs => refusalOf(read(intervalMs)))
    expect(await Promise.all(far)).toEqual(far.map(() => ({ code: 'BAD_USER_INPUT', field: 'intervalMs' })))
    expect(await codeOf(followFeed(servers.one.wsUrl, ada.accessToken, followStats, {}, data => data.serverStats))).toBe('FORBIDDEN')
  })

  if (nodes > 1)
    test('no longer count a node that was killed', async () => {
      await using _open = await follow(servers.other.wsUrl, ada.accessToken, document)
      await until('the connection at the other node', async () => (await connected(servers.one.url)).length === 1)
      await servers.other.kill()
      await until('the other node to be gone', async () => (await stats()).nodes === 1, 15_000)
      expect(await connected(servers.one.url)).toEqual([])
    })
})

describe('what is asked again and again', () => {
  test('is read once for all who follow it equally often, and no more when they have left', async () => {
    let reads = 0
    const ticker = createTicker(async () => ({ read: ++reads }), pino({ level: 'silent' }))
    const followers = Array.from({ length: 100 }, () => ticker.follow(20))
    await Promise.all(followers.map(follower => follower.next()))
    const before = reads
    const values = await Promise.all(followers.map(async follower => (await follower.next()).value.read))
    expect(new Set(values)).toEqual(new Set([before + 1]))
    const waiting = followers.map(follower => follower.next())
    await Promise.all(followers.map(follower => follower.return?.()))
    await Promise.all(waiting)
    const after = reads
    const another = ticker.follow(60)
    await another.next()
    await another.next()
    expect(reads).toBe(after + 2)
    await another.return?.()
    ticker[Symbol.dispose]()
  })

  test('counts the database no more often than is paid for by its rest', async () => {
    let statements = 0
    const execute = async () => {
      statements += 1
      return { rows: [{ count: 3, bytes: 4_096 }] }
    }
    const inventory = createInventory({ database: { db: { execute } }, clock: systemClock, logger: pino({ level: 'silent' }) } as never)
    const known = await Promise.all(Array.from({ length: 100 }, inventory))
    for (let count = 0; count < 100; count++) await inventory()
    expect({ statements, ...known[99] }).toMatchObject({ statements: 7, users: 3, records: 3, databaseBytes: 4_096 })
  })
})

describe('what is read off the histogram of a node', () => {
  const load = (messages: number, operations: readonly (readonly [number, number])[]): NodeLoad => ({
    connections: 0,
    subscriptions: 0,
    messages,
    operations: new Map(operations),
  })
  const none = Number.POSITIVE_INFINITY

  test('rates are those of the last five seconds, whatever was before', () => {
    const ratesOf = createLoadWindow()
    expect(ratesOf(load(1_000, [[none, 500]]), 0)).toEqual({ messagesPerSecond: 0, operationsPerSecond: 0, latencies: [] })
    for (let second = 1; second <= 10; second++) ratesOf(load(1_000, [[none, 500]]), second * 1_000)
    const { messagesPerSecond, operationsPerSecond, latencies } = ratesOf(
      load(1_050, [
        [0.001, 5],
        [none, 510],
      ]),
      11_000,
    )
    expect({ messagesPerSecond, operationsPerSecond, latencies }).toEqual({
      messagesPerSecond: 10,
      operationsPerSecond: 2,
      latencies: [
        [0.001, 5],
        [null, 10],
      ],
    })
  })

  test('percentiles are those of all nodes together, between the bounds of a bucket', () => {
    const slow: Pick<NodeFigures, 'latencies'> = {
      latencies: [
        [0.1, 0],
        [0.2, 10],
        [null, 10],
      ],
    }
    const fast: Pick<NodeFigures, 'latencies'> = {
      latencies: [
        [0.1, 90],
        [0.2, 90],
        [null, 90],
      ],
    }
    expect(percentile(0.5, [slow, fast])).toBeCloseTo(55.56, 2)
    expect(percentile(0.99, [slow, fast])).toBeCloseTo(190, 5)
    expect(
      percentile(0.5, [
        {
          latencies: [
            [10, 0],
            [null, 3],
          ],
        },
      ]),
    ).toBe(10_000)
    expect(
      percentile(0.5, [
        {
          latencies: [
            [10, 0],
            [null, 0],
          ],
        },
        { latencies: [] },
      ]),
    ).toBeNull()
  })
})
