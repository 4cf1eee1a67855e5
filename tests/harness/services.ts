import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { globSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { Client } from 'pg'
import type { TestProject } from 'vitest/node'
import { loadConfig } from '../../src/config.ts'
import { openDatabase } from '../../src/platform/database.ts'
import { createLogger } from '../../src/platform/logger.ts'
import { cached } from './places.ts'
import { startPostgres } from './postgres.ts'
import { startRedis } from './redis.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Servers that all test files share, each in a database of its own; the databases are copies of templates that have their tables. */
    services: {
      readonly postgresUrl: string
      readonly postgresTemplate: string
      readonly redisUrl: string
      readonly embeddedTemplate: string
      readonly folder: string
    }
  }
}

const root = join(import.meta.dirname, '../..')

/** Starts PostgreSQL and Redis before the first test and stops them after the last; a failure fails the run. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const [postgres, redis, embeddedTemplate] = await Promise.all([startPostgres(), startRedis(), embeddedDatabase()])
  const postgresTemplate = await postgresDatabase(postgres.url)
  // Servers that the tests start take their compiled code from here: most are killed and could not leave any themselves.
  process.env.TIDEMARK_TEST_COMPILE_CACHE = join(redis.folder, 'compiled')
  execFileSync(process.execPath, ['--input-type=module', '-e', `await import('./src/app.ts'); process.exit()`], {
    cwd: root,
    env: { ...process.env, NODE_COMPILE_CACHE: process.env.TIDEMARK_TEST_COMPILE_CACHE },
    stdio: 'ignore',
  })
  project.provide('services', { postgresUrl: postgres.url, postgresTemplate, redisUrl: redis.url, embeddedTemplate, folder: redis.folder })
  return async () => {
    await Promise.all([postgres[Symbol.asyncDispose](), redis[Symbol.asyncDispose]()])
  }
}

/** An embedded database with its tables and nothing in them, to copy: making one takes seconds. */
async function embeddedDatabase(): Promise<string> {
  const manifest = join(dirname(createRequire(import.meta.url).resolve('@electric-sql/pglite')), '../package.json')
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }
  const migrations = createHash('sha256')
  for (const file of globSync('drizzle/*.sql', { cwd: root }).sort()) migrations.update(readFileSync(join(root, file)))
  return await cached(`pglite-${version}-${migrations.digest('hex').slice(0, 12)}`, async folder => {
    const database = await openDatabase(loadConfig({ DATA_DIR: folder }), createLogger('silent'))
    await database[Symbol.asyncDispose]()
  })
}

/** The same in PostgreSQL. */
async function postgresDatabase(url: string): Promise<string> {
  const name = 'template_of_tests'
  const client = new Client({ connectionString: url })
  await client.connect()
  await client.query(`CREATE DATABASE ${name}`)
  await client.end()
  const database = await openDatabase(loadConfig({ DATABASE_URL: Object.assign(new URL(url), { pathname: name }).href }), createLogger('silent'))
  await database[Symbol.asyncDispose]()
  return name
}
