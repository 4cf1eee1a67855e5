import { User } from '../accounts/schema.ts'
import { builder } from '../graph/builder.ts'
import { connectionOf, pageSize } from '../graph/connection.ts'
import { Node, registerNode } from '../graph/node.ts'
import { auditActions } from './action.ts'
import { entryGone } from './audit.ts'
import type { AuditEntry as AuditEntryModel } from './entry.ts'

const actionsText = Object.entries(auditActions)
  .map(([name, description]) => `\`${name}\`: ${description}`)
  .join(' ')

const AuditEntry = builder.objectRef<AuditEntryModel>('AuditEntry').implement({
  description:
    'Something that was done and that somebody may have to answer for. Each holds the hash of the one before it, so that none can be changed, removed or put elsewhere unseen: `npm run audit:verify`. Kept for AUDIT_LOG_TTL_DAYS.',
  interfaces: [Node],
  fields: t => ({
    seq: t.field({ type: 'BigInt', description: 'Its place in the log: 1, 2, 3, … without holes.', resolve: entry => entry.seq }),
    at: t.field({ type: 'DateTime', description: 'When, by the clock of the server.', resolve: entry => entry.at }),
    actor: t.field({
      type: User,
      nullable: true,
      description: 'Who did it; null for who is no user: strangers, the server itself, and administrators who came with a key or password.',
      resolve: ({ actorId }, _, { loaders }) => (actorId === null ? null : loaders.users.load(actorId)),
    }),
    actorId: t.exposeID('actorId', { nullable: true, description: 'The id of `actor`.' }),
    actorBy: t.exposeString('actorBy', {
      nullable: true,
      description: 'How an administrator who is no user proved to be one: `api-key` or `password`. Null for everybody else.',
    }),
    action: t.exposeString('action', { description: `What was done, and to what. ${actionsText}` }),
    target: t.exposeString('target', {
      nullable: true,
      description: 'What it was done to: mostly an id; `email:` and a digest for an address without an account.',
    }),
    ip: t.exposeString('ip', { nullable: true, description: 'Address it came from; null: from the server itself, or from many.' }),
    details: t.field({
      type: 'JSON',
      nullable: true,
      description:
        'What else there is to say, by the action. Of what is refused, the first of a kind is shown at once, and more of it at most once a minute, as `count`; `various` says that too many kinds came to tell them apart.',
      resolve: entry => entry.details,
    }),
    hash: t.exposeString('hash', { description: 'SHA-256 in hexadecimal, over all this says but the hash itself, and over `previousHash`.' }),
    previousHash: t.exposeString('previousHash', { description: 'The hash of the entry before it; 64 zeros for the first.' }),
    cursor: t.field({
      type: 'Cursor',
      description: 'Where it stands in the log, for `after`.',
      resolve: (entry, _, { services }) => services.audit.cursorOf(entry),
    }),
  }),
})

registerNode('aud', async (id, { admin, loaders }) => (admin ? loaders.auditEntries.load(id) : null))

const AuditEntryConnection = connectionOf('AuditEntry', AuditEntry)

builder.queryField('auditLog', t =>
  t.field({
    type: AuditEntryConnection,
    directives: { auth: { role: 'ADMIN' } },
    description: 'What was done on this server that somebody may have to answer for, the newest first.',
    args: {
      first: t.arg.int({ description: 'At most so many, 1 to 500; 50 if not given.' }),
      after: t.arg.string({ description: 'Cursor of the entry behind which to go on: with those that are older.' }),
      actorId: t.arg.id({ description: 'Only what this user did.' }),
      action: t.arg.string({ description: 'Only this action. BAD_USER_INPUT when there is none of this name.' }),
    },
    resolve: (_, { first, after, actorId, action }, { services }) =>
      services.audit.list({ first: pageSize(first), after: after ?? null, actorId: actorId ?? null, action: action ?? null }),
  }),
)

builder.subscriptionField('auditEvents', t =>
  t.field({
    type: AuditEntry,
    directives: { auth: { role: 'ADMIN' } },
    description:
      'Each entry of the audit log as it is written, on whichever node: in order, once, and none left out. Ends with FORBIDDEN or TOKEN_REVOKED for who is no administrator any more.',
    args: {
      after: t.arg({
        type: 'Cursor',
        description: 'Go on behind this entry; without it, from now on. RESYNC_REQUIRED when the server no longer keeps what follows it.',
      }),
    },
    subscribe: (_, { after }, { viewer, services }) => services.audit.subscribe(viewer, after) as never,
    resolve: async ({ seq }: { readonly seq: number }, _, { loaders }) => {
      const entry = await loaders.auditEntriesAt.load(String(seq))
      if (!entry) throw entryGone()
      return entry
    },
  }),
)
