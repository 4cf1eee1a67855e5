import { and, asc, eq, getTableColumns, gt, lt, lte, or, sql } from 'drizzle-orm'
import type { Db, Tx } from '../platform/database.ts'
import { sqlStateOf } from '../platform/sql-state.ts'
import { arrayText, statement } from '../platform/statement.ts'
import { among, textArray } from '../platform/text-array.ts'
import type { Change, NewChange } from './change.ts'
import { changes, idempotencyKeys, streams } from './table.ts'
import { appending, type Together } from './together.ts'

type Executor = Db | Tx

export async function insertStream(tx: Tx, id: string, kind: string): Promise<void> {
  await tx.insert(streams).values({ id, kind }).onConflictDoNothing()
}

/** Locks these streams, those that were not there included. In one order, so that nobody who locks several waits for another in a circle. */
export async function lockStreams(tx: Tx, ids: readonly string[], kind: string): Promise<void> {
  const sorted = sql`select id from unnest(${textArray(ids)}) id order by id`
  await tx.execute(sql`insert into streams (id, kind) select id, ${kind} from (${sorted}) wanted on conflict do nothing`)
  await tx.execute(sql`select 1 from streams where id in (${sorted}) order by id for update`)
}

/**
 * Removes all changes. What is left is where it stood, one further on: should somebody make a stream of this id again, then nobody
 * who followed this one takes the new changes for those they know.
 */
export async function deleteStream(tx: Tx, id: string): Promise<void> {
  const end = sql`${streams.head} + 1`
  await tx.update(streams).set({ head: end, floor: end }).where(eq(streams.id, id))
  await tx.delete(changes).where(eq(changes.streamId, id))
}

const alone = appending(
  'append changes',
  `added as (
    select * from unnest($4::text[], $5::jsonb[], $6::text[], $7::text[], $8::bigint[]) with ordinality
      as added (kind, payload, actor_id, client_id, client_counter, place))`,
  'select * from added',
)

/** Takes the next sequences and stores the changes under them, in one statement. Gives the first of the sequences. */
export async function appendChanges(tx: Tx, streamId: string, added: readonly NewChange[], at: Date, together?: Together): Promise<number> {
  const { append, values } =
    together ??
    alone(
      added.map(({ kind }) => kind),
      arrayText(added.map(({ payload }) => JSON.stringify(payload))),
      added.map(({ actorId }) => actorId),
      added.map(({ clientId }) => clientId),
      arrayText(added.map(({ clientCounter }) => clientCounter)),
    )
  const [row] = await append(tx, streamId, added.length, at.toISOString(), ...values)
  if (!row) throw new Error(`There is no stream ${streamId}.`)
  return Number(row.head) - added.length + 1
}

/** The next change of each of several streams, which are locked. Gives the sequences they got. */
export async function appendToEach(tx: Tx, added: readonly (NewChange & { readonly streamId: string })[], at: Date): Promise<Map<string, number>> {
  const column = <Value>(pick: (change: NewChange & { readonly streamId: string }) => Value) => sql.param(added.map(pick))
  const { rows } = await tx.execute<{ id: string; head: string }>(sql`
    with added as (
      select * from unnest(
        ${column(change => change.streamId)}::text[], ${column(change => change.kind)}::text[], ${column(change => JSON.stringify(change.payload))}::jsonb[],
        ${column(change => change.actorId)}::text[], ${column(change => change.clientId)}::text[], ${column(change => change.clientCounter)}::bigint[]
      ) as added (stream_id, kind, payload, actor_id, client_id, client_counter)
    ), bumped as (update streams set head = head + 1 from added where id = added.stream_id returning id, head), stored as (
      insert into changes (stream_id, seq, kind, payload, actor_id, client_id, client_counter, at)
      select stream_id, head, kind, payload, actor_id, client_id, client_counter, ${at.toISOString()}::timestamptz from added join bumped on id = stream_id)
    select id, head from bumped`)
  return new Map(rows.map(({ id, head }) => [id, Number(head)]))
}

/** Without its stream a change has no sequence, which the table refuses. */
const appendAll = statement<{ id: string; head: string }>(
  'append to streams',
  `with bumped as (
    update streams set head = head + added from unnest($1::text[], $2::bigint[]) as counted (stream_id, added) where id = stream_id returning id, head, added
  ), logged as (
    insert into changes (stream_id, seq, kind, payload, actor_id, client_id, client_counter, at)
    select stream_id, head - added + place, kind, payload, actor_id, client_id, client_counter, $3::timestamptz
    from unnest($4::text[], $5::bigint[], $6::text[], $7::jsonb[], $8::text[], $9::text[], $10::bigint[])
      as change (stream_id, place, kind, payload, actor_id, client_id, client_counter)
    left join bumped on id = stream_id)
  select id, head from bumped`,
)

