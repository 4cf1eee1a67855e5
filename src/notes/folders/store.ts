import { and, asc, eq, isNull, sql } from 'drizzle-orm'
import type { Db, Tx } from '../../platform/database.ts'
import { among, textArray } from '../../platform/text-array.ts'
import { viewOf } from '../listing/note-filter.ts'
import { inView } from '../listing/store.ts'
import { deletedFolders, folders, notes } from '../table.ts'
import type { FolderChange, FolderRow } from './folder.ts'

const inOrder = [asc(folders.position), asc(folders.id)] as const
const under = (ownerId: string, parentId: string | null) =>
  and(eq(folders.ownerId, ownerId), parentId === null ? isNull(folders.parentId) : eq(folders.parentId, parentId))

export async function insertFolders(tx: Tx, rows: readonly FolderRow[]): Promise<void> {
  await tx.insert(folders).values([...rows])
}

/** False when the id is taken, or was once. */
export async function insertFolder(tx: Tx, row: FolderRow): Promise<boolean> {
  const made = await tx.insert(folders).values(row).onConflictDoNothing().returning({ id: folders.id })
  if (made.length === 0) return false
  // Looked up afterwards: the insert waits for whoever is just deleting the folder of this id.
  const [used] = await tx.select().from(deletedFolders).where(eq(deletedFolders.id, row.id))
  return !used
}

export async function findFolders(db: Db | Tx, ids: readonly string[]): Promise<FolderRow[]> {
  return db.select().from(folders).where(among(folders.id, ids))
}

export async function isFolderOf(db: Db | Tx, ownerId: string, folderId: string): Promise<boolean> {
  return (await db.$count(folders, and(eq(folders.id, folderId), eq(folders.ownerId, ownerId)))) > 0
}

/** All of a notebook, siblings in their order. */
export async function listFolders(db: Db | Tx, ownerId: string): Promise<FolderRow[]> {
  return db
    .select()
    .from(folders)
    .where(eq(folders.ownerId, ownerId))
    .orderBy(...inOrder)
}

/** The folders in one folder, or at the top level. */
export async function findSiblings(db: Db | Tx, ownerId: string, parentId: string | null): Promise<FolderRow[]> {
  return db
    .select()
    .from(folders)
    .where(under(ownerId, parentId))
    .orderBy(...inOrder)
}

/** The folders in several folders, siblings in their order. */
export async function findChildren(db: Db | Tx, parentIds: readonly string[]): Promise<FolderRow[]> {
  return db
    .select()
    .from(folders)
    .where(among(folders.parentId, parentIds))
    .orderBy(...inOrder)
}

export async function countFolders(db: Db | Tx, ownerId: string): Promise<number> {
  return db.$count(folders, eq(folders.ownerId, ownerId))
}

/** What is behind the last folder in each of these, and at the top level; nothing for those without any. */
export async function nextPositions(tx: Tx, ownerId: string, parentIds: readonly string[]): Promise<Map<string | null, number>> {
  const { rows } = await tx.execute<{ parent_id: string | null; next: number }>(sql`
    select parent_id, max(position) + 1 as next from folders
    where owner_id = ${ownerId} and (parent_id = any(${textArray(parentIds)}) or parent_id is null) group by parent_id`)
  return new Map(rows.map(row => [row.parent_id, row.next]))
}

/** Behind all siblings. */
export async function nextPosition(tx: Tx, ownerId: string, parentId: string | null): Promise<number> {
  return (await nextPositions(tx, ownerId, parentId === null ? [] : [parentId])).get(parentId) ?? 0
}

/**
 * For each of these folders that is in the notebook, itself and those it is in: a table `above (leaf, id, parent_id, level)`. Goes
 * folder by folder, and so does `withBelow` (that is what `offset 0` is for): left to itself, PostgreSQL may read all folders of
 * everybody for each level.
 */
const withAbove = (ownerId: string, leaves: readonly string[]) => sql`
  with recursive above (leaf, id, parent_id, level) as (
    select id, id, parent_id, 1 from folders where id = any(${textArray(leaves)}) and owner_id = ${ownerId}
    union all select above.leaf, up.id, up.parent_id, above.level + 1 from above
      cross join lateral (select id, parent_id from folders where id = above.parent_id offset 0) up)`

