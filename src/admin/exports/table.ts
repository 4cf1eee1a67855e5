import { bigint, index, integer, jsonb, pgEnum, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { bytes, instant } from '../../platform/column-types.ts'

export const exportKind = pgEnum('export_kind', ['USERS', 'DOCUMENTS', 'RECORDS', 'NOTES', 'CHATS', 'VAULTS', 'AUDIT'])
export const exportFormat = pgEnum('export_format', ['JSON', 'NDJSON', 'CSV'])
export const exportStatus = pgEnum('export_status', ['RUNNING', 'READY', 'FAILED'])

export const exports = pgTable(
  'exports',
  {
    id: text().primaryKey(),
    kind: exportKind().notNull(),
    format: exportFormat().notNull(),
    status: exportStatus().notNull(),
    /** Only what belongs to this user. */
    userId: text('user_id'),
    /** Only what changed since. */
    since: instant('since'),
    /** Null when it was started with the key or the password. */
    createdBy: text('created_by'),
    /** Where the next part begins; with `rowCount` and `partCount` it is all that a restart needs. */
    place: jsonb(),
    rowCount: integer('row_count').notNull().default(0),
    totalRows: integer('total_rows'),
    partCount: integer('part_count').notNull().default(0),
    sizeBytes: bigint('size_bytes', { mode: 'number' }).notNull().default(0),
    error: text(),
    /** The node that writes it has to say so again before this; then another one goes on. */
    leasedUntil: instant('leased_until'),
    createdAt: instant('created_at').notNull(),
    expiresAt: instant('expires_at'),
  },
  table => [index('exports_running').on(table.status, table.leasedUntil), index('exports_expiry').on(table.expiresAt)],
)

/**
 * What an export holds so far, compressed (DEFLATE, RFC 1951). No part is marked as the last one, and each ends on a byte and looks back
 * at nothing before it: between the head and the end of a gzip file all of them in order are one, and any of them can be read by itself.
 */
export const exportParts = pgTable(
  'export_parts',
  {
    exportId: text('export_id')
      .notNull()
      .references(() => exports.id, { onDelete: 'cascade' }),
    index: integer().notNull(),
    deflated: bytes('deflated').notNull(),
  },
  table => [primaryKey({ columns: [table.exportId, table.index] })],
)
