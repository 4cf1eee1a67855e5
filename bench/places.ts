import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { createDocument, type Person, register } from '../examples/replay/api.ts'
import { startPostgres } from '../tests/harness/postgres.ts'
import { startRedis } from '../tests/harness/redis.ts'
import { type Server, startServer } from '../tests/harness/server.ts'

/** A server in one of its modes, with people and documents in it. */
export interface Place {
  readonly mode: string
  readonly server: Server
  readonly tokens: readonly string[]
  readonly documentIds: readonly string[]
  /** What the server's own process has used so far; its database is another process. */
  cpuSeconds(): Promise<number>
}

const people = 8
const documents = 100

/** All modes at once, so that rounds can go from one to the other. */
export async function startPlaces(
  resources: AsyncDisposableStack,
): Promise<{ places: readonly Place[]; databaseUrl: string; postgresVersion: string }> {
  const postgres = resources.use(await startPostgres())
  const redis = resources.use(await startRedis())
  const databaseUrl = new URL(postgres.url)
  databaseUrl.pathname = 'one'
  const nodesUrl = new URL(postgres.url)
  nodesUrl.pathname = 'nodes'
  const postgresVersion = await durableVersion(postgres.url)
  const client = new Client({ connectionString: postgres.url })
  await client.connect()
  await client.query('CREATE DATABASE one')
  await client.query('CREATE DATABASE nodes')
  await client.end()

  const environments: Record<string, Record<string, string>> = {
    embedded: {},
    postgres: { DATABASE_URL: databaseUrl.href },
    'postgres+redis': { DATABASE_URL: nodesUrl.href, REDIS_URL: redis.url },
  }
  const places: Place[] = []
  for (const [mode, environment] of Object.entries(environments)) {
    const folder = mkdtempSync(join(tmpdir(), 'tidemark-bench-'))
    resources.defer(() => rmSync(folder, { recursive: true, force: true }))
    const server = await startServer({ DATA_DIR: folder, JWT_EXPIRES_IN: '2h', WS_MAX_CONNECTIONS_PER_USER: '100', ...environment })
    resources.defer(async () => void (await server.stop()))
    places.push({ mode, server, ...(await populate(server.url)), cpuSeconds: () => cpuSeconds(server.port) })
  }
  return { places, databaseUrl: databaseUrl.href, postgresVersion }
}

async function populate(url: string) {
  const persons: Person[] = []
  for (let index = 0; index < people; index++) persons.push(await register(url, `writer${index}`))
  const documentIds: string[] = []
  for (let index = 0; index < documents; index++)
    documentIds.push((await createDocument(url, persons as [Person, ...Person[]], `Document ${index}`)).id)
  return { tokens: persons.map(({ token }) => token), documentIds }
}

/** Which PostgreSQL it is. @throws Error when what it acknowledged would not last */
export async function durableVersion(databaseUrl: string): Promise<string> {
  const client = new Client({ connectionString: databaseUrl })
  await client.connect()
  const { rows } = await client.query<{ version: string; fsync: string }>(`SELECT version(), current_setting('fsync') AS fsync`)
  await client.end()
  if (rows[0]?.fsync !== 'on') throw new Error('PostgreSQL runs without fsync: what is measured would not last.')
  return rows[0].version.split(' ').slice(0, 2).join(' ')
}

/** What a server's own process has used so far. */
export async function cpuSeconds(port: number): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
  return Number(/^process_cpu_seconds_total ([\d.e+-]+)/m.exec(text)?.[1])
}
