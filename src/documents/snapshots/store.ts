import { and, asc, desc, eq, getTableColumns, lt, sql } from 'drizzle-orm'
import type { VectorClock } from '../../merge/vector-clock.ts'
import type { Db, Tx } from '../../platform/database.ts'
import { among, textArray } from '../../platform/text-array.ts'
import { documentClocks, documentFields, documents, snapshots } from '../table.ts'

/** All of a snapshot but its fields, which may be large. */
export interface SnapshotRow {
  readonly id: string
  readonly documentId: string
  readonly label: string | null
  readonly clock: VectorClock
  readonly sizeBytes: number
  readonly automatic: boolean
  readonly createdAt: Date
}

type Fields = Readonly<Record<string, unknown>>

const { fields: _, ...columns } = getTableColumns(snapshots)

/** The database puts spaces into these, or writes them with other digits; one to a line. */
const writtenOtherwise = sql`string_agg(value::text, e'\\n') filter (where case jsonb_typeof(value)
  when 'number' then value::numeric <> 0 and (abs(value::numeric) < 1e-6 or abs(value::numeric) >= 1e21)
  else jsonb_typeof(value) in ('object', 'array') end)`

/**
 * Keeps what the document looks like, its fields and its clock at one moment: it is one statement, which nobody who writes waits for. Only
 * values whose size it can't tell come through here. False when there is no such document; it is not removed before the transaction ends.
 */
export async function insertSnapshot(tx: Tx, row: Omit<SnapshotRow, 'clock' | 'sizeBytes'>): Promise<boolean> {
  const { id, documentId, label, automatic, createdAt } = row
  const there = await tx.select({ id: documents.id }).from(documents).where(eq(documents.id, documentId)).for('key share')
  if (there.length === 0) return false
  const { rows } = await tx.execute<{ otherwise: string | null }>(sql`
    with taken as (
      select coalesce(jsonb_object_agg(path, value), '{}') as fields, ${writtenOtherwise} as otherwise,
        coalesce(sum(octet_length(to_json(path)::text) + octet_length(value::text) + 2), 1) + 1 as size
      from ${documentFields} where document_id = ${documentId} and not deleted
    ), stored as (
      insert into ${snapshots} (id, document_id, label, automatic, created_at, fields, size_bytes, clock)
      select ${id}, ${documentId}, ${label}, ${automatic}, ${createdAt.toISOString()}::timestamptz, fields, least(size, 2147483647), (
        select coalesce(jsonb_object_agg(client_id, counter), '{}') from ${documentClocks} where document_id = ${documentId})
      from taken)
    select otherwise from taken`)
  const saved = (rows[0]?.otherwise?.split('\n') ?? []).reduce((sum, text) => sum + Buffer.byteLength(text) - sizeOf(text), 0)
  if (saved !== 0)
    await tx
      .update(snapshots)
      .set({ sizeBytes: sql`${snapshots.sizeBytes} - ${saved}::int` })
      .where(eq(snapshots.id, id))
  return true
}

const sizeOf = (json: string): number => Buffer.byteLength(JSON.stringify(JSON.parse(json)))

export async function findSnapshots(db: Db | Tx, ids: readonly string[]): Promise<SnapshotRow[]> {
  return (await db.select(columns).from(snapshots).where(among(snapshots.id, ids))) as SnapshotRow[]
}

export async function readFields(db: Db | Tx, ids: readonly string[]): Promise<Map<string, Fields>> {
  const rows = await db.select({ id: snapshots.id, fields: snapshots.fields }).from(snapshots).where(among(snapshots.id, ids))
  return new Map(rows.map(row => [row.id, row.fields as Fields]))
}

/** The same, as JSON. */
export async function readFieldsText(db: Db | Tx, ids: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await db.execute<{ id: string; text: string }>(
    sql`select id, fields::text as text from snapshots where id = any(${textArray(ids)})`,
  )
  return new Map(rows.map(({ id, text }) => [id, text]))
}

/** For each of several documents its snapshots, the newest first; `before` is the id behind which the pages start. */
export async function listSnapshots(db: Db | Tx, documentIds: readonly string[], before: string | null, limit: number): Promise<SnapshotRow[]> {
  const page = db
    .select(columns)
    .from(snapshots)
    .where(and(sql`${snapshots.documentId} = wanted.id`, before === null ? undefined : lt(snapshots.id, before)))
    .orderBy(desc(snapshots.id))
    .limit(limit)
    .as('page')
  const { id, documentId, label, clock, sizeBytes, automatic, createdAt } = page
  const rows = await db
    .select({ id, documentId, label, clock, sizeBytes, automatic, createdAt })
    .from(sql`unnest(${textArray(documentIds)}) as wanted(id)`)
    .crossJoinLateral(page)
    .orderBy(asc(documentId), desc(id))
  return rows as SnapshotRow[]
}

export async function deleteSnapshot(tx: Tx, id: string): Promise<void> {
  await tx.delete(snapshots).where(eq(snapshots.id, id))
}

/** Keeps the newest automatic snapshots of a document. */
export async function deleteOldAutomatic(tx: Tx, documentId: string, keep: number): Promise<void> {
  await tx.execute(sql`
    delete from snapshots where id in (
      select id from snapshots where document_id = ${documentId} and automatic order by id desc offset ${keep})`)
}
