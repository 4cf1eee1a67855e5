import { and, count, desc, eq, isNull, lt, or, sql } from 'drizzle-orm'
import type { Db, Tx } from '../../platform/database.ts'
import type { ListPlace } from '../../platform/list-page.ts'
import { among } from '../../platform/text-array.ts'
import { signInPlaces, users } from '../table.ts'

export type UserRow = typeof users.$inferSelect
export type NewUserRow = typeof users.$inferInsert

const alive = isNull(users.deletedAt)

export async function findUser(db: Db | Tx, id: string): Promise<UserRow | null> {
  const [row] = await db
    .select()
    .from(users)
    .where(and(eq(users.id, id), alive))
  return row ?? null
}

/** Deleted ones included: what they wrote for others is still there. */
export async function findUsers(db: Db | Tx, ids: readonly string[]): Promise<UserRow[]> {
  return db.select().from(users).where(among(users.id, ids))
}

export async function findUserByEmail(db: Db | Tx, email: string): Promise<UserRow | null> {
  const [row] = await db.select().from(users).where(eq(users.email, email))
  return row ?? null
}

export async function findUserBySubject(db: Db | Tx, issuer: string, subject: string): Promise<UserRow | null> {
  const [row] = await db
    .select()
    .from(users)
    .where(and(eq(users.issuer, issuer), eq(users.subject, subject)))
  return row ?? null
}

/** The user of an address, and whether they signed in from one of these places before. One query, whether there is such a user or not. */
export async function findSignIn(db: Db | Tx, email: string, places: readonly string[]): Promise<{ user: UserRow; known: boolean } | null> {
  const [row] = await db
    .select({ user: users, place: signInPlaces.place })
    .from(users)
    .leftJoin(signInPlaces, and(eq(signInPlaces.userId, users.id), among(signInPlaces.place, places)))
    .where(eq(users.email, email))
  return row ? { user: row.user, known: row.place !== null } : null
}

/** Null when the address, or the subject of the issuer, is taken. */
export async function insertUser(tx: Tx, user: NewUserRow): Promise<UserRow | null> {
  const [row] = await tx.insert(users).values(user).onConflictDoNothing().returning()
  return row ?? null
}

export async function updateUser(tx: Tx, id: string, change: Partial<NewUserRow>): Promise<UserRow | null> {
  const [row] = await tx
    .update(users)
    .set(change)
    .where(and(eq(users.id, id), alive))
    .returning()
  return row ?? null
}

/** Marks the address as verified, provided it is still the user's. */
export async function verifyAddress(tx: Tx, id: string, email: string, at: Date): Promise<UserRow | null> {
  const [row] = await tx
    .update(users)
    .set({ emailVerifiedAt: sql`coalesce(${users.emailVerifiedAt}, ${at.toISOString()}::timestamptz)` })
    .where(and(eq(users.id, id), eq(users.email, email), alive))
    .returning()
  return row ?? null
}

/** Whether the user is there; others may hold them as well, but nobody deletes them until the transaction ends. */
export async function holdUser(tx: Tx, id: string): Promise<boolean> {
  const rows = await tx
    .select({ id: users.id })
    .from(users)
    .where(and(eq(users.id, id), alive))
    .for('key share')
  return rows.length > 0
}

/** `holdUser` for many: those that are there. */
export async function holdUsers(tx: Tx, ids: readonly string[]): Promise<Set<string>> {
  const rows = await tx
    .select({ id: users.id })
    .from(users)
    .where(and(among(users.id, ids), alive))
    .orderBy(users.id)
    .for('key share')
  return new Set(rows.map(row => row.id))
}

/** Holds the user's row until the transaction ends. */
export async function lockUser(tx: Tx, id: string): Promise<UserRow | null> {
  const [row] = await tx
    .select()
    .from(users)
    .where(and(eq(users.id, id), alive))
    .for('update')
  return row ?? null
}

export async function hasAdmin(db: Db | Tx): Promise<boolean> {
  const rows = await db
    .select({ id: users.id })
    .from(users)
    .where(and(eq(users.role, 'ADMIN'), alive))
    .limit(1)
  return rows.length > 0
}

export async function countAdmins(db: Db | Tx): Promise<number> {
  const [row] = await db
    .select({ count: count() })
    .from(users)
    .where(and(eq(users.role, 'ADMIN'), alive))
  return row?.count ?? 0
}

/** The newest first, behind `after`; of those whose address or name holds `search`, or whose id it is. */
export async function listUsers(db: Db | Tx, search: string | null, after: ListPlace | null, limit: number): Promise<UserRow[]> {
  const found =
    search === null
      ? undefined
      : or(
          eq(users.id, search),
          sql`strpos(${users.email}, ${search.normalize('NFKC').toLowerCase()}) > 0`,
          sql`strpos(lower(${users.displayName}), lower(${search})) > 0`,
        )
  const behind = after ? sql`(${users.createdAt}, ${users.id}) < (${after.at.toISOString()}::timestamptz, ${after.id})` : undefined
  return db
    .select()
    .from(users)
    .where(and(alive, behind, found))
    .orderBy(desc(users.createdAt), desc(users.id))
    .limit(limit)
}

/** Lets one transaction at a time decide who becomes the first administrator. */
export async function lockSetup(tx: Tx): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext('tidemark/set-up'))`)
}

export async function rememberPlace(tx: Tx, userId: string, place: string, at: Date): Promise<void> {
  await tx
    .insert(signInPlaces)
    .values({ userId, place, lastSeenAt: at })
    .onConflictDoUpdate({ target: [signInPlaces.userId, signInPlaces.place], set: { lastSeenAt: at } })
}

export async function isKnownPlaceOf(db: Db | Tx, userId: string, places: readonly string[]): Promise<boolean> {
  const rows = await db
    .select({ place: signInPlaces.place })
    .from(signInPlaces)
    .where(and(eq(signInPlaces.userId, userId), among(signInPlaces.place, places)))
  return rows.length > 0
}

export async function deletePlacesOf(tx: Tx, userId: string): Promise<void> {
  await tx.delete(signInPlaces).where(eq(signInPlaces.userId, userId))
}

export async function deletePlacesBefore(db: Db | Tx, before: Date): Promise<void> {
  await db.delete(signInPlaces).where(lt(signInPlaces.lastSeenAt, before))
}
