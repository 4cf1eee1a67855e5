import type { SQL } from 'drizzle-orm'

/** Rows that go in with the changes that tell of them, in one statement: what both say goes over the wire once. */
export interface Together {
  /** Members of a `with`, which may write. */
  readonly tables: SQL
  /** Selects from them what the changes are, as (kind, payload, actor_id, client_id, client_counter, place); places are 1, 2, 3, … */
  readonly changes: SQL
}
