import { User } from '../../accounts/schema.ts'
import { builder } from '../../graph/builder.ts'
import { signedIn } from '../../graph/guard.ts'
import { itemsLimit, spendItems } from '../../graph/item-budget.ts'
import { loadUser } from '../../graph/loaders.ts'
import { rootsOf } from '../../graph/roots.ts'
import type { ReadReceipt as ReadReceiptModel } from '../events/change.ts'
import { ChatMember } from '../members/schema.ts'
import { Message } from '../messages/schema.ts'
import { Chat } from '../schema.ts'

const roots = rootsOf('chats')

export const ReadReceipt = builder.objectRef<ReadReceiptModel>('ReadReceipt').implement({
  description: 'Up to where somebody has read a chat.',
  fields: t => ({
    user: t.field({ type: User, description: 'Who.', resolve: ({ userId }, _, context) => loadUser(context.loaders, userId) }),
    messageId: t.exposeID('messageId', { description: 'The last message they have read.' }),
    readAt: t.field({ type: 'DateTime', description: 'When they said so.', resolve: receipt => receipt.readAt }),
  }),
})

builder.objectField(Chat, 'unreadCount', t =>
  t.int({
    directives: { perViewer: {} },
    description: 'How many messages of others the viewer has not read; deleted ones and those from before they joined do not count.',
    resolve: ({ id }, _, context) => context.loaders.unreadCounts.load(id),
  }),
)

builder.objectField(Message, 'readBy', t =>
  t.field({
    type: [ReadReceipt],
    description: `The members, without its sender, who have read up to it or further, in the order in which they last said so. ${itemsLimit}`,
    resolve: async ({ chatId, number, senderId }, _, context, info) => {
      const readings = await context.loaders.chatReadings.load(chatId)
      const receipts = readings.flatMap(({ userId, hiddenNumber, lastReadNumber, lastReadMessageId, readAt }) =>
        userId !== senderId && lastReadNumber >= number && number > hiddenNumber && lastReadMessageId !== null && readAt !== null
          ? [{ userId, messageId: lastReadMessageId, readAt }]
          : [],
      )
      return spendItems(info, receipts)
    },
  }),
)

builder.objectFields(ChatMember, t => ({
  lastRead: t.field({
    type: Message,
    nullable: true,
    description: 'The last message they have read; null when they have read none that the viewer may see.',
    resolve: ({ lastReadMessageId, hiddenNumber }, _, context) =>
      lastReadMessageId === null ? null : context.services.messages.loadFor(lastReadMessageId, hiddenNumber),
  }),
  readAt: t.field({
    type: 'DateTime',
    nullable: true,
    description: 'When they read it.',
    resolve: ({ readAt, lastReadNumber, hiddenNumber }) => (lastReadNumber > hiddenNumber ? readAt : null),
  }),
}))

const MarkReadInput = builder.inputType('MarkReadInput', {
  description: 'Up to where the viewer has read. Reading never goes back: an older message than the last one read changes nothing.',
  fields: t => ({
    chatId: t.id({ required: true, description: 'The chat; one has to be a member: NOT_PARTICIPANT.' }),
    messageId: t.id({
      required: true,
      description: 'The last message of it that was read; NOT_FOUND when there is none, or none the viewer may see.',
    }),
  }),
})

const MarkReadPayload = builder.objectRef<{ receipt: ReadReceiptModel; unreadCount: number }>('MarkReadPayload').implement({
  description: 'What came of `markRead`.',
  fields: t => ({
    receipt: t.field({ type: ReadReceipt, description: 'Up to where the viewer has read, now.', resolve: payload => payload.receipt }),
    unreadCount: t.exposeInt('unreadCount', { description: 'How many messages of others are left.' }),
  }),
})

roots.mutationField('markRead', t =>
  t.field({
    type: MarkReadPayload,
    directives: { auth: {} },
    description: 'Says up to where the viewer has read a chat. Members hear of it as MessageRead, if it is further than before.',
    args: { input: t.arg({ type: MarkReadInput, required: true, description: 'Up to where.' }) },
    resolve: (_, { input }, context) => context.services.receipts.mark(signedIn(context), input),
  }),
)
