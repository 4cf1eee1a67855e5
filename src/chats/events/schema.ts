import { notFound } from '../../errors.ts'
import { builder } from '../../graph/builder.ts'
import { FeedItem, FeedReady, feedAfter } from '../../graph/feed-item.ts'
import { signedIn } from '../../graph/guard.ts'
import { rootsOf } from '../../graph/roots.ts'
import { ChatMember } from '../members/schema.ts'
import { Message } from '../messages/schema.ts'
import { ReadReceipt } from '../receipts/schema.ts'
import { Chat } from '../schema.ts'
import type { ChatEvent as ChatEventModel } from './change.ts'

const roots = rootsOf('chats')

type Named<Name extends ChatEventModel['__typename']> = Extract<ChatEventModel, { __typename: Name }>

const aboutMessage = (name: 'MessageSent' | 'MessageEdited', description: string) =>
  builder.objectRef<Named<typeof name>>(name).implement({
    description,
    interfaces: [FeedItem],
    fields: t => ({
      chatId: t.exposeID('chatId', { description: 'The chat.' }),
      message: t.field({
        type: Message,
        description: 'The message as it is when the event is handed out: later changes are in it already, and then follow as events.',
        resolve: async ({ messageId, hiddenNumber }, _, context) => {
          const message = await context.services.messages.loadFor(messageId, hiddenNumber)
          if (!message) throw notFound('message')
          return message
        },
      }),
    }),
  })

const MessageSent = aboutMessage('MessageSent', 'Somebody said something.')
const MessageEdited = aboutMessage('MessageEdited', 'A message got another text.')

const MessageDeleted = builder.objectRef<Named<'MessageDeleted'>>('MessageDeleted').implement({
  description: 'The text of a message is gone; drop it wherever it is kept.',
  interfaces: [FeedItem],
  fields: t => ({
    chatId: t.exposeID('chatId', { description: 'The chat.' }),
    messageId: t.exposeID('messageId', { description: 'The message. Its place stays.' }),
  }),
})

const MessageRead = builder.objectRef<Named<'MessageRead'>>('MessageRead').implement({
  description: 'Somebody has read further than before.',
  interfaces: [FeedItem],
  fields: t => ({
    chatId: t.exposeID('chatId', { description: 'The chat.' }),
    receipt: t.field({ type: ReadReceipt, description: 'Who, and up to where.', resolve: event => event.receipt }),
  }),
})

const MemberJoined = builder.objectRef<Named<'MemberJoined'>>('MemberJoined').implement({
  description: 'Somebody joined the chat; in an inbox, with oneself as the member, a chat was joined.',
  interfaces: [FeedItem],
  fields: t => ({
    chatId: t.exposeID('chatId', { description: 'The chat.' }),
    member: t.field({ type: ChatMember, description: 'Who, as they joined.', resolve: event => event.member }),
  }),
})

const MemberLeft = builder.objectRef<Named<'MemberLeft'>>('MemberLeft').implement({
  description: 'Somebody left, or was taken out. In an inbox, with oneself as the user, it is the last that is heard of the chat.',
  interfaces: [FeedItem],
  fields: t => ({
    chatId: t.exposeID('chatId', { description: 'The chat.' }),
    userId: t.exposeID('userId', { description: 'Who.' }),
  }),
})

const ChatUpdated = builder.objectRef<Named<'ChatUpdated'>>('ChatUpdated').implement({
  description: 'The title changed, or who will see the history, or what some member may do.',
  interfaces: [FeedItem],
  fields: t => ({
    chatId: t.exposeID('chatId', { description: 'The chat.' }),
    chat: t.field({
      type: Chat,
      description: 'The chat as it is when the event is handed out.',
      resolve: ({ chatId, hiddenNumber }, _, context) => context.services.chats.loadFor(chatId, hiddenNumber),
    }),
  }),
})

const ChatEvent = builder.unionType('ChatEvent', {
  description: 'What happens in a chat: durable, in order, and resumable.',
  types: [FeedReady, MessageSent, MessageEdited, MessageDeleted, MessageRead, MemberJoined, MemberLeft, ChatUpdated],
  resolveType: event => event.__typename,
})

roots.subscriptionFields(t => ({
  chatEvents: t.field({
    type: ChatEvent,
    directives: { access: { level: 'READ', argument: 'chatId' } },
    description:
      'The feed of a chat: FeedReady, then everything that happens in it, in order and exactly once. It ends with FORBIDDEN for who leaves.',
    args: {
      chatId: t.arg.id({ required: true, description: 'The chat.' }),
      after: t.arg({ type: 'Cursor', description: feedAfter }),
    },
    subscribe: (_, { chatId, after }, context) => context.services.chatEvents.subscribe(signedIn(context), chatId, after) as never,
    resolve: event => event as never,
  }),
  inboxEvents: t.field({
    type: ChatEvent,
    directives: { auth: {} },
    description:
      'Every chat of the viewer in one feed, those joined later included: within a chat in order, and everything exactly once. One cursor stands for all of them.',
    args: { after: t.arg({ type: 'Cursor', description: feedAfter }) },
    subscribe: (_, { after }, context) => context.services.chatEvents.subscribeInbox(signedIn(context), after) as never,
    resolve: event => event as never,
  }),
}))
