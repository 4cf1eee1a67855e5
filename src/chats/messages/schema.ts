import { User } from '../../accounts/schema.ts'
import { builder } from '../../graph/builder.ts'
import { contentsLimit, spendText } from '../../graph/byte-budget.ts'
import { connectionOf } from '../../graph/connection.ts'
import { signedIn } from '../../graph/guard.ts'
import { idempotencyKeyField } from '../../graph/idempotency-key.ts'
import { loadUser } from '../../graph/loaders.ts'
import { Node, registerNode } from '../../graph/node.ts'
import { rootsOf } from '../../graph/roots.ts'
import { Chat, findChat } from '../schema.ts'
import { type MessageAt, maxContentLength } from './message.ts'

const roots = rootsOf('chats')

export const Message = builder.objectRef<MessageAt>('Message')
Message.implement({
  description: 'Something said in a chat. Once it is deleted its text is gone, and its place stays.',
  interfaces: [Node],
  fields: t => ({
    chatId: t.exposeID('chatId', { description: 'The chat it was sent to.' }),
    sender: t.field({
      type: User,
      description: 'Who sent it; without a name once their account is gone.',
      resolve: ({ senderId }, _, context) => loadUser(context.loaders, senderId),
    }),
    content: t.string({
      nullable: true,
      description: `Its text as it is now, 1 to ${maxContentLength} characters; null once it was deleted. ${contentsLimit}`,
      resolve: ({ content }, _, __, info) => spendText(info.variableValues, content),
    }),
    replyTo: t.field({
      type: Message,
      nullable: true,
      description: 'The message it answers, deleted or not; null when it answers none, or one from before the viewer joined a chat without history.',
      resolve: ({ replyToId, hiddenNumber }, _, context) => (replyToId === null ? null : context.services.messages.loadFor(replyToId, hiddenNumber)),
    }),
    editedAt: t.field({ type: 'DateTime', nullable: true, description: 'When its sender last changed it.', resolve: message => message.editedAt }),
    deletedAt: t.field({ type: 'DateTime', nullable: true, description: 'When it was deleted.', resolve: message => message.deletedAt }),
    createdAt: t.field({ type: 'DateTime', description: 'When the server took it.', resolve: message => message.createdAt }),
  }),
})

registerNode('msg', async (id, context) => {
  const message = await context.services.messages.loadFor(id, 0)
  const chat = message && (await findChat(message.chatId, context))
  return chat && message.number > chat.hiddenNumber ? { ...message, hiddenNumber: chat.hiddenNumber } : null
})

const MessageConnection = connectionOf('Message', Message)

builder.objectFields(Chat, t => ({
  messages: t.field({
    type: MessageConnection,
    description:
      'Its messages, the newest last. `last` with `before` goes back from the newest, `first` with `after` goes on from a place; without any of them these are the last 50. Fewer than asked for when they are large.',
    args: {
      first: t.arg.int({ description: 'As many from the start of what is asked for: 1 to 500. Not together with `last`.' }),
      after: t.arg.string({ description: 'Only what is behind this edge; without `first` and `last`, the first 50 of it.' }),
      last: t.arg.int({ description: 'As many from the end of what is asked for: 1 to 500.' }),
      before: t.arg.string({ description: 'Only what is before this edge.' }),
    },
    resolve: (chat, args, context) => context.services.messages.page(chat, args),
  }),
  lastMessage: t.field({
    type: Message,
    nullable: true,
    description: 'The newest one, deleted or not; null as long as there is none.',
    resolve: (chat, _, context) => context.services.messages.last(chat),
  }),
}))

const contentText = `1 to ${maxContentLength} characters, not only blanks.`

const SendMessageInput = builder.inputType('SendMessageInput', {
  description: 'What to say.',
  fields: t => ({
    id: t.id({ description: 'An id of the client’s own making: `msg_` and a UUIDv7. ALREADY_EXISTS when it is taken.' }),
    chatId: t.id({ required: true, description: 'The chat; needs WRITE access, and to be a member: NOT_PARTICIPANT.' }),
    content: t.string({ required: true, description: `The text: ${contentText}` }),
    replyToId: t.id({ description: 'The message of this chat that it answers; NOT_FOUND when there is none, or none the viewer may see.' }),
    idempotencyKey: idempotencyKeyField(t),
  }),
})

const EditMessageInput = builder.inputType('EditMessageInput', {
  description: 'What a message is to say.',
  fields: t => ({
    id: t.id({ required: true, description: 'The message: one’s own, in a chat in which one still has WRITE access.' }),
    content: t.string({ required: true, description: `Its new text: ${contentText}` }),
    idempotencyKey: idempotencyKeyField(t),
  }),
})

const DeleteMessageInput = builder.inputType('DeleteMessageInput', {
  description: 'Which message to delete.',
  fields: t => ({
    id: t.id({ required: true, description: 'The message: one’s own, or any with ADMIN access to its chat.' }),
    idempotencyKey: idempotencyKeyField(t),
  }),
})

interface SentMessage {
  readonly messageId: string
  readonly message: MessageAt | null
  readonly cursor: string
}

const SendMessagePayload = builder.objectRef<SentMessage>('SendMessagePayload').implement({
  description: 'What came of `sendMessage`.',
  fields: t => ({
    message: t.field({
      type: Message,
      description: 'The message; of a repeated call, as it is now.',
      resolve: ({ messageId, message }, _, context) => message ?? context.services.messages.load(signedIn(context), messageId),
    }),
    cursor: t.field({ type: 'Cursor', description: 'Its place in the feed of its chat.', resolve: sent => sent.cursor }),
  }),
})

const EditMessagePayload = builder.objectRef<string>('EditMessagePayload').implement({
  description: 'What came of `editMessage`.',
  fields: t => ({
    message: t.field({
      type: Message,
      description: 'The message as it is now.',
      resolve: (id, _, context) => context.services.messages.load(signedIn(context), id),
    }),
  }),
})

const DeleteMessagePayload = builder.objectRef<string>('DeleteMessagePayload').implement({
  description: 'What came of `deleteMessage`.',
  fields: t => ({ deletedId: t.id({ description: 'The message; its place in the chat stays.', resolve: id => id }) }),
})

roots.mutationFields(t => ({
  sendMessage: t.field({
    type: SendMessagePayload,
    directives: { auth: {} },
    description: 'Says something in a chat. Messages have the order in which the server took them, the same for everybody.',
    args: { input: t.arg({ type: SendMessageInput, required: true, description: 'What, and where.' }) },
    resolve: (_, { input }, context) => context.services.messages.send(signedIn(context), input),
  }),
  editMessage: t.field({
    type: EditMessagePayload,
    directives: { auth: {} },
    description: 'Gives one’s own message another text. CONFLICT when it is deleted; FORBIDDEN for messages of others.',
    args: { input: t.arg({ type: EditMessageInput, required: true, description: 'Which, and what it says.' }) },
    resolve: (_, { input }, context) => context.services.messages.edit(signedIn(context), input),
  }),
  deleteMessage: t.field({
    type: DeleteMessagePayload,
    directives: { auth: {} },
    description: 'Takes the text of a message away for good, wherever the server has it. Deleting it again changes nothing.',
    args: { input: t.arg({ type: DeleteMessageInput, required: true, description: 'Which.' }) },
    resolve: (_, { input }, context) => context.services.messages.remove(signedIn(context), input),
  }),
}))
