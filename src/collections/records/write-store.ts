import { appending, type Together } from '../../feed/together.ts'
import type { Tx } from '../../platform/database.ts'
import { arrayText, statement } from '../../platform/statement.ts'
import type { RecordState, RecordStep } from './record.ts'

/** A record with the collection it is in. */
export interface StoredRecord extends RecordState {
  readonly collectionId: string
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
