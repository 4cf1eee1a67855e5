import { builder } from '../graph/builder.ts'
import type { Context } from '../graph/context.ts'
import { Role } from '../graph/enums.ts'
import { signedIn } from '../graph/guard.ts'
import { Node, registerNode } from '../graph/node.ts'
import { rootsOf } from '../graph/roots.ts'
import type { User as UserModel } from './users/user.ts'

const roots = rootsOf('account')

export const User = builder.objectRef<UserModel>('User').implement({
  description: 'Someone with an account. After its deletion its id, role and time of creation are left.',
  interfaces: [Node],
  fields: t => ({
    email: t.string({
      nullable: true,
      directives: { perViewer: {} },
      description:
        'Normalised address (trimmed, NFKC, lower case). Null unless the viewer is this user, shares something with them, named the address, or is ADMIN.',
      resolve: async (user, _, context) => {
        if (user.email === null || user.emailKnown) return user.email
        return (await isKnown(user.id, context)) ? user.email : null
      },
    }),
    displayName: t.exposeString('displayName', { nullable: true, description: 'The name they gave themselves, 1 to 200 characters.' }),
    role: t.field({ type: Role, description: 'What they may do on the server as a whole.', resolve: user => user.role }),
    emailVerified: t.exposeBoolean('emailVerified', { description: 'Whether they have shown that the address is theirs.' }),
    createdAt: t.field({ type: 'DateTime', description: 'When the account was made.', resolve: user => user.createdAt }),
  }),
})

registerNode('user', async (id, context) => ((await isKnown(id, context)) ? context.loaders.users.load(id) : null))

/** Oneself, those one shares something with, and for administrators everybody. */
async function isKnown(userId: string, { viewer, admin, loaders }: Pick<Context, 'viewer' | 'admin' | 'loaders'>): Promise<boolean> {
  return admin !== null || (viewer !== null && (viewer.userId === userId || (await loaders.acquaintances.load(userId))))
}

const ClaimAdminInput = builder.inputType('ClaimAdminInput', {
  description: 'What makes the viewer the first administrator.',
  fields: t => ({ token: t.string({ required: true, description: 'The set-up token that the server logged at its start; good for one use.' }) }),
})

const ClaimAdminPayload = builder.objectRef<{ user: UserModel }>('ClaimAdminPayload').implement({
  description: 'What claimAdmin did.',
  fields: t => ({ user: t.field({ type: User, description: 'The viewer, ADMIN now.', resolve: payload => payload.user }) }),
})

const DeleteAccountInput = builder.inputType('DeleteAccountInput', {
  description: 'What deletes the viewer’s account.',
  fields: t => ({ password: t.string({ required: true, description: 'The password, once more.' }) }),
})

const DeleteAccountPayload = builder.objectRef<{ deletedId: string }>('DeleteAccountPayload').implement({
  description: 'What deleteAccount did.',
  fields: t => ({ deletedId: t.exposeID('deletedId', { description: 'The id of the account that is gone.' }) }),
})

roots.queryFields(t => ({
  viewer: t.field({
    type: User,
    nullable: true,
    directives: { public: {} },
    description: 'Whoever asks; null for the anonymous.',
    resolve: (_, __, { viewer, services }) => (viewer ? services.accounts.userOf(viewer) : null),
  }),
  userByEmail: t.field({
    type: User,
    nullable: true,
    directives: { auth: {}, rateLimit: { max: 60, windowSeconds: 60 } },
    description:
      'Someone to share or chat with, by exact e-mail address; null when there is none or discovery is switched off. Look at `emailVerified` before you trust that they have the address.',
    args: { email: t.arg.string({ required: true, description: 'The whole address; case does not matter. BAD_USER_INPUT when it is none.' }) },
    resolve: (_, { email }, { services }) => services.accounts.userByEmail(email),
  }),
}))

roots.mutationFields(t => ({
  claimAdmin: t.field({
    type: ClaimAdminPayload,
    directives: { auth: {}, rateLimit: { max: 20, windowSeconds: 60 } },
    description: 'Makes the viewer ADMIN, on a server that has no ADMIN yet and no ADMIN_EMAIL. FORBIDDEN when the token is not, or no longer, good.',
    args: { input: t.arg({ type: ClaimAdminInput, required: true, description: 'The token.' }) },
    resolve: (_, { input }, context) => context.services.accounts.claimAdmin(signedIn(context), input),
  }),
  deleteAccount: t.field({
    type: DeleteAccountPayload,
    directives: { auth: {} },
    description:
      'Deletes the viewer’s account with its sessions, devices and memberships, and what nobody else is a member of. INVALID_CREDENTIALS or ACCOUNT_LOCKED for wrong passwords; CONFLICT for accounts without one.',
    args: { input: t.arg({ type: DeleteAccountInput, required: true, description: 'The password.' }) },
    resolve: (_, { input }, context) => context.services.accounts.deleteAccount(signedIn(context), input, context),
  }),
}))
