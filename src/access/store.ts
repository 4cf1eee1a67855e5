import { and, asc, eq, gt, or, sql } from 'drizzle-orm'
import type { Db, Tx } from '../platform/database.ts'
import type { ListPlace } from '../platform/list-page.ts'
import { statement } from '../platform/statement.ts'
import { among, textArray } from '../platform/text-array.ts'
import type { AccessLevel } from './level.ts'
import type { Membership } from './membership.ts'
import { memberships } from './table.ts'

const one = (resourceId: string, userId: string) => and(eq(memberships.resourceId, resourceId), eq(memberships.userId, userId))

export async function findMember(db: Db | Tx, resourceId: string, userId: string): Promise<Membership | null> {
  const [row] = await db.select().from(memberships).where(one(resourceId, userId))
  return row ?? null
}

/** Which of these things there are at all: someone always is a member of each. */
export async function findShared(db: Db | Tx, resourceIds: readonly string[]): Promise<string[]> {
  const rows = await db.selectDistinct({ resourceId: memberships.resourceId }).from(memberships).where(among(memberships.resourceId, resourceIds))
  return rows.map(row => row.resourceId)
}

/** What a user may do with several things. */
export async function findLevels(db: Db | Tx, resourceIds: readonly string[], userId: string): Promise<Map<string, AccessLevel>> {
  const rows = await db
    .select({ resourceId: memberships.resourceId, level: memberships.level })
    .from(memberships)
    .where(and(eq(memberships.userId, userId), among(memberships.resourceId, resourceIds)))
  return new Map(rows.map(row => [row.resourceId, row.level]))
}

const shared = statement<{ resource_id: string }>('shared', 'select distinct resource_id from memberships where resource_id = any($1::text[])')

/** The same as one of many that go together. */
export async function findThoseShared(tx: Tx, resourceIds: readonly string[]): Promise<Set<string>> {
  return new Set(resourceIds.length === 0 ? [] : (await shared(tx, resourceIds)).map(row => row.resource_id))
}

const levels = statement<{ resource_id: string; user_id: string; level: AccessLevel }>(
  'levels',
  'select resource_id, user_id, level from memberships where (resource_id, user_id) in (select * from unnest($1::text[], $2::text[]))',
)

/** What several users may do, each with one thing: thing → user → level. */
export async function findLevelsOf(
  tx: Tx,
  pairs: readonly { readonly resourceId: string; readonly userId: string }[],
): Promise<Map<string, Map<string, AccessLevel>>> {
  const rows = await levels(
    tx,
    pairs.map(({ resourceId }) => resourceId),
    pairs.map(({ userId }) => userId),
  )
  const found = new Map<string, Map<string, AccessLevel>>()
  for (const { resource_id: id, user_id: userId, level } of rows) found.set(id, (found.get(id) ?? new Map()).set(userId, level))
  return found
}

/** The same for readers, in the order of the pairs. */
export async function findEachLevel(
  db: Db,
  pairs: readonly { readonly resourceId: string; readonly userId: string }[],
): Promise<(AccessLevel | null)[]> {
  const { rows } = await db.execute<{ place: string; level: AccessLevel }>(sql`
    select place, level
    from unnest(${textArray(pairs.map(({ resourceId }) => resourceId))}, ${textArray(pairs.map(({ userId }) => userId))})
      with ordinality asked (resource_id, user_id, place)
    join memberships using (resource_id, user_id)`)
  const found = new Map(rows.map(({ place, level }) => [Number(place) - 1, level]))
  return pairs.map((_, place) => found.get(place) ?? null)
}

export async function upsertMember(tx: Tx, member: Membership): Promise<Membership> {
  const [row] = await tx
    .insert(memberships)
    .values(member)
    .onConflictDoUpdate({ target: [memberships.resourceId, memberships.userId], set: { level: member.level } })
    .returning()
  return row ?? member
}

/** Gives those who were no members before. */
export async function insertMembers(tx: Tx, members: readonly Membership[]): Promise<Membership[]> {
  return members.length === 0
    ? []
    : tx
        .insert(memberships)
        .values([...members])
        .onConflictDoNothing()
        .returning()
}

