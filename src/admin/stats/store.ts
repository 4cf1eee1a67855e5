import { sql } from 'drizzle-orm'
import type { Db } from '../../platform/database.ts'

/**
 * How much there is of each kind. Nothing else of the rooms' tables is looked at here, and so their columns are named in plain SQL.
 * One statement each, so that on the one connection of the embedded database nobody waits for all of them.
 */
export const countStatements = {
  users: sql`select count(*)::float8 as count from users where deleted_at is null`,
  documents: sql`select count(*)::float8 as count from documents where deleted_at is null`,
  records: sql`select count(*)::float8 as count from records where deleted_at is null`,
  notes: sql`select count(*)::float8 as count from notes`,
  chats: sql`select count(*)::float8 as count from chats`,
  vaults: sql`select count(*)::float8 as count from vaults`,
} as const

export type Counted = keyof typeof countStatements

export async function countRows(db: Db, what: Counted): Promise<number> {
  const { rows } = await db.execute<{ count: number }>(countStatements[what])
  return rows[0]?.count ?? 0
}

export async function readDatabaseBytes(db: Db): Promise<number> {
  const { rows } = await db.execute<{ bytes: number }>(sql`select pg_database_size(current_database())::float8 as bytes`)
  return rows[0]?.bytes ?? 0
}