/** `appendChanges` for several streams, of which nobody else locks more than one at a time. Gives the sequences of the changes. */
export async function appendToAll(tx: Tx, added: readonly (NewChange & { readonly streamId: string })[], at: Date): Promise<number[]> {
  const counts = new Map<string, number>()
  const places = added.map(({ streamId }) => {
    const place = (counts.get(streamId) ?? 0) + 1
    counts.set(streamId, place)
    return place
  })
  const rows = await appendAll(
    tx,
    [...counts.keys()],
    arrayText([...counts.values()]),
    at.toISOString(),
    added.map(({ streamId }) => streamId),
    arrayText(places),
    added.map(({ kind }) => kind),
    arrayText(added.map(({ payload }) => JSON.stringify(payload))),
    added.map(({ actorId }) => actorId),
    added.map(({ clientId }) => clientId),
    arrayText(added.map(({ clientCounter }) => clientCounter)),
  )
  const heads = new Map(rows.map(({ id, head }) => [id, Number(head)]))
  return added.map(({ streamId }, index) => {
    const head = heads.get(streamId)
    if (head === undefined) throw new Error(`There is no stream ${streamId}.`)
    return head - (counts.get(streamId) ?? 0) + (places[index] ?? 0)
  })
}

export interface Extent {
  readonly head: number
  readonly floor: number
}

/** In the order of the ids, which may come several times. */
export async function readExtents(db: Executor, ids: readonly string[]): Promise<(Extent | null)[]> {
  const rows = await db
    .select({ id: streams.id, head: streams.head, floor: streams.floor })
    .from(streams)
    .where(among(streams.id, new Set(ids)))
  const found = new Map(rows.map(({ id, ...extent }) => [id, extent]))
  return ids.map(id => found.get(id) ?? null)
}

export async function readHeads(db: Executor, ids: readonly string[]): Promise<Map<string, number>> {
  const rows = await db
    .select({ id: streams.id, head: streams.head })
    .from(streams)
    .where(sql`${streams.id} = any(${sql.param(ids)}::text[])`)
  return new Map(rows.map(row => [row.id, row.head]))
}

/** What one page of the log weighs at most; a single change may weigh more. */
const maxPageBytes = 4 * 1024 * 1024

/** The next changes behind a position, in order: at most `limit`, fewer when they are large, and none only when there are none. */
export async function readChanges(
  db: Executor,
  streamId: string,
  { after, limit }: { readonly after: number; readonly limit: number },
): Promise<Change[]> {
  const page = db
    .select({
      ...getTableColumns(changes),
      place: sql<number>`row_number() over (order by ${changes.seq})`.as('place'),
      weight: sql<number>`sum(pg_column_size(${changes.payload})) over (order by ${changes.seq})`.as('weight'),
    })
    .from(changes)
    .where(and(eq(changes.streamId, streamId), gt(changes.seq, after)))
    .orderBy(asc(changes.seq))
    .limit(limit)
    .as('page')
  const rows = await db
    .select()
    .from(page)
    .where(or(eq(page.place, 1), lte(page.weight, maxPageBytes)))
    .orderBy(asc(page.seq))
  return rows.map(({ place: _, weight: __, ...change }) => change)
}

export async function readChange(db: Executor, streamId: string, seq: number): Promise<Change | null> {
  const [row] = await db
    .select()
    .from(changes)
    .where(and(eq(changes.streamId, streamId), eq(changes.seq, seq)))
  return row ?? null
}

export interface Prunable {
  readonly id: string
  readonly kind: string
  readonly upTo: number
}

/** Streams that hold changes older than `before`, and up to where. Looks at `limit` changes. */
export async function findOutdated(db: Executor, before: Date, limit: number): Promise<Prunable[]> {
  const { rows } = await db.execute<{ id: string; kind: string; up_to: string }>(sql`
    select s.id, s.kind, old.up_to from streams s join (
      select stream_id, max(seq) as up_to from (select stream_id, seq from changes where at < ${before.toISOString()}::timestamptz order by at limit ${limit}) oldest group by stream_id
    ) old on old.stream_id = s.id`)
  return rows.map(row => ({ id: row.id, kind: row.kind, upTo: Number(row.up_to) }))
}

