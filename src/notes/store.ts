import { eq, getTableColumns, inArray, sql } from 'drizzle-orm'
import type { Db, Tx } from '../platform/database.ts'
import type { NoteAt, NoteRow } from './note.ts'
import { deletedNotes, notes } from './table.ts'

const { search: _, ...columns } = getTableColumns(notes)

/** The stream of a notebook is named after its owner. */
export const notebookStream = (ownerId: string): string => `notebook:${ownerId}`

const head = sql<number>`(select head from streams where id = 'notebook:' || ${notes.ownerId})`.mapWith(Number)

export async function findNotes(db: Db | Tx, ids: readonly string[]): Promise<NoteAt[]> {
  return db
    .select({ ...columns, head })
    .from(notes)
    .where(inArray(notes.id, [...ids]))
}

/** Whose notebook a note is in. */
export async function findOwner(db: Db | Tx, noteId: string): Promise<string | null> {
  const [row] = await db.select({ ownerId: notes.ownerId }).from(notes).where(eq(notes.id, noteId))
  return row?.ownerId ?? null
}

/** False when the id is taken, or was once. */
export async function insertNote(tx: Tx, row: NoteRow): Promise<boolean> {
  const [used] = await tx.select({ id: deletedNotes.id }).from(deletedNotes).where(eq(deletedNotes.id, row.id))
  if (used) return false
  const made = await tx
    .insert(notes)
    .values({ ...row, tags: [...row.tags] })
    .onConflictDoNothing()
    .returning({ id: notes.id })
  return made.length > 0
}
