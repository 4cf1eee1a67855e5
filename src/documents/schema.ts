import { MemberConnection } from '../access/schema.ts'
import { User } from '../accounts/schema.ts'
import { builder } from '../graph/builder.ts'
import { contentsLimit, spendBytes, spendValue, tooManyBytes } from '../graph/byte-budget.ts'
import { connectionOf, pageSize } from '../graph/connection.ts'
import type { Context } from '../graph/context.ts'
import { AccessLevel } from '../graph/enums.ts'
import { FeedItem, feedAfter } from '../graph/feed-item.ts'
import { authorisesItself, signedIn } from '../graph/guard.ts'
import { idempotencyKeyField } from '../graph/idempotency-key.ts'
import { Node, registerNode } from '../graph/node.ts'
import { rootsOf } from '../graph/roots.ts'
import type { Write } from '../merge/last-writer-wins.ts'
import { maxValueBytes } from '../platform/json.ts'
import { jsonText } from '../platform/json-text.ts'
import type { DocumentDelta, DocumentEvent } from './delta.ts'
import { checkPath, maxPathLength, maxWrites } from './push-input.ts'
import type { DocumentAt } from './store.ts'

const roots = rootsOf('documents')

const pageArgs = 'From 1 to 500.'
const pathLimits = `1 to ${maxPathLength} characters`

const DocumentField = builder.objectRef<Write>('DocumentField').implement({
  description: 'One field of a document and the write that won it: the last by (timestamp, counter, client id).',
  fields: t => ({
    path: t.exposeString('path', { description: 'Where in the document.' }),
    value: t.field({
      type: 'JSON',
      nullable: true,
      description: `Its value; null for a deleted field too. ${contentsLimit}`,
      resolve: ({ value }, _, __, info) => spendValue(info.variableValues, value),
    }),
    deleted: t.exposeBoolean('deleted', { description: 'Whether the write was a deletion.' }),
    timestamp: t.field({
      type: 'DateTime',
      description: 'When it was written, by the clock of the client.',
      resolve: field => new Date(field.timestamp),
    }),
    clientId: t.exposeID('clientId', { description: 'The client that wrote it.' }),
    counter: t.field({ type: 'BigInt', description: 'That client’s counter at the time.', resolve: field => field.counter }),
  }),
})

const DeltaRef = builder.objectRef<DocumentDelta>('DocumentDelta')
const DeltaConnection = connectionOf('DocumentDelta', DeltaRef)

