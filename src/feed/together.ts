import { type Statement, statement } from '../platform/statement.ts'

/** Rows that go in with the changes that tell of them, in one statement: what both say goes over the wire once. */
export interface Together {
  readonly append: Statement<{ head: string }>
  readonly values: readonly unknown[]
}

/**
 * `tables` are members of a `with`, which may write. `changes` selects from them what the changes are, as (kind, payload, actor_id,
 * client_id, client_counter, place); places are 1, 2, 3, … For both, $1 is the stream, $2 how many changes there are, $3 the time;
 * values of their own follow. The stream's row stays locked until the transaction ends: that is what puts sequences in the order of the commits.
 */
export function appending(name: string, tables: string, changes: string): (...values: readonly unknown[]) => Together {
  const append = statement<{ head: string }>(
    name,
    `with ${tables},
    bumped as (update streams set head = head + $2::bigint where id = $1::text returning head),
    logged as (
      insert into changes (stream_id, seq, kind, payload, actor_id, client_id, client_counter, at)
      select $1::text, bumped.head - $2::bigint + place, kind, payload, actor_id, client_id, client_counter, $3::timestamptz
      from bumped, (${changes}) as told (kind, payload, actor_id, client_id, client_counter, place))
    select head from bumped`,
  )
  return (...values) => ({ append, values })
}
