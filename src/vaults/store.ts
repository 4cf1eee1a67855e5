import { asc, eq, sql } from 'drizzle-orm'
import type { Db, Tx } from '../platform/database.ts'
import { among } from '../platform/text-array.ts'
import { vaultLogs, vaults, vaultUsage } from './table.ts'
import type { VaultKey, VaultRow } from './vault.ts'

export async function findVault(db: Db | Tx, id: string): Promise<VaultRow | null> {
  const [row] = await db.select().from(vaults).where(eq(vaults.id, id))
  return row ?? null
}

/** The oldest first. */
export async function listVaults(db: Db | Tx, ownerId: string): Promise<VaultRow[]> {
  return db.select().from(vaults).where(eq(vaults.ownerId, ownerId)).orderBy(asc(vaults.createdAt), asc(vaults.vaultId))
}

/** Keeps every other writer of this vault waiting until the transaction ends. */
export async function lockVault(tx: Tx, id: string): Promise<VaultRow | null> {
  const [row] = await tx.select().from(vaults).where(eq(vaults.id, id)).for('update')
  return row ?? null
}

export async function lockVaultsOf(tx: Tx, ownerId: string): Promise<string[]> {
  const rows = await tx.select({ id: vaults.id }).from(vaults).where(eq(vaults.ownerId, ownerId)).orderBy(asc(vaults.id)).for('update')
  return rows.map(row => row.id)
}

/** False when there is one. Whoever is just making or deleting it is waited for. */
export async function insertVault(tx: Tx, vault: VaultKey & { readonly id: string; readonly ownerId: string }): Promise<boolean> {
  const made = await tx.insert(vaults).values(vault).onConflictDoNothing().returning({ id: vaults.id })
  return made.length > 0
}

/** Notes where the vault's stream stands. In a statement of its own, which sees what was waited for. */
export async function markStart(tx: Tx, id: string): Promise<void> {
  await tx.execute(sql`update vaults set stream_start = s.head from streams s where s.id = vaults.id and vaults.id = ${id}`)
}

export async function updateKey(tx: Tx, id: string, key: Partial<VaultKey>): Promise<void> {
  await tx.update(vaults).set(key).where(eq(vaults.id, id))
}

/** Counts a new vault. Gives how many its owner has now. */
export async function countVault(tx: Tx, ownerId: string): Promise<number> {
  const [row] = await tx
    .insert(vaultUsage)
    .values({ ownerId, vaultCount: 1, logBytes: 0 })
    .onConflictDoUpdate({ target: vaultUsage.ownerId, set: { vaultCount: sql`${vaultUsage.vaultCount} + 1` } })
    .returning({ count: vaultUsage.vaultCount })
  return row?.count ?? 0
}

/** With its logs, which no longer count. */
export async function deleteVault(tx: Tx, { id, ownerId, logBytes }: VaultRow): Promise<void> {
  await tx.delete(vaultLogs).where(eq(vaultLogs.vault, id))
  await tx.delete(vaults).where(eq(vaults.id, id))
  await tx
    .update(vaultUsage)
    .set({ vaultCount: sql`${vaultUsage.vaultCount} - 1`, logBytes: sql`${vaultUsage.logBytes} - ${logBytes}` })
    .where(eq(vaultUsage.ownerId, ownerId))
}

/** These are all that the user has. */
export async function deleteVaultsOf(tx: Tx, ownerId: string, ids: readonly string[]): Promise<void> {
  await tx.delete(vaultLogs).where(among(vaultLogs.vault, ids))
  await tx.delete(vaults).where(eq(vaults.ownerId, ownerId))
  await tx.delete(vaultUsage).where(eq(vaultUsage.ownerId, ownerId))
}
