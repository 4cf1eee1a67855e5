import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { cached } from './places.ts'
import { startPostgres } from './postgres.ts'
import { startRedis } from './redis.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Servers that all test files share, each in a database of its own. */
    services: { readonly postgresUrl: string; readonly redisUrl: string; readonly embeddedTemplate: string; readonly folder: string }
  }
}

/** Starts PostgreSQL and Redis before the first test and stops them after the last; a failure fails the run. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const [postgres, redis, embeddedTemplate] = await Promise.all([startPostgres(), startRedis(), embeddedDatabase()])
  project.provide('services', { postgresUrl: postgres.url, redisUrl: redis.url, embeddedTemplate, folder: redis.folder })
  return async () => {
    await Promise.all([postgres[Symbol.asyncDispose](), redis[Symbol.asyncDispose]()])
  }
}

/** An embedded database without tables, to copy: making one takes seconds. */
async function embeddedDatabase(): Promise<string> {
  const manifest = join(dirname(createRequire(import.meta.url).resolve('@electric-sql/pglite')), '../package.json')
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }
  const make = `const { PGlite } = await import('@electric-sql/pglite'); await (await PGlite.create(process.argv[1])).close()`
  return await cached(`pglite-${version}`, folder => {
    execFileSync(process.execPath, ['--input-type=module', '-e', make, join(folder, 'database')], { cwd: join(import.meta.dirname, '../..') })
  })
}
