import { and, eq, gt, isNotNull, isNull, lte, or, sql } from 'drizzle-orm'
import { appending, type Together } from '../../feed/together.ts'
import type { Db, Tx } from '../../platform/database.ts'
import { arrayText, statement } from '../../platform/statement.ts'
import { among } from '../../platform/text-array.ts'
import { collections, records } from '../table.ts'
import type { RecordIn, RecordState, RecordStep } from './record.ts'

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

interface MetRow {
  readonly id: string
  readonly collection_id: string
  readonly key: string
  readonly value: unknown
  readonly version: string
  readonly updated: string
  readonly deleted: string | null
  readonly expires: string | null
}

const milliseconds = (column: string) => `(extract(epoch from r.${column}) * 1000)::bigint`

const read = statement<MetRow>(
  'read records to be written',
  `select r.id, r.collection_id, r.key, case when jsonb_typeof(r.value) = 'number' then r.value end as value, r.version,
    ${milliseconds('updated_at')} as updated, ${milliseconds('deleted_at')} as deleted, ${milliseconds('expires_at')} as expires
  from unnest($2::int[], $3::text[]) as wanted (place, key)
  join records r on r.collection_id = ($1::text[])[place] and r.key = wanted.key`,
)

/** What is under the keys that are written to, tombstones and expired ones included; of values those alone that are numbers, since only these compete. */
export async function readRecords(
  tx: Tx,
  writes: readonly { readonly collectionId: string; readonly write: { readonly key: string } }[],
): Promise<StoredRecord[]> {
  const collectionIds = [...new Set(writes.map(({ collectionId }) => collectionId))]
  const places = new Map(collectionIds.map((id, index) => [id, index + 1]))
  const rows = await read(
    tx,
    collectionIds,
    arrayText(writes.map(({ collectionId }) => places.get(collectionId) ?? 0)),
    writes.map(({ write }) => write.key),
  )
  return rows.map(({ id, collection_id: collectionId, key, value, version, updated, deleted, expires }) => ({
    id,
    collectionId,
    key,
    value,
    version: Number(version),
    updatedAt: Number(updated),
    deletedAt: deleted === null ? null : Number(deleted),
    expiresAt: expires === null ? null : Number(expires),
  }))
}

const readMore = statement<{ id: string; value: unknown }>('read values of records', 'select id, value from records where id = any($1::text[])')

export async function readValues(tx: Tx, ids: readonly string[]): Promise<Map<string, unknown>> {
  return new Map(ids.length === 0 ? [] : (await readMore(tx, ids)).map(({ id, value }) => [id, value]))
}

const steps = `steps as (
  select * from unnest($4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::jsonb[], $10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[])
    with ordinality as steps (kind, actor_id, fate, id, key, value, version, updated, deleted, expires, place))`
const instant = (column: string) => `to_timestamp(${column} / 1000.0)`
const comes = `inserted as (
  insert into records (id, collection_id, key, value, version, updated_at, deleted_at, expires_at)
  select id, $1::text, key, value, version, ${instant('updated')}, ${instant('deleted')}, ${instant('expires')} from steps where fate = 'comes')`
const stays = `updated as (
  update records r set value = s.value, version = s.version,
    updated_at = ${instant('s.updated')}, deleted_at = ${instant('s.deleted')}, expires_at = ${instant('s.expires')}
  from steps s where s.fate = 'stays' and r.id = s.id)`
/** As `toNewChange` has it. */
const changes = `
  select kind, jsonb_build_object('id', id, 'key', key, 'value', value, 'version', version, 'updatedAt', updated, 'deletedAt', deleted, 'expiresAt', expires),
    actor_id, null::text, null::bigint, place
  from steps`

const stored = {
  comes: appending('store new records', `${steps}, ${comes}`, changes),
  stays: appending('store known records', `${steps}, ${stays}`, changes),
  both: appending('store records', `${steps}, ${comes}, ${stays}`, changes),
}

/** Steps of records of one collection, with the records as the last step of each leaves them; those that are `known` are there. */
export function storedWith(steps: readonly RecordStep[], known: ReadonlySet<string>): Together {
  const last = new Map(steps.map(({ record }, index) => [record.id, index]))
  const fates = steps.map(({ record: { id } }, index) => (last.get(id) !== index ? 'passes' : known.has(id) ? 'stays' : 'comes'))
  const store = !fates.includes('stays') ? stored.comes : !fates.includes('comes') ? stored.stays : stored.both
  return store(
    arrayText(steps.map(({ kind }) => kind)),
    arrayText(steps.map(({ actorId }) => actorId)),
    arrayText(fates),
    arrayText(steps.map(({ record }) => record.id)),
    steps.map(({ record }) => record.key),
    arrayText(steps.map(({ json }) => json)),
    arrayText(steps.map(({ record }) => record.version)),
    arrayText(steps.map(({ record }) => record.updatedAt)),
    arrayText(steps.map(({ record }) => record.deletedAt)),
    arrayText(steps.map(({ record }) => record.expiresAt)),
  )
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
