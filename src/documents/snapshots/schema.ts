import { builder } from '../../graph/builder.ts'
import { contentsLimit, spendBytes } from '../../graph/byte-budget.ts'
import { connectionOf, pageSize } from '../../graph/connection.ts'
import { signedIn } from '../../graph/guard.ts'
import { idempotencyKeyField } from '../../graph/idempotency-key.ts'
import { Node, registerNode } from '../../graph/node.ts'
import { rootsOf } from '../../graph/roots.ts'
import { jsonText } from '../../platform/json-text.ts'
import { Document } from '../schema.ts'
import type { SnapshotRow } from './store.ts'

const roots = rootsOf('documents')

/** The database writes spaces, which is little, and every digit of a number, which may come to fifty times what `sizeBytes` counts. */
const longestOfSize = 1.25

const Snapshot = builder.objectRef<SnapshotRow>('Snapshot').implement({
  description:
    'What a document looked like at one time. Made on request, and by the server after every so many changes, of which the newest few are kept.',
  interfaces: [Node],
  fields: t => ({
    documentId: t.exposeID('documentId', { description: 'The document.' }),
    label: t.exposeString('label', { nullable: true, description: 'What its maker called it; null for those the server made.' }),
    fields: t.field({
      type: 'JSON',
      description: `The fields at the time: path → value. ${contentsLimit}`,
      async resolve({ id, sizeBytes }, _, { loaders }, info) {
        spendBytes(info.variableValues, sizeBytes)
        const text = await loaders.snapshotFields.load(id)
        return text.length > longestOfSize * sizeBytes ? (JSON.parse(text) as unknown) : jsonText(text)
      },
    }),
    clock: t.field({ type: 'VectorClock', description: 'The document’s clock at the time.', resolve: snapshot => snapshot.clock }),
    sizeBytes: t.exposeInt('sizeBytes', { description: 'Size of `fields` as JSON, in bytes.' }),
    createdAt: t.field({ type: 'DateTime', description: 'When it was taken.', resolve: snapshot => snapshot.createdAt }),
  }),
})

registerNode('snap', async (id, { loaders }) => {
  const snapshot = await loaders.snapshots.load(id)
  return snapshot && (await loaders.levels.load(snapshot.documentId)) ? snapshot : null
})

const SnapshotConnection = connectionOf('Snapshot', Snapshot)

builder.objectField(Document, 'snapshots', t =>
  t.field({
    type: SnapshotConnection,
    description: 'Its snapshots, the newest first.',
    args: { first: t.arg.int({ description: 'From 1 to 500. Default 50.' }), after: t.arg.string({ description: 'Go on behind this edge.' }) },
    resolve: ({ id }, { first, after }, context) => context.loaders.snapshotPages.load({ id, first: pageSize(first), after: after ?? null }),
  }),
)

const CreateSnapshotInput = builder.inputType('CreateSnapshotInput', {
  description: 'What to take a snapshot of.',
  fields: t => ({
    documentId: t.id({ required: true, description: 'The document; needs WRITE access.' }),
    label: t.string({ description: 'A name for it; at most 200 characters.' }),
    idempotencyKey: idempotencyKeyField(t),
  }),
})

const RestoreSnapshotInput = builder.inputType('RestoreSnapshotInput', {
  description: 'Writes the snapshot’s fields over the document as new changes; nothing of the history is lost.',
  fields: t => ({
    id: t.id({ required: true, description: 'The snapshot; needs WRITE access to its document.' }),
    clientId: t.id({ required: true, description: 'The client that writes: 1 to 128 characters.' }),
    idempotencyKey: idempotencyKeyField(t),
  }),
})

const DeleteSnapshotInput = builder.inputType('DeleteSnapshotInput', {
  description: 'Which snapshot to delete.',
  fields: t => ({ id: t.id({ required: true, description: 'The snapshot; needs WRITE access to its document.' }) }),
})

const CreateSnapshotPayload = builder.objectRef<SnapshotRow>('CreateSnapshotPayload').implement({
  description: 'What came of `createSnapshot`.',
  fields: t => ({ snapshot: t.field({ type: Snapshot, description: 'The snapshot.', resolve: snapshot => snapshot }) }),
})

const RestoreSnapshotPayload = builder.objectRef<string>('RestoreSnapshotPayload').implement({
  description: 'What came of `restoreSnapshot`.',
  fields: t => ({
    document: t.field({
      type: Document,
      description: 'The document as it is now.',
      resolve: (id, _, context) => context.services.documents.load(id),
    }),
  }),
})

const DeleteSnapshotPayload = builder.objectRef<string>('DeleteSnapshotPayload').implement({
  description: 'What came of `deleteSnapshot`.',
  fields: t => ({ deletedId: t.id({ description: 'The snapshot that is gone.', resolve: id => id }) }),
})

roots.mutationFields(t => ({
  createSnapshot: t.field({
    type: CreateSnapshotPayload,
    directives: { access: { level: 'WRITE', argument: 'input.documentId' } },
    description: 'Keeps what a document looks like now.',
    args: { input: t.arg({ type: CreateSnapshotInput, required: true, description: 'Of what.' }) },
    resolve: (_, { input }, context) => context.services.documents.snapshots.create(signedIn(context), input),
  }),
  restoreSnapshot: t.field({
    type: RestoreSnapshotPayload,
    directives: { auth: {} },
    description:
      'Makes a document look as it did then: what differs is written, what was not there is deleted, as new changes. CONFLICT for a deleted document.',
    args: { input: t.arg({ type: RestoreSnapshotInput, required: true, description: 'Which.' }) },
    resolve: (_, { input }, context) => context.services.documents.snapshots.restore(signedIn(context), input),
  }),
  deleteSnapshot: t.field({
    type: DeleteSnapshotPayload,
    directives: { auth: {} },
    description: 'Deletes a snapshot; the document stays as it is.',
    args: { input: t.arg({ type: DeleteSnapshotInput, required: true, description: 'Which.' }) },
    resolve: async (_, { input }, context) => {
      await context.services.documents.snapshots.remove(signedIn(context), input.id)
      return input.id
    },
  }),
}))
