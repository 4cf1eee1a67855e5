import { bigint, boolean, index, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { instant } from '../platform/column-types.ts'
import { jsonColumn } from '../platform/json-column.ts'

export const documents = pgTable('documents', {
  id: text().primaryKey(),
  name: text(),
  createdAt: instant('created_at').notNull(),
  updatedAt: instant('updated_at').notNull(),
  deletedAt: instant('deleted_at'),
})

/** The winner of each path; a tombstone stays, so that older writes go on losing to it. */
export const documentFields = pgTable(
  'document_fields',
  {
    documentId: text('document_id').notNull(),
    path: text().notNull(),
    value: jsonColumn(),
    deleted: boolean().notNull(),
    timestamp: instant('timestamp').notNull(),
    counter: bigint({ mode: 'number' }).notNull(),
    clientId: text('client_id').notNull(),
  },
  table => [primaryKey({ columns: [table.documentId, table.path] })],
)

/** Up to which counter each client has pushed, and up to which its pushes have left the log. */
export const documentClocks = pgTable(
  'document_clocks',
  {
    documentId: text('document_id').notNull(),
    clientId: text('client_id').notNull(),
    counter: bigint({ mode: 'number' }).notNull(),
    prunedCounter: bigint('pruned_counter', { mode: 'number' }).notNull().default(0),
  },
  table => [primaryKey({ columns: [table.documentId, table.clientId] })],
)

export const snapshots = pgTable(
  'snapshots',
  {
    id: text().primaryKey(),
    documentId: text('document_id').notNull(),
    label: text(),
    fields: jsonColumn().notNull(),
    clock: jsonColumn().notNull(),
    sizeBytes: integer('size_bytes').notNull(),
    automatic: boolean().notNull(),
    createdAt: instant('created_at').notNull(),
  },
  table => [index('snapshots_document').on(table.documentId, table.id)],
)
