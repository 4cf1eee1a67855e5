import { execFile } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Pool } from 'pg'
import { onPath } from '../tests/harness/places.ts'

/** Transactions per second that do in the database what pushes do, without a server in between. */
export interface Baseline {
  readonly name: string
  run(clients: number, documents: number, seconds: number): Promise<number>
}

const script = join(import.meta.dirname, 'push.sql')

/** Works on empty copies of the server's own tables, indexes included. */
export async function createBaseline(databaseUrl: string): Promise<Baseline> {
  const pool = new Pool({ connectionString: databaseUrl, max: 32 })
  for (const [copy, original] of Object.entries({ bench_fields: 'document_fields', bench_streams: 'streams', bench_changes: 'changes' }))
    await pool.query(`CREATE TABLE ${copy} (LIKE ${original} INCLUDING ALL)`)
  await pool.query(`INSERT INTO bench_streams (id, kind) SELECT 'doc_' || number, 'document' FROM generate_series(1, 100) number`)
  const pgbench = findPgbench()
  if (pgbench === null) return { name: 'the same SQL through `pg` (no pgbench was found)', run: (...parameters) => runThroughPg(pool, ...parameters) }
  await pool.end()
  const { stdout } = await promisify(execFile)(pgbench, ['--version'])
  return {
    name: `pgbench ${/[\d.]+/.exec(stdout)?.[0] ?? ''}`,
    async run(clients, documents, seconds) {
      const parameters = ['-n', '-M', 'prepared', '-f', script, '-D', `documents=${documents}`, '-T', String(Math.max(1, Math.round(seconds)))]
      const parallel = ['-c', String(clients), '-j', String(Math.min(clients, availableParallelism()))]
      const { stdout } = await promisify(execFile)(pgbench, [...parameters, ...parallel, databaseUrl])
      return Number(/^tps = ([\d.]+)/m.exec(stdout)?.[1])
    },
  }
}

function findPgbench(): string | null {
  const folder = '/usr/lib/postgresql'
  const versions = existsSync(folder) ? readdirSync(folder).sort((a, b) => Number(b) - Number(a)) : []
  return versions.map(version => join(folder, version, 'bin/pgbench')).find(existsSync) ?? onPath('pgbench')
}

async function runThroughPg(pool: Pool, clients: number, documents: number, seconds: number): Promise<number> {
  const statements = readFileSync(script, 'utf8')
    .replace(/^(--|\\).*$/gm, '')
    .replace('\\gset', ';')
    .split(';')
    .map(statement => statement.trim())
    .filter(Boolean)
  const end = performance.now() + seconds * 1000
  const counts = await Promise.all(Array.from({ length: clients }, (_, client) => work(client)))
  return counts.reduce((sum, count) => sum + count, 0) / seconds

  async function work(client: number): Promise<number> {
    const connection = await pool.connect()
    let count = 0
    for (; performance.now() < end; count++) {
      const numberUpTo = (limit: number) => 1 + Math.floor(Math.random() * limit)
      const known: Record<string, unknown> = { client_id: client, document: numberUpTo(documents), path: numberUpTo(100) }
      for (const [index, statement] of statements.entries()) {
        const values: unknown[] = []
        const text = statement.replace(/(?<!:):([a-z_]+)/g, (_, name) => `$${values.push(String(known[name]))}`)
        const { rows } = await connection.query({ name: `statement ${index}`, text, values })
        Object.assign(known, rows[0])
      }
    }
    connection.release()
    return count
  }
}