export const Document = builder.objectRef<DocumentAt>('Document').implement({
  description: 'Fields that many clients write, online or not, and that merge field by field: the last writer of each field wins.',
  interfaces: [Node],
  fields: t => ({
    name: t.exposeString('name', { nullable: true, description: 'What people call it; at most 200 characters.' }),
    fields: t.field({
      type: 'JSON',
      description: `The merged document: path → value. ${contentsLimit} What is larger than that is read by \`changes\`.`,
      async resolve({ id }, _, { loaders }, info) {
        const { weight, text } = await loaders.documentFields.load(id)
        spendBytes(info.variableValues, weight)
        if (text === null) throw tooManyBytes()
        return jsonText(text)
      },
    }),
    field: t.field({
      type: DocumentField,
      nullable: true,
      description: 'One field with its last write, a deletion included; null when it was never written.',
      args: { path: t.arg.string({ required: true, description: `${pathLimits}.` }) },
      resolve({ id }, { path }, { loaders }) {
        checkPath(path, 'path')
        return loaders.singleFields.load({ id, path })
      },
    }),
    clock: t.field({
      type: 'VectorClock',
      description: 'Up to which counter the pushes of each client are in it.',
      resolve: ({ id }, _, context) => context.loaders.documentClocks.load(id),
    }),
    cursor: t.field({
      type: 'Cursor',
      description: 'Where this state stands in the document’s feed: subscribe with it as `after` and nothing is missed.',
      resolve: ({ id, head }, _, context) => context.services.feed.cursors.encode(id, head),
    }),
    viewerAccess: t.field({
      type: AccessLevel,
      directives: { perViewer: {} },
      description: 'What the viewer may do with it.',
      resolve: async ({ id }, _, context) => (await context.loaders.levels.load(id)) ?? 'READ',
    }),
    members: t.field({
      type: MemberConnection,
      description: 'Those who have access, in the order in which they came.',
      args: { first: t.arg.int({ description: `${pageArgs} Default 50.` }), after: t.arg.string({ description: 'Go on behind this edge.' }) },
      resolve: ({ id }, { first, after }, context) => context.loaders.members.load({ id, first: pageSize(first), after: after ?? null }),
    }),
    changes: t.field({
      type: DeltaConnection,
      description:
        'What a client that has seen `since` (or read up to `after`) lacks, in order; fewer than asked for when they are large. RESYNC_REQUIRED when the server no longer keeps all of it, QUERY_TOO_COMPLEX when the first changes of the pages that one operation asks for weigh more than 16 MiB together.',
      args: {
        after: t.arg({ type: 'Cursor', description: 'The last change the client handled.' }),
        since: t.arg({ type: 'VectorClock', description: 'What the client has seen: `Document.clock` as it knew it.' }),
        first: t.arg.int({ description: `${pageArgs} Default 50.` }),
      },
      resolve: ({ id }, { after, since, first }, { loaders, services }) =>
        loaders.missedChanges.load({
          id,
          after: after == null ? null : services.documents.placeOf(id, after),
          since: since ?? null,
          first: pageSize(first),
        }),
    }),
    createdAt: t.field({ type: 'DateTime', description: 'When it was made.', resolve: document => document.createdAt }),
    updatedAt: t.field({
      type: 'DateTime',
      description: 'When something in it last changed, by the clock of the server.',
      resolve: document => document.updatedAt,
    }),
    deletedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it was deleted; it can be restored.',
      resolve: document => document.deletedAt,
    }),
  }),
})

/** Null for what there is not, and for what the viewer may not read. */
const findDocument = async (id: string, { loaders }: Pick<Context, 'loaders'>): Promise<DocumentAt | null> =>
  (await loaders.levels.load(id)) ? loaders.documents.load(id) : null

registerNode('doc', findDocument)

DeltaRef.implement({
  description: 'One accepted push: what was written, by whom. Writes that lost to newer ones are not in it.',
  interfaces: [FeedItem],
  fields: t => ({
    documentId: t.exposeID('documentId', { description: 'The document.' }),
    clientId: t.exposeID('clientId', { description: 'The client that pushed; `server` for the fields a document was created with.' }),
    clock: t.field({ type: 'VectorClock', description: 'What that client had seen, this push included.', resolve: delta => delta.clock }),
    writes: t.field({ type: [DocumentField], description: 'The fields it changed.', resolve: delta => delta.writes }),
    author: t.field({
      type: User,
      nullable: true,
      description: 'Whose client it was; null once their account is gone.',
      resolve: (delta, _, context) => (delta.authorId === null ? null : context.loaders.users.load(delta.authorId)),
    }),
    at: t.field({ type: 'DateTime', description: 'When the server accepted it.', resolve: delta => delta.at }),
  }),
})

type Marker = Exclude<DocumentEvent, DocumentDelta>
const marker = (name: Marker['__typename'], description: string) =>
  builder.objectRef<Marker>(name).implement({
    description,
    interfaces: [FeedItem],
    fields: t => ({
      documentId: t.exposeID('documentId', { description: 'The document.' }),
      at: t.field({ type: 'DateTime', description: 'When.', resolve: event => event.at }),
    }),
  })
marker('DocumentRemoved', 'The document was deleted. Its feed stays open: it may be restored.')
marker('DocumentRestored', 'The document was restored; its fields are as they were.')

const DocumentConnection = connectionOf('Document', Document)

