import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { type Person, register } from '../examples/replay/api.ts'
import { startRedis } from '../tests/harness/redis.ts'
import { type Server, startServer } from '../tests/harness/server.ts'
import { startPeer } from './peers/start.ts'
import { durableVersion, startDurablePostgres } from './places.ts'
import { createWatch, type Watch } from './vitals/vitals.ts'

/** A process that is measured. */
export interface Subject {
  readonly pid: number
  readonly port: number
  readonly watch: Watch
}

/** Our server in one of its modes, with people in it. */
export interface Ours extends Subject {
  readonly url: string
  /** What it was started with. */
  readonly env: Readonly<Record<string, string>>
  readonly databaseUrl: string | null
  readonly people: readonly [Person, ...Person[]]
}

export const modes = ['embedded', 'postgres', 'postgres+redis'] as const
export type Mode = (typeof modes)[number]

/** What everything stands on; servers come onto it as they are needed. */
export interface Stage {
  readonly postgresVersion: string
  readonly redisUrl: string
  /** An empty one, by its URL. */
  freshDatabase(): Promise<string>
  ours(mode: Mode, resources: AsyncDisposableStack): Promise<Ours>
  peer(script: string, parameters: readonly string[], env: Readonly<Record<string, string>>, resources: AsyncDisposableStack): Promise<Subject>
}

const peopleCount = 8
/** Every limit counts, and none is met. */
const high = '100000000'
const limits = {
  RATE_LIMIT_PER_MIN: high,
  READ_RATE_LIMIT_PER_MIN: high,
  IP_RATE_LIMIT_PER_MIN: high,
  SIGN_IN_RATE_LIMIT_PER_MIN: high,
  ADMIN_RATE_LIMIT_PER_MIN: high,
  REGISTRATIONS_PER_HOUR: high,
  WS_RATE_LIMIT_MAX_MESSAGES: high,
  WS_MAX_CONNECTIONS: '50000',
  WS_MAX_CONNECTIONS_PER_USER: '50000',
  WS_MAX_CONNECTIONS_PER_ADDRESS: '50000',
}

export async function createStage(resources: AsyncDisposableStack): Promise<Stage> {
  const postgres = resources.use(await startDurablePostgres({ max_connections: '800' }))
  const redis = resources.use(await startRedis())
  const postgresVersion = await durableVersion(postgres.url)
  let databases = 0

  async function freshDatabase(): Promise<string> {
    const url = new URL(postgres.url)
    url.pathname = `bench_${databases++}`
    const client = new Client({ connectionString: postgres.url })
    await client.connect()
    await client.query(`CREATE DATABASE ${url.pathname.slice(1)}`)
    await client.end()
    return url.href
  }

  return {
    postgresVersion,
    redisUrl: redis.url,
    freshDatabase,
    async ours(mode, resources) {
      const folder = mkdtempSync(join(tmpdir(), 'tidemark-bench-'))
      resources.defer(() => rmSync(folder, { recursive: true, force: true }))
      const watch = createWatch(resources)
      const databaseUrl = mode === 'embedded' ? null : await freshDatabase()
      const env = {
        ...limits,
        NODE_ENV: 'production',
        JWT_SECRET: randomBytes(32).toString('hex'),
        METRICS_TOKEN: randomBytes(32).toString('hex'),
        DATA_DIR: folder,
        JWT_EXPIRES_IN: '2h',
        ...(databaseUrl !== null && { DATABASE_URL: databaseUrl }),
        ...(mode === 'postgres+redis' && { REDIS_URL: redis.url }),
      }
      const server: Server = await startServer({ ...watch.env, ...env })
      resources.defer(async () => void (await server.stop()))
      const people: Person[] = []
      for (let index = 0; index < peopleCount; index++) people.push(await register(server.url, `person${index}`))
      return { pid: server.pid, port: server.port, url: server.url, env, watch, databaseUrl, people: people as [Person, ...Person[]] }
    },
    async peer(script, parameters, env, resources) {
      const watch = createWatch(resources)
      const { pid, port } = resources.use(await startPeer(script, parameters, { ...watch.env, REDIS_URL: redis.url, ...env }))
      return { pid, port, watch }
    },
  }
}
