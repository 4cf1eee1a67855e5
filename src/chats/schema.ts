import { builder } from '../graph/builder.ts'
import { connectionOf, pageSize } from '../graph/connection.ts'
import type { Context } from '../graph/context.ts'
import { AccessLevel } from '../graph/enums.ts'
import { signedIn } from '../graph/guard.ts'
import { idempotencyKeyField } from '../graph/idempotency-key.ts'
import { Node, registerNode } from '../graph/node.ts'
import { rootsOf } from '../graph/roots.ts'
import { type ChatAt, maxTitleLength } from './chat.ts'
import { maxAdded, maxMembers } from './members/member.ts'

const roots = rootsOf('chats')

const titleLimits = `1 to ${maxTitleLength} characters`
const historyText =
  'Whether those who join from now on may read what was said before. For who is a member already it changes nothing: what they see was settled when they joined.'

export const Chat = builder.objectRef<ChatAt>('Chat').implement({
  description: 'Messages among two or many. Who was let in without history sees nothing of it from before they joined.',
  interfaces: [Node],
  fields: t => ({
    title: t.exposeString('title', { nullable: true, description: `What it is called: ${titleLimits}; null for one without a name.` }),
    historyVisible: t.exposeBoolean('historyVisible', { description: historyText }),
    viewerAccess: t.field({
      type: AccessLevel,
      directives: { perViewer: {} },
      description: 'What the viewer may do: READ reads, WRITE sends, ADMIN manages members and deletes messages.',
      resolve: async ({ id }, _, context) => (await context.loaders.levels.load(id)) ?? 'READ',
    }),
    cursor: t.field({
      type: 'Cursor',
      description: 'Where its feed stood when it was read: what is read of it afterwards is as new, or newer. Pass it to `chatEvents`.',
      resolve: ({ id, head }, _, context) => context.services.feed.cursors.encode(id, head),
    }),
    createdAt: t.field({ type: 'DateTime', description: 'When it was made.', resolve: chat => chat.createdAt }),
  }),
})

/** As the viewer sees it; null for what there is not, and for what they may not read. */
export const findChat = async (id: string, { loaders }: Pick<Context, 'loaders'>): Promise<ChatAt | null> =>
  (await loaders.levels.load(id)) ? loaders.chats.load(id) : null

registerNode('chat', findChat)

/** Payloads hold what they tell of by its id, and read it only if it was asked for. */
export const withChat = (name: string, description: string) =>
  builder.objectRef<string>(name).implement({
    description,
    fields: t => ({
      chat: t.field({
        type: Chat,
        description: 'The chat as it is now.',
        resolve: (id, _, context) => context.services.chats.load(signedIn(context), id),
      }),
    }),
  })

const ChatConnection = connectionOf('Chat', Chat)

roots.queryFields(t => ({
  chat: t.field({
    type: Chat,
    nullable: true,
    directives: { auth: {} },
    description: 'A chat the viewer may read; else null.',
    args: { id: t.arg.id({ required: true, description: 'Its id.' }) },
    resolve: (_, { id }, context) => findChat(id, context),
  }),
  chats: t.field({
    type: ChatConnection,
    directives: { auth: {} },
    description: 'The chats the viewer is in, the latest activity first: a message that was sent, or somebody who joined.',
    args: {
      first: t.arg.int({ description: 'From 1 to 500. Default 50.' }),
      after: t.arg.string({ description: 'Go on behind this edge.' }),
    },
    resolve: (_, { first, after }, context) => context.services.chats.list(signedIn(context), { first: pageSize(first), after: after ?? null }),
  }),
}))

const CreateChatInput = builder.inputType('CreateChatInput', {
  description: 'A new chat. Its maker gets ADMIN access, the others WRITE.',
  fields: t => ({
    id: t.id({ description: 'An id of the client’s own making: `chat_` and a UUIDv7. ALREADY_EXISTS when it is taken.' }),
    title: t.string({ description: `What it is called: ${titleLimits}; without it the chat has no name.` }),
    memberIds: t.idList({
      required: true,
      description: `Who else is in it: 1 to ${maxAdded} users. NOT_FOUND names the one who is not there, as in \`input.memberIds.3\`. Oneself and repetitions do no harm.`,
    }),
    historyVisible: t.boolean({ defaultValue: true, description: historyText }),
    idempotencyKey: idempotencyKeyField(t),
  }),
})

const UpdateChatInput = builder.inputType('UpdateChatInput', {
  description: 'What to change about a chat; what is left out stays.',
  fields: t => ({
    id: t.id({ required: true, description: 'The chat; needs ADMIN access.' }),
    title: t.string({ description: `What it is called from now on: ${titleLimits}; null takes its name away.` }),
    historyVisible: t.boolean({ description: historyText }),
    idempotencyKey: idempotencyKeyField(t),
  }),
})

const CreateChatPayload = withChat('CreateChatPayload', 'What came of `createChat`.')
const UpdateChatPayload = withChat('UpdateChatPayload', 'What came of `updateChat`.')

roots.mutationFields(t => ({
  createChat: t.field({
    type: CreateChatPayload,
    directives: { auth: {} },
    description: `Makes a chat; its members hear of it in \`inboxEvents\` at once. It has at most ${maxMembers} members at any time: QUOTA_EXCEEDED.`,
    args: { input: t.arg({ type: CreateChatInput, required: true, description: 'The chat.' }) },
    resolve: (_, { input }, context) => context.services.chats.create(signedIn(context), input),
  }),
  updateChat: t.field({
    type: UpdateChatPayload,
    directives: { access: { level: 'ADMIN', argument: 'input.id' } },
    description: 'Changes the title, or who will see the history. Members hear of it as ChatUpdated, unless nothing changed.',
    args: { input: t.arg({ type: UpdateChatInput, required: true, description: 'What to change.' }) },
    resolve: (_, { input }, context) => context.services.chats.update(signedIn(context), input),
  }),
}))
