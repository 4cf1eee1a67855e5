import { and, asc, count, eq, sql } from 'drizzle-orm'
import type { Db, Tx } from '../../platform/database.ts'
import { among, textArray } from '../../platform/text-array.ts'
import { attachmentChunks, attachments } from '../table.ts'
import type { AttachmentRow } from './attachment.ts'

export async function findAttachments(db: Db | Tx, ids: readonly string[]): Promise<AttachmentRow[]> {
  return db.select().from(attachments).where(among(attachments.id, ids))
}

/** Those of several notes, the oldest first. */
export async function listAttachments(db: Db | Tx, noteIds: readonly string[]): Promise<AttachmentRow[]> {
  return db.select().from(attachments).where(among(attachments.noteId, noteIds)).orderBy(asc(attachments.createdAt), asc(attachments.id))
}

export async function countAttachments(tx: Tx, noteId: string): Promise<number> {
  const [row] = await tx.select({ count: count() }).from(attachments).where(eq(attachments.noteId, noteId))
  return row?.count ?? 0
}

/** False when the id is taken. */
export async function insertAttachment(tx: Tx, row: AttachmentRow): Promise<boolean> {
  const made = await tx.insert(attachments).values(row).onConflictDoNothing().returning({ id: attachments.id })
  return made.length > 0
}

export async function insertChunk(tx: Tx, attachmentId: string, index: number, data: Uint8Array): Promise<void> {
  await tx.insert(attachmentChunks).values({ attachmentId, index, data })
}

/** Null when there is none, or no more. */
export async function readChunk(db: Db | Tx, attachmentId: string, index: number): Promise<Uint8Array | null> {
  const [row] = await db
    .select({ data: attachmentChunks.data })
    .from(attachmentChunks)
    .where(and(eq(attachmentChunks.attachmentId, attachmentId), eq(attachmentChunks.index, index)))
  return row?.data ?? null
}

/** All bytes of several attachments. */
export async function readAllChunks(db: Db | Tx, attachmentIds: readonly string[]): Promise<Map<string, Uint8Array[]>> {
  const rows = await db
    .select({ id: attachmentChunks.attachmentId, data: attachmentChunks.data })
    .from(attachmentChunks)
    .where(among(attachmentChunks.attachmentId, attachmentIds))
    .orderBy(asc(attachmentChunks.attachmentId), asc(attachmentChunks.index))
  const found = new Map<string, Uint8Array[]>()
  for (const { id, data } of rows) found.set(id, [...(found.get(id) ?? []), data])
  return found
}

/** Counts bytes that come into a notebook, unless they would go above `quotaBytes` (0: no limit). Gives what is left when they would. */
export async function takeBytes(tx: Tx, ownerId: string, sizeBytes: number, quotaBytes: number): Promise<{ readonly leftBytes: number } | null> {
  const { rowCount } = await tx.execute(sql`
    update notebooks set attachment_bytes = attachment_bytes + ${sizeBytes}
    where owner_id = ${ownerId} and (${quotaBytes}::bigint = 0 or attachment_bytes + ${sizeBytes} <= ${quotaBytes}::bigint)`)
  if ((rowCount ?? 0) > 0) return null
  const { rows } = await tx.execute<{ taken: string }>(sql`select attachment_bytes taken from notebooks where owner_id = ${ownerId}`)
  return { leftBytes: Math.max(0, quotaBytes - Number(rows[0]?.taken ?? 0)) }
}

/**
 * Removes attachments with their bytes, and gives these back to the quota. Needs the lock of the notebook,
 * and the notes themselves, which tell whose quota it is: those go afterwards.
 */
async function remove(tx: Tx, which: ReturnType<typeof sql>): Promise<void> {
  await tx.execute(sql`
    with gone as (delete from attachments where ${which} returning id, note_id, size_bytes),
      chunks as (delete from attachment_chunks using gone where attachment_id = gone.id),
      freed as (select notes.owner_id, sum(gone.size_bytes) bytes from gone join notes on notes.id = gone.note_id group by notes.owner_id)
    update notebooks set attachment_bytes = attachment_bytes - freed.bytes from freed where notebooks.owner_id = freed.owner_id`)
}

export const deleteAttachment = (tx: Tx, id: string): Promise<void> => remove(tx, sql`id = ${id}`)

/** All of these notes, which are about to be deleted. */
export const deleteAttachmentsOf = (tx: Tx, noteIds: readonly string[]): Promise<void> => remove(tx, sql`note_id = any(${textArray(noteIds)})`)
