import { and, eq, inArray, sql } from 'drizzle-orm'
import { appending, type Together } from '../../feed/together.ts'
import type { Db, Tx } from '../../platform/database.ts'
import { arrayText, statement } from '../../platform/statement.ts'
import { textArray } from '../../platform/text-array.ts'
import { vaultLogs } from '../table.ts'
import { identityOf, type LogPayload, type LogRow, type SealedLog } from './log.ts'

/** A vault that logs are pushed to. */
export interface PushedTo {
  readonly id: string
  readonly ownerId: string
  readonly headSequence: number
  readonly streamStart: number
}

const lock = statement<{ owner_id: string; head_sequence: string; stream_start: string }>(
  'lock a vault that is pushed to',
  'select owner_id, head_sequence, stream_start from vaults where id = $1::text for update',
)

/** Keeps every other writer of this vault waiting until the transaction ends. */
export async function lockForPush(tx: Tx, id: string): Promise<PushedTo | null> {
  const [row] = await lock(tx, id)
  return row ? { id, ownerId: row.owner_id, headSequence: Number(row.head_sequence), streamStart: Number(row.stream_start) } : null
}

/** One look for each: whatever the planner makes of a table it knows nothing of yet, it is not to walk through all logs of the vault for each. */
const finding = (name: string, byDevice: string) =>
  statement<Pick<SealedLog, 'haexTimestamp' | 'nonce'> & { readonly sequence: string }>(
    name,
    `select haex_timestamp as "haexTimestamp", nonce, sequence
    from unnest($3::text[], $4::text[]) as wanted (wanted_timestamp, wanted_nonce) cross join lateral (
      select haex_timestamp, nonce, sequence from vault_logs
      where vault = $1::text and ${byDevice} and haex_timestamp = wanted_timestamp and nonce = wanted_nonce offset 0
    ) known`,
  )
const find = {
  ofDevice: finding('find logs of a device', 'device_id = $2::text'),
  ofNobody: finding('find logs of no device', 'device_id is null and $2::text is null'),
}

/** Those of these logs that the device has pushed before, each with its sequence. */
export async function findSequences(tx: Tx, vault: string, deviceId: string | null, logs: readonly SealedLog[]): Promise<Map<string, number>> {
  const timestamps = logs.map(({ haexTimestamp }) => haexTimestamp)
  const nonces = logs.map(({ nonce }) => nonce)
  const rows = await (deviceId === null ? find.ofNobody : find.ofDevice)(tx, vault, deviceId, timestamps, nonces)
  return new Map(rows.map(row => [identityOf(row), Number(row.sequence)]))
}

const take = statement(
  'take bytes of vaults',
  `update vault_usage set log_bytes = log_bytes + $2::bigint
  where owner_id = $1::text and ($3::bigint = 0 or log_bytes + $2::bigint <= $3::bigint) returning 1`,
)
const taken = statement<{ bytes: string }>('read what vaults take', 'select log_bytes as bytes from vault_usage where owner_id = $1::text')

/** Counts bytes against the owner's quota (0: no limit), unless they would go above it. Gives what is left when they would. */
export async function takeBytes(tx: Tx, ownerId: string, bytes: number, quotaBytes: number): Promise<{ readonly leftBytes: number } | null> {
  if ((await take(tx, ownerId, bytes, quotaBytes)).length > 0) return null
  const [row] = await taken(tx, ownerId)
  return { leftBytes: Math.max(0, quotaBytes - Number(row?.bytes ?? 0)) }
}

const next = appending(
  'store vault logs',
  `logs as (select * from jsonb_array_elements($4::jsonb) with ordinality as logs (payload, place)),
  grown as (update vaults set head_sequence = head_sequence + $2::bigint, log_bytes = log_bytes + $5::bigint where id = $1::text),
  inserted as (
    insert into vault_logs (vault, sequence, id, device_id, encrypted_data, nonce, haex_timestamp, created_at)
    select $1::text, $6::bigint + place, payload ->> 'id', $7::text, payload ->> 'encryptedData', payload ->> 'nonce', payload ->> 'haexTimestamp', $3::timestamptz
    from logs)`,
  `select 'log', payload, $8::text, $7::text, null::bigint, place from logs`,
)

