import { User } from '../../accounts/schema.ts'
import { builder } from '../../graph/builder.ts'
import { AccessLevel } from '../../graph/enums.ts'
import { signedIn } from '../../graph/guard.ts'
import { idempotencyKeyField } from '../../graph/idempotency-key.ts'
import { itemsLimit, spendItems } from '../../graph/item-budget.ts'
import { loadUser } from '../../graph/loaders.ts'
import { rootsOf } from '../../graph/roots.ts'
import { Chat, withChat } from '../schema.ts'
import { type ChatMember as ChatMemberModel, maxAdded, maxMembers } from './member.ts'

const roots = rootsOf('chats')

export const ChatMember = builder.objectRef<ChatMemberModel>('ChatMember').implement({
  description: 'Someone who is in a chat.',
  fields: t => ({
    user: t.field({ type: User, description: 'Who.', resolve: ({ userId }, _, context) => loadUser(context.loaders, userId) }),
    access: t.field({ type: AccessLevel, description: 'What they may do.', resolve: member => member.access }),
  }),
})

builder.objectField(Chat, 'members', t =>
  t.field({
    type: [ChatMember],
    description: `Those who are in it, at most ${maxMembers}, in the order in which they came. ${itemsLimit}`,
    resolve: async ({ id, hiddenNumber }, _, context, info) =>
      spendItems(info, await context.loaders.chatMembers.load(id)).map(member => ({ ...member, hiddenNumber })),
  }),
)

const AddChatMembersInput = builder.inputType('AddChatMembersInput', {
  description: 'Whom to let into a chat.',
  fields: t => ({
    chatId: t.id({ required: true, description: 'The chat; needs ADMIN access.' }),
    userIds: t.idList({
      required: true,
      description: `1 to ${maxAdded} users. NOT_FOUND names the one who is not there, as in \`input.userIds.3\`. Who is a member already stays as they are.`,
    }),
    access: t.field({ type: AccessLevel, defaultValue: 'WRITE', description: 'What they may do.' }),
    idempotencyKey: idempotencyKeyField(t),
  }),
})

const RemoveChatMemberInput = builder.inputType('RemoveChatMemberInput', {
  description: 'Whom to take out of a chat.',
  fields: t => ({
    chatId: t.id({ required: true, description: 'The chat; needs ADMIN access, or, for oneself, any.' }),
    userId: t.id({ required: true, description: 'Who goes; oneself to leave.' }),
    idempotencyKey: idempotencyKeyField(t),
  }),
})

const AddChatMembersPayload = withChat('AddChatMembersPayload', 'What came of `addChatMembers`.')

const RemoveChatMemberPayload = builder.objectRef<string>('RemoveChatMemberPayload').implement({
  description: 'What came of `removeChatMember`.',
  fields: t => ({ removedUserId: t.id({ description: 'Who is no longer in the chat.', resolve: userId => userId }) }),
})

roots.mutationFields(t => ({
  addChatMembers: t.field({
    type: AddChatMembersPayload,
    directives: { access: { level: 'ADMIN', argument: 'input.chatId' } },
    description: 'Lets users into a chat; they hear of it in `inboxEvents` at once. QUOTA_EXCEEDED when it has as many as it may have.',
    args: { input: t.arg({ type: AddChatMembersInput, required: true, description: 'Whom.' }) },
    resolve: (_, { input }, context) => context.services.chatMembers.add(signedIn(context), input),
  }),
  removeChatMember: t.field({
    type: RemoveChatMemberPayload,
    directives: { auth: {} },
    description:
      'Takes a member out; they stop hearing of the chat at once. When the last one with ADMIN access goes, the member with most access gets it, of several the first to have come, and of those the first by id; with the last member the chat goes. NOT_PARTICIPANT for who is no member.',
    args: { input: t.arg({ type: RemoveChatMemberInput, required: true, description: 'Whom.' }) },
    resolve: (_, { input }, context) => context.services.chatMembers.remove(signedIn(context), input),
  }),
}))
