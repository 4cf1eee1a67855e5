import { and, eq, isNotNull, sql } from 'drizzle-orm'
import type { Db, Tx } from '../../platform/database.ts'
import { among, textArray } from '../../platform/text-array.ts'
import { chatMembers } from '../table.ts'
import type { Reading } from './reading.ts'

const columns = {
  chatId: chatMembers.chatId,
  userId: chatMembers.userId,
  hiddenNumber: chatMembers.hiddenNumber,
  lastReadNumber: chatMembers.lastReadNumber,
  lastReadMessageId: chatMembers.lastReadMessageId,
  readAt: chatMembers.readAt,
}

/** Locks where these members have read up to, in one order. */
export async function lockReadings(tx: Tx, chatId: string, userIds: readonly string[]): Promise<Reading[]> {
  return tx
    .select(columns)
    .from(chatMembers)
    .where(and(eq(chatMembers.chatId, chatId), among(chatMembers.userId, userIds)))
    .orderBy(chatMembers.userId)
    .for('update')
}

export async function storeReadings(tx: Tx, chatId: string, moved: readonly Reading[], readAt: Date): Promise<void> {
  const column = <Value>(pick: (reading: Reading) => Value) => sql.param(moved.map(pick))
  await tx.execute(sql`
    update chat_members set last_read_number = moved.number, last_read_message_id = moved.message_id, read_at = ${readAt.toISOString()}::timestamptz
    from unnest(${column(one => one.userId)}::text[], ${column(one => one.lastReadNumber)}::bigint[], ${column(one => one.lastReadMessageId)}::text[])
      as moved (user_id, number, message_id)
    where chat_id = ${chatId} and chat_members.user_id = moved.user_id`)
}

/** Those of several chats who have read something. */
export async function listReadings(db: Db, chatIds: readonly string[]): Promise<Reading[]> {
  return db
    .select(columns)
    .from(chatMembers)
    .where(and(among(chatMembers.chatId, chatIds), isNotNull(chatMembers.lastReadMessageId)))
    .orderBy(chatMembers.chatId, chatMembers.readAt, chatMembers.userId)
}

/**
 * For each of several chats, how many messages of others a member has not read. Counted from the numbers of the last message, of the
 * member's own last ones and of the last one read; what has to be counted one by one is only what others deleted behind it.
 */
export async function countUnread(db: Db, chatIds: readonly string[], userId: string): Promise<Map<string, number>> {
  const { rows } = await db.execute<{ id: string; unread: string }>(sql`
    select c.id, c.message_count - base.number - (own.sent - own.read) - gone.count as unread
    from chat_members m join chats c on c.id = m.chat_id
    cross join lateral (select greatest(m.joined_number, m.last_read_number) as number) base
    cross join lateral (select
      coalesce((select sender_number from messages where chat_id = m.chat_id and sender_id = ${userId} order by number desc limit 1), 0) as sent,
      coalesce((select sender_number from messages where chat_id = m.chat_id and sender_id = ${userId} and number <= base.number order by number desc limit 1), 0) as read
    ) own
    cross join lateral (select count(*) as count from messages
      where chat_id = m.chat_id and number > base.number and deleted_at is not null and sender_id <> ${userId}) gone
    where m.user_id = ${userId} and m.chat_id = any(${textArray(chatIds)})`)
  return new Map(rows.map(row => [row.id, Number(row.unread)]))
}
