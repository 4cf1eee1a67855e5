import { sql } from 'drizzle-orm'
import { bigint, boolean, index, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { instant } from '../platform/column-types.ts'

const count = (name: string) => bigint(name, { mode: 'number' })

/** Its id names its stream too. */
export const chats = pgTable('chats', {
  id: text().primaryKey(),
  title: text(),
  /** Whether who joins from now on may read what was before. */
  historyVisible: boolean('history_visible').notNull(),
  /** The number of its last message; deleted ones count, since their place stays. */
  messageCount: count('message_count').notNull().default(0),
  /** When a message was sent or somebody joined. */
  activeAt: instant('active_at').notNull(),
  createdAt: instant('created_at').notNull(),
})

/** One row for each membership; what a member may do is in `memberships`. */
export const chatMembers = pgTable(
  'chat_members',
  {
    chatId: text('chat_id').notNull(),
    userId: text('user_id').notNull(),
    /** Where in the chat's stream they joined: names this membership, should they leave and come again. */
    joinedSeq: count('joined_seq').notNull(),
    /** How many messages there were when they joined. */
    joinedNumber: count('joined_number').notNull(),
    /** They see nothing up to this message; 0: they see all. */
    hiddenNumber: count('hidden_number').notNull(),
    /** Up to where they have read, 0 as long as they have not said so. */
    lastReadNumber: count('last_read_number').notNull().default(0),
    lastReadMessageId: text('last_read_message_id'),
    readAt: instant('read_at'),
  },
  table => [primaryKey({ columns: [table.chatId, table.userId] }), index('chat_members_user').on(table.userId, table.chatId)],
)

export const messages = pgTable(
  'messages',
  {
    id: text().primaryKey(),
    chatId: text('chat_id').notNull(),
    /** 1, 2, 3, … in its chat. */
    number: count('number').notNull(),
    senderId: text('sender_id').notNull(),
    /** 1, 2, 3, … among the sender's messages in this chat: so that nobody's own have to be counted. */
    senderNumber: count('sender_number').notNull(),
    /** Null once it was deleted. */
    content: text(),
    replyToId: text('reply_to_id'),
    editedAt: instant('edited_at'),
    deletedAt: instant('deleted_at'),
    createdAt: instant('created_at').notNull(),
  },
  table => [
    uniqueIndex('messages_number').on(table.chatId, table.number),
    uniqueIndex('messages_sender').on(table.chatId, table.senderId, table.number),
    index('messages_deleted').on(table.chatId, table.number, table.senderId).where(sql`${table.deletedAt} is not null`),
  ],
)
