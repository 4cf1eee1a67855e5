import { sql } from 'drizzle-orm'
import { bigint, index, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { instant } from '../platform/column-types.ts'
import { jsonColumn } from '../platform/json-column.ts'

/** A user's records under one name; its id names its stream too. */
export const collections = pgTable(
  'collections',
  {
    id: text().primaryKey(),
    ownerId: text('owner_id').notNull(),
    name: text().notNull(),
    createdAt: instant('created_at').notNull(),
  },
  table => [uniqueIndex('collections_owner_name').on(table.ownerId, table.name)],
)

/** One row for each key that was ever written: a deleted one stays, so that older writes go on losing to the deletion. */
export const records = pgTable(
  'records',
  {
    id: text().primaryKey(),
    collectionId: text('collection_id').notNull(),
    key: text().notNull(),
    value: jsonColumn(),
    version: bigint({ mode: 'number' }).notNull(),
    updatedAt: instant('updated_at').notNull(),
    deletedAt: instant('deleted_at'),
    expiresAt: instant('expires_at'),
  },
  table => [
    uniqueIndex('records_key').on(table.collectionId, table.key),
    index('records_page').on(table.collectionId, table.updatedAt, table.key),
    index('records_live').on(table.collectionId, table.expiresAt).where(sql`${table.deletedAt} is null`),
    index('records_expiry').on(table.expiresAt).where(sql`${table.deletedAt} is null and ${table.expiresAt} is not null`),
  ],
)
