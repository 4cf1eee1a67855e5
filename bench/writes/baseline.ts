import { execFile } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Pool } from 'pg'
import { onPath } from '../../tests/harness/places.ts'
import { createHistogram } from '../load/histogram.ts'
import type { WriteRound } from './orders.ts'

/** Does in the database what pushes do, without a server in between. */
export interface Baseline {
  readonly name: string
  run(clients: number, documents: number, seconds: number): Promise<WriteRound>
}

const script = join(import.meta.dirname, 'push.sql')
const mostClients = 256
const mostDocuments = 1_000

/** Both work on empty copies of the server's own tables, indexes included. pgbench is left out where there is none. */
export async function createBaselines(databaseUrl: string, resources: AsyncDisposableStack): Promise<readonly Baseline[]> {
  const pool = new Pool({ connectionString: databaseUrl, max: mostClients })
  resources.defer(() => pool.end())
  for (const [copy, original] of Object.entries({ bench_fields: 'document_fields', bench_streams: 'streams', bench_changes: 'changes' }))
    await pool.query(`CREATE TABLE ${copy} (LIKE ${original} INCLUDING ALL)`)
  await pool.query(`INSERT INTO bench_streams (id, kind) SELECT 'doc_' || number, 'document' FROM generate_series(1, $1) number`, [mostDocuments])
  const pgbench = findPgbench()
  return [...(pgbench === null ? [] : [await withPgbench(pgbench, databaseUrl)]), throughDriver(pool)]
}

async function withPgbench(program: string, databaseUrl: string): Promise<Baseline> {
  const { stdout } = await promisify(execFile)(program, ['--version'])
  return {
    name: `pgbench ${/[\d.]+/.exec(stdout)?.[0] ?? ''}`,
    async run(clients, documents, seconds) {
      const parameters = ['-n', '-M', 'prepared', '-f', script, '-D', `documents=${documents}`, '-T', String(Math.max(1, Math.round(seconds)))]
      const parallel = ['-c', String(clients), '-j', String(Math.min(clients, availableParallelism()))]
      const { stdout } = await promisify(execFile)(program, [...parameters, ...parallel, databaseUrl])
      const read = (pattern: RegExp) => Number(pattern.exec(stdout)?.[1])
      const p50 = read(/^latency average = ([\d.]+)/m)
      return { perSecond: read(/^tps = ([\d.]+)/m), p50, p99: Number.NaN, cpuMicros: Number.NaN, loadCpu: Number.NaN }
    },
  }
}

function findPgbench(): string | null {
  const folder = '/usr/lib/postgresql'
  const versions = existsSync(folder) ? readdirSync(folder).sort((a, b) => Number(b) - Number(a)) : []
  return versions.map(version => join(folder, version, 'bin/pgbench')).find(existsSync) ?? onPath('pgbench')
}

function throughDriver(pool: Pool): Baseline {
  const names: string[] = []
  const text = readFileSync(script, 'utf8')
    .replace(/^(--|\\).*$/gm, '')
    .replace(/(?<!:):([a-z_]+)/g, (_, name: string) => `$${names.includes(name) ? names.indexOf(name) + 1 : names.push(name)}`)
    .trim()
    .replace(/;$/, '')

  async function run(clients: number, documents: number, seconds: number): Promise<WriteRound> {
    const histogram = createHistogram()
    const connections = await Promise.all(Array.from({ length: clients }, () => pool.connect()))
    const cpu = process.cpuUsage()
    const end = performance.now() + seconds * 1000
    await Promise.all(
      connections.map(async (connection, client) => {
        for (let now = performance.now(); now < end; ) {
          const numberUpTo = (limit: number) => 1 + Math.floor(Math.random() * limit)
          const known: Record<string, number> = { client_id: client, document: numberUpTo(documents), path: numberUpTo(100) }
          await connection.query({ name: 'push', text, values: names.map(name => String(known[name])) })
          const before = now
          now = performance.now()
          histogram.record(now - before)
        }
        connection.release()
      }),
    )
    const { user, system } = process.cpuUsage(cpu)
    const { count, p50, p99 } = histogram.percentiles()
    return { perSecond: count / seconds, p50, p99, cpuMicros: (user + system) / count, loadCpu: Number.NaN }
  }
  return { name: 'pg, the same statement', run }
}