roots.queryFields(t => ({
  document: t.field({
    type: Document,
    nullable: true,
    directives: { auth: {} },
    description: 'A document the viewer may read, deleted ones included; else null.',
    args: { id: t.arg.id({ required: true, description: 'Its id.' }) },
    resolve: (_, { id }, context) => findDocument(id, context),
  }),
  documents: t.field({
    type: DocumentConnection,
    directives: { auth: {} },
    description: 'The documents the viewer is a member of, the newest first.',
    args: {
      first: t.arg.int({ description: `${pageArgs} Default 50.` }),
      after: t.arg.string({ description: 'Go on behind this edge.' }),
      includeDeleted: t.arg.boolean({ defaultValue: false, description: 'Deleted ones too.' }),
    },
    resolve: (_, { first, after, includeDeleted }, context) =>
      context.services.documents.list(signedIn(context), { first: pageSize(first), after: after ?? null, includeDeleted: includeDeleted ?? false }),
  }),
}))

const CreateDocumentInput = builder.inputType('CreateDocumentInput', {
  description: 'A new document. Its maker gets ADMIN access.',
  fields: t => ({
    id: t.id({ description: 'An id of the client’s own making: `doc_` and a UUIDv7. ALREADY_EXISTS when it is taken.' }),
    name: t.string({ description: 'What people call it; at most 200 characters.' }),
    fields: t.field({ type: 'JSON', description: 'Its first fields, at most 10,000: an object, path → value. Limits as for `FieldWriteInput`.' }),
    idempotencyKey: idempotencyKeyField(t),
  }),
})

const FieldWriteInput = builder.inputType('FieldWriteInput', {
  description: 'Sets or deletes one field.',
  fields: t => ({
    path: t.string({ required: true, description: `Which: ${pathLimits}, not \`__proto__\`. A push writes each path once.` }),
    value: t.field({
      type: 'JSON',
      description: `What it is now: at most ${maxValueBytes / 1024} KiB as JSON (PAYLOAD_TOO_LARGE) and 64 levels deep. Required unless \`delete\` is true.`,
    }),
    delete: t.boolean({ defaultValue: false, description: 'Deletes the field; older writes go on losing to the deletion.' }),
    timestamp: t.field({
      type: 'DateTime',
      description: 'When the client wrote it, from 1970 on; default: now, by the clock of the server. More than a minute ahead of it: CLOCK_SKEW.',
    }),
  }),
})

const PushDeltaInput = builder.inputType('PushDeltaInput', {
  description: 'What one client wrote, as one change.',
  fields: t => ({
    documentId: t.id({ required: true, description: 'The document; needs WRITE access.' }),
    clientId: t.id({ required: true, description: 'One device, tab or process: 1 to 128 characters. Two that write at once need two ids.' }),
    clock: t.field({
      type: 'VectorClock',
      required: true,
      description: 'What the client has seen, with its own counter raised for this push: from 1 on, and higher each time.',
    }),
    writes: t.field({
      type: [FieldWriteInput],
      required: true,
      description: `1 to ${maxWrites} writes. One bad write refuses the push, and \`field\` names it.`,
    }),
    idempotencyKey: idempotencyKeyField(t),
  }),
})

const ById = (name: string, description: string) =>
  builder.inputType(name, {
    description,
    fields: t => ({ id: t.id({ required: true, description: 'The document; needs ADMIN access.' }), idempotencyKey: idempotencyKeyField(t) }),
  })
const DeleteDocumentInput = ById('DeleteDocumentInput', 'Which document to delete.')
const RestoreDocumentInput = ById('RestoreDocumentInput', 'Which document to restore.')

/** Payloads hold what they tell of by its id, and read it only if it was asked for. */
const withDocument = (name: string, description: string) =>
  builder.objectRef<string>(name).implement({
    description,
    fields: t => ({
      document: t.field({
        type: Document,
        description: 'The document as it is now.',
        resolve: (id, _, context) => context.services.documents.load(id),
      }),
    }),
  })