/** A folder and those it is in, from it up to the top level; empty when it is not in the notebook. */
export async function findPath(tx: Tx, ownerId: string, id: string): Promise<string[]> {
  const { rows } = await tx.execute<{ id: string }>(sql`${withAbove(ownerId, [id])} select id from above order by level`)
  return rows.map(row => row.id)
}

/** How deep each of these folders is in the tree, for those that are in the notebook. */
export async function findDepths(tx: Tx, ownerId: string, ids: readonly string[]): Promise<Map<string, number>> {
  const { rows } = await tx.execute<{ id: string; depth: number }>(sql`
    ${withAbove(ownerId, ids)} select leaf as id, max(level) as depth from above group by leaf`)
  return new Map(rows.map(row => [row.id, row.depth]))
}

/** For each of these folders, itself and all that are below it: a table `below (root, id, owner_id, level)`. */
const withBelow = (roots: readonly string[]) => sql`
  with recursive below (root, id, owner_id, level) as (
    select id, id, owner_id, 1 from folders where id = any(${textArray(roots)})
    union all select below.root, child.id, below.owner_id, below.level + 1 from below
      cross join lateral (select id from folders where owner_id = below.owner_id and parent_id = below.id offset 0) child)`

/** How many levels a folder takes with all that is below it. */
export async function findHeight(db: Db | Tx, id: string): Promise<number> {
  const { rows } = await db.execute<{ height: number }>(sql`${withBelow([id])} select max(level) as height from below`)
  return rows[0]?.height ?? 0
}

/** How many notes are in each folder or below it, of those that a list shows unless asked for others. */
export async function countNotes(db: Db | Tx, folderIds: readonly string[]): Promise<Map<string, number>> {
  const { rows } = await db.execute<{ root: string; count: string }>(sql`
    ${withBelow(folderIds)}, counted as (
      select id, (select count(*) from ${notes} where owner_id = single.owner_id and folder_id = single.id and ${sql.raw(inView(viewOf({})))}) as count
      from (select distinct id, owner_id from below) single)
    select root, sum(count) as count from below join counted using (id) group by root`)
  return new Map(rows.map(row => [row.root, Number(row.count)]))
}

export async function updateFolder(tx: Tx, id: string, change: FolderChange & { readonly updatedAt: Date }): Promise<void> {
  await tx.update(folders).set(change).where(eq(folders.id, id))
}

export async function setPositions(tx: Tx, places: readonly { readonly id: string; readonly position: number }[], updatedAt: Date): Promise<void> {
  const ids = sql.param(places.map(place => place.id))
  const positions = sql.param(places.map(place => place.position))
  await tx.execute(sql`
    update folders set position = placed.position, updated_at = ${updatedAt.toISOString()}::timestamptz
    from unnest(${ids}::text[], ${positions}::int[]) as placed (id, position) where folders.id = placed.id`)
}

/** Puts the folders that are in `from` behind those that are in `to`. Gives their ids. */
export async function moveChildren(tx: Tx, from: string, to: string | null, firstPosition: number, updatedAt: Date): Promise<string[]> {
  const places = tx
    .select({ id: folders.id, place: sql<number>`row_number() over (order by ${folders.position}, ${folders.id}) - 1`.as('place') })
    .from(folders)
    .where(eq(folders.parentId, from))
    .as('places')
  const moved = await tx
    .update(folders)
    .set({ parentId: to, position: sql`${firstPosition} + ${places.place}`, updatedAt })
    .from(places)
    .where(eq(folders.id, places.id))
    .returning({ id: folders.id })
  return moved.map(folder => folder.id)
}

/** Puts all notes of a folder into another, as changes of each note. Gives their ids. */
export async function moveNotes(tx: Tx, from: string, to: string | null, updatedAt: Date): Promise<string[]> {
  const moved = await tx
    .update(notes)
    .set({ folderId: to, version: sql`${notes.version} + 1`, updatedAt })
    .where(eq(notes.folderId, from))
    .returning({ id: notes.id })
  return moved.map(note => note.id)
}

/** What was in it has to be elsewhere by now. */
export async function deleteFolder(tx: Tx, id: string, deletedAt: Date): Promise<void> {
  await tx.delete(folders).where(eq(folders.id, id))
  await tx.insert(deletedFolders).values({ id, deletedAt })
}
