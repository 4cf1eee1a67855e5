import { eq, sql } from 'drizzle-orm'
import type { Db, Tx } from '../platform/database.ts'
import { among, textArray } from '../platform/text-array.ts'
import { lastSeen } from './table.ts'

export async function findLastSeen(db: Db, userIds: readonly string[]): Promise<Map<string, Date>> {
  const rows = await db.select().from(lastSeen).where(among(lastSeen.userId, userIds))
  return new Map(rows.map(({ userId, at }) => [userId, at]))
}

/** Leaves alone what is newer, or older by no more than `slackMs`, and accounts that are gone. */
export async function saveLastSeen(db: Db, seen: ReadonlyMap<string, Date>, slackMs: number): Promise<void> {
  const times = [...seen.values()].map(at => at.toISOString())
  await db.execute(sql`
    insert into last_seen (user_id, at)
    select given.user_id, given.at
    from unnest(${textArray(seen.keys())}, ${sql.param(times)}::timestamptz[]) given (user_id, at)
    join users on users.id = given.user_id and users.deleted_at is null
    order by given.user_id
    on conflict (user_id) do update set at = excluded.at
    where last_seen.at < excluded.at - ${slackMs} * interval '1 millisecond'`)
}

export async function deleteLastSeen(tx: Tx, userId: string): Promise<void> {
  await tx.delete(lastSeen).where(eq(lastSeen.userId, userId))
}
