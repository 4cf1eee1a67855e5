import { User } from '../../accounts/schema.ts'
import { builder } from '../../graph/builder.ts'
import { pageSize } from '../../graph/connection.ts'
import { loadUser } from '../../graph/loaders.ts'
import { windowSeconds } from './load.ts'
import { nodeTtlSeconds } from './nodes.ts'
import { type ConnectionsOfUser, connectionsBounds, intervalBounds, type ServerStats } from './service.ts'

/** GraphQL's Int ends here; the names of what is counted say that there may be more. */
const maxInt = 2 ** 31 - 1
const int = (count: number) => Math.min(Math.round(count), maxInt)
const rounded = (value: number) => Math.round(value * 100) / 100

const counted = 'As counted at `countedAt`.'
const onAll = 'On all nodes, at most a second ago.'
const lately = `over the last ${windowSeconds} seconds`

const ServerStatsRef = builder.objectRef<ServerStats>('ServerStats').implement({
  description:
    `How the deployment is. What is open and how busy it is are sums over all nodes, each of which says its own once a second; a node that crashed counts for ${nodeTtlSeconds} seconds more, ` +
    'and while Redis is away only the node that is asked counts. What the database holds is counted when somebody asks: exactly, again after five seconds at the earliest, ' +
    'and where counting is slow after fifty times the time it took, so that it never takes more than a fiftieth of one connection to the database.',
  fields: t => ({
    at: t.field({ type: 'DateTime', description: 'When these figures were put together.', resolve: ({ at }) => at }),
    version: t.exposeString('version', { description: 'Version of the node that answers.' }),
    uptimeSeconds: t.exposeInt('uptimeSeconds', { description: 'Time since the start of the node that has run for longest, in seconds.' }),
    nodes: t.exposeInt('nodes', { description: 'Nodes that run.' }),
    connections: t.exposeInt('connections', { description: `Open sockets and streams of events. ${onAll}` }),
    authenticatedConnections: t.exposeInt('authenticatedConnections', { description: `Those of them that are a user’s. ${onAll}` }),
    subscriptions: t.exposeInt('subscriptions', { description: `Running subscriptions. ${onAll}` }),
    messagesPerSecond: t.float({
      description: `Frames on sockets, events of streams and answers over HTTP that went out per second, ${lately}.`,
      resolve: ({ messagesPerSecond }) => rounded(messagesPerSecond),
    }),
    operationsPerSecond: t.float({
      description: `Operations that were answered per second, ${lately}; a subscription is one when it starts.`,
      resolve: ({ operationsPerSecond }) => rounded(operationsPerSecond),
    }),
    latencyP50Ms: t.float({
      nullable: true,
      description: `What half of the operations ${lately} took at most, in milliseconds, for subscriptions to their start; read off a histogram, so it is right to the width of a bucket. Null when there were none.`,
      resolve: ({ latencyP50Ms }) => latencyP50Ms && rounded(latencyP50Ms),
    }),
    latencyP99Ms: t.float({
      nullable: true,
      description: 'As `latencyP50Ms`, for 99 of 100 operations; above ten seconds it says ten seconds.',
      resolve: ({ latencyP99Ms }) => latencyP99Ms && rounded(latencyP99Ms),
    }),
    users: t.int({ description: `Accounts. ${counted}`, resolve: ({ users }) => int(users) }),
    documents: t.int({ description: `Documents that are not deleted. ${counted}`, resolve: ({ documents }) => int(documents) }),
    records: t.int({
      description: `Records that are not deleted; those that expired in the last minute may be among them. ${counted}`,
      resolve: ({ records }) => int(records),
    }),
    notes: t.int({ description: `Notes, those in the trash included. ${counted}`, resolve: ({ notes }) => int(notes) }),
    chats: t.int({ description: `Chats. ${counted}`, resolve: ({ chats }) => int(chats) }),
    vaults: t.int({ description: `Vaults. ${counted}`, resolve: ({ vaults }) => int(vaults) }),
    databaseBytes: t.field({
      type: 'BigInt',
      description: `What the database takes on its disk, in bytes, with indexes and what is not tidied up yet. ${counted}`,
      resolve: ({ databaseBytes }) => databaseBytes,
    }),
    countedAt: t.field({ type: 'DateTime', description: 'When it was last counted what the database holds.', resolve: ({ countedAt }) => countedAt }),
  }),
})

const ConnectionsOfUserRef = builder.objectRef<ConnectionsOfUser>('ConnectionsOfUser').implement({
  description: 'A user who is connected.',
  fields: t => ({
    user: t.field({ type: User, description: 'Who.', resolve: ({ userId }, _, { loaders }) => loadUser(loaders, userId) }),
    deviceCount: t.int({
      description: 'How many connections they have open: sockets, and streams of events.',
      resolve: ({ connections }) => connections,
    }),
  }),
})

builder.queryFields(t => ({
  serverStats: t.field({
    type: ServerStatsRef,
    directives: { auth: { role: 'ADMIN' } },
    description: 'How the deployment is at the moment.',
    resolve: (_, __, { services }) => services.stats.read(),
  }),
  connectionsByUser: t.field({
    type: [ConnectionsOfUserRef],
    directives: { auth: { role: 'ADMIN' } },
    description:
      'Users with open connections on whichever node, those with the most first; of equal ones by id. ' +
      `Exact as long as no other node has more than ${connectionsBounds.told} users: of those with the fewest connections beyond that, it does not tell.`,
    args: { first: t.arg.int({ description: `How many users: 1 to ${connectionsBounds.max}, ${connectionsBounds.fallback} unless told.` }) },
    resolve: async (_, { first }, { services }) => [...(await services.stats.connectionsByUser(pageSize(first, connectionsBounds.fallback)))],
  }),
}))

builder.subscriptionField('serverStats', t =>
  t.field({
    type: ServerStatsRef,
    directives: { auth: { role: 'ADMIN' } },
    description: 'How the deployment is: at once, and then at each interval. A slow reader gets the newest figures and not those before them.',
    args: {
      intervalMs: t.arg.int({
        defaultValue: 1_000,
        description: `Time between two, in milliseconds: ${intervalBounds.min} to ${intervalBounds.max}, else BAD_USER_INPUT.`,
      }),
    },
    subscribe: (_, { intervalMs }, { services }) => services.stats.follow(intervalMs ?? 1_000),
    resolve: stats => stats,
  }),
)
