import { and, asc, desc, eq, getTableColumns, lt, lte, or, sql } from 'drizzle-orm'
import type { Db, Tx } from '../../platform/database.ts'
import { among, textArray } from '../../platform/text-array.ts'
import { noteRevisions } from '../table.ts'
import type { RevisionRow } from './revision.ts'

export async function insertRevision(tx: Tx, row: RevisionRow): Promise<void> {
  await tx.insert(noteRevisions).values(row)
}

export async function findRevisions(db: Db | Tx, ids: readonly string[]): Promise<RevisionRow[]> {
  return db.select().from(noteRevisions).where(among(noteRevisions.id, ids))
}

/** By the ids of revisions. */
export async function findNotesOf(db: Db, ids: readonly string[]): Promise<Map<string, string>> {
  const rows = await db.select({ id: noteRevisions.id, noteId: noteRevisions.noteId }).from(noteRevisions).where(among(noteRevisions.id, ids))
  return new Map(rows.map(row => [row.id, row.noteId]))
}

export async function weighRevisions(db: Db, ids: readonly string[]): Promise<Map<string, number>> {
  const rows = await db
    .select({ id: noteRevisions.id, weight: sql<number>`${bytesOf}`.mapWith(Number) })
    .from(noteRevisions)
    .where(among(noteRevisions.id, ids))
  return new Map(rows.map(row => [row.id, row.weight]))
}

/** Keeps the newest, and of those behind them the last of each day (UTC) since `since`. */
export async function pruneRevisions(tx: Tx, noteId: string, newest: number, since: Date): Promise<void> {
  await tx.execute(sql`
    with placed as (
      select id, created_at, row_number() over (order by version desc) as place,
        row_number() over (partition by (created_at at time zone 'UTC')::date order by version desc) as place_in_day
      from note_revisions where note_id = ${noteId})
    delete from note_revisions where id in (
      select id from placed where place > ${newest} and (place_in_day > 1 or created_at < ${since.toISOString()}::timestamptz))`)
}

export async function deletePlainRevisions(tx: Tx, noteId: string): Promise<void> {
  await tx.delete(noteRevisions).where(and(eq(noteRevisions.noteId, noteId), sql`${noteRevisions.iv} is null`))
}

/** What one page of a note's revisions weighs at most; a single one may weigh more. */
const maxPageBytes = 4 * 1024 * 1024

const texts = [noteRevisions.title, noteRevisions.content, noteRevisions.encryptedTitle, noteRevisions.encryptedContent]
const bytesOf = sql.join(
  texts.map(column => sql`coalesce(octet_length(${column}), 0)`),
  sql` + `,
)

/** A page for each of several notes, the newest first, behind the version `before`; `left` is how many there are from a row on. */
export async function listRevisions(
  db: Db | Tx,
  noteIds: readonly string[],
  { before, limit }: { readonly before: number | null; readonly limit: number },
): Promise<(RevisionRow & { readonly left: number })[]> {
  const page = db
    .select({
      ...getTableColumns(noteRevisions),
      place: sql<number>`row_number() over (order by ${noteRevisions.version} desc)`.as('place'),
      left: sql<number>`count(*) over (order by ${noteRevisions.version} asc)`.mapWith(Number).as('left'),
      weight: sql<number>`sum(${bytesOf}) over (order by ${noteRevisions.version} desc)`.as('weight'),
    })
    .from(noteRevisions)
    .where(and(sql`${noteRevisions.noteId} = wanted.id`, before === null ? undefined : lt(noteRevisions.version, before)))
    .orderBy(desc(noteRevisions.version))
    .limit(limit)
    .as('page')
  const { id, noteId, version, title, content, encryptedTitle, encryptedContent, iv, salt, createdAt, left, place, weight } = page
  return db
    .select({ id, noteId, version, title, content, encryptedTitle, encryptedContent, iv, salt, createdAt, left })
    .from(sql`unnest(${textArray(noteIds)}) as wanted(id)`)
    .innerJoinLateral(page, or(eq(place, 1), lte(weight, maxPageBytes)))
    .orderBy(asc(noteId), desc(version))
}
