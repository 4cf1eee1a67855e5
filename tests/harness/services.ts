import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Client } from 'pg'
import type { TestProject } from 'vitest/node'
import { loadConfig } from '../../src/config.ts'
import { openDatabase } from '../../src/platform/database.ts'
import { createLogger } from '../../src/platform/logger.ts'
import { startLender } from './lending.ts'
import type { Services } from './modes.ts'
import { startPostgres } from './postgres.ts'
import { startRedis } from './redis.ts'

declare module 'vitest' {
  interface ProvidedContext {
    services: Services
    /** Address of who lends servers. */
    lender: string
  }
}

const root = join(import.meta.dirname, '../..')

/** Nobody cuts its power, and each of many thousand commits would wait for the disk. Tests that kill PostgreSQL start one of their own. */
const withoutDisk = { fsync: 'off', full_page_writes: 'off', max_connections: '400' }

/** Starts PostgreSQL and Redis before the first test and stops them after the last; a failure fails the run. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const [postgres, redis] = await Promise.all([startPostgres(withoutDisk), startRedis(), prepareStarts()])
  const postgresTemplate = await postgresDatabase(postgres.url)
  const services = { postgresUrl: postgres.url, postgresTemplate, redisUrl: redis.url, folder: redis.folder }
  const lender = await startLender(services)
  project.provide('services', services)
  project.provide('lender', lender.url)
  return async () => {
    await lender[Symbol.asyncDispose]()
    await Promise.all([postgres[Symbol.asyncDispose](), redis[Symbol.asyncDispose]()])
  }
}

/** As an install does: most servers of the tests are killed, and could not leave what they compiled to others themselves. */
const prepareStarts = () => promisify(execFile)(process.execPath, ['scripts/prepare.ts'], { cwd: root })

/** A database with its tables and nothing in it, to copy. */
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
