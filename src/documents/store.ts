import { and, asc, desc, eq, isNull, lt, sql } from 'drizzle-orm'
import type { Write } from '../merge/last-writer-wins.ts'
import type { VectorClock } from '../merge/vector-clock.ts'
import type { Db, Tx } from '../platform/database.ts'
import { among, textArray } from '../platform/text-array.ts'
import { documentClocks, documentFields, documents, snapshots } from './table.ts'

type Executor = Db | Tx

export interface DocumentRow {
  readonly id: string
  readonly name: string | null
  readonly createdAt: Date
  readonly updatedAt: Date
  readonly deletedAt: Date | null
}

/** A document and where its stream stood when it was read: what is read of it afterwards is as new, or newer. */
export interface DocumentAt extends DocumentRow {
  readonly head: number
}

const headOf = sql<number>`(select s.head from streams s where s.id = documents.id)`.mapWith(Number)
const columns = {
  id: documents.id,
  name: documents.name,
  createdAt: documents.createdAt,
  updatedAt: documents.updatedAt,
  deletedAt: documents.deletedAt,
  head: headOf,
}

/** False when the id is taken. */
export async function insertDocument(tx: Tx, row: DocumentRow): Promise<boolean> {
  const made = await tx.insert(documents).values(row).onConflictDoNothing().returning({ id: documents.id })
  return made.length > 0
}

export async function findDocuments(db: Executor, ids: readonly string[]): Promise<DocumentAt[]> {
  return db.select(columns).from(documents).where(among(documents.id, ids))
}

/** The newest first; `before` is the id behind which the page starts. */
export async function listDocuments(
  db: Executor,
  userId: string,
  page: { before: string | null; includeDeleted: boolean; limit: number },
): Promise<DocumentAt[]> {
  return db
    .select(columns)
    .from(documents)
    .where(
      and(
        sql`exists (select from memberships m where m.resource_id = ${documents.id} and m.user_id = ${userId})`,
        page.includeDeleted ? undefined : isNull(documents.deletedAt),
        page.before === null ? undefined : lt(documents.id, page.before),
      ),
    )
    .orderBy(desc(documents.id))
    .limit(page.limit)
}

export async function deleteDocument(tx: Tx, id: string): Promise<void> {
  await tx.delete(documents).where(eq(documents.id, id))
  await tx.delete(documentFields).where(eq(documentFields.documentId, id))
  await tx.delete(documentClocks).where(eq(documentClocks.documentId, id))
  await tx.delete(snapshots).where(eq(snapshots.documentId, id))
}

/** Keeps every other writer of this document waiting until the transaction ends; who takes a snapshot of it goes on. */
export async function lockDocument(tx: Tx, id: string): Promise<DocumentRow | null> {
  const [row] = await tx.select().from(documents).where(eq(documents.id, id)).for('no key update')
  return row ?? null
}

export async function setDeleted(tx: Tx, id: string, deletedAt: Date | null, updatedAt: Date): Promise<void> {
  await tx.update(documents).set({ deletedAt, updatedAt }).where(eq(documents.id, id))
}

const toWrite = ({ timestamp, ...field }: Omit<typeof documentFields.$inferSelect, 'documentId'>): Write => ({
  ...field,
  timestamp: timestamp.getTime(),
})

const fieldColumns = {
  path: documentFields.path,
  value: documentFields.value,
  deleted: documentFields.deleted,
  timestamp: documentFields.timestamp,
  counter: documentFields.counter,
  clientId: documentFields.clientId,
}

/** Names a field of a document. */
export interface FieldPlace {
  readonly id: string
  readonly path: string
}

/** The fields at these places, null for those that were never written. */
export async function readSingleFields(db: Executor, places: readonly FieldPlace[]): Promise<(Write | null)[]> {
  const wanted = sql`select * from unnest(${textArray(places.map(({ id }) => id))}, ${textArray(places.map(({ path }) => path))})`
  const rows = await db
    .select({ documentId: documentFields.documentId, ...fieldColumns })
    .from(documentFields)
    .where(sql`(${documentFields.documentId}, ${documentFields.path}) in (${wanted})`)
  const found = new Map(rows.map(({ documentId, ...field }) => [nameOf({ id: documentId, path: field.path }), toWrite(field)]))
  return places.map(place => found.get(nameOf(place)) ?? null)
}

const nameOf = ({ id, path }: FieldPlace): string => JSON.stringify([id, path])

export async function findAllFields(db: Executor, documentId: string): Promise<Write[]> {
  const rows = await db.select(fieldColumns).from(documentFields).where(eq(documentFields.documentId, documentId)).orderBy(asc(documentFields.path))
  return rows.map(toWrite)
}

/** The fields of a document as JSON, and how many bytes they have. */
export interface FieldsText {
  readonly weight: number
  /** Null: they were not read. */
  readonly text: string | null
}

/** Path and value of what is there, for several documents: as text, for all that weigh no more together than `maxBytes`, in their order. */
export async function readFieldsText(db: Executor, documentIds: readonly string[], maxBytes: number): Promise<Map<string, FieldsText>> {
  const { rows } = await db.execute<{ id: string; weight: string; text: string | null }>(sql`
    with weighed as (
      select id, place, (select coalesce(sum(octet_length(path) + octet_length(value::text) + 6), 0) from document_fields where document_id = id and not deleted) as weight
      from unnest(${textArray(documentIds)}) with ordinality as wanted (id, place)
    )
    select id, weight, case when sum(weight) over (order by place) <= ${maxBytes} then (
      select '{' || coalesce(string_agg(to_json(path)::text || ':' || value::text, ',' order by path), '') || '}'
      from document_fields where document_id = id and not deleted) end as text
    from weighed`)
  return new Map(rows.map(({ id, weight, text }) => [id, { weight: Number(weight), text }]))
}

/** The clocks of several documents. */
export async function readClocks(db: Executor, documentIds: readonly string[]): Promise<Map<string, VectorClock>> {
  return clocksOf(await db.select().from(documentClocks).where(among(documentClocks.documentId, documentIds)).orderBy(asc(documentClocks.clientId)))
}

const clocksOf = (rows: readonly { documentId: string; clientId: string; counter: number }[]): Map<string, VectorClock> =>
  new Map(
    Map.groupBy(rows, row => row.documentId)
      .entries()
      .map(([id, group]) => [id, Object.fromEntries(group.map(({ clientId, counter }) => [clientId, counter]))]),
  )

/** For several documents and each of their clients, the counter up to which its pushes are no longer in the log. */
export async function readPrunedClocks(db: Executor, documentIds: Iterable<string>): Promise<Map<string, VectorClock>> {
  const rows = await db
    .select({ documentId: documentClocks.documentId, clientId: documentClocks.clientId, counter: documentClocks.prunedCounter })
    .from(documentClocks)
    .where(and(among(documentClocks.documentId, documentIds), sql`${documentClocks.prunedCounter} > 0`))
  return clocksOf(rows)
}

/** Notes that the log no longer holds these clients' pushes up to those counters. */
export async function raisePrunedClock(tx: Tx, documentId: string, counters: ReadonlyMap<string, number>): Promise<void> {
  if (counters.size === 0) return
  await tx
    .insert(documentClocks)
    .values([...counters].map(([clientId, counter]) => ({ documentId, clientId, counter, prunedCounter: counter })))
    .onConflictDoUpdate({
      target: [documentClocks.documentId, documentClocks.clientId],
      set: { prunedCounter: sql`greatest(${documentClocks.prunedCounter}, excluded.pruned_counter)` },
    })
}
