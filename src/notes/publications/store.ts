import { eq, sql } from 'drizzle-orm'
import type { Db, Tx } from '../../platform/database.ts'
import { publications } from '../table.ts'
import type { Publication } from './publication.ts'

/** Publishes, or writes over what is public already, which keeps its slug and the time it was first published. */
export async function upsertPublication(tx: Tx, row: Publication): Promise<void> {
  const { noteId: _, slug: __, publishedAt: ___, ...copy } = row
  await tx.insert(publications).values(row).onConflictDoUpdate({ target: publications.noteId, set: copy })
}

export async function findPublication(db: Db | Tx, slug: string): Promise<Publication | null> {
  const [row] = await db.select().from(publications).where(eq(publications.slug, slug))
  return row ?? null
}

export async function findPublications(db: Db | Tx, noteIds: readonly string[]): Promise<Publication[]> {
  return db
    .select()
    .from(publications)
    .where(sql`${publications.noteId} = any(${sql.param([...noteIds])}::text[])`)
}

/** Those of the notes that were public. */
export async function deletePublications(tx: Tx, noteIds: readonly string[]): Promise<string[]> {
  const gone = await tx
    .delete(publications)
    .where(sql`${publications.noteId} = any(${sql.param([...noteIds])}::text[])`)
    .returning({ noteId: publications.noteId })
  return gone.map(({ noteId }) => noteId)
}
