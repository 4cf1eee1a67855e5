import { bigint, index, pgTable, text } from 'drizzle-orm/pg-core'
import { instant } from '../platform/column-types.ts'
import { jsonColumn } from '../platform/json-column.ts'

/** What was done that somebody may have to answer for. Each entry holds the hash of the one before it. */
export const auditEntries = pgTable(
  'audit_entries',
  {
    /** 1, 2, 3, … without holes: the sequence of the change in the stream of the same name. */
    seq: bigint({ mode: 'number' }).primaryKey(),
    id: text().notNull().unique(),
    at: instant('at').notNull(),
    /** Null for those who are no user: strangers, and administrators by key or password. */
    actorId: text('actor_id'),
    /** How an administrator who is no user proved to be one. */
    actorBy: text('actor_by'),
    action: text().notNull(),
    target: text(),
    ip: text(),
    details: jsonColumn(),
    hash: text().notNull(),
    previousHash: text('previous_hash').notNull(),
  },
  table => [index('audit_entries_actor').on(table.actorId, table.seq), index('audit_entries_action').on(table.action, table.seq)],
)

/** Where the chain begins now that older entries are gone: the last of those. */
export const auditAnchors = pgTable('audit_anchors', {
  seq: bigint({ mode: 'number' }).primaryKey(),
  hash: text().notNull(),
  /** When the older ones went. */
  at: instant('at').notNull(),
})
