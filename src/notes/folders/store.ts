import { asc, eq, getTableColumns, sql } from 'drizzle-orm'
import type { Db, Tx } from '../../platform/database.ts'
import { folders } from '../table.ts'
import type { FolderAt, FolderRow } from './folder.ts'

const head = sql<number>`(select head from streams where id = 'notebook:' || ${folders.ownerId})`.mapWith(Number)
const columns = { ...getTableColumns(folders), head }

const anyOf = (ids: readonly string[]) => sql`any(${sql.param([...ids])}::text[])`

export async function insertFolders(tx: Tx, rows: readonly FolderRow[]): Promise<void> {
  await tx.insert(folders).values([...rows])
}

export async function findFolders(db: Db | Tx, ids: readonly string[]): Promise<FolderAt[]> {
  return db
    .select(columns)
    .from(folders)
    .where(sql`${folders.id} = ${anyOf(ids)}`)
}

/** All of a notebook, siblings in their order. */
export async function listFolders(db: Db | Tx, ownerId: string): Promise<FolderAt[]> {
  return db.select(columns).from(folders).where(eq(folders.ownerId, ownerId)).orderBy(asc(folders.position), asc(folders.id))
}

/** The children of several folders, siblings in their order. */
export async function findChildren(db: Db | Tx, parentIds: readonly string[]): Promise<FolderAt[]> {
  return db
    .select(columns)
    .from(folders)
    .where(sql`${folders.parentId} = ${anyOf(parentIds)}`)
    .orderBy(asc(folders.position), asc(folders.id))
}

/** A table `below (root, id)`: for each of these folders, itself and all that are below it. */
export const foldersBelow = (roots: readonly string[]) => sql`
  with recursive below (root, id) as (
    select id, id from folders where id = ${anyOf(roots)}
    union all select below.root, child.id from folders child join below on child.parent_id = below.id)`

/** How many notes are in each folder or below it, without those in the trash, archived or hidden. */
export async function countNotes(db: Db | Tx, folderIds: readonly string[]): Promise<Map<string, number>> {
  const { rows } = await db.execute<{ root: string; count: string }>(sql`
    ${foldersBelow(folderIds)}, counted as (
      select folder_id, count(*) as count from notes
      where folder_id in (select id from below) and trashed_at is null and not archived and not hidden
      group by folder_id)
    select root, sum(count) as count from below join counted on counted.folder_id = below.id group by root`)
  return new Map(rows.map(row => [row.root, Number(row.count)]))
}
