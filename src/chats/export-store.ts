import { sql } from 'drizzle-orm'
import { boolean, changedSince, hanging, type KeysetTable, number, numberKey, text, textKey, time } from '../platform/keyset.ts'

const messagesOfMembers = hanging({
  on: sql`chat_members mine`,
  table: 'messages',
  alias: 'm',
  by: sql`m.chat_id = mine.chat_id and m.number > mine.hidden_number`,
  key: [textKey('mine.chat_id'), numberKey('m.number')],
})

/** Chats, who is in them, and what was said: of deleted messages only that they were there. A user's are those they are in, with what they may read there. */
export const chatTables: readonly KeysetTable[] = [
  {
    type: 'Chat',
    columns: {
      id: text('c.id'),
      title: text('c.title'),
      historyVisible: boolean('c.history_visible'),
      messageCount: number('c.message_count'),
      activeAt: time('c.active_at'),
      createdAt: time('c.created_at'),
    },
    scan: selection => ({
      ...(selection.userId === null
        ? { from: sql`chats c`, key: [textKey('c.id')] }
        : {
            from: sql`chat_members mine join chats c on c.id = mine.chat_id`,
            where: sql`mine.user_id = ${selection.userId}`,
            key: [textKey('mine.chat_id')],
          }),
      wanted: changedSince(selection, 'c.active_at', 'c.created_at'),
    }),
  },
  {
    type: 'ChatMember',
    columns: {
      chatId: text('m.chat_id'),
      userId: text('m.user_id'),
      access: text('a.level'),
      since: time('a.since'),
      lastReadMessageId: text('m.last_read_message_id'),
      readAt: time('m.read_at'),
    },
    scan: selection => {
      const members = sql`chat_members m left join memberships a on a.resource_id = m.chat_id and a.user_id = m.user_id`
      return {
        ...(selection.userId === null
          ? { from: members, key: [textKey('m.chat_id'), textKey('m.user_id')] }
          : {
              from: sql`chat_members mine join (${members}) on m.chat_id = mine.chat_id`,
              where: sql`mine.user_id = ${selection.userId}`,
              key: [textKey('mine.chat_id'), textKey('m.user_id')],
            }),
        wanted: changedSince(selection, 'a.since', 'm.read_at'),
      }
    },
  },
  {
    type: 'Message',
    columns: {
      id: text('m.id'),
      chatId: text('m.chat_id'),
      number: number('m.number'),
      senderId: text('m.sender_id'),
      content: text('m.content'),
      replyToId: text('m.reply_to_id'),
      editedAt: time('m.edited_at'),
      deletedAt: time('m.deleted_at'),
      createdAt: time('m.created_at'),
    },
    weight: sql`coalesce(octet_length(m.content), 0)`,
    scan: selection => ({
      ...(selection.userId === null
        ? { from: sql`messages m`, key: [textKey('m.chat_id'), numberKey('m.number')] }
        : { ...messagesOfMembers, where: sql`mine.user_id = ${selection.userId}` }),
      wanted: changedSince(selection, 'm.created_at', 'm.edited_at', 'm.deleted_at'),
    }),
  },
]
