import { bigint, index, integer, pgTable, primaryKey, text, unique } from 'drizzle-orm/pg-core'
import { instant } from '../platform/column-types.ts'

/** A vault with its wrapped key; its id names its stream. Whoever changes anything in it locks this row first. */
export const vaults = pgTable(
  'vaults',
  {
    id: text().primaryKey(),
    ownerId: text('owner_id').notNull(),
    vaultId: text('vault_id').notNull(),
    encryptedVaultKey: text('encrypted_vault_key').notNull(),
    salt: text().notNull(),
    nonce: text().notNull(),
    encryptedName: text('encrypted_name'),
    version: integer().notNull().default(1),
    headSequence: bigint('head_sequence', { mode: 'number' }).notNull().default(0),
    /** Where the stream stood when the vault was made: above 0 where there was a vault with its id before. */
    streamStart: bigint('stream_start', { mode: 'number' }).notNull().default(0),
    logBytes: bigint('log_bytes', { mode: 'number' }).notNull().default(0),
    createdAt: instant('created_at').notNull(),
    keyUpdatedAt: instant('key_updated_at').notNull(),
  },
  table => [index('vaults_owner').on(table.ownerId, table.createdAt)],
)

export const vaultLogs = pgTable(
  'vault_logs',
  {
    vault: text().notNull(),
    sequence: bigint({ mode: 'number' }).notNull(),
    id: text().notNull(),
    deviceId: text('device_id'),
    encryptedData: text('encrypted_data').notNull(),
    nonce: text().notNull(),
    haexTimestamp: text('haex_timestamp').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  table => [
    primaryKey({ columns: [table.vault, table.sequence] }),
    unique('vault_logs_once').on(table.vault, table.deviceId, table.haexTimestamp, table.nonce).nullsNotDistinct(),
  ],
)

/** What all vaults of a user come to. Locked after a vault, never before. */
export const vaultUsage = pgTable('vault_usage', {
  ownerId: text('owner_id').primaryKey(),
  vaultCount: integer('vault_count').notNull(),
  logBytes: bigint('log_bytes', { mode: 'number' }).notNull(),
})
