import { type SQLWrapper, sql } from 'drizzle-orm'

/** Many texts in one parameter, so that a statement is the same for any number of them. */
export const textArray = (texts: Iterable<string>) => sql`${sql.param([...texts])}::text[]`

export const among = (column: SQLWrapper, texts: Iterable<string>) => sql`${column} = any(${textArray(texts)})`

/**
 * Many values in one parameter, of which none is text with control characters: then PostgreSQL reads an array just as JSON is written,
 * and the driver, which writes it value by value, would take five times as long.
 */
export const plainArray = (values: readonly (string | number | null)[], type: 'text' | 'bigint' | 'jsonb') =>
  sql`${`{${JSON.stringify(values).slice(1, -1)}}`}::${sql.raw(type)}[]`
