import { User } from '../../accounts/schema.ts'
import { builder } from '../../graph/builder.ts'
import { contentsLimit, spendValue } from '../../graph/byte-budget.ts'
import { connectionOf, pageSize } from '../../graph/connection.ts'
import { FeedItem, feedAfter } from '../../graph/feed-item.ts'
import { signedIn } from '../../graph/guard.ts'
import { loadUser } from '../../graph/loaders.ts'
import { Node, registerNode } from '../../graph/node.ts'
import { rootsOf } from '../../graph/roots.ts'
import { maxNameLength } from '../collection.ts'
import type { RecordIn } from './record.ts'
import type { RecordEvent } from './record-change.ts'
import type { RecordsPage } from './service.ts'

const roots = rootsOf('collections')

export const RecordObject = builder.objectRef<RecordIn>('Record').implement({
  description: 'JSON under a key of a collection.',
  interfaces: [Node],
  fields: t => ({
    collection: t.string({ description: 'Name of the collection it is in.', resolve: record => record.collection.name }),
    collectionId: t.id({ description: 'Id of that collection.', resolve: record => record.collection.id }),
    owner: t.field({
      type: User,
      description: 'Whose collection that is.',
      resolve: ({ collection }, _, context) => loadUser(context.loaders, collection.ownerId),
    }),
    key: t.exposeString('key', { description: 'Its key, once in the collection.' }),
    value: t.field({
      type: 'JSON',
      nullable: true,
      description: `What is under the key; null for a deleted record too. ${contentsLimit}`,
      resolve: ({ value }, _, __, info) => spendValue(info.variableValues, value),
    }),
    version: t.field({
      type: 'BigInt',
      description: 'Goes up by one with each write that applies, deletion and expiry included; from 1 on.',
      resolve: record => record.version,
    }),
    updatedAt: t.field({
      type: 'DateTime',
      description: 'When it was written, by the clock of the writer; see `PutRecordInput.updatedAt`.',
      resolve: record => new Date(record.updatedAt),
    }),
    deletedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it was deleted, by the clock of the writer, or expired; null while it is there.',
      resolve: record => dateOrNull(record.deletedAt),
    }),
    expiresAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it will expire, by the clock of the server; null for never, and for what is deleted.',
      resolve: record => dateOrNull(record.expiresAt),
    }),
  }),
})

const dateOrNull = (time: number | null): Date | null => (time === null ? null : new Date(time))

registerNode('rec', async (id, { loaders }) => {
  const record = await loaders.records.load(id)
  return record && (await loaders.levels.load(record.collection.id)) ? record : null
})

const RecordConnection = connectionOf<RecordIn, RecordsPage>('Record', RecordObject)

builder.objectField(RecordConnection, 'cursor', t =>
  t.field({
    type: 'Cursor',
    description:
      'Where the feed of the collection stood before this page was read. Keep that of the first page: once all pages are read, subscribe with it as `after` and nothing is missed.',
    resolve: page => page.feedCursor(),
  }),
)

const RecordOperation = builder.enumType('RecordOperation', {
  description: 'What happened to a record.',
  values: {
    PUT: { description: 'It was written.' },
    DELETED: { description: 'It was deleted.' },
    EXPIRED: { description: 'Its time was over.' },
  } as const,
})

builder.objectRef<RecordEvent>('RecordChange').implement({
  description: 'A write that applied, or an expiry.',
  interfaces: [FeedItem],
  fields: t => ({
    operation: t.field({ type: RecordOperation, description: 'What happened.', resolve: event => event.operation }),
    record: t.field({ type: RecordObject, description: 'The record exactly as this change left it.', resolve: event => event.record }),
    by: t.field({
      type: User,
      nullable: true,
      description: 'Who wrote; null for an expiry, and once their account is gone.',
      resolve: (event, _, context) => (event.byId === null ? null : context.loaders.users.load(event.byId)),
    }),
    at: t.field({ type: 'DateTime', description: 'When the server took it.', resolve: event => event.at }),
  }),
})

const nameLimits = `1 to ${maxNameLength} characters`
const collectionText = `Name of the collection: ${nameLimits}.`
const ownerText = 'Whose collection it is; default: the viewer’s. Others’ need READ access.'

roots.queryFields(t => ({
  record: t.field({
    type: RecordObject,
    nullable: true,
    directives: { auth: {} },
    description: 'The record under a key; null when there is none, when it is deleted or expired, and when the viewer may not read it.',
    args: {
      collection: t.arg.string({ required: true, description: collectionText }),
      key: t.arg.string({ required: true, description: `The key: ${nameLimits}.` }),
      owner: t.arg.id({ description: ownerText }),
    },
    resolve: (_, ref, context) => context.services.records.find(signedIn(context), ref),
  }),
  records: t.field({
    type: RecordConnection,
    directives: { auth: {} },
    description:
      'The records of a collection by (updatedAt, key): what is written while pages are read comes on a later page or in the feed. A collection of one’s own that is not there yet is empty; others’: NOT_FOUND.',
    args: {
      collection: t.arg.string({ required: true, description: collectionText }),
      owner: t.arg.id({ description: ownerText }),
      updatedSince: t.arg({
        type: 'DateTime',
        description:
          'Only those whose `updatedAt` is later than this. Writes of clients that were offline can come with an earlier one: the feed has them all.',
      }),
      includeDeleted: t.arg.boolean({ defaultValue: false, description: 'Deleted ones too, expired ones among them.' }),
      first: t.arg.int({ description: 'From 1 to 500. Default 100. A page of large values ends earlier.' }),
      after: t.arg.string({ description: 'Go on behind this edge.' }),
    },
    resolve: (_, { collection, owner, updatedSince, includeDeleted, first, after }, context) =>
      context.services.records.list(signedIn(context), {
        collection,
        owner,
        updatedSince: updatedSince ?? null,
        includeDeleted: includeDeleted ?? false,
        first: pageSize(first, 100),
        after: after ?? null,
      }),
  }),
}))

roots.subscriptionField('recordChanges', t =>
  t.field({
    type: FeedItem,
    directives: { auth: {} },
    description:
      'The feed of a collection: FeedReady, then every RecordChange, in order and exactly once, however old the clock of its writer. One’s own is made if it is not there yet.',
    args: {
      collection: t.arg.string({ required: true, description: collectionText }),
      owner: t.arg.id({ description: ownerText }),
      after: t.arg({ type: 'Cursor', description: feedAfter }),
    },
    subscribe: (_, { after, ...ref }, context) => context.services.records.subscribe(signedIn(context), ref, after) as never,
    resolve: event => event as never,
  }),
)
