import { User } from '../../accounts/schema.ts'
import { builder } from '../../graph/builder.ts'
import { signedIn } from '../../graph/guard.ts'
import { loadUser } from '../../graph/loaders.ts'
import { rootsOf } from '../../graph/roots.ts'
import { Presence } from '../../presence/schema.ts'
import { Chat } from '../schema.ts'
import type { TypingSignal } from './room.ts'

const roots = rootsOf('chats')

const Typing = builder.objectRef<TypingSignal>('Typing').implement({
  description: 'Somebody began to type, or stopped.',
  fields: t => ({
    chatId: t.exposeID('chatId', { description: 'The chat.' }),
    user: t.field({
      type: User,
      description: 'Who.',
      resolve: ({ userId }, _, { services, loaders }) => services.presence.user(userId, () => loaders.users.load(userId)),
    }),
    isTyping: t.exposeBoolean('isTyping', { description: 'Whether they type.' }),
  }),
})

const ChatSignal = builder.unionType('ChatSignal', {
  description: 'What is of the moment in a chat: lost if nobody listens.',
  types: [Typing, Presence],
  resolveType: signal => ('isTyping' in signal ? 'Typing' : 'Presence'),
})

builder.objectField(Chat, 'typing', t =>
  t.field({
    type: [User],
    directives: { perViewer: {} },
    description: 'Who else is typing at the moment.',
    async resolve({ id }, _, { loaders, viewer }) {
      const others = (await loaders.typing.load(id)).filter(userId => userId !== viewer?.userId)
      if (others.length === 0) return []
      // Who was just taken out may have typed until then.
      const members = new Set((await loaders.chatMembers.load(id)).map(({ userId }) => userId))
      return Promise.all(others.filter(userId => members.has(userId)).map(userId => loadUser(loaders, userId)))
    },
  }),
)

const SetTypingInput = builder.inputType('SetTypingInput', {
  description: 'Whether the viewer is typing.',
  fields: t => ({
    chatId: t.id({ required: true, description: 'The chat; needs WRITE access, and one has to be a member: NOT_PARTICIPANT.' }),
    isTyping: t.boolean({
      required: true,
      description: 'True lasts for a moment (TYPING_TIMEOUT_MS, three seconds unless the server is set up otherwise): say it again while it is so.',
    }),
  }),
})

const SetTypingPayload = builder.objectRef<boolean>('SetTypingPayload').implement({
  description: 'What came of `setTyping`.',
  fields: t => ({ isTyping: t.boolean({ description: 'What was said.', resolve: isTyping => isTyping }) }),
})

roots.mutationField('setTyping', t =>
  t.field({
    type: SetTypingPayload,
    directives: { access: { level: 'WRITE', argument: 'input.chatId' } },
    description:
      'Says that the viewer is typing in a chat, or no longer. Sending a message ends it, and so does the end of the socket it was said over. QUOTA_EXCEEDED above 32 clients of one user.',
    args: { input: t.arg({ type: SetTypingInput, required: true, description: 'Where, and whether.' }) },
    async resolve(_, { input }, context) {
      await context.services.typing.set(signedIn(context), input, context.connection)
      return input.isTyping
    },
  }),
)

roots.subscriptionField('chatSignals', t =>
  t.field({
    type: ChatSignal,
    directives: { access: { level: 'READ', argument: 'chatId' } },
    description:
      'Who types in a chat, and who of its members is there: first those who do and are, then each change, also of who joins later. Nothing of the viewer’s own, from whichever device. ' +
      'A slow reader gets the newest state of each and not those before it. Ends with FORBIDDEN for who leaves.',
    args: { chatId: t.arg.id({ required: true, description: 'The chat.' }) },
    subscribe: (_, { chatId }, context) => context.services.chatSignals.watch(signedIn(context), chatId),
    resolve: signal => signal,
  }),
)
