import { and, count, desc, eq, getTableColumns, gt, isNull, lt } from 'drizzle-orm'
import type { Db, Tx } from '../../platform/database.ts'
import { issuedTokens, users } from '../table.ts'
import type { UserRow } from '../users/store.ts'

const { signingKey: _, ...columns } = getTableColumns(issuedTokens)

export type IssuedTokenRow = Omit<typeof issuedTokens.$inferSelect, 'signingKey'>

/** With what its operations are signed with, sealed. */
export type SealedTokenRow = typeof issuedTokens.$inferSelect

export async function insertToken(tx: Tx, row: SealedTokenRow): Promise<void> {
  await tx.insert(issuedTokens).values(row)
}

/** A token, and its user as they are now. */
export async function findToken(db: Db | Tx, jti: string): Promise<{ token: SealedTokenRow; user: UserRow } | null> {
  const [row] = await db
    .select({ token: issuedTokens, user: users })
    .from(issuedTokens)
    .innerJoin(users, eq(users.id, issuedTokens.userId))
    .where(and(eq(issuedTokens.jti, jti), isNull(users.deletedAt)))
  return row ?? null
}

const goodOf = (userId: string, now: Date) => and(eq(issuedTokens.userId, userId), gt(issuedTokens.expiresAt, now))

/** The good tokens of a user, the newest first. */
export async function listTokens(db: Db | Tx, userId: string, now: Date): Promise<IssuedTokenRow[]> {
  return db.select(columns).from(issuedTokens).where(goodOf(userId, now)).orderBy(desc(issuedTokens.createdAt), desc(issuedTokens.jti))
}

export async function countTokens(db: Db | Tx, userId: string, now: Date): Promise<number> {
  const [row] = await db.select({ count: count() }).from(issuedTokens).where(goodOf(userId, now))
  return row?.count ?? 0
}

/** Gives whose it was; null: there is none, or none of the user that was asked for. */
export async function deleteToken(tx: Tx, jti: string, ofUser?: string): Promise<string | null> {
  const [row] = await tx
    .delete(issuedTokens)
    .where(and(eq(issuedTokens.jti, jti), ofUser === undefined ? undefined : eq(issuedTokens.userId, ofUser)))
    .returning({ userId: issuedTokens.userId })
  return row?.userId ?? null
}

export async function deleteTokensOf(tx: Tx, userId: string): Promise<string[]> {
  const rows = await tx.delete(issuedTokens).where(eq(issuedTokens.userId, userId)).returning({ jti: issuedTokens.jti })
  return rows.map(({ jti }) => jti)
}

export async function deleteTokensExpiredBefore(db: Db | Tx, before: Date): Promise<void> {
  await db.delete(issuedTokens).where(lt(issuedTokens.expiresAt, before))
}
