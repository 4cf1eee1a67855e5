import { and, asc, eq, isNotNull, sql } from 'drizzle-orm'
import type { Db, Tx } from '../../platform/database.ts'
import { among, textArray } from '../../platform/text-array.ts'
import { deletedNotes, noteRevisions, notes } from '../table.ts'

export async function findTrashed(db: Db | Tx, ownerId: string): Promise<string[]> {
  const rows = await db
    .select({ id: notes.id })
    .from(notes)
    .where(and(eq(notes.ownerId, ownerId), isNotNull(notes.trashedAt)))
    .orderBy(asc(notes.updatedAt), asc(notes.id))
  return rows.map(({ id }) => id)
}

export async function findAllNotes(db: Db | Tx, ownerId: string): Promise<string[]> {
  const rows = await db.select({ id: notes.id }).from(notes).where(eq(notes.ownerId, ownerId))
  return rows.map(({ id }) => id)
}

/** Removes notes with what they held before, for good: as many statements for a thousand as for one. */
export async function deleteNotes(tx: Tx, ids: readonly string[], at: Date): Promise<void> {
  await tx.delete(noteRevisions).where(among(noteRevisions.noteId, ids))
  await tx.delete(notes).where(among(notes.id, ids))
  await tx.insert(deletedNotes).select(sql`select id, ${at.toISOString()}::timestamptz from unnest(${textArray(ids)}) id`)
}
