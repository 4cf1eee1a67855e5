import { eq } from 'drizzle-orm'
import type { Db, Tx } from '../platform/database.ts'
import { notebooks } from './table.ts'

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
