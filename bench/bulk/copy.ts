import { join } from 'node:path'
import type { Client } from 'pg'
import { type Kind, rows } from './kinds.ts'

/** Tables like those that the server writes to, and empty. */
export async function createCopies(database: Client): Promise<void> {
  for (const table of ['records', 'vault_logs', 'changes', 'streams'])
    await database.query(`CREATE TABLE copied_${table} (LIKE ${table} INCLUDING ALL)`)
}

/**
 * What a bulk load costs at least: `COPY` of the rows that a kind has brought and of the changes that tell of them, from files beside the
 * database into tables with the same indexes, with the head of the stream, in as many transactions.
 */
export async function copierOf(database: Client, folder: string, { table, streamColumn, batches, streamId }: Kind): Promise<() => Promise<void>> {
  const size = rows / batches.length
  const fileOf = (name: string, batch: number) => join(folder, `copied-${name}-${batch}`)
  for (const batch of batches.keys()) {
    for (const [name, column, order] of [
      [table, streamColumn, 'id'],
      ['changes', 'stream_id', 'seq'],
    ] as const) {
      const part = `SELECT * FROM ${name} WHERE ${column} = (${streamId}) ORDER BY ${order} OFFSET ${batch * size} LIMIT ${size}`
      await database.query(`COPY (${part}) TO '${fileOf(name, batch)}'`)
    }
  }
  await database.query(`TRUNCATE copied_${table}, copied_changes, copied_streams`)
  await database.query(`INSERT INTO copied_streams (id, kind) VALUES ('one', 'copied')`)
  return async () => {
    for (const batch of batches.keys()) {
      await database.query('BEGIN')
      await database.query(`UPDATE copied_streams SET head = head + ${size} WHERE id = 'one'`)
      await database.query(`COPY copied_${table} FROM '${fileOf(table, batch)}'`)
      await database.query(`COPY copied_changes FROM '${fileOf('changes', batch)}'`)
      await database.query('COMMIT')
    }
  }
}
