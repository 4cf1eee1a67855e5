import { join } from 'node:path'
import type { Client } from 'pg'
import { type Kind, rows } from './kinds.ts'

/** Tables like those that the server writes to: they grow as its own do. */
export async function createCopies(database: Client): Promise<void> {
  for (const table of ['records', 'vault_logs', 'changes', 'streams'])
    await database.query(`CREATE TABLE copied_${table} (LIKE ${table} INCLUDING ALL)`)
  await database.query('CREATE TEMP TABLE newer (LIKE records)')
  await database.query(`INSERT INTO copied_streams (id, kind) VALUES ('one', 'copied')`)
}

/** `COPY` writes over nothing: what is newer goes beside it, and from there into its rows. */
const overwrite = `UPDATE copied_records SET value = newer.value, version = newer.version, updated_at = newer.updated_at
  FROM newer WHERE copied_records.collection_id = newer.collection_id AND copied_records.key = newer.key`

/**
 * What a bulk load costs at least: `COPY` of the rows that a kind has brought and of the changes that tell of them, from files beside the
 * database into tables with the same indexes, with the head of the stream, in as many transactions.
 */
export async function copierOf(
  database: Client,
  folder: string,
  { table, streamColumn, turn, batches, streamId }: Kind,
): Promise<() => Promise<void>> {
  const size = rows / batches.length
  const fileOf = (name: string, batch: number) => join(folder, `copied-${name}-${batch}`)
  for (const batch of batches.keys()) {
    for (const [name, column, order, before] of [
      [table, streamColumn, 'id', 0],
      ['changes', 'stream_id', 'seq', turn * rows],
    ] as const) {
      const part = `SELECT * FROM ${name} WHERE ${column} = (${streamId}) ORDER BY ${order} OFFSET ${before + batch * size} LIMIT ${size}`
      await database.query(`COPY (${part}) TO '${fileOf(name, batch)}'`)
    }
  }
  return async () => {
    for (const batch of batches.keys()) {
      await database.query('BEGIN')
      await database.query(`UPDATE copied_streams SET head = head + ${size} WHERE id = 'one'`)
      if (turn === 0) await database.query(`COPY copied_${table} FROM '${fileOf(table, batch)}'`)
      else {
        await database.query('TRUNCATE newer')
        await database.query(`COPY newer FROM '${fileOf(table, batch)}'`)
        await database.query('SET LOCAL enable_seqscan = off')
        await database.query(overwrite)
      }
      await database.query(`COPY copied_changes FROM '${fileOf('changes', batch)}'`)
      await database.query('COMMIT')
    }
  }
}
