import { and, eq, gt, isNotNull, isNull, lte, or, sql } from 'drizzle-orm'
import type { Db, Tx } from '../../platform/database.ts'
import { jsonText } from '../../platform/json-text.ts'
import { among } from '../../platform/text-array.ts'
import { collections, records } from '../table.ts'
import type { RecordIn, RecordState } from './record.ts'

type Row = typeof records.$inferSelect

const toState = ({ id, key, value, version, updatedAt, deletedAt, expiresAt }: Omit<Row, 'collectionId'>): RecordState => ({
  id,
  key,
  value,
  version,
  updatedAt: updatedAt.getTime(),
  deletedAt: deletedAt?.getTime() ?? null,
  expiresAt: expiresAt?.getTime() ?? null,
})

const unexpired = (now: Date) => or(isNull(records.expiresAt), gt(records.expiresAt, now))
/** Neither deleted nor expired, whether or not the sweep has come by. */
const live = (now: Date) => and(isNull(records.deletedAt), unexpired(now))

export async function findRecord(db: Db | Tx, collectionId: string, key: string, now: Date): Promise<RecordState | null> {
  const [row] = await db
    .select()
    .from(records)
    .where(and(eq(records.collectionId, collectionId), eq(records.key, key), live(now)))
  return row ? toState(row) : null
}

export async function findRecords(db: Db | Tx, ids: readonly string[], now: Date): Promise<RecordIn[]> {
  const rows = await db
    .select()
    .from(records)
    .innerJoin(collections, eq(collections.id, records.collectionId))
    .where(and(among(records.id, ids), live(now)))
  return rows.map(row => ({ ...toState(row.records), collection: row.collections }))
}

export interface RecordsPage {
  /** Where the page starts: behind this record. */
  readonly after: { readonly updatedAt: number; readonly key: string } | null
  readonly updatedSince: Date | null
  readonly includeDeleted: boolean
  readonly limit: number
  readonly now: Date
}

/** What the values of one page weigh at most; a single value may weigh more. */
const maxPageBytes = 8 * 1024 * 1024

/** A page by (updatedAt, key), fewer than `limit` when they are large; and whether there is more. Values are texts, since most are only handed on. */
export async function listRecords(db: Db | Tx, collectionId: string, page: RecordsPage): Promise<{ rows: RecordState[]; hasMore: boolean }> {
  const { after, updatedSince, includeDeleted, limit, now } = page
  const found = db
    .select({
      id: records.id,
      key: records.key,
      text: sql<string | null>`${records.value}::text`.as('text'),
      version: records.version,
      updatedAt: records.updatedAt,
      deletedAt: records.deletedAt,
      expiresAt: records.expiresAt,
      place: sql<number>`row_number() over (order by ${records.updatedAt}, ${records.key})`.as('place'),
      weight: sql<number>`sum(octet_length(${records.value}::text)) over (order by ${records.updatedAt}, ${records.key})`.as('weight'),
    })
    .from(records)
    .where(
      and(
        eq(records.collectionId, collectionId),
        after ? sql`(${records.updatedAt}, ${records.key}) > (${new Date(after.updatedAt).toISOString()}::timestamptz, ${after.key})` : undefined,
        updatedSince ? gt(records.updatedAt, updatedSince) : undefined,
        includeDeleted ? or(isNotNull(records.deletedAt), unexpired(now)) : live(now),
      ),
    )
    .orderBy(records.updatedAt, records.key)
    .limit(limit + 1)
    .as('found')
  const rows = await db
    .select({
      id: found.id,
      key: found.key,
      text: sql<string | null>`case when place = 1 or weight <= ${maxPageBytes} then ${found.text} end`,
      version: found.version,
      updatedAt: found.updatedAt,
      deletedAt: found.deletedAt,
      expiresAt: found.expiresAt,
      fits: sql<boolean>`(place = 1 or coalesce(weight, 0) <= ${maxPageBytes})`,
    })
    .from(found)
    .orderBy(found.place)
  const fitting = rows.slice(0, limit).filter(row => row.fits)
  const shown = fitting.map(({ text, ...row }) => toState({ ...row, value: text === null ? null : jsonText(text) }))
  return { rows: shown, hasMore: rows.length > fitting.length }
}

/** How many live records each of these collections has. */
export async function countLive(db: Db | Tx, collectionIds: readonly string[], now: Date): Promise<Map<string, number>> {
  const rows = await db
    .select({ id: records.collectionId, count: sql<number>`count(*)`.mapWith(Number) })
    .from(records)
    .where(and(among(records.collectionId, collectionIds), live(now)))
    .groupBy(records.collectionId)
  return new Map(rows.map(row => [row.id, row.count]))
}

const due = (now: Date) => and(isNull(records.deletedAt), lte(records.expiresAt, now))

/** Collections in which something has expired. Looks at `limit` records. */
export async function findDueCollections(db: Db | Tx, now: Date, limit: number): Promise<string[]> {
  const oldest = db.select({ id: records.collectionId }).from(records).where(due(now)).orderBy(records.expiresAt).limit(limit).as('oldest')
  return (await db.selectDistinct({ id: oldest.id }).from(oldest)).map(row => row.id)
}

/** What has expired in a collection, the first to expire first; without the values, which nobody needs any more. */
export async function readDue(tx: Tx, collectionId: string, now: Date, limit: number): Promise<RecordState[]> {
  const rows = await tx
    .select({
      id: records.id,
      key: records.key,
      version: records.version,
      updatedAt: records.updatedAt,
      deletedAt: records.deletedAt,
      expiresAt: records.expiresAt,
    })
    .from(records)
    .where(and(eq(records.collectionId, collectionId), due(now)))
    .orderBy(records.expiresAt, records.key)
    .limit(limit)
  return rows.map(row => toState({ ...row, value: null }))
}

/** False when another node is at it. */
export async function claimExpiry(tx: Tx, collectionId: string): Promise<boolean> {
  const { rows } = await tx.execute<{ free: boolean }>(
    sql`select pg_try_advisory_xact_lock(hashtextextended(${`expire ${collectionId}`}, 0)) as free`,
  )
  return rows[0]?.free ?? false
}
