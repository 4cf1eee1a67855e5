import { User } from '../accounts/schema.ts'
import { ChatMember } from '../chats/members/schema.ts'
import { builder } from '../graph/builder.ts'
import { signedIn } from '../graph/guard.ts'
import { rootsOf } from '../graph/roots.ts'
import { maxAskedUsers, type Presence as PresenceModel } from './presence.ts'

const roots = rootsOf('presence')

export const Presence = builder.objectRef<PresenceModel>('Presence').implement({
  description: 'Whether somebody is there: online as long as one of their sockets or streams of events is open, on whichever node.',
  fields: t => ({
    user: t.field({
      type: User,
      description: 'Who.',
      resolve: ({ userId }, _, { services, loaders }) => services.presence.user(userId, () => loaders.users.load(userId)),
    }),
    online: t.exposeBoolean('online', {
      description: 'Whether they are. A moment without a connection does not count; after a crash of a node it takes up to 15 seconds to be noticed.',
    }),
    lastSeenAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When they were last seen going; null while they are online, and for who was never here.',
      resolve: presence => presence.lastSeenAt,
    }),
  }),
})

builder.objectField(ChatMember, 'presence', t =>
  t.field({
    type: Presence,
    description: 'Whether they are there. Changes come by `chatSignals`.',
    resolve: ({ userId }, _, { loaders }) => loaders.presences.load(userId),
  }),
)

const strangers = 'Of those who share nothing with the viewer (a chat, a document, a note), and of users that there are not, nothing is said.'
const userIdsText = `At most ${maxAskedUsers} users, oneself if one likes.`

roots.queryField('presence', t =>
  t.field({
    type: [Presence],
    directives: { auth: {} },
    description: `Whether these users are there, in the order in which they are named. ${strangers}`,
    args: { userIds: t.arg.idList({ required: true, description: userIdsText }) },
    resolve: async (_, { userIds }, context) => [...(await context.services.presence.list(signedIn(context), userIds))],
  }),
)

roots.subscriptionField('presenceChanges', t =>
  t.field({
    type: Presence,
    directives: { auth: {} },
    description:
      `First whether each of these users is there, then each change. ${strangers} Who stops sharing something with the viewer is shown as offline, and no more is said of them; ` +
      'who begins to is heard of after subscribing again. A slow reader gets the newest state of each and not those before it.',
    args: { userIds: t.arg.idList({ required: true, description: userIdsText }) },
    subscribe: (_, { userIds }, context) => context.services.presence.watch(signedIn(context), userIds),
    resolve: presence => presence,
  }),
)
