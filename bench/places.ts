import { execFileSync } from 'node:child_process'
import { statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { Client } from 'pg'
import { type Service, startPostgres } from '../tests/harness/postgres.ts'

/** Of what is measured. */
export const commitNow = (): string => execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8', cwd: import.meta.dirname }).trim()

/** As `statfs` names file systems that are gone with the power. */
const inMemory = new Set([0x01021994, 0x858458f6])

/** One that writes to a disk, as in production: the tests' may be in memory. @throws Error when there is no disk */
export function startDurablePostgres(settings: Record<string, string> = {}): Promise<Service> {
  const parent = tmpdir()
  if (inMemory.has(statfsSync(parent).type)) throw new Error(`${parent} is in memory; set TMPDIR to a folder on a disk.`)
  return startPostgres(settings, parent)
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
