import { randomBytes, randomUUID } from 'node:crypto'
import type {
  PushVaultLogsInput,
  RotateVaultKeyInput,
  StoreVaultKeyInput,
  VaultFeedSubscription,
  VaultLogInput,
  VaultLogStateFragment,
  VaultReadLogsQueryVariables,
} from '../generated/graphql.ts'
import type { Client } from '../harness/client.ts'
import { followFeed } from '../harness/follow.ts'
import { deleteVault, listVaults, pushVaultLogs, readLogs, readVault, rotateVaultKey, storeVaultKey, vaultLogs } from './operations.ts'

export type VaultItem = VaultFeedSubscription['vaultLogs']
export type VaultLog = VaultLogStateFragment

/** Something that could have been encrypted. */
export const sealed = (more: Partial<VaultLogInput> = {}): VaultLogInput => ({
  encryptedData: randomBytes(24).toString('base64'),
  nonce: randomBytes(12).toString('base64'),
  haexTimestamp: randomUUID(),
  ...more,
})

export const wrapped = () => ({
  encryptedVaultKey: randomBytes(48).toString('base64'),
  salt: randomBytes(16).toString('base64'),
  nonce: randomBytes(12).toString('base64'),
})

/** What tests do with one vault of one caller. */
export const vaultOf = (by: Client, vaultId: string = randomUUID()) => {
  const push = async (input: Omit<PushVaultLogsInput, 'vaultId'>) =>
    (await by.run(pushVaultLogs, { input: { vaultId, deviceId: 'laptop', ...input } })).pushVaultLogs
  const page = async (which: Omit<VaultReadLogsQueryVariables, 'id'> = {}) => (await by.run(readLogs, { id: vaultId, ...which })).vault?.logs
  return {
    vaultId,
    store: async (input: Partial<StoreVaultKeyInput> = {}) =>
      (await by.run(storeVaultKey, { input: { vaultId, ...wrapped(), ...input } })).storeVaultKey.vaultKey,
    rotate: async (expectedVersion: number, input: Partial<RotateVaultKeyInput> = {}) =>
      (await by.run(rotateVaultKey, { input: { vaultId, expectedVersion, ...wrapped(), ...input } })).rotateVaultKey.vaultKey,
    remove: async (idempotencyKey: string | null = null) => (await by.run(deleteVault, { input: { vaultId, idempotencyKey } })).deleteVault.deletedId,
    push,
    /** As many new logs. */
    pushNew: (count = 1, deviceId: string | null = 'laptop') => push({ deviceId, logs: Array.from({ length: count }, () => sealed()) }),
    read: async () => (await by.run(readVault, { id: vaultId })).vault,
    page,
    /** All logs behind a sequence, page by page. */
    async all(which: Omit<VaultReadLogsQueryVariables, 'id'> = {}): Promise<VaultLog[]> {
      const logs: VaultLog[] = []
      for (let afterSequence = which.afterSequence ?? 0; ; ) {
        const found = await page({ ...which, afterSequence })
        logs.push(...(found?.nodes ?? []))
        if (!found?.hasMore) return logs
        if (!((found.endSequence ?? 0) > afterSequence)) throw new Error('The pager does not get on.')
        afterSequence = found.endSequence ?? 0
      }
    },
    follow: (wsUrl: string, after: string | null = null) =>
      followFeed(wsUrl, by.accessToken, vaultLogs, { vaultId, after }, (data): VaultItem => data.vaultLogs),
  }
}

export const vaultsOf = async (by: Client) => (await by.run(listVaults, {})).vaults

/** A vault that is there. */
export async function newVault(by: Client, vaultId?: string) {
  const vault = vaultOf(by, vaultId)
  await vault.store()
  return vault
}

/** The logs among what a feed told. */
export const logsOf = (items: readonly VaultItem[]): VaultLog[] =>
  items.flatMap(item => {
    if (item.__typename !== 'VaultLog') return []
    const { __typename, ...log } = item
    return [log as VaultLog]
  })
