import { sql } from 'drizzle-orm'
import { bigint, check, index, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { instant } from '../platform/column-types.ts'
import { jsonColumn } from '../platform/json-column.ts'

/** One row for each ordered log; `head` is its last sequence, `floor` the last one that was pruned. */
export const streams = pgTable(
  'streams',
  {
    id: text().primaryKey(),
    kind: text().notNull(),
    head: bigint({ mode: 'number' }).notNull().default(0),
    floor: bigint({ mode: 'number' }).notNull().default(0),
  },
  table => [
    check('streams_floor_below_head', sql`${table.floor} <= ${table.head}`),
    index('streams_length').on(sql`(${table.head} - ${table.floor})`),
  ],
)

/** Without holes between `floor` and `head` of its stream. */
export const changes = pgTable(
  'changes',
  {
    streamId: text('stream_id').notNull(),
    seq: bigint({ mode: 'number' }).notNull(),
    kind: text().notNull(),
    payload: jsonColumn().notNull(),
    actorId: text('actor_id'),
    clientId: text('client_id'),
    /** The client's own count of its changes; null for a change no vector clock can say it has seen. */
    clientCounter: bigint('client_counter', { mode: 'number' }),
    at: instant('at').notNull(),
  },
  table => [primaryKey({ columns: [table.streamId, table.seq] }), index('changes_at').on(table.at)],
)

/** What a repeatable call did the first time. */
export const idempotencyKeys = pgTable(
  'idempotency_keys',
  {
    scope: text().notNull(),
    mutation: text().notNull(),
    key: text().notNull(),
    inputHash: text('input_hash').notNull(),
    /** Null only inside the transaction that does the work. */
    outcome: jsonColumn(),
    at: instant('at').notNull(),
  },
  table => [primaryKey({ columns: [table.scope, table.mutation, table.key] }), index('idempotency_keys_at').on(table.at)],
)
