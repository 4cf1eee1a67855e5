import { and, count, desc, eq, getTableColumns, gt, isNull, lt, max, ne } from 'drizzle-orm'
import type { Db, Tx } from '../../platform/database.ts'
import { among } from '../../platform/text-array.ts'
import { devices, sessions, users } from '../table.ts'
import type { UserRow } from '../users/store.ts'

export type DeviceRow = typeof devices.$inferSelect
export type NewSessionRow = typeof sessions.$inferInsert
export type SessionRow = Omit<typeof sessions.$inferSelect, 'refreshHash' | 'signingKey'> & { readonly device: DeviceRow | null }

const { refreshHash: _, signingKey: __, ...columns } = getTableColumns(sessions)
const withDevice = { ...columns, device: devices }

export async function insertSession(tx: Tx, row: NewSessionRow): Promise<void> {
  await tx.insert(sessions).values(row)
}

export async function findSession(db: Db | Tx, id: string): Promise<SessionRow | null> {
  const [row = null] = await findSessions(db, [id])
  return row
}

export async function findSessions(db: Db | Tx, ids: readonly string[]): Promise<SessionRow[]> {
  return db.select(withDevice).from(sessions).leftJoin(devices, eq(devices.id, sessions.deviceId)).where(among(sessions.id, ids))
}

/** The open sessions of a user, the one used last first. */
export async function listSessions(db: Db | Tx, userId: string, now: Date): Promise<SessionRow[]> {
  return db
    .select(withDevice)
    .from(sessions)
    .leftJoin(devices, eq(devices.id, sessions.deviceId))
    .where(and(eq(sessions.userId, userId), gt(sessions.expiresAt, now)))
    .orderBy(desc(sessions.lastUsedAt), desc(sessions.id))
}

export interface SessionCount {
  readonly count: number
  readonly lastUsedAt: Date
}

/** Users without an open session are left out. */
export async function countSessions(db: Db | Tx, userIds: readonly string[], now: Date): Promise<Map<string, SessionCount>> {
  const rows = await db
    .select({ userId: sessions.userId, count: count(), lastUsedAt: max(sessions.lastUsedAt) })
    .from(sessions)
    .where(and(among(sessions.userId, userIds), gt(sessions.expiresAt, now)))
    .groupBy(sessions.userId)
  return new Map(rows.map(({ userId, count, lastUsedAt }) => [userId, { count, lastUsedAt: lastUsedAt ?? now }]))
}

/** What an access token stands on: its session, and the user as they are now. */
export async function findStanding(db: Db | Tx, sessionId: string): Promise<StandingRow | null> {
  const [standing = null] = await findStandings(db, [sessionId])
  return standing
}

export interface StandingRow {
  readonly user: UserRow
  readonly expiresAt: Date
  readonly signingKey: string | null
}

/** The same for several sessions, in their order. */
export async function findStandings(db: Db | Tx, sessionIds: readonly string[]): Promise<(StandingRow | null)[]> {
  const rows = await db
    .select({ id: sessions.id, user: users, expiresAt: sessions.expiresAt, signingKey: sessions.signingKey })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(and(among(sessions.id, sessionIds), isNull(users.deletedAt)))
  const found = new Map(rows.map(({ id, ...standing }) => [id, standing]))
  return sessionIds.map(id => found.get(id) ?? null)
}

export interface Rotation {
  readonly refreshHash: string
  readonly lastUsedAt: Date
  readonly expiresAt: Date
}

/** Puts a new refresh token in the place of `usedHash`. Of two at once, the second finds it gone. False: it was not the good one, or the session is over. */
export async function rotateSession(tx: Tx, id: string, usedHash: string, next: Rotation): Promise<boolean> {
  const rows = await tx
    .update(sessions)
    .set({ ...next })
    .where(and(eq(sessions.id, id), eq(sessions.refreshHash, usedHash), gt(sessions.expiresAt, next.lastUsedAt)))
    .returning({ id: sessions.id })
  return rows.length > 0
}

/** Gives a session new tokens, whichever it had. */
export async function replaceRefresh(tx: Tx, id: string, userId: string, next: Rotation): Promise<boolean> {
  const rows = await tx
    .update(sessions)
    .set({ ...next })
    .where(and(eq(sessions.id, id), eq(sessions.userId, userId), gt(sessions.expiresAt, next.lastUsedAt)))
    .returning({ id: sessions.id })
  return rows.length > 0
}

export async function findSigningKey(tx: Tx, id: string): Promise<string | null> {
  const [row] = await tx.select({ signingKey: sessions.signingKey }).from(sessions).where(eq(sessions.id, id))
  return row?.signingKey ?? null
}

export async function replaceSigningKey(tx: Tx, id: string, signingKey: string): Promise<void> {
  await tx.update(sessions).set({ signingKey }).where(eq(sessions.id, id))
}

const idOnly = { id: sessions.id }
const idsOf = (rows: readonly { readonly id: string }[]) => rows.map(row => row.id)

export async function deleteSession(tx: Tx, id: string, userId: string): Promise<string[]> {
  return idsOf(
    await tx
      .delete(sessions)
      .where(and(eq(sessions.id, id), eq(sessions.userId, userId)))
      .returning(idOnly),
  )
}

/** Whose it was; null: there is none. */
export async function deleteAnySession(tx: Tx, id: string): Promise<string | null> {
  const [row] = await tx.delete(sessions).where(eq(sessions.id, id)).returning({ userId: sessions.userId })
  return row?.userId ?? null
}

export async function deleteSessionsOf(tx: Tx, userId: string, exceptId: string | null): Promise<string[]> {
  const others = exceptId === null ? undefined : ne(sessions.id, exceptId)
  return idsOf(
    await tx
      .delete(sessions)
      .where(and(eq(sessions.userId, userId), others))
      .returning(idOnly),
  )
}

export async function deleteSessionsOnDevice(tx: Tx, deviceId: string): Promise<string[]> {
  return idsOf(await tx.delete(sessions).where(eq(sessions.deviceId, deviceId)).returning(idOnly))
}

/** All but the `keep` sessions that were used last. */
export async function findExcessSessions(tx: Tx, userId: string, keep: number): Promise<string[]> {
  return idsOf(
    await tx.select(idOnly).from(sessions).where(eq(sessions.userId, userId)).orderBy(desc(sessions.lastUsedAt), desc(sessions.id)).offset(keep),
  )
}

export async function deleteSessionsExpiredBefore(db: Db | Tx, before: Date): Promise<void> {
  await db.delete(sessions).where(lt(sessions.expiresAt, before))
}
