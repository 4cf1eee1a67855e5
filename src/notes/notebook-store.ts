import { eq, sql } from 'drizzle-orm'
import type { Db, Tx } from '../platform/database.ts'
import { notebooks, notes } from './table.ts'

export interface NotebookRow {
  readonly ownerId: string
  readonly attachmentBytes: number
  readonly createdAt: Date
}

/** False when there is one. */
export async function insertNotebook(tx: Tx, ownerId: string, createdAt: Date): Promise<boolean> {
  const made = await tx.insert(notebooks).values({ ownerId, createdAt }).onConflictDoNothing().returning({ ownerId: notebooks.ownerId })
  return made.length > 0
}

export async function findNotebook(db: Db | Tx, ownerId: string): Promise<NotebookRow | null> {
  const [row] = await db.select().from(notebooks).where(eq(notebooks.ownerId, ownerId))
  return row ?? null
}

export async function lockNotebook(tx: Tx, ownerId: string): Promise<NotebookRow | null> {
  const [row] = await tx.select().from(notebooks).where(eq(notebooks.ownerId, ownerId)).for('update')
  return row ?? null
}

/** Locks the notebook that a note is in. Gives its owner, or null when there is no such note. */
export async function lockNotebookOf(tx: Tx, noteId: string): Promise<string | null> {
  const owner = tx.select({ ownerId: notes.ownerId }).from(notes).where(eq(notes.id, noteId))
  const [row] = await tx.select({ ownerId: notebooks.ownerId }).from(notebooks).where(eq(notebooks.ownerId, owner)).for('update')
  return row?.ownerId ?? null
}

/** With its folders; its notes have to be gone by now. */
export async function deleteNotebook(tx: Tx, ownerId: string, at: Date): Promise<void> {
  await tx.execute(sql`
    with gone as (delete from folders where owner_id = ${ownerId} returning id)
    insert into deleted_folders (id, deleted_at) select id, ${at.toISOString()}::timestamptz from gone`)
  await tx.delete(notebooks).where(eq(notebooks.ownerId, ownerId))
}
