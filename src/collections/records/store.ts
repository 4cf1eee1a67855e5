import { and, eq, gt, isNotNull, isNull, lte, or, sql } from 'drizzle-orm'
import type { Db, Tx } from '../../platform/database.ts'
import { among, plainArray, textArray } from '../../platform/text-array.ts'
import type { Together } from '../../platform/together.ts'
import { collections, records } from '../table.ts'
import type { RecordIn, RecordState } from './record.ts'
import type { RecordStep } from './record-change.ts'

type Row = typeof records.$inferSelect

/** A record with the collection it is in. */
export interface StoredRecord extends RecordState {
  readonly collectionId: string
}

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

/** A page by (updatedAt, key), fewer than `limit` when they are large; and whether there is more. */
export async function listRecords(db: Db | Tx, collectionId: string, page: RecordsPage): Promise<{ rows: RecordState[]; hasMore: boolean }> {
  const { after, updatedSince, includeDeleted, limit, now } = page
  const found = db
    .select({
      id: records.id,
      key: records.key,
      value: records.value,
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
      value: sql<unknown>`case when place = 1 or weight <= ${maxPageBytes} then ${found.value} end`.mapWith(records.value),
      version: found.version,
      updatedAt: found.updatedAt,
      deletedAt: found.deletedAt,
      expiresAt: found.expiresAt,
      fits: sql<boolean>`(place = 1 or coalesce(weight, 0) <= ${maxPageBytes})`,
    })
    .from(found)
    .orderBy(found.place)
  const fitting = rows.slice(0, limit).filter(row => row.fits)
  return { rows: fitting.map(toState), hasMore: rows.length > fitting.length }
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

const milliseconds = (column: string) => sql.raw(`(extract(epoch from r.${column}) * 1000)::bigint`)

/** What is under the keys that are written to, tombstones and expired ones included. */
export async function readRecords(
  tx: Tx,
  writes: readonly { readonly collectionId: string; readonly write: { readonly key: string } }[],
): Promise<StoredRecord[]> {
  const ids = [...new Set(writes.map(({ collectionId }) => collectionId))]
  const places = new Map(ids.map((id, index) => [id, index + 1]))
  const { rows } = await tx.execute<{
    id: string
    collection_id: string
    key: string
    value: unknown
    version: string
    updated_at: string
    deleted_at: string | null
    expires_at: string | null
  }>(sql`
    select r.id, r.collection_id, r.key, r.value, r.version,
      ${milliseconds('updated_at')} as updated_at, ${milliseconds('deleted_at')} as deleted_at, ${milliseconds('expires_at')} as expires_at
    from unnest(${plainArray(
      writes.map(({ collectionId }) => places.get(collectionId) ?? null),
      'bigint',
    )}, ${textArray(writes.map(({ write }) => write.key))}) as wanted (place, key)
    join records r on r.collection_id = (${textArray(ids)})[place] and r.key = wanted.key`)
  return rows.map(row => ({
    id: row.id,
    collectionId: row.collection_id,
    key: row.key,
    value: row.value,
    version: Number(row.version),
    updatedAt: Number(row.updated_at),
    deletedAt: row.deleted_at === null ? null : Number(row.deleted_at),
    expiresAt: row.expires_at === null ? null : Number(row.expires_at),
  }))
}

/** Steps of records of one collection, with the records as the last step of each leaves them; those that are `known` are there. */
export function storedWith(collectionId: string, steps: readonly RecordStep[], known: ReadonlySet<string>): Together {
  const column = (pick: (step: RecordStep) => string | number | null, type: 'text' | 'bigint' | 'jsonb') => plainArray(steps.map(pick), type)
  const last = new Map(steps.map(({ record }, index) => [record.id, index]))
  const fates = steps.map(({ record: { id } }, index) => (last.get(id) !== index ? 'passes' : known.has(id) ? 'stays' : 'comes'))
  const time = (column: string) => sql.raw(`to_timestamp(${column} / 1000.0)`)
  const comes = sql`inserted as (
    insert into records (id, collection_id, key, value, version, updated_at, deleted_at, expires_at)
    select id, ${collectionId}, key, value, version, ${time('updated')}, ${time('deleted')}, ${time('expires')} from steps where fate = 'comes')`
  const stays = sql`updated as (
    update records r set value = s.value, version = s.version, updated_at = ${time('updated')}, deleted_at = ${time('deleted')}, expires_at = ${time('expires')}
    from steps s where s.fate = 'stays' and r.id = s.id)`
  return {
    tables: sql.join(
      [
        sql`steps as (
          select * from unnest(
            ${column(({ kind }) => kind, 'text')}, ${column(({ actorId }) => actorId, 'text')}, ${plainArray(fates, 'text')},
            ${column(({ record }) => record.id, 'text')}, ${textArray(steps.map(({ record }) => record.key))}, ${column(({ json }) => json, 'jsonb')},
            ${column(({ record }) => record.version, 'bigint')}, ${column(({ record }) => record.updatedAt, 'bigint')},
            ${column(({ record }) => record.deletedAt, 'bigint')}, ${column(({ record }) => record.expiresAt, 'bigint')}
          ) with ordinality as steps (kind, actor_id, fate, id, key, value, version, updated, deleted, expires, place))`,
        ...(fates.includes('comes') ? [comes] : []),
        ...(fates.includes('stays') ? [stays] : []),
      ],
      sql`, `,
    ),
    changes: sql`
      select kind, jsonb_build_object('id', id, 'key', key, 'value', value, 'version', version, 'updatedAt', updated, 'deletedAt', deleted, 'expiresAt', expires),
        actor_id, null::text, null::bigint, place from steps`,
  }
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
