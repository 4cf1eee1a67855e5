import { and, eq, sql } from 'drizzle-orm'
import type { AccessLevel } from '../../access/level.ts'
import type { Db, Tx } from '../../platform/database.ts'
import { among } from '../../platform/text-array.ts'
import { inboxOf } from '../chat.ts'
import { chatMembers } from '../table.ts'
import type { MemberRow, Standing } from './member.ts'

/** Of these users those who are members, with what they see. */
export async function findStandings(db: Db | Tx, chatId: string, userIds: readonly string[]): Promise<Map<string, Standing>> {
  const rows = await db
    .select({ userId: chatMembers.userId, joinedSeq: chatMembers.joinedSeq, hiddenNumber: chatMembers.hiddenNumber })
    .from(chatMembers)
    .where(and(eq(chatMembers.chatId, chatId), among(chatMembers.userId, userIds)))
  return new Map(rows.map(row => [row.userId, row]))
}

/** In one statement, so that no chat comes or goes in between. */
export async function readInbox(db: Db, userId: string): Promise<{ at: number; streamIds: string[] }> {
  const { rows } = await db.execute<{ at: string; ids: string[] }>(sql`
    select (select head from streams where id = ${inboxOf(userId)}) as at, array(select chat_id from chat_members where user_id = ${userId}) as ids`)
  return { at: Number(rows[0]?.at ?? 0), streamIds: rows[0]?.ids ?? [] }
}

/** All members of several chats, in the order in which they came. */
export async function listChatMembers(db: Db, chatIds: readonly string[]): Promise<MemberRow[]> {
  return db
    .select({
      chatId: chatMembers.chatId,
      userId: chatMembers.userId,
      access: sql<AccessLevel>`m.level`,
      lastReadNumber: chatMembers.lastReadNumber,
      lastReadMessageId: chatMembers.lastReadMessageId,
      readAt: chatMembers.readAt,
    })
    .from(chatMembers)
    .innerJoin(sql`memberships m`, sql`m.resource_id = ${chatMembers.chatId} and m.user_id = ${chatMembers.userId}`)
    .where(among(chatMembers.chatId, chatIds))
    .orderBy(chatMembers.chatId, chatMembers.joinedSeq)
}

export async function countMembers(tx: Tx, chatId: string): Promise<number> {
  return tx.$count(chatMembers, eq(chatMembers.chatId, chatId))
}

export interface Joined extends Standing {
  readonly joinedNumber: number
}

export async function insertMembers(tx: Tx, chatId: string, joined: readonly Joined[]): Promise<void> {
  await tx.insert(chatMembers).values(joined.map(member => ({ chatId, ...member })))
}

export async function deleteMember(tx: Tx, chatId: string, userId: string): Promise<void> {
  await tx.delete(chatMembers).where(and(eq(chatMembers.chatId, chatId), eq(chatMembers.userId, userId)))
}