const CreateDocumentPayload = withDocument('CreateDocumentPayload', 'What came of `createDocument`.')
const RestoreDocumentPayload = withDocument('RestoreDocumentPayload', 'What came of `restoreDocument`.')

const DeleteDocumentPayload = builder.objectRef<string>('DeleteDocumentPayload').implement({
  description: 'What came of `deleteDocument`.',
  fields: t => ({ deletedId: t.id({ description: 'The document; `restoreDocument` brings it back.', resolve: id => id }) }),
})

interface Pushed {
  readonly applied: boolean
  /** Put together only for who asks for it. */
  delta(): Promise<DocumentDelta | null>
  readonly superseded: readonly Write[]
  readonly documentId: string
}

const PushDeltaPayload = builder.objectRef<Pushed>('PushDeltaPayload').implement({
  description: 'What came of `pushDelta`.',
  fields: t => ({
    applied: t.exposeBoolean('applied', {
      description: 'False when every write lost to a newer one; then nothing entered the feed and `delta` is null.',
    }),
    delta: t.field({ type: DeltaRef, nullable: true, description: 'The push as the feed shows it.', resolve: pushed => pushed.delta() }),
    superseded: t.field({
      type: [DocumentField],
      description: 'The current winner of every write that lost. Their values weigh at most 16 MiB together, else the push is QUERY_TOO_COMPLEX.',
      resolve: pushed => pushed.superseded,
    }),
    document: t.field({
      type: Document,
      description: 'The document as it is now.',
      resolve: ({ documentId }, _, context) => context.services.documents.load(documentId),
    }),
  }),
})

roots.mutationFields(t => ({
  createDocument: t.field({
    type: CreateDocumentPayload,
    directives: { auth: {} },
    description: 'Makes a document.',
    args: { input: t.arg({ type: CreateDocumentInput, required: true, description: 'The document.' }) },
    resolve: async (_, { input }, context) => (await context.services.documents.create(signedIn(context), input)).id,
  }),
  pushDelta: t.field({
    type: PushDeltaPayload,
    directives: { access: { level: 'WRITE', argument: 'input.documentId' } },
    extensions: authorisesItself,
    description:
      'Writes and deletes fields. Each write is taken if it is newer than what is there; a push enters the feed as one change. CONFLICT for a deleted document.',
    args: { input: t.arg({ type: PushDeltaInput, required: true, description: 'The writes, and who wrote them.' }) },
    resolve: (_, { input }, context) => context.services.documents.push(signedIn(context), input),
  }),
  deleteDocument: t.field({
    type: DeleteDocumentPayload,
    directives: { access: { level: 'ADMIN', argument: 'input.id' } },
    description: 'Takes a document out of lists and closes it for pushes. Deleting it again changes nothing.',
    args: { input: t.arg({ type: DeleteDocumentInput, required: true, description: 'Which.' }) },
    resolve: (_, { input }, context) => context.services.documents.remove(signedIn(context), input),
  }),
  restoreDocument: t.field({
    type: RestoreDocumentPayload,
    directives: { access: { level: 'ADMIN', argument: 'input.id' } },
    description: 'Brings a deleted document back as it was.',
    args: { input: t.arg({ type: RestoreDocumentInput, required: true, description: 'Which.' }) },
    resolve: (_, { input }, context) => context.services.documents.restore(signedIn(context), input),
  }),
}))

roots.subscriptionField('documentChanges', t =>
  t.field({
    type: FeedItem,
    directives: { access: { level: 'READ', argument: 'documentId' } },
    description: 'The feed of a document: FeedReady, then every DocumentDelta, DocumentRemoved and DocumentRestored, in order and exactly once.',
    args: {
      documentId: t.arg.id({ required: true, description: 'The document; needs READ access.' }),
      after: t.arg({ type: 'Cursor', description: feedAfter }),
    },
    subscribe: (_, { documentId, after }, context) => context.services.documents.subscribe(signedIn(context), documentId, after) as never,
    resolve: event => event as never,
  }),
)
