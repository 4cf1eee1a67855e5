import { eq, getTableColumns, sql } from 'drizzle-orm'
import type { Db, Tx } from '../platform/database.ts'
import { among } from '../platform/text-array.ts'
import type { NoteAt, NoteRow } from './note.ts'
import { deletedNotes, notes } from './table.ts'

const { search: _, ...columns } = getTableColumns(notes)

/** The stream of a notebook is named after its owner. */
export const notebookStream = (ownerId: string): string => `notebook:${ownerId}`

/** Where the notebook of a note stands, for each row of `notes`. */
export const headOfNote = `(select head from streams where id = 'notebook:' || notes.owner_id)`

/** What makes a `NoteAt`. */
const noteColumns = { ...columns, head: sql<number>`${sql.raw(headOfNote)}`.mapWith(Number) }

export async function findNotes(db: Db | Tx, ids: readonly string[]): Promise<NoteAt[]> {
  return db.select(noteColumns).from(notes).where(among(notes.id, ids))
}

export async function weighNotes(db: Db, ids: readonly string[]): Promise<Map<string, number>> {
  const weight = sql<number>`coalesce(octet_length(${notes.content}), 0) + coalesce(octet_length(${notes.encryptedContent}), 0)`
  const rows = await db
    .select({ id: notes.id, weight: weight.mapWith(Number) })
    .from(notes)
    .where(among(notes.id, ids))
  return new Map(rows.map(row => [row.id, row.weight]))
}

/** Whose notebook a note is in. */
export async function findOwner(db: Db | Tx, noteId: string): Promise<string | null> {
  const [row] = await db.select({ ownerId: notes.ownerId }).from(notes).where(eq(notes.id, noteId))
  return row?.ownerId ?? null
}

/** False when the id is taken, or was once. */
export async function insertNote(tx: Tx, row: NoteRow): Promise<boolean> {
  const made = await tx
    .insert(notes)
    .values({ ...row, tags: [...row.tags] })
    .onConflictDoNothing()
    .returning({ id: notes.id })
  if (made.length === 0) return false
  // Looked up afterwards: the insert waits for whoever is just deleting the note of this id.
  const [used] = await tx.select({ id: deletedNotes.id }).from(deletedNotes).where(eq(deletedNotes.id, row.id))
  return !used
}

export type NoteChange = Partial<Omit<NoteRow, 'id' | 'ownerId' | 'createdAt'>>

export async function updateNote(tx: Tx, id: string, { tags, ...change }: NoteChange): Promise<void> {
  await tx
    .update(notes)
    .set({ ...change, ...(tags && { tags: [...tags] }) })
    .where(eq(notes.id, id))
}