/** What a user is a member of, in the order of the ids. */
export async function listMembershipsOf(tx: Tx, userId: string): Promise<string[]> {
  const rows = await tx
    .select({ resourceId: memberships.resourceId })
    .from(memberships)
    .where(eq(memberships.userId, userId))
    .orderBy(asc(memberships.resourceId))
  return rows.map(row => row.resourceId)
}

/** Makes a user the owner of things that have no member yet. */
export async function insertOwner(tx: Tx, resourceIds: readonly string[], userId: string, since: Date): Promise<void> {
  await tx.execute(sql`
    insert into memberships (resource_id, user_id, level, owner, since)
    select id, ${userId}, 'ADMIN', true, ${since.toISOString()}::timestamptz from unnest(${textArray(resourceIds)}) id`)
}

/** Removes all memberships of these things. Gives those that were not their owner's. */
export async function deleteMembers(tx: Tx, resourceIds: readonly string[]): Promise<Membership[]> {
  const ofThese = among(memberships.resourceId, resourceIds)
  // Whoever is just letting somebody in holds the owner's row; the deletion has to see what they did.
  await tx
    .select({ userId: memberships.userId })
    .from(memberships)
    .where(and(ofThese, memberships.owner))
    .orderBy(asc(memberships.resourceId))
    .for('update')
  const gone = await tx.delete(memberships).where(ofThese).returning()
  return gone.filter(member => !member.owner)
}

export async function deleteMember(tx: Tx, resourceId: string, userId: string): Promise<boolean> {
  const gone = await tx.delete(memberships).where(one(resourceId, userId)).returning({ userId: memberships.userId })
  return gone.length > 0
}

export async function deleteMembershipsOf(tx: Tx, userId: string): Promise<Membership[]> {
  return tx.delete(memberships).where(eq(memberships.userId, userId)).returning()
}

/** Gives ADMIN to the member who comes closest to it. False: there is no member. */
export async function promoteHeir(tx: Tx, resourceId: string): Promise<boolean> {
  const { rowCount } = await tx.execute(sql`
    update memberships set level = 'ADMIN' where resource_id = ${resourceId} and user_id = (
      select user_id from memberships where resource_id = ${resourceId} order by level desc, since, user_id limit 1)`)
  return (rowCount ?? 0) > 0
}

/** Locks the ADMIN rows of a thing, so that two of its admins can't both be "not the last one". */
export async function lockAdmins(tx: Tx, resourceId: string): Promise<string[]> {
  const rows = await tx
    .select({ userId: memberships.userId })
    .from(memberships)
    .where(and(eq(memberships.resourceId, resourceId), eq(memberships.level, 'ADMIN')))
    .orderBy(asc(memberships.userId))
    .for('update')
  return rows.map(row => row.userId)
}

/** For each of several things its members, in the order in which they came, behind the one named by `after`. */
export async function listMembers(db: Db | Tx, resourceIds: readonly string[], after: ListPlace | null, limit: number): Promise<Membership[]> {
  const behind = after ? or(gt(memberships.since, after.at), and(eq(memberships.since, after.at), gt(memberships.userId, after.id))) : undefined
  const page = db
    .select()
    .from(memberships)
    .where(and(sql`${memberships.resourceId} = wanted.id`, behind))
    .orderBy(asc(memberships.since), asc(memberships.userId))
    .limit(limit)
    .as('page')
  const { resourceId, userId, level, owner, since } = page
  return db
    .select({ resourceId, userId, level, owner, since })
    .from(sql`unnest(${textArray(resourceIds)}) as wanted(id)`)
    .crossJoinLateral(page)
    .orderBy(asc(resourceId), asc(since), asc(userId))
}

/** Which of the others are members of something that `userId` is a member of. */
export async function shareSomething(db: Db | Tx, userId: string, otherIds: readonly string[]): Promise<Set<string>> {
  const { rows } = await db.execute<{ user_id: string }>(sql`
    select distinct theirs.user_id from memberships mine join memberships theirs using (resource_id)
    where mine.user_id = ${userId} and theirs.user_id = any(${textArray(otherIds)})`)
  return new Set(rows.map(row => row.user_id))
}