/** Streams that hold more than `keep` changes, and up to where they may lose some. */
export async function findOversized(db: Executor, keep: number, limit: number): Promise<Prunable[]> {
  return db
    .select({ id: streams.id, kind: streams.kind, upTo: sql<number>`${streams.head} - ${keep}::bigint`.mapWith(Number) })
    .from(streams)
    .where(sql`${streams.head} - ${streams.floor} > ${keep}`)
    .limit(limit)
}

/** False when another node is at it. */
export async function claimPruning(tx: Tx, streamId: string): Promise<boolean> {
  const { rows } = await tx.execute<{ free: boolean }>(sql`select pg_try_advisory_xact_lock(hashtextextended(${`prune ${streamId}`}, 0)) as free`)
  return rows[0]?.free ?? false
}

/** Raises the floor and removes what is below it. */
export async function prune(tx: Tx, streamId: string, upTo: number): Promise<void> {
  await tx
    .update(streams)
    .set({ floor: sql`greatest(${streams.floor}, least(${upTo}::bigint, ${streams.head}))` })
    .where(eq(streams.id, streamId))
  await tx.delete(changes).where(and(eq(changes.streamId, streamId), lte(changes.seq, upTo)))
}

export interface StoredOutcome {
  readonly inputHash: string
  readonly outcome: unknown
}

type KeyOf = { readonly scope: string; readonly mutation: string; readonly key: string }

/** True for the first to come; whoever comes second waits for the first one's transaction to end. */
export async function claimKey(tx: Tx, key: KeyOf, inputHash: string, at: Date): Promise<boolean> {
  const claimed = await tx
    .insert(idempotencyKeys)
    .values({ ...key, inputHash, at })
    .onConflictDoNothing()
    .returning({ key: idempotencyKeys.key })
  return claimed.length > 0
}

const sameKey = ({ scope, mutation, key }: KeyOf) =>
  and(eq(idempotencyKeys.scope, scope), eq(idempotencyKeys.mutation, mutation), eq(idempotencyKeys.key, key))

export async function readOutcome(tx: Tx, key: KeyOf): Promise<StoredOutcome | null> {
  const [row] = await tx.select({ inputHash: idempotencyKeys.inputHash, outcome: idempotencyKeys.outcome }).from(idempotencyKeys).where(sameKey(key))
  return row ?? null
}

export async function storeOutcome(tx: Tx, key: KeyOf, outcome: unknown): Promise<void> {
  await tx.update(idempotencyKeys).set({ outcome }).where(sameKey(key))
}

/** What outcomes may take in the database for them to be read together. */
const mostOutcomeBytes = 256 * 1024

const read = statement<KeyOf & StoredOutcome & { isRead: boolean }>(
  'read outcomes',
  `select scope, mutation, key, input_hash as "inputHash", is_read as "isRead", case when is_read then outcome end as outcome from (
    select *, sum(coalesce(pg_column_size(outcome), 0)) over places <= ${mostOutcomeBytes} or row_number() over places = 1 as is_read from idempotency_keys
    where (scope, mutation, key) in (select * from unnest($1::text[], $2::text[], $3::text[]))
    window places as (order by scope, mutation, key)) found`,
)

/** @throws Error when they are too heavy to be read together; each alone is not */
export async function readOutcomes(tx: Tx, keys: readonly KeyOf[]): Promise<(KeyOf & StoredOutcome)[]> {
  const rows = keys.length === 0 ? [] : await read(tx, ...columnsOf(keys))
  if (!rows.every(({ isRead }) => isRead)) throw new Error('These outcomes are too heavy to be read together.')
  return rows
}

const insert = statement(
  'store outcomes',
  `insert into idempotency_keys (scope, mutation, key, input_hash, outcome, at)
  select *, $6::timestamptz from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::jsonb[]) as called (scope, mutation, key) order by scope, mutation, key`,
)

/** Fails when another transaction has one of the keys (`isTaken`); it waits for those under way, in one order, so that nobody waits in a circle. */
export async function insertOutcomes(tx: Tx, rows: readonly (KeyOf & StoredOutcome)[], at: Date): Promise<void> {
  const hashes = rows.map(({ inputHash }) => inputHash)
  const outcomes = arrayText(rows.map(({ outcome }) => JSON.stringify(outcome)))
  await insert(tx, ...columnsOf(rows), hashes, outcomes, at.toISOString())
}

export const isTaken = (error: unknown): boolean => sqlStateOf(error) === '23505'

const columnsOf = (keys: readonly KeyOf[]) =>
  [keys.map(({ scope }) => scope), keys.map(({ mutation }) => mutation), keys.map(({ key }) => key)] as const

export async function deleteKeysBefore(db: Executor, before: Date): Promise<void> {
  await db.delete(idempotencyKeys).where(lt(idempotencyKeys.at, before))
}
