import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { Client } from 'pg'
import type { Environment } from '../harness/modes.ts'

type Query = (text: string) => Promise<{ rows: unknown[] }>

/** Asks the database itself. The embedded one is asked in its folder: its server has to be down. */
export async function inDatabase<T>({ env }: Environment, work: (query: Query) => Promise<T>): Promise<T> {
  const url = env['DATABASE_URL']
  if (url === undefined) {
    const database = await PGlite.create(join(env['DATA_DIR'] ?? '', 'database'))
    try {
      return await work(text => database.query(text))
    } finally {
      await database.close()
    }
  }
  const database = new Client({ connectionString: url })
  await database.connect()
  try {
    return await work(text => database.query(text))
  } finally {
    await database.end()
  }
}

/** Every row of every table, as text: `table: row`. */
export const allRows = (environment: Environment): Promise<string[]> =>
  inDatabase(environment, async query => {
    const tables = await query(`select quote_ident(schemaname) || '.' || quote_ident(tablename) as name
      from pg_tables where schemaname not in ('pg_catalog', 'information_schema')`)
    const texts: string[] = []
    for (const { name } of tables.rows as { name: string }[])
      for (const { row } of (await query(`select t::text as row from ${name} t`)).rows as { row: string }[]) texts.push(`${name}: ${row}`)
    return texts
  })
