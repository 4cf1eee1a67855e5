import type { Write } from '../merge/last-writer-wins.ts'
import type { Tx } from '../platform/database.ts'
import { arrayText, statement } from '../platform/statement.ts'

/** A field of one of several documents. */
export interface Field extends Write {
  readonly documentId: string
}

/** A field without its value: enough to see who wins. */
export type FieldStamp = Omit<Field, 'value'>

/** How far one client has pushed to one of several documents. */
export interface ClientCounter {
  readonly documentId: string
  readonly clientId: string
  readonly counter: number
}

/** A document that is locked until the transaction ends. */
export interface LockedDocument {
  readonly id: string
  readonly deleted: boolean
}

const lockText = 'select id, deleted_at is not null as deleted from documents where id = any($1::text[]) for no key update'

/** Locks documents, as soon as nobody else does: several only where nobody else locks several. Those that are not there are not among them. */
export const lockDocuments = statement<LockedDocument>('lock documents', lockText)

/** The same that waits for nobody: what somebody else has locked is not among them. */
export const lockFreeDocuments = statement<LockedDocument>('lock free documents', `${lockText} skip locked`)

const find = statement<{ id: string }>('find documents', 'select id from documents where id = any($1::text[])')

/** Which of these documents there are. */
export async function findExisting(tx: Tx, ids: readonly string[]): Promise<Set<string>> {
  return new Set(ids.length === 0 ? [] : (await find(tx, ids)).map(({ id }) => id))
}

const read = statement<{
  document_id: string
  path: string | null
  deleted: boolean
  timestamp: string
  counter: string
  client_id: string
}>(
  'read what pushes meet',
  `select document_id, path, deleted, (extract(epoch from timestamp) * 1000)::bigint as timestamp, counter, client_id
    from document_fields where (document_id, path) in (select * from unnest($1::text[], $2::text[]))
  union all
  select document_id, null, null, null, counter, client_id
    from document_clocks where (document_id, client_id) in (select * from unnest($3::text[], $4::text[]))`,
)

/** What pushes meet: those of the named fields that there are, whatever their values, and the counters of their clients. */
export interface Met {
  readonly fields: readonly FieldStamp[]
  readonly counters: readonly ClientCounter[]
}

export async function readWhatIsMet(
  tx: Tx,
  named: readonly Pick<Field, 'documentId' | 'path'>[],
  clients: readonly Pick<ClientCounter, 'documentId' | 'clientId'>[],
): Promise<Met> {
  const rows = await read(
    tx,
    named.map(({ documentId }) => documentId),
    named.map(({ path }) => path),
    clients.map(({ documentId }) => documentId),
    clients.map(({ clientId }) => clientId),
  )
  const fields: FieldStamp[] = []
  const counters: ClientCounter[] = []
  for (const { document_id: documentId, path, deleted, timestamp, counter, client_id: clientId } of rows) {
    if (path === null) counters.push({ documentId, clientId, counter: Number(counter) })
    else fields.push({ documentId, path, deleted, timestamp: Number(timestamp), counter: Number(counter), clientId })
  }
  return { fields, counters }
}

const readSome = statement<{ weight: string; value: string }>(
  'read values',
  `with recursive found as (
    select 0 as place, 0::bigint as weight, null::text as value
    union all
    select place + 1, weight + octet_length(field.value), field.value
    from found cross join lateral (
      select value::text as value from document_fields
      where document_id = ($1::text[])[place + 1] and path = ($2::text[])[place + 1] offset 0
    ) field
    where weight <= $3::bigint
  ) select weight, value from found where place > 0 order by place`,
)

/** The values of fields that are there, in their order; null when they weigh more than `maxBytes` together, for which they are not read to their end. */
export async function readValues(tx: Tx, fields: readonly FieldStamp[], maxBytes: number): Promise<unknown[] | null> {
  if (fields.length === 0) return []
  const rows = await readSome(
    tx,
    fields.map(({ documentId }) => documentId),
    fields.map(({ path }) => path),
    maxBytes,
  )
  return Number(rows.at(-1)?.weight) > maxBytes ? null : rows.map(({ value }) => JSON.parse(value))
}

const store = statement(
  'store what pushes wrote',
  `with touched as (update documents set updated_at = $1::timestamptz where id = any($2::text[])),
  counted as (
    insert into document_clocks (document_id, client_id, counter)
    select * from unnest($3::text[], $4::text[], $5::bigint[])
    on conflict (document_id, client_id) do update set counter = greatest(document_clocks.counter, excluded.counter))
  insert into document_fields (document_id, path, value, deleted, timestamp, counter, client_id)
  select * from unnest($6::text[], $7::text[], $8::jsonb[], $9::boolean[], $10::timestamptz[], $11::bigint[], $12::text[])
  on conflict (document_id, path) do update set
    value = excluded.value, deleted = excluded.deleted, timestamp = excluded.timestamp, counter = excluded.counter, client_id = excluded.client_id`,
)

/** Puts winners into documents, which then have changed for people to see, and raises counters, which never go back. */
export async function storeWrites(tx: Tx, fields: readonly Field[], counters: readonly ClientCounter[], updatedAt: Date): Promise<void> {
  await store(
    tx,
    updatedAt.toISOString(),
    [...new Set(fields.map(({ documentId }) => documentId))],
    counters.map(({ documentId }) => documentId),
    counters.map(({ clientId }) => clientId),
    arrayText(counters.map(({ counter }) => counter)),
    fields.map(({ documentId }) => documentId),
    fields.map(({ path }) => path),
    arrayText(fields.map(({ deleted, value }) => (deleted ? null : JSON.stringify(value)))),
    arrayText(fields.map(({ deleted }) => deleted)),
    arrayText(fields.map(({ timestamp }) => new Date(timestamp).toISOString())),
    arrayText(fields.map(({ counter }) => counter)),
    fields.map(({ clientId }) => clientId),
  )
}
