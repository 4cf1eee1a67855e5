import type { Write } from '../merge/last-writer-wins.ts'
import type { Tx } from '../platform/database.ts'
import { arrayText, statement } from '../platform/statement.ts'

/** A field of one of several documents. */
export interface Field extends Write {
  readonly documentId: string
}

/** How far one client has pushed to one of several documents. */
export interface ClientCounter {
  readonly documentId: string
  readonly clientId: string
  readonly counter: number
}

const lock = statement<{ id: string; deleted: boolean }>(
  'lock documents',
  'select id, deleted_at is not null as deleted from documents where id = any($1::text[]) for update skip locked',
)

/** Keeps every other writer of these documents waiting until the transaction ends. Waits for nobody: what somebody else has locked is not among them. */
export async function lockFreeDocuments(tx: Tx, ids: readonly string[]): Promise<Map<string, { readonly isDeleted: boolean }>> {
  return new Map((await lock(tx, ids)).map(({ id, deleted }) => [id, { isDeleted: deleted }]))
}

const find = statement<{ id: string }>('find documents', 'select id from documents where id = any($1::text[])')

/** Which of these documents there are. */
export async function findThose(tx: Tx, ids: readonly string[]): Promise<Set<string>> {
  return new Set(ids.length === 0 ? [] : (await find(tx, ids)).map(({ id }) => id))
}

const read = statement<{
  document_id: string
  path: string | null
  value: unknown
  deleted: boolean
  timestamp: string
  counter: string
  client_id: string
}>(
  'read what pushes meet',
  `select document_id, path, value, deleted, (extract(epoch from timestamp) * 1000)::bigint as timestamp, counter, client_id
    from document_fields where (document_id, path) in (select * from unnest($1::text[], $2::text[]))
  union all
  select document_id, null, null, null, null, counter, client_id
    from document_clocks where (document_id, client_id) in (select * from unnest($3::text[], $4::text[]))`,
)

/** What pushes meet: those of the named fields that there are, and the counters of their clients. */
export async function readMergeState(
  tx: Tx,
  named: readonly Pick<Field, 'documentId' | 'path'>[],
  clients: readonly Pick<ClientCounter, 'documentId' | 'clientId'>[],
): Promise<{ readonly fields: readonly Field[]; readonly counters: readonly ClientCounter[] }> {
  const rows = await read(
    tx,
    named.map(({ documentId }) => documentId),
    named.map(({ path }) => path),
    clients.map(({ documentId }) => documentId),
    clients.map(({ clientId }) => clientId),
  )
  const fields: Field[] = []
  const counters: ClientCounter[] = []
  for (const { document_id: documentId, path, value, deleted, timestamp, counter, client_id: clientId } of rows) {
    if (path === null) counters.push({ documentId, clientId, counter: Number(counter) })
    else fields.push({ documentId, path, value, deleted, timestamp: Number(timestamp), counter: Number(counter), clientId })
  }
  return { fields, counters }
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
