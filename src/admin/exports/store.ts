import { and, asc, count, desc, eq, inArray, lt, lte, sql } from 'drizzle-orm'
import type { Db, Tx } from '../../platform/database.ts'
import type { ExportRow, Place } from './export.ts'
import { exportParts, exports } from './table.ts'

const toRow = (row: typeof exports.$inferSelect): ExportRow => ({ ...row, place: row.place as Place })

export async function insertExport(tx: Tx, row: ExportRow): Promise<void> {
  await tx.insert(exports).values(row)
}

export async function findExports(db: Db | Tx, ids: readonly string[]): Promise<ExportRow[]> {
  return (
    await db
      .select()
      .from(exports)
      .where(inArray(exports.id, [...ids]))
  ).map(toRow)
}

/** The newest first. */
export async function listExports(db: Db, before: string | null, limit: number): Promise<ExportRow[]> {
  const rows = await db
    .select()
    .from(exports)
    .where(before === null ? undefined : lt(exports.id, before))
    .orderBy(desc(exports.id))
    .limit(limit)
  return rows.map(toRow)
}

export async function countRunning(tx: Db | Tx): Promise<number> {
  const [row] = await tx.select({ count: count() }).from(exports).where(eq(exports.status, 'RUNNING'))
  return row?.count ?? 0
}

/** By the clock of the database, which all nodes share. */
const leaseFor = (ms: number) => sql`now() + ${ms} * interval '1 millisecond'`

/** Takes the oldest export that nobody writes, for a while. Whoever held it before can't write any more. */
export async function claimExport(db: Db, holder: string, leaseMs: number): Promise<ExportRow | null> {
  const free = db
    .select({ id: exports.id })
    .from(exports)
    .where(and(eq(exports.status, 'RUNNING'), sql`coalesce(${exports.leasedUntil} < now(), true)`))
    .orderBy(asc(exports.id))
    .limit(1)
    .for('update', { skipLocked: true })
  const [row] = await db
    .update(exports)
    .set({ leasedUntil: leaseFor(leaseMs), place: sql`jsonb_set(${exports.place}, '{holder}', to_jsonb(${holder}::text))` })
    .where(eq(exports.id, sql`(${free})`))
    .returning()
  return row ? toRow(row) : null
}

export type Held = Pick<ExportRow, 'id' | 'place'>

const isHeld = ({ id, place }: Held) => and(eq(exports.id, id), eq(exports.status, 'RUNNING'), sql`${exports.place} ->> 'holder' = ${place.holder}`)

export type Progress = Partial<Pick<ExportRow, 'place' | 'status' | 'rowCount' | 'totalRows' | 'partCount' | 'sizeBytes' | 'error' | 'expiresAt'>>

/** Notes how far it is, and holds it for longer, with 0 no longer. Null: somebody else has it by now. */
export async function updateExport(db: Db | Tx, held: Held, progress: Progress, leaseMs: number): Promise<ExportRow | null> {
  const [row] = await db
    .update(exports)
    .set({ ...progress, leasedUntil: leaseMs === 0 ? null : leaseFor(leaseMs) })
    .where(isHeld(held))
    .returning()
  return row ? toRow(row) : null
}

export async function insertPart(tx: Tx, part: typeof exportParts.$inferInsert): Promise<void> {
  await tx.insert(exportParts).values(part)
}

/** Null when there is none, or no more. */
export async function readPart(db: Db, exportId: string, index: number): Promise<Uint8Array | null> {
  const [row] = await db
    .select({ deflated: exportParts.deflated })
    .from(exportParts)
    .where(and(eq(exportParts.exportId, exportId), eq(exportParts.index, index)))
  return row?.deflated ?? null
}

/** What all parts weigh as they are stored. */
export async function weighParts(db: Db, exportId: string): Promise<number> {
  const [row] = await db
    .select({ bytes: sql<string>`coalesce(sum(octet_length(${exportParts.deflated})), 0)` })
    .from(exportParts)
    .where(eq(exportParts.exportId, exportId))
  return Number(row?.bytes ?? 0)
}

/** Removes some of those that have expired, with their parts. Gives how many. */
export async function deleteExpired(db: Db, now: Date, limit: number): Promise<number> {
  const expired = db.select({ id: exports.id }).from(exports).where(lte(exports.expiresAt, now)).orderBy(asc(exports.expiresAt)).limit(limit)
  const gone = await db.delete(exports).where(inArray(exports.id, expired)).returning({ id: exports.id })
  return gone.length
}
