import { appending, type Together } from '../../feed/together.ts'
import type { Tx } from '../../platform/database.ts'
import { arrayText, statement } from '../../platform/statement.ts'
import type { RecordState, RecordStep } from './record.ts'

/** A record, and the collection it is in. */
export interface StoredRecord {
  readonly collectionId: string
  readonly record: RecordState
}

interface MetRow {
  readonly id: string
  readonly place: number
  readonly key: string
  readonly value: unknown
  readonly version: string
  readonly updated: string
  readonly deleted: string | null
  readonly expires: string | null
}

/** Exact for all times there are, and a fraction of the work that `extract` has with its numeric. */
const milliseconds = (column: string) => `(date_part('epoch', r.${column}) * 1000)::bigint`

/** The keys of a collection are looked up together: one walk through its part of the index meets all that are neighbours. */
const read = statement<MetRow>(
  'read records to be written',
  `select r.id, place, r.key, case when jsonb_typeof(r.value) = 'number' then r.value end as value, r.version,
    ${milliseconds('updated_at')} as updated, ${milliseconds('deleted_at')} as deleted, ${milliseconds('expires_at')} as expires
  from (select place, array_agg(key) as keys from unnest($2::int[], $3::text[]) as wanted (place, key) group by place) wanted
  join records r on r.collection_id = ($1::text[])[place] and r.key = any(keys)`,
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
  return rows.map(({ id, place, key, value, version, updated, deleted, expires }) => ({
    collectionId: collectionIds[place - 1] ?? '',
    record: {
      id,
      key,
      value,
      version: Number(version),
      updatedAt: Number(updated),
      deletedAt: deleted === null ? null : Number(deleted),
      expiresAt: expires === null ? null : Number(expires),
    },
  }))
}

const readMore = statement<{ id: string; value: unknown }>('read values of records', 'select id, value from records where id = any($1::text[])')

export async function readValues(tx: Tx, ids: readonly string[]): Promise<Map<string, unknown>> {
  return new Map(ids.length === 0 ? [] : (await readMore(tx, ids)).map(({ id, value }) => [id, value]))
}

/** What the changes say: the records are taken from there, so that a value goes over the wire and is read once. As `toNewChange` has it. */
const payloadOf = ({ record: { id, key, version, updatedAt, deletedAt, expiresAt }, json }: RecordStep): string =>
  `{"id":"${id}","key":${JSON.stringify(key)},"value":${json},"version":${version},"updatedAt":${updatedAt},"deletedAt":${deletedAt},"expiresAt":${expiresAt}}`

const steps = `steps as (
  select * from rows from (jsonb_array_elements($4::jsonb), unnest($5::text[], $6::text[], $7::text[]))
    with ordinality as steps (payload, kind, actor_id, fate, place))`
const value = `case when payload ->> 'deletedAt' is null then payload -> 'value' end`
const version = `(payload ->> 'version')::bigint`
const instant = (name: string) => `to_timestamp((payload ->> '${name}')::float8 / 1000)`
const comes = `inserted as (
  insert into records (id, collection_id, key, value, version, updated_at, deleted_at, expires_at)
  select payload ->> 'id', $1::text, payload ->> 'key', ${value}, ${version}, ${instant('updatedAt')}, ${instant('deletedAt')}, ${instant('expiresAt')}
  from steps where fate = 'comes')`
const stays = `updated as (
  update records set value = ${value}, version = ${version},
    updated_at = ${instant('updatedAt')}, deleted_at = ${instant('deletedAt')}, expires_at = ${instant('expiresAt')}
  from steps where fate = 'stays' and records.id = payload ->> 'id')`
const changes = 'select kind, payload, actor_id, null::text, null::bigint, place from steps'

const stored = {
  comes: appending('store new records', `${steps}, ${comes}`, changes),
  stays: appending('store known records', `${steps}, ${stays}`, changes),
  both: appending('store records', `${steps}, ${comes}, ${stays}`, changes),
}

/** Whether a step leaves a record that is new or one that is there, or only passes: a later one of them leaves it. */
function fatesOf(steps: readonly RecordStep[], known: ReadonlySet<string>): string[] {
  const left = new Set<string>()
  const fates: string[] = []
  for (const { record } of steps.toReversed()) {
    fates.push(left.has(record.id) ? 'passes' : known.has(record.id) ? 'stays' : 'comes')
    left.add(record.id)
  }
  return fates.reverse()
}

/** Steps of records of one collection, with the records as the last step of each leaves them; those that are `known` are there. */
export function storedWith(steps: readonly RecordStep[], known: ReadonlySet<string>): Together {
  const fates = fatesOf(steps, known)
  const store = !fates.includes('stays') ? stored.comes : !fates.includes('comes') ? stored.stays : stored.both
  return store(
    `[${steps.map(payloadOf).join()}]`,
    arrayText(steps.map(({ kind }) => kind)),
    arrayText(steps.map(({ actorId }) => actorId)),
    arrayText(fates),
  )
}
