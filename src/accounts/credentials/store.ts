import { and, eq, gt, isNull, lt, or } from 'drizzle-orm'
import type { Db, Tx } from '../../platform/database.ts'
import { oneTimeTokens } from '../table.ts'

export type OneTimeRow = typeof oneTimeTokens.$inferSelect
export type OneTimePurpose = OneTimeRow['purpose']

const good = (hash: string, purpose: OneTimePurpose, now: Date) =>
  and(eq(oneTimeTokens.hash, hash), eq(oneTimeTokens.purpose, purpose), or(isNull(oneTimeTokens.expiresAt), gt(oneTimeTokens.expiresAt, now)))

export async function insertOneTime(tx: Tx | Db, row: OneTimeRow): Promise<void> {
  await tx.insert(oneTimeTokens).values(row)
}

export async function findOneTime(db: Db | Tx, hash: string, purpose: OneTimePurpose, now: Date): Promise<OneTimeRow | null> {
  const [row] = await db
    .select()
    .from(oneTimeTokens)
    .where(good(hash, purpose, now))
  return row ?? null
}

/** Takes the token away: of two who present it at once, the second finds it gone. */
export async function takeOneTime(tx: Tx, hash: string, purpose: OneTimePurpose, now: Date): Promise<OneTimeRow | null> {
  const [row] = await tx
    .delete(oneTimeTokens)
    .where(good(hash, purpose, now))
    .returning()
  return row ?? null
}

export async function deleteOneTimeOf(tx: Tx, userId: string, purpose?: OneTimePurpose): Promise<void> {
  await tx.delete(oneTimeTokens).where(and(eq(oneTimeTokens.userId, userId), purpose ? eq(oneTimeTokens.purpose, purpose) : undefined))
}

export async function deleteOneTimeFor(tx: Tx, purpose: OneTimePurpose): Promise<void> {
  await tx.delete(oneTimeTokens).where(eq(oneTimeTokens.purpose, purpose))
}

export async function deleteOneTimeExpiredBefore(db: Db | Tx, before: Date): Promise<void> {
  await db.delete(oneTimeTokens).where(lt(oneTimeTokens.expiresAt, before))
}
