import { and, eq, getTableColumns, sql } from 'drizzle-orm'
import type { Db, Tx } from '../platform/database.ts'
import type { ListPlace } from '../platform/list-page.ts'
import { statement } from '../platform/statement.ts'
import { among } from '../platform/text-array.ts'
import type { ChatAt, ChatRow } from './chat.ts'
import { chatMembers, chats, messages } from './table.ts'

const columns = {
  ...getTableColumns(chats),
  head: sql<number>`(select s.head from streams s where s.id = ${chats.id})`.mapWith(Number),
  hiddenNumber: sql<number>`coalesce(${chatMembers.hiddenNumber}, 0)`.mapWith(Number),
}

/** False when the id is taken. */
export async function insertChat(tx: Tx, row: ChatRow): Promise<boolean> {
  const made = await tx.insert(chats).values(row).onConflictDoNothing().returning({ id: chats.id })
  return made.length > 0
}

/** As `userId` sees them, member or not. */
export async function findChats(db: Db | Tx, ids: readonly string[], userId: string | null): Promise<ChatAt[]> {
  return db
    .select(columns)
    .from(chats)
    .leftJoin(chatMembers, and(eq(chatMembers.chatId, chats.id), eq(chatMembers.userId, userId ?? '')))
    .where(among(chats.id, ids))
}

/** A member's chats, the latest activity first, behind the one named by `after`. */
export async function listChats(db: Db, userId: string, after: ListPlace | null, limit: number): Promise<ChatAt[]> {
  const behind = after ? sql`(${chats.activeAt}, ${chats.id}) < (${after.at.toISOString()}::timestamptz, ${after.id})` : undefined
  return db
    .select(columns)
    .from(chatMembers)
    .innerJoin(chats, eq(chats.id, chatMembers.chatId))
    .where(and(eq(chatMembers.userId, userId), behind))
    .orderBy(sql`${chats.activeAt} desc, ${chats.id} desc`)
    .limit(limit)
}

const lock = statement<{ title: string | null; history_visible: boolean; message_count: string; active_at: Date; created_at: Date }>(
  'lock a chat',
  'select title, history_visible, message_count, active_at, created_at from chats where id = $1::text for update',
)

/** Keeps every other writer of this chat waiting until the transaction ends. */
export async function lockChat(tx: Tx, id: string): Promise<ChatRow | null> {
  const [row] = await lock(tx, id)
  if (!row) return null
  const { title, history_visible: historyVisible, message_count: messageCount, active_at: activeAt, created_at: createdAt } = row
  return { id, title, historyVisible, messageCount: Number(messageCount), activeAt, createdAt }
}

/** The same for several, in one order. */
export async function lockChats(tx: Tx, ids: readonly string[]): Promise<void> {
  await tx.select({ id: chats.id }).from(chats).where(among(chats.id, ids)).orderBy(chats.id).for('update')
}

export async function updateChat(tx: Tx, id: string, change: Partial<ChatRow>): Promise<void> {
  await tx.update(chats).set(change).where(eq(chats.id, id))
}

/** With its messages; its members have left. */
export async function deleteChat(tx: Tx, id: string): Promise<void> {
  await tx.delete(messages).where(eq(messages.chatId, id))
  await tx.delete(chats).where(eq(chats.id, id))
}
