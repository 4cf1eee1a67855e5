import type { Pool, QueryResultRow } from 'pg'
import type { Database } from './database.ts'

export type ReadDatabase = Pick<Database, 'db' | 'mode'>

/** A statement in PostgreSQL's own notation. */
interface Read {
  readonly text: string
  readonly values: readonly unknown[]
  /** Whether it is gone about in the same way whatever the values are. */
  readonly isPlanKept: boolean
}

/** So many texts have a name: each of them may be a plan in every connection. */
const mostNames = 100

const names = new Map<string, string>()

function nameOf(text: string): string | undefined {
  const known = names.get(text)
  if (known !== undefined || names.size === mostNames) return known
  const name = `read_${names.size}`
  names.set(text, name)
  return name
}

/**
 * Reads outside of transactions, by a text that comes again and again: to parse and to plan it takes PostgreSQL four times as long as to do
 * it, and with a name it is done once for each connection, and anew when the tables were analysed. The embedded database is analysed
 * too seldom for that. Instants and what is beyond 2^31 come back as text.
 */
export async function readByText<Row extends QueryResultRow>({ db, mode }: ReadDatabase, { text, values, isPlanKept }: Read): Promise<Row[]> {
  const pool = (db as ReadDatabase['db'] & { readonly $client: Pool }).$client
  const name = isPlanKept && mode === 'postgres' ? nameOf(text) : undefined
  const { rows } = await pool.query<Row>({ text, values: [...values], ...(name !== undefined && { name }) })
  return rows
}
