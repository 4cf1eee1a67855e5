import { setTimeout as delay } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { environmentOf } from '../harness/modes.ts'
import { type Service, startPostgres } from '../harness/postgres.ts'
import { startProxy, type TcpProxy } from '../harness/proxy.ts'
import { startRedis } from '../harness/redis.ts'
import { type Server, startServer } from '../harness/server.ts'
import { until } from '../harness/wait.ts'
import { type Load, startLoad } from './load.ts'

// Most of it is starting servers, which takes long on a machine that is busy.
vi.setConfig({ testTimeout: 150_000, hookTimeout: 150_000 })

/** Two nodes on a PostgreSQL and a Redis of their own, each reached by the first node through a proxy. */
describe('two nodes under load', () => {
  const stack = new AsyncDisposableStack()
  let postgres: Service
  let redis: Service
  let toPostgres: TcpProxy
  let toRedis: TcpProxy
  let envs: readonly [Record<string, string>, Record<string, string>]
  let nodes: [Server, Server]

  beforeAll(async () => {
    ;[postgres, redis] = [stack.use(await startPostgres()), stack.use(await startRedis())]
    toPostgres = stack.use(await startProxy(postgres.port))
    toRedis = stack.use(await startProxy(redis.port))
    const { env } = stack.use(await environmentOf('postgres'))
    const common = { ...env, MAX_QUERY_COST: '1000000', HEAL_INTERVAL_MS: '500' }
    envs = [
      { ...common, DATABASE_URL: toPostgres.through(postgres.url), REDIS_URL: toRedis.through(redis.url) },
      { ...common, DATABASE_URL: postgres.url, REDIS_URL: redis.url },
    ]
    nodes = [await startServer(envs[0]), await startServer(envs[1])]
  })
  afterAll(async () => {
    for (const node of nodes ?? []) await node.kill()
    await stack.disposeAsync()
  })

  /** Half of the clients on each node, so that what one pushes reaches the other by way of Redis or the log. */
  const start = () => startLoad({ urlOf: client => nodes[client % 2 === 0 ? 0 : 1].wsUrl, clients: 4, documents: 2, underWay: 4 })

  async function verify(load: Load): Promise<void> {
    await load.more(100)
    const pushed = load.acknowledged
    const { changes } = await load.finish(nodes[1].url)
    expect(changes).toBeGreaterThanOrEqual(pushed)
  }

  test('a node is killed and its clients go to the other; then the other way round', async () => {
    let urls = nodes.map(node => node.wsUrl) as [string, string]
    await using load = await startLoad({ urlOf: client => urls[client % 2 === 0 ? 0 : 1], clients: 4, documents: 2, underWay: 4 })
    for (const victim of [0, 1] as const) {
      await load.more(150)
      const other = nodes[1 - victim] as Server
      urls = [other.wsUrl, other.wsUrl]
      await nodes[victim].kill()
      await load.more(150)
      nodes[victim] = await startServer(envs[victim])
      urls = nodes.map(node => node.wsUrl) as [string, string]
    }
    await verify(load)
    expect(load.closeCodes).toContain(1006)
  })

  test('Redis loses its subscribers, then stops, and comes back', async () => {
    await using load = await start()
    const admin = new Redis(redis.url)
    for (let count = 0; count < 3; count++) {
      await load.more(40)
      await until('subscribers to lose', async () => Number(await admin.client('KILL', 'TYPE', 'pubsub')) > 0)
    }
    admin.disconnect()
    await redis.kill()
    await load.more(150)
    await redis.restart()
    await verify(load)
  })

  test('PostgreSQL loses its backends, then is killed, and comes back', async () => {
    await using load = await start()
    for (let count = 0; count < 3; count++) {
      await load.more(40)
      await terminateBackends(postgres.url)
    }
    await postgres.kill()
    await until('a push that fails', () => load.troubles.has('push INTERNAL_SERVER_ERROR'))
    await postgres.restart()
    await verify(load)
  })

  test('the link to Redis is cut, then goes silent', async () => {
    await using load = await start()
    await load.more(40)
    toRedis.cut()
    await load.more(40)
    toRedis.refuse()
    await load.more(100)
    toRedis.accept()
    await load.more(40)
    toRedis.swallow()
    await load.more(150)
    await delay(1_000)
    toRedis.flow()
    await verify(load)
  })

  test('the link to PostgreSQL is cut, then goes silent for a while', async () => {
    await using load = await start()
    await load.more(40)
    toPostgres.cut()
    await load.more(40)
    toPostgres.swallow()
    await delay(1_500)
    toPostgres.cut()
    toPostgres.flow()
    await verify(load)
  })
})

async function terminateBackends(url: string): Promise<void> {
  const client = new Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  const { rowCount } = await client.query(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'tidemark'`)
  expect(rowCount).toBeGreaterThan(0)
  await client.end()
}
