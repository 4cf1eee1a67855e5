import { eq, getTableColumns, lte, or, sql } from 'drizzle-orm'
import type { AccessLevel } from '../../access/level.ts'
import { appending, type Together } from '../../feed/together.ts'
import type { Db, Tx } from '../../platform/database.ts'
import { arrayText, statement } from '../../platform/statement.ts'
import { among } from '../../platform/text-array.ts'
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

const read = statement<{ id: string; level: AccessLevel | null; number: string; sent: string | null; chat_id: string | null }>(
  'read what messages meet',
  `select c.user_id as id, m.level, c.hidden_number as number, null as chat_id,
    (select sender_number from messages where chat_id = $1::text and sender_id = c.user_id order by number desc limit 1) as sent
  from chat_members c join memberships m on m.resource_id = c.chat_id and m.user_id = c.user_id
  where c.chat_id = $1::text and c.user_id = any($2::text[])
  union all
  select id, null, number, chat_id, null from messages where id = any($3::text[])`,
)

/** What messages on their way into a chat meet. */
export interface Met {
  /** Of the users those who are members, with all that it takes to send. */
  readonly participants: ReadonlyMap<string, Participant>
  /** Of the messages those that there are, and where. */
  readonly messages: ReadonlyMap<string, { readonly chatId: string; readonly number: number }>
}

export async function readMet(tx: Tx, chatId: string, userIds: readonly string[], messageIds: readonly string[]): Promise<Met> {
  const participants = new Map<string, Participant>()
  const messages = new Map<string, { chatId: string; number: number }>()
  for (const { id, level, number, sent, chat_id: chatIdOf } of await read(tx, chatId, userIds, messageIds)) {
    if (chatIdOf !== null) messages.set(id, { chatId: chatIdOf, number: Number(number) })
    else if (level !== null) participants.set(id, { level, hiddenNumber: Number(number), sentCount: Number(sent ?? 0) })
  }
  return { participants, messages }
}

const next = appending(
  'store messages',
  `sent as (
    select * from unnest($4::text[], $5::bigint[], $6::text[], $7::bigint[], $8::text[], $9::text[]) with ordinality
      as sent (id, number, sender_id, sender_number, content, reply_to_id, place)),
  counted as (update chats set message_count = message_count + $2::bigint, active_at = $10::timestamptz where id = $1::text),
  inserted as (
    insert into messages (id, chat_id, number, sender_id, sender_number, content, reply_to_id, created_at)
    select id, $1::text, number, sender_id, sender_number, content, reply_to_id, $10::timestamptz from sent)`,
  // As `Payloads` has it.
  `select 'sent', jsonb_build_object('messageId', id, 'number', number), sender_id, null::text, null::bigint, place from sent`,
)

/** Messages behind the last one of their chat, to go in with what tells of them. An id that was taken meanwhile breaks a constraint. */
export const nextMessages = (rows: readonly MessageRow[], at: Date): Together =>
  next(
    rows.map(({ id }) => id),
    arrayText(rows.map(({ number }) => number)),
    rows.map(({ senderId }) => senderId),
    arrayText(rows.map(({ senderNumber }) => senderNumber)),
    rows.map(({ content }) => content),
    rows.map(({ replyToId }) => replyToId),
    at.toISOString(),
  )

export async function updateMessage(tx: Tx, id: string, change: Partial<Pick<MessageRow, 'content' | 'editedAt' | 'deletedAt'>>): Promise<void> {
  await tx.update(messages).set(change).where(eq(messages.id, id))
}