/** Logs that are the next of their vault, to go in with what tells of them: out of which they are taken. */
export const nextLogs = ({ headSequence, ownerId }: PushedTo, deviceId: string | null, logs: readonly LogPayload[], bytes: number): Together =>
  next(JSON.stringify(logs), bytes, headSequence, deviceId, ownerId)

/** Logs by their sequences; those that `maxBytes` has no room for are left out. */
export async function findLogs(db: Db | Tx, vault: string, sequences: readonly number[], maxBytes: number): Promise<LogRow[]> {
  const wanted = sql`${vaultLogs.sequence} = any(${arrayText(sequences)}::bigint[])`
  const weight = sql`sum(octet_length(${vaultLogs.encryptedData})) over (order by ${vaultLogs.sequence})`
  const weighed = db
    .select({ sequence: vaultLogs.sequence, weight: sql<number>`${weight}`.as('weight') })
    .from(vaultLogs)
    .where(and(eq(vaultLogs.vault, vault), wanted))
    .as('weighed')
  return db
    .select()
    .from(vaultLogs)
    .where(
      and(
        eq(vaultLogs.vault, vault),
        inArray(vaultLogs.sequence, db.select({ sequence: weighed.sequence }).from(weighed).where(sql`${weighed.weight} <= ${maxBytes}`)),
      ),
    )
}

export interface PageOfLogs {
  readonly after: number
  readonly first: number
  readonly excludeDeviceId: string | null
}

interface PageRow extends Record<string, unknown> {
  readonly vault: string
  readonly sequence: string
  readonly id: string
  readonly device_id: string | null
  readonly encrypted_data: string
  readonly nonce: string
  readonly haex_timestamp: string
  readonly created_ms: string
  readonly found: string
}

export interface FoundLogs {
  readonly rows: readonly LogRow[]
  readonly hasMore: boolean
}

/** How many logs one page looks at where those of a device are left out: there may be millions of them in a row. */
export const maxLookedAt = 5_000

/** The next logs of several vaults: at most `first` of each, fewer when they are heavy, and none only where there are none. */
export async function readLogs(
  db: Db | Tx,
  vaults: readonly string[],
  { after, first, excludeDeviceId }: PageOfLogs,
  maxBytes: number,
): Promise<Map<string, FoundLogs>> {
  const others =
    excludeDeviceId === null ? sql`true` : sql`device_id is distinct from ${excludeDeviceId} and sequence <= ${after + maxLookedAt}::bigint`
  const { rows } = await db.execute<PageRow>(sql`
    select page.*, (extract(epoch from page.created_at) * 1000)::bigint as created_ms
    from unnest(${textArray(vaults)}) wanted (vault) cross join lateral (
      select next.*, row_number() over (order by sequence) place, count(*) over () found, sum(octet_length(encrypted_data)) over (order by sequence) weight
      from (
        select * from vault_logs where vault_logs.vault = wanted.vault and sequence > ${after}::bigint and ${others} order by sequence limit ${first + 1}
      ) next
    ) page
    where page.place = 1 or (page.place <= ${first} and page.weight <= ${Math.floor(maxBytes / vaults.length)})
    order by page.vault, page.sequence`)
  const groups = Map.groupBy(rows, row => row.vault)
  return new Map(
    vaults.map(vault => {
      const found = groups.get(vault) ?? []
      return [vault, { rows: found.map(toLogRow), hasMore: Number(found[0]?.found ?? 0) > found.length }]
    }),
  )
}

const toLogRow = (row: PageRow): LogRow => ({
  vault: row.vault,
  sequence: Number(row.sequence),
  id: row.id,
  deviceId: row.device_id,
  encryptedData: row.encrypted_data,
  nonce: row.nonce,
  haexTimestamp: row.haex_timestamp,
  createdAt: new Date(Number(row.created_ms)),
})
