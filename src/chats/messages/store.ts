import { eq, getTableColumns, lte, or, sql } from 'drizzle-orm'
import type { AccessLevel } from '../../access/level.ts'
import type { Db, Tx } from '../../platform/database.ts'
import { among, textArray } from '../../platform/text-array.ts'
import { messages } from '../table.ts'
import type { MessageRow } from './message.ts'
import type { Span } from './page.ts'

export async function findMessages(db: Db | Tx, ids: readonly string[]): Promise<Map<string, MessageRow>> {
  if (ids.length === 0) return new Map()
  const rows = await db.select().from(messages).where(among(messages.id, ids))
  return new Map(rows.map(row => [row.id, row]))
}

/** What one page weighs at most; a single message is given in any case. */
const maxPageBytes = 4 * 1024 * 1024
/** What all pages weigh that readers on this node ask for together, as long as each has a few messages. */
const maxReadBytes = 16 * 1024 * 1024
const leastPageBytes = 256 * 1024

/** For each of the spans its messages, in their order: one at least, and fewer than all of them when they are heavy. */
export async function findSpans(db: Db, spans: readonly Span[]): Promise<MessageRow[][]> {
  const wanted = [...new Map(spans.map(span => [nameOf(span), span])).values()]
  const column = <Value>(pick: (span: Span) => Value) => sql.param(wanted.map(pick))
  const maxBytes = Math.min(maxPageBytes, Math.max(leastPageBytes, Math.floor(maxReadBytes / wanted.length)))
  // From the end that stays, so that what is cut off is at the other one.
  const fromHere = sql`(order by ${messages.number} * wanted.direction)`
  const page = db
    .select({
      ...getTableColumns(messages),
      rank: sql<number>`row_number() over ${fromHere}`.as('rank'),
      weight: sql<number>`coalesce(sum(octet_length(${messages.content})) over ${fromHere}, 0)`.as('weight'),
    })
    .from(messages)
    .where(sql`${messages.chatId} = wanted.chat and ${messages.number} between wanted.lowest and wanted.highest`)
    .as('page')
  const { id, chatId, number, senderId, senderNumber, content, replyToId, editedAt, deletedAt, createdAt, rank, weight } = page
  const place = sql<number>`wanted.place`.mapWith(Number)
  const rows = await db
    .select({ id, chatId, number, senderId, senderNumber, content, replyToId, editedAt, deletedAt, createdAt, place })
    .from(
      sql`unnest(
          ${column(span => span.chatId)}::text[], ${column(span => span.from)}::bigint[], ${column(span => span.to)}::bigint[],
          ${column(span => (span.cutAt === 'end' ? 1 : -1))}::int[]
        ) with ordinality as wanted(chat, lowest, highest, direction, place)`,
    )
    .innerJoinLateral(page, or(eq(rank, 1), lte(weight, maxBytes)))
    .orderBy(place, number)
  const groups = Map.groupBy(rows, row => row.place)
  const found = new Map(wanted.map((span, index) => [nameOf(span), groups.get(index + 1) ?? []]))
  return spans.map(span => found.get(nameOf(span)) ?? [])
}

const nameOf = ({ chatId, from, to, cutAt }: Span): string => `${chatId} ${from} ${to} ${cutAt}`

export interface Participant {
  readonly level: AccessLevel
  readonly hiddenNumber: number
  /** How many messages they have sent to this chat. */
  readonly sentCount: number
}

/** Of these users those who are members, with all that it takes to send. */
export async function findParticipants(tx: Tx, chatId: string, userIds: readonly string[]): Promise<Map<string, Participant>> {
  const { rows } = await tx.execute<{ user_id: string; level: AccessLevel; hidden_number: string; sent: string | null }>(sql`
    select c.user_id, m.level, c.hidden_number,
      (select sender_number from messages where chat_id = ${chatId} and sender_id = c.user_id order by number desc limit 1) as sent
    from chat_members c join memberships m on m.resource_id = c.chat_id and m.user_id = c.user_id
    where c.chat_id = ${chatId} and c.user_id = any(${textArray(userIds)})`)
  return new Map(rows.map(row => [row.user_id, { level: row.level, hiddenNumber: Number(row.hidden_number), sentCount: Number(row.sent ?? 0) }]))
}

/** Puts messages behind the last one of their chat, which is locked. False when an id was taken meanwhile. */
export async function insertMessages(tx: Tx, chatId: string, rows: readonly MessageRow[], at: Date): Promise<boolean> {
  const column = <Value>(pick: (row: MessageRow) => Value) => sql.param(rows.map(pick))
  const time = sql`${at.toISOString()}::timestamptz`
  const { rows: stored } = await tx.execute(sql`
    with counted as (update chats set message_count = message_count + ${rows.length}::bigint, active_at = ${time} where id = ${chatId})
    insert into messages (id, chat_id, number, sender_id, sender_number, content, reply_to_id, created_at)
    select id, ${chatId}, number, sender_id, sender_number, content, reply_to_id, ${time} from unnest(
      ${column(row => row.id)}::text[], ${column(row => row.number)}::bigint[], ${column(row => row.senderId)}::text[],
      ${column(row => row.senderNumber)}::bigint[], ${column(row => row.content)}::text[], ${column(row => row.replyToId)}::text[]
    ) as sent (id, number, sender_id, sender_number, content, reply_to_id)
    on conflict (id) do nothing returning id`)
  return stored.length === rows.length
}

export async function updateMessage(tx: Tx, id: string, change: Partial<Pick<MessageRow, 'content' | 'editedAt' | 'deletedAt'>>): Promise<void> {
  await tx.update(messages).set(change).where(eq(messages.id, id))
}
