import { asc, eq, getTableColumns, or, sql } from 'drizzle-orm'
import type { Db, Tx } from '../platform/database.ts'
import { statement } from '../platform/statement.ts'
import { among } from '../platform/text-array.ts'
import type { CollectionAt, CollectionRow } from './collection.ts'
import { collections } from './table.ts'

const head = sql<number>`(select s.head from streams s where s.id = collections.id)`.mapWith(Number)
const columns = { ...getTableColumns(collections), head }

export async function findCollections(db: Db | Tx, ids: readonly string[]): Promise<CollectionAt[]> {
  return db.select(columns).from(collections).where(among(collections.id, ids))
}

export interface NamePair {
  readonly ownerId: string
  readonly name: string
}

export async function findByNames(db: Db | Tx, pairs: readonly NamePair[]): Promise<CollectionAt[]> {
  const owners = sql.param(pairs.map(pair => pair.ownerId))
  const names = sql.param(pairs.map(pair => pair.name))
  return db
    .select(columns)
    .from(collections)
    .where(sql`(${collections.ownerId}, ${collections.name}) in (select * from unnest(${owners}::text[], ${names}::text[]))`)
}

/** Those the user is a member of: their own first, by name. */
export async function listCollections(db: Db | Tx, userId: string): Promise<CollectionAt[]> {
  return db
    .select(columns)
    .from(collections)
    .where(
      or(
        eq(collections.ownerId, userId),
        // An array, and without the user's own things: of those there may be a hundred thousand notes.
        sql`${collections.id} = any(array(select resource_id from memberships where user_id = ${userId} and not owner))`,
      ),
    )
    .orderBy(sql`${collections.ownerId} <> ${userId}`, asc(collections.name), asc(collections.id))
}

/** Lets one transaction at a time make collections of this user. */
export async function lockMaking(tx: Tx, ownerId: string): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`collections of ${ownerId}`}, 0))`)
}

export async function countCollections(tx: Tx, ownerId: string): Promise<number> {
  return tx.$count(collections, eq(collections.ownerId, ownerId))
}

export async function insertCollections(tx: Tx, rows: readonly CollectionRow[]): Promise<void> {
  await tx.insert(collections).values([...rows])
}

const lock = statement<{ id: string }>('lock collections', 'select id from collections where id = any($1::text[]) order by id for update')

/** Keeps all other writers of these collections waiting until the transaction ends. Gives those that are there. */
export async function lockCollections(tx: Tx, ids: readonly string[]): Promise<Set<string>> {
  return new Set((await lock(tx, ids)).map(row => row.id))
}

/** Locks what a user owns, and gives the ids. */
export async function lockCollectionsOf(tx: Tx, ownerId: string): Promise<string[]> {
  const rows = await tx
    .select({ id: collections.id })
    .from(collections)
    .where(eq(collections.ownerId, ownerId))
    .orderBy(asc(collections.id))
    .for('update')
  return rows.map(row => row.id)
}

/** With all records in them. */
export async function deleteCollectionsOf(tx: Tx, ownerId: string): Promise<void> {
  await tx.execute(sql`delete from records where collection_id in (select id from collections where owner_id = ${ownerId})`)
  await tx.delete(collections).where(eq(collections.ownerId, ownerId))
}
