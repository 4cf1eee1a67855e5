import { and, eq, inArray, isNull, sql } from 'drizzle-orm'
import { appending, type Together } from '../../feed/together.ts'
import type { Db, Tx } from '../../platform/database.ts'
import { arrayText } from '../../platform/statement.ts'
import { textArray } from '../../platform/text-array.ts'
import { vaultLogs } from '../table.ts'
import type { VaultRow } from '../vault.ts'
import { identityOf, type LogPayload, type LogRow, type SealedLog } from './log.ts'

/** Those of these logs that the device has pushed before, each with its sequence. */
export async function findSequences(tx: Tx, vault: string, deviceId: string | null, logs: readonly SealedLog[]): Promise<Map<string, number>> {
  const timestamps = sql.param(logs.map(log => log.haexTimestamp))
  const nonces = sql.param(logs.map(log => log.nonce))
  const rows = await tx
    .select({ haexTimestamp: vaultLogs.haexTimestamp, nonce: vaultLogs.nonce, sequence: vaultLogs.sequence })
    .from(vaultLogs)
    .where(
      and(
        eq(vaultLogs.vault, vault),
        deviceId === null ? isNull(vaultLogs.deviceId) : eq(vaultLogs.deviceId, deviceId),
        sql`(${vaultLogs.haexTimestamp}, ${vaultLogs.nonce}) in (select * from unnest(${timestamps}::text[], ${nonces}::text[]))`,
      ),
    )
  return new Map(rows.map(row => [identityOf(row), row.sequence]))
}

/** Counts bytes against the owner's quota (0: no limit), unless they would go above it. Gives what is left when they would. */
export async function takeBytes(tx: Tx, ownerId: string, bytes: number, quotaBytes: number): Promise<{ readonly leftBytes: number } | null> {
  const { rowCount } = await tx.execute(sql`
    update vault_usage set log_bytes = log_bytes + ${bytes}::bigint
    where owner_id = ${ownerId} and (${quotaBytes}::bigint = 0 or log_bytes + ${bytes}::bigint <= ${quotaBytes}::bigint)`)
  if ((rowCount ?? 0) > 0) return null
  const { rows } = await tx.execute<{ taken: string }>(sql`select log_bytes taken from vault_usage where owner_id = ${ownerId}`)
  return { leftBytes: Math.max(0, quotaBytes - Number(rows[0]?.taken ?? 0)) }
}

const next = appending(
  'store vault logs',
  `logs as (
    select * from unnest($4::text[], $5::text[], $6::text[], $7::text[]) with ordinality as logs (id, encrypted_data, nonce, haex_timestamp, place)),
  grown as (update vaults set head_sequence = head_sequence + $2::bigint, log_bytes = log_bytes + $8::bigint where id = $1::text),
  inserted as (
    insert into vault_logs (vault, sequence, id, device_id, encrypted_data, nonce, haex_timestamp, created_at)
    select $1::text, $9::bigint + place, id, $10::text, encrypted_data, nonce, haex_timestamp, $3::timestamptz from logs)`,
  // As `LogPayload` has it.
  `select 'log', jsonb_build_object('id', id, 'sequence', $9::bigint + place, 'encryptedData', encrypted_data, 'nonce', nonce, 'haexTimestamp', haex_timestamp),
    $11::text, $10::text, null::bigint, place
  from logs`,
)

/** Logs that are the next of their vault, to go in with what tells of them. */
export const nextLogs = (vault: VaultRow, deviceId: string | null, logs: readonly LogPayload[], bytes: number): Together =>
  next(
    arrayText(logs.map(({ id }) => id)),
    arrayText(logs.map(({ encryptedData }) => encryptedData)),
    logs.map(({ nonce }) => nonce),
    logs.map(({ haexTimestamp }) => haexTimestamp),
    bytes,
    vault.headSequence,
    deviceId,
    vault.ownerId,
  )

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
