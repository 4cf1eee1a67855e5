import { and, asc, eq, inArray, isNotNull, type SQLWrapper, sql } from 'drizzle-orm'
import type { Db, Tx } from '../../platform/database.ts'
import { attachmentChunks, attachments, deletedNotes, notebooks, noteRevisions, notes, publications } from '../table.ts'

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

/** Removes notes of one notebook for good, with all that hangs on them: as many statements for a thousand as for one. */
export async function deleteNotes(tx: Tx, ownerId: string, ids: readonly string[], at: Date): Promise<void> {
  const among = (column: SQLWrapper) => sql`${column} = any(${sql.param([...ids])}::text[])`
  const doomed = tx.select({ id: attachments.id }).from(attachments).where(among(attachments.noteId))
  await tx.delete(attachmentChunks).where(inArray(attachmentChunks.attachmentId, doomed))
  await tx.execute(sql`
    with gone as (delete from attachments where ${among(attachments.noteId)} returning size_bytes)
    update notebooks set attachment_bytes = attachment_bytes - (select coalesce(sum(size_bytes), 0) from gone) where ${eq(notebooks.ownerId, ownerId)}`)
  await tx.delete(publications).where(among(publications.noteId))
  await tx.delete(noteRevisions).where(among(noteRevisions.noteId))
  await tx.delete(notes).where(among(notes.id))
  await tx.insert(deletedNotes).select(sql`select id, ${at.toISOString()}::timestamptz from unnest(${sql.param([...ids])}::text[]) id`)
}
