import { type SQL, sql } from 'drizzle-orm'
import type { Database } from './database.ts'
import type { Cell, ColumnType, ExportPlace, ExportSource, ExportTable, Selection } from './export-source.ts'

interface Key {
  readonly column: SQL
  readonly type: 'text' | 'bigint'
}

/** Which rows, and in which order. */
interface Scan {
  readonly from: SQL | ((after: ExportPlace | null) => SQL)
  /** Unique, and there is an index that gives this order: a page begins behind the last one's key. */
  readonly key: readonly Key[]
  /** What the index finds. */
  readonly where?: SQL | undefined
  /** What is looked at row by row: a page looks at a bounded number of rows, however few of them are wanted. */
  readonly wanted?: SQL | undefined
}

/** A table as it is read for exports: only `scan` knows of users and times. */
export interface KeysetTable {
  readonly type: string
  readonly columns: Readonly<Record<string, readonly [ColumnType, SQL]>>
  /** Bytes of those columns that can be large. */
  readonly weight?: SQL
  readonly scan: (selection: Selection) => Scan
}

const columnOf =
  (type: ColumnType) =>
  (name: string): readonly [ColumnType, SQL] => [type, sql.raw(name)]

export const text = columnOf('text')
export const number = columnOf('number')
export const boolean = columnOf('boolean')
export const time = columnOf('time')
export const json = columnOf('json')

export const textKey = (name: string): Key => ({ column: sql.raw(name), type: 'text' })
export const numberKey = (name: string): Key => ({ column: sql.raw(name), type: 'bigint' })

/**
 * Rows that hang on each of some others, read from one of these after the other. Without the limit that keeps the two apart,
 * a page that begins far behind would be looked for from the beginning.
 */
export function hanging({ on, table, alias, by, key }: Hanging): Pick<Scan, 'from' | 'key'> {
  const [outer, inner] = key
  const least = inner.type === 'text' ? sql`''` : sql`-1`
  const begin = (after: ExportPlace) =>
    sql`case when ${outer.column} = ${after[0]}::${sql.raw(outer.type)} then ${after[1]}::${sql.raw(inner.type)} else ${least} end`
  const next = (after: ExportPlace | null) => (after === null ? sql`true` : sql`${inner.column} > ${begin(after)}`)
  const rows = (after: ExportPlace | null) =>
    sql`select * from ${sql.raw(table)} ${sql.raw(alias)} where ${by} and ${next(after)} order by ${inner.column} limit ${pageRows}`
  return { key, from: after => sql`${on} cross join lateral (${rows(after)}) ${sql.raw(alias)}` }
}

interface Hanging {
  readonly on: SQL
  readonly table: string
  readonly alias: string
  readonly by: SQL
  /** A column of what they hang on, and one of theirs. */
  readonly key: readonly [Key, Key]
}

/** Whether one of these moments is `since` or later; undefined: that is not asked. */
export const changedSince = ({ since }: Selection, ...columns: readonly string[]): SQL | undefined =>
  since === null
    ? undefined
    : sql`(${sql.join(
        columns.map(column => sql`coalesce(${sql.raw(column)} >= ${since.toISOString()}::timestamptz, false)`),
        sql` or `,
      )})`

/** Rows that one page looks at. */
const pageRows = 1_000
/** What the large columns of one page weigh at most; a single row may weigh more. */
const pageBytes = 512 * 1024

const names = (parts: readonly unknown[], prefix: string) => parts.map((_, index) => sql.raw(`${prefix}${index}`))
const list = (parts: readonly SQL[]) => sql.join([...parts], sql`, `)
const all = (parts: readonly (SQL | undefined)[]) =>
  sql.join(
    parts.filter(part => part !== undefined),
    sql` and `,
  )

const written: Readonly<Record<ColumnType, (column: SQL) => SQL>> = {
  text: column => column,
  number: column => column,
  boolean: column => column,
  time: column => sql`to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`,
  json: column => sql`${column}::text`,
}

export const exportSourceOf = (database: Database, tables: readonly KeysetTable[]): ExportSource =>
  tables.map(table => exportTableOf(database, table))

function exportTableOf({ db }: Database, { type, columns, weight = sql`0`, scan }: KeysetTable): ExportTable {
  const cells = Object.values(columns)
  const cellNames = names(cells, 'c')
  return {
    type,
    columns: Object.fromEntries(Object.entries(columns).map(([name, [kind]]) => [name, kind])),

    async read(selection, after) {
      const { from, key, where, wanted } = scan(selection)
      const keys = names(key, 'k')
      const order = list(keys)
      // Values are turned to text last, for those rows alone that the page has room for.
      const { rows } = await db.execute<Record<string, Cell>>(sql`
        select ${list(cells.map(([kind], index) => sql`${written[kind](cellNames[index] as SQL)} as ${cellNames[index] as SQL}`))}, ${order}, wanted, found < ${pageRows} and place = found as is_last
        from (
          select looked.*, row_number() over in_order as place, count(*) over () as found,
            sum(case when wanted then weight else 0 end) over in_order - case when wanted then weight else 0 end as before
          from (
            select ${list(cells.map(([, column], index) => sql`${column} as ${cellNames[index] as SQL}`))},
              ${list(key.map(({ column }, index) => sql`${column} as ${keys[index] as SQL}`))}, ${wanted ?? sql`true`} as wanted, ${weight}::bigint as weight
            from ${typeof from === 'function' ? from(after) : from}
            where ${all([sql`true`, where, after === null ? undefined : behind(key, after)])}
            order by ${list(key.map(({ column }) => column))} limit ${pageRows}
          ) looked window in_order as (order by ${order})
        ) weighed
        where before < ${pageBytes} and (wanted or place = found) order by place`)
      const last = rows.at(-1)
      return {
        rows: rows.filter(row => row['wanted'] === true).map(row => cells.map((_, index) => row[`c${index}`] ?? null)),
        next: !last || last['is_last'] === true ? null : key.map((_, index) => last[`k${index}`] as string | number),
      }
    },

    async estimate(selection) {
      const { from, where, wanted } = scan(selection)
      const { rows } = await db.execute<{ 'QUERY PLAN': [{ Plan: { 'Plan Rows': number } }] }>(
        sql`explain (format json) select 1 from ${typeof from === 'function' ? from(null) : from} where ${all([sql`true`, where, wanted])}`,
      )
      return rows[0]?.['QUERY PLAN'][0].Plan['Plan Rows'] ?? 0
    },
  }
}

/** The first column also for itself: where it is another table's than the second, that is what an index understands. */
function behind(key: readonly Key[], after: ExportPlace): SQL {
  const given = key.map(({ type }, index) => sql`${after[index]}::${sql.raw(type)}`)
  const first = sql`${key[0]?.column} >= ${given[0]}`
  return sql`${first} and (${list(key.map(({ column }) => column))}) > (${list(given)})`
}
