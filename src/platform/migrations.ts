import { join } from 'node:path'
import { drizzle } from 'drizzle-orm/node-postgres'
import { migrate } from 'drizzle-orm/node-postgres/migrator'
import { Client, type ClientConfig } from 'pg'
import { StartError } from './start-error.ts'

const migrationsFolder = join(import.meta.dirname, '../../drizzle')
/** Any number, as long as every node takes the same. */
const lockKey = 7_433_627_534
const leastVersion = 15
/** Time to wait for the node that migrates; a large table may take it a while. */
const lockWaitMs = 10 * 60_000

/**
 * Brings the schema up to date. One connection holds an advisory lock from before the look at what is there until all is done,
 * since the migrator itself takes none and nodes start together. @throws StartError below PostgreSQL 15
 */
export async function migrateDatabase(connection: ClientConfig): Promise<void> {
  const client = new Client({ ...connection, statement_timeout: lockWaitMs, connectionTimeoutMillis: 10_000 })
  // A loss is also an error of the query under way; without a listener it would end the process.
  client.on('error', () => {})
  await client.connect()
  try {
    const { rows } = await client.query<{ version: number }>(`SELECT current_setting('server_version_num')::int / 10000 AS version`)
    const version = rows[0]?.version ?? 0
    if (version < leastVersion) throw new StartError(`DATABASE_URL: this is PostgreSQL ${version}; Tidemark needs ${leastVersion} or newer.`)
    await client.query('SELECT pg_advisory_lock($1)', [lockKey])
    try {
      await migrate(drizzle(client), { migrationsFolder })
    } finally {
      await client.query('SELECT pg_advisory_unlock($1)', [lockKey]).catch(() => {})
    }
  } finally {
    await client.end().catch(() => {})
  }
}
