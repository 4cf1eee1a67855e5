import { eq, getTableColumns, sql } from 'drizzle-orm'
import type { Db, Tx } from '../../platform/database.ts'
import { among } from '../../platform/text-array.ts'
import { publications } from '../table.ts'
import type { Publication, PublicationWithContent } from './publication.ts'

const { content, ...columns } = getTableColumns(publications)
const withoutContent = { ...columns, contentBytes: sql<number>`octet_length(${content})` }
/** Publishes, or writes over what is public already, which keeps its slug and the time it was first published. */
export async function upsertPublication(tx: Tx, row: PublicationWithContent): Promise<void> {
  const { noteId: _, slug: __, publishedAt: ___, ...copy } = row
  await tx.insert(publications).values(row).onConflictDoUpdate({ target: publications.noteId, set: copy })
}

export async function findBySlug(db: Db, slug: string): Promise<Publication | null> {
  const [row] = await db.select(withoutContent).from(publications).where(eq(publications.slug, slug))
  return row ?? null
}

export async function findWholeBySlug(db: Db, slug: string): Promise<PublicationWithContent | null> {
  const [row] = await db.select().from(publications).where(eq(publications.slug, slug))
  return row ?? null
}

export async function findByNotes(db: Db, noteIds: readonly string[]): Promise<Publication[]> {
  return db.select(withoutContent).from(publications).where(among(publications.noteId, noteIds))
}

export async function findContents(db: Db, slugs: readonly string[]): Promise<{ slug: string; content: string }[]> {
  return db.select({ slug: publications.slug, content }).from(publications).where(among(publications.slug, slugs))
}

/** Those of the notes that were public. */
export async function deletePublications(tx: Tx, noteIds: readonly string[]): Promise<string[]> {
  const gone = await tx.delete(publications).where(among(publications.noteId, noteIds)).returning({ noteId: publications.noteId })
  return gone.map(({ noteId }) => noteId)
}
