import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { Client } from 'pg'
import { inject } from 'vitest'

/** The three ways to run the server; what is tested in one is tested in all. */
export const modes = ['embedded', 'postgres', 'postgres+redis'] as const
export type Mode = (typeof modes)[number]

/** What runs for all test files, as `services.ts` started it. */
export interface Services {
  readonly postgresUrl: string
  /** A database with its tables and nothing in them, to copy. */
  readonly postgresTemplate: string
  readonly redisUrl: string
  /** Goes with all that is in it when the tests end. */
  readonly folder: string
}

export interface Environment extends AsyncDisposable {
  /** For `loadConfig`, or for a server process. Two nodes share these; two files never do. */
  readonly env: Readonly<Record<string, string>>
}

/** A fresh database, a Redis database of its own and an empty DATA_DIR; disposing of it removes them. */
export async function environmentOf(mode: Mode, services: Services = inject('services')): Promise<Environment> {
  const { folder, postgresTemplate } = services
  const dataDir = mkdtempSync(join(folder, 'data-'))
  const database = mode === 'embedded' ? null : await freshDatabase(postgresTemplate, services)
  return {
    env: {
      NODE_ENV: 'test',
      HOST: '127.0.0.1',
      PORT: '0',
      REGISTRATIONS_PER_HOUR: '0',
      DATA_DIR: dataDir,
      ...(database && { DATABASE_URL: database.url, DATABASE_POOL_SIZE: '8', JWT_SECRET: `for the tests only ${randomBytes(24).toString('hex')}` }),
      ...(mode === 'postgres+redis' && { REDIS_URL: await freshRedisUrl(services) }),
    },
    async [Symbol.asyncDispose]() {
      rmSync(dataDir, { recursive: true, force: true })
      await database?.drop()
    },
  }
}

/** A database on the shared PostgreSQL: empty, or a copy. */
export async function freshDatabase(
  template?: string,
  { postgresUrl }: Services = inject('services'),
): Promise<{ readonly url: string; drop(): Promise<void> }> {
  const name = `test_${randomBytes(6).toString('hex')}`
  await administer(postgresUrl, template === undefined ? `CREATE DATABASE ${name}` : `CREATE DATABASE ${name} TEMPLATE ${template}`)
  const url = new URL(postgresUrl)
  url.pathname = name
  return { url: url.href, drop: () => administer(postgresUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) }
}

/** A database of the shared Redis that nobody else uses; the bus keeps the topics of databases apart as well. */
export async function freshRedisUrl({ redisUrl }: Services = inject('services')): Promise<string> {
  const url = new URL(redisUrl)
  const redis = new Redis(url.href)
  try {
    url.pathname = `/${((await redis.incr('databases')) % 4000) + 1}`
  } finally {
    redis.disconnect()
  }
  return url.href
}

async function administer(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
