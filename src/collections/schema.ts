import { MemberConnection } from '../access/schema.ts'
import { User } from '../accounts/schema.ts'
import { builder } from '../graph/builder.ts'
import { pageSize } from '../graph/connection.ts'
import { AccessLevel } from '../graph/enums.ts'
import { signedIn } from '../graph/guard.ts'
import { itemsLimit, spendItems } from '../graph/item-budget.ts'
import { loadUser } from '../graph/loaders.ts'
import { Node, registerNode } from '../graph/node.ts'
import { rootsOf } from '../graph/roots.ts'
import type { CollectionAt } from './collection.ts'

const roots = rootsOf('collections')

const Collection = builder.objectRef<CollectionAt>('Collection').implement({
  description: 'A user’s records under one name. Made when its owner first puts something into it, or follows its changes.',
  interfaces: [Node],
  fields: t => ({
    name: t.exposeString('name', { description: 'Its name, once among the collections of its owner.' }),
    recordCount: t.int({
      description: 'How many records are in it; deleted and expired ones do not count.',
      resolve: ({ id }, _, context) => context.loaders.recordCounts.load(id),
    }),
    owner: t.field({ type: User, description: 'Whose it is.', resolve: ({ ownerId }, _, context) => loadUser(context.loaders, ownerId) }),
    viewerAccess: t.field({
      type: AccessLevel,
      directives: { perViewer: {} },
      description: 'What the viewer may do with it and its records.',
      resolve: async ({ id }, _, context) => (await context.loaders.levels.load(id)) ?? 'READ',
    }),
    members: t.field({
      type: MemberConnection,
      description: 'Those who have access, in the order in which they came; `setAccess` with its id lets others in.',
      args: { first: t.arg.int({ description: 'From 1 to 500. Default 50.' }), after: t.arg.string({ description: 'Go on behind this edge.' }) },
      resolve: ({ id }, { first, after }, context) => context.loaders.members.load({ id, first: pageSize(first), after: after ?? null }),
    }),
    cursor: t.field({
      type: 'Cursor',
      description: 'Where its feed stood when it was read: what is read of its records afterwards is as new, or newer.',
      resolve: ({ id, head }, _, context) => context.services.feed.cursors.encode(id, head),
    }),
    createdAt: t.field({ type: 'DateTime', description: 'When it was made.', resolve: collection => collection.createdAt }),
  }),
})

registerNode('col', async (id, { loaders }) => ((await loaders.levels.load(id)) ? loaders.collections.load(id) : null))

roots.queryField('collections', t =>
  t.field({
    type: [Collection],
    directives: { auth: {} },
    description: `The viewer’s own collections by name, and behind them those that others share with the viewer. ${itemsLimit}`,
    resolve: async (_, __, context, info) => spendItems(info, await context.services.collections.list(signedIn(context))),
  }),
)
