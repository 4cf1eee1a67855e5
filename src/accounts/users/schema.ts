import { builder } from '../../graph/builder.ts'
import { connectionOf, pageSize } from '../../graph/connection.ts'
import type { Context } from '../../graph/context.ts'
import { Role } from '../../graph/enums.ts'
import { administering } from '../../graph/guard.ts'
import { User } from '../schema.ts'
import { maxSearchLength } from './people.ts'
import type { User as UserModel } from './user.ts'

const UserConnection = connectionOf('User', User)

/** Where somebody is signed in is told to them, and to administrators. */
const countOf = async ({ id }: UserModel, { viewer, admin, loaders }: Context) =>
  admin || viewer?.userId === id ? loaders.sessionCounts.load(id) : null

builder.objectFields(User, t => ({
  sessionCount: t.int({
    nullable: true,
    directives: { perViewer: {} },
    description: 'How many sessions they have open. Null unless the viewer is this user, or administers the server.',
    resolve: async (user, _, context) => (await countOf(user, context))?.count ?? null,
  }),
  sessionsUsedAt: t.field({
    type: 'DateTime',
    nullable: true,
    directives: { perViewer: {} },
    description: 'When the tokens of their open sessions were last given out; null without any, and where `sessionCount` is.',
    resolve: async (user, _, context) => (await countOf(user, context))?.lastUsedAt ?? null,
  }),
}))

const SetRoleInput = builder.inputType('SetRoleInput', {
  description: 'Who gets which role.',
  fields: t => ({
    userId: t.id({ required: true, description: 'Who. NOT_FOUND when there is no such user.' }),
    role: t.field({ type: Role, required: true, description: 'What they may do on the server as a whole from now on.' }),
  }),
})

const SetRolePayload = builder.objectRef<{ user: UserModel }>('SetRolePayload').implement({
  description: 'What setRole did.',
  fields: t => ({ user: t.field({ type: User, description: 'The user with the role they now have.', resolve: payload => payload.user }) }),
})

builder.queryField('users', t =>
  t.field({
    type: UserConnection,
    directives: { auth: { role: 'ADMIN' } },
    description: 'Everybody with an account, the newest first.',
    args: {
      search: t.arg.string({
        description: `Those alone whose address or name holds this text, whatever its case, or whose id it is; at most ${maxSearchLength} characters, and none of them is a wildcard.`,
      }),
      first: t.arg.int({ description: 'From 1 to 500. Default 50.' }),
      after: t.arg.string({ description: 'Go on behind this edge.' }),
    },
    resolve: (_, { search, first, after }, context) =>
      context.services.accounts.users(administering(context), { search: search ?? null, first: pageSize(first), after: after ?? null }),
  }),
)

builder.mutationField('setRole', t =>
  t.field({
    type: SetRolePayload,
    directives: { auth: { role: 'ADMIN' } },
    description:
      'Gives a user a role. What they have open closes within a second, on every node; their sessions go on with the role they have now. ' +
      'CONFLICT when nobody would administer the server any more (no other ADMIN, no ADMIN_EMAIL, ADMIN_API_KEY or ADMIN_USERNAME), and for the USER that ADMIN_EMAIL makes ADMIN.',
    args: { input: t.arg({ type: SetRoleInput, required: true, description: 'Who, and what.' }) },
    resolve: (_, { input }, context) => context.services.accounts.setRole(administering(context), input),
  }),
)
