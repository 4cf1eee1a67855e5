import { type SQLWrapper, sql } from 'drizzle-orm'

/** Many texts in one parameter, so that a statement is the same for any number of them. */
export const textArray = (texts: Iterable<string>) => sql`${sql.param([...texts])}::text[]`

export const among = (column: SQLWrapper, texts: Iterable<string>) => sql`${column} = any(${textArray(texts)})`
