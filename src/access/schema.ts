import { User } from '../accounts/schema.ts'
import { builder } from '../graph/builder.ts'
import { connectionOf } from '../graph/connection.ts'
import { AccessLevel } from '../graph/enums.ts'
import { signedIn } from '../graph/guard.ts'
import { idempotencyKeyField } from '../graph/idempotency-key.ts'
import { loadUser } from '../graph/loaders.ts'
import { rootsOf } from '../graph/roots.ts'
import type { Membership } from './membership.ts'

const roots = rootsOf({ ofId: 'input.resourceId' })

const Member = builder.objectRef<Membership>('Member').implement({
  description: 'Someone who has access to a thing.',
  fields: t => ({
    user: t.field({ type: User, description: 'Who.', resolve: (member, _, context) => loadUser(context.loaders, member.userId) }),
    access: t.field({ type: AccessLevel, description: 'What they may do with it.', resolve: member => member.level }),
    since: t.field({ type: 'DateTime', description: 'When they got access.', resolve: member => member.since }),
  }),
})

export const MemberConnection = connectionOf('Member', Member)

const SetAccessInput = builder.inputType('SetAccessInput', {
  description: 'Whom to let in, and how far.',
  fields: t => ({
    resourceId: t.id({ required: true, description: 'The thing: a document, a collection or a note. Needs ADMIN access to it.' }),
    userId: t.id({ required: true, description: 'Who gets the access; see `userByEmail`.' }),
    access: t.field({ type: AccessLevel, required: true, description: 'What they may do from now on.' }),
    idempotencyKey: idempotencyKeyField(t),
  }),
})

const SetAccessPayload = builder.objectRef<Membership>('SetAccessPayload').implement({
  description: 'What came of `setAccess`.',
  fields: t => ({ member: t.field({ type: Member, description: 'The member with the access they now have.', resolve: member => member }) }),
})

const RemoveAccessInput = builder.inputType('RemoveAccessInput', {
  description: 'Whom to take out.',
  fields: t => ({
    resourceId: t.id({ required: true, description: 'The thing. Needs ADMIN access to it, or, for oneself, any.' }),
    userId: t.id({ required: true, description: 'Who loses access; oneself to leave.' }),
    idempotencyKey: idempotencyKeyField(t),
  }),
})

const RemoveAccessPayload = builder.objectRef<string>('RemoveAccessPayload').implement({
  description: 'What came of `removeAccess`.',
  fields: t => ({ removedUserId: t.id({ description: 'Who no longer has access.', resolve: userId => userId }) }),
})

roots.mutationFields(t => ({
  setAccess: t.field({
    type: SetAccessPayload,
    directives: { access: { level: 'ADMIN', argument: 'input.resourceId' } },
    description:
      'Lets a user in, or changes what they may do. CONFLICT when nobody would keep ADMIN access. A token limited to scopes needs the one to write what the id names.',
    args: { input: t.arg({ type: SetAccessInput, required: true, description: 'Whom, and how far.' }) },
    resolve: (_, { input }, context) => context.services.members.set(signedIn(context), input),
  }),
  removeAccess: t.field({
    type: RemoveAccessPayload,
    directives: { auth: {} },
    description:
      'Takes a user out; their open feeds of the thing end at once. CONFLICT for the last one with ADMIN access, but of a chat: see `removeChatMember`.',
    args: { input: t.arg({ type: RemoveAccessInput, required: true, description: 'Whom.' }) },
    resolve: (_, { input }, context) => context.services.members.remove(signedIn(context), input),
  }),
}))
