import { sql } from 'drizzle-orm'
import { changedSince, hanging, type KeysetTable, number, numberKey, text, textKey, time } from '../platform/keyset.ts'

const ofVaults = hanging({
  on: sql`vaults v`,
  table: 'vault_logs',
  alias: 'l',
  by: sql`l.vault = v.id`,
  key: [textKey('v.id'), numberKey('l.sequence')],
})

/** Vaults and their logs: the server has nothing of them but ciphertext. A user's are their own. */
export const vaultTables: readonly KeysetTable[] = [
  {
    type: 'Vault',
    columns: {
      id: text('v.id'),
      ownerId: text('v.owner_id'),
      vaultId: text('v.vault_id'),
      encryptedVaultKey: text('v.encrypted_vault_key'),
      salt: text('v.salt'),
      nonce: text('v.nonce'),
      encryptedName: text('v.encrypted_name'),
      version: number('v.version'),
      headSequence: number('v.head_sequence'),
      createdAt: time('v.created_at'),
      keyUpdatedAt: time('v.key_updated_at'),
    },
    scan: selection => ({
      from: sql`vaults v`,
      key: [textKey('v.id')],
      where: selection.userId === null ? undefined : sql`v.owner_id = ${selection.userId}`,
      wanted: changedSince(selection, 'v.created_at', 'v.key_updated_at'),
    }),
  },
  {
    type: 'VaultLog',
    columns: {
      id: text('l.id'),
      vault: text('l.vault'),
      sequence: number('l.sequence'),
      deviceId: text('l.device_id'),
      encryptedData: text('l.encrypted_data'),
      nonce: text('l.nonce'),
      haexTimestamp: text('l.haex_timestamp'),
      createdAt: time('l.created_at'),
    },
    weight: sql`octet_length(l.encrypted_data)`,
    scan: selection => ({
      ...(selection.userId === null
        ? { from: sql`vault_logs l`, key: [textKey('l.vault'), numberKey('l.sequence')] }
        : { ...ofVaults, where: sql`v.owner_id = ${selection.userId}` }),
      wanted: changedSince(selection, 'l.created_at'),
    }),
  },
]
