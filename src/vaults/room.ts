import { exportSourceOf } from '../platform/keyset.ts'
import { vaultTables } from './export-store.ts'
import { createVaultLogs, type VaultLogsDeps } from './logs/service.ts'
import { createVaults, type VaultsDeps } from './service.ts'

export type VaultsRoom = ReturnType<typeof createVaultsRoom>

export const createVaultsRoom = ({ quotaBytes, ...ground }: VaultsDeps & VaultLogsDeps) => ({
  vaults: createVaults(ground),
  vaultLogs: createVaultLogs({ ...ground, quotaBytes }),
  vaultExport: exportSourceOf(ground.database, vaultTables),
})
