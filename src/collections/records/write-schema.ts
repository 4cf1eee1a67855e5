import { builder } from '../../graph/builder.ts'
import { signedIn } from '../../graph/guard.ts'
import { idempotencyKeyField } from '../../graph/idempotency-key.ts'
import { rootsOf } from '../../graph/roots.ts'
import { maxValueBytes } from '../../platform/json.ts'
import { maxNameLength } from '../collection.ts'
import type { RecordIn } from './record.ts'
import { RecordObject } from './schema.ts'
import { maxItems, type Written } from './service.ts'

const roots = rootsOf('collections')

const nameLimits = `1 to ${maxNameLength} characters`
const collectionText = `Name of the collection: ${nameLimits}. One’s own is made if it is not there yet; a user has at most 10,000 (QUOTA_EXCEEDED).`
const ownerText = 'Whose collection it is; default: the viewer’s. Others’ need WRITE access.'

const ConflictPolicy = builder.enumType('ConflictPolicy', {
  description: 'How a write fares against what is under its key. A deleted or expired record competes by its `updatedAt` as well.',
  values: {
    LAST_WRITE_WINS: { description: 'Applies when its `updatedAt` is the same or later.' },
    SERVER_TIME: { description: 'Always applies; `updatedAt` becomes the server’s time, whatever is given.' },
    MAX_NUMERIC: { description: 'Applies when its number is greater than the stored one; as LAST_WRITE_WINS when either is no number.' },
  } as const,
})

const PutRecordInput = builder.inputType('PutRecordInput', {
  description: 'What to put under a key.',
  fields: t => ({
    collection: t.string({ required: true, description: collectionText }),
    owner: t.id({ description: ownerText }),
    key: t.string({ required: true, description: `The key: ${nameLimits}.` }),
    value: t.field({
      type: 'JSON',
      description: `At most ${maxValueBytes / 1024} KiB as JSON (PAYLOAD_TOO_LARGE) and 64 levels deep. Required unless \`delete\` is true.`,
    }),
    delete: t.boolean({
      defaultValue: false,
      description:
        'Deletes the record by the same policy, for deletions made offline or brought over from elsewhere; where there was none, a deleted one is kept. Without `value` and `ttlSeconds`.',
    }),
    conflictPolicy: t.field({ type: ConflictPolicy, defaultValue: 'LAST_WRITE_WINS', description: 'How it fares against what is there.' }),
    updatedAt: t.field({
      type: 'DateTime',
      description:
        'When the client wrote it, from 1970 on; default: now, by the clock of the server. More than a minute ahead of it: CLOCK_SKEW. Not looked at under SERVER_TIME.',
    }),
    ttlSeconds: t.int({ description: 'Seconds until it expires, from 1 on, counted from when the server takes it; without it the record stays.' }),
    idempotencyKey: idempotencyKeyField(t),
  }),
})

const PutRecordsInput = builder.inputType('PutRecordsInput', {
  description: 'All or nothing: one bad item refuses the whole batch, and `field` names it, as in `input.items.17.key`.',
  fields: t => ({
    items: t.field({
      type: [PutRecordInput],
      required: true,
      description: `1 to ${maxItems} writes, to at most 100 collections, done in their order. An \`idempotencyKey\` among them is refused: a batch has one for all.`,
    }),
    idempotencyKey: idempotencyKeyField(t),
  }),
})

const DeleteRecordInput = builder.inputType('DeleteRecordInput', {
  description: 'Which record to delete.',
  fields: t => ({
    collection: t.string({ required: true, description: `Name of the collection: ${nameLimits}.` }),
    owner: t.id({ description: ownerText }),
    key: t.string({ required: true, description: `The key: ${nameLimits}.` }),
    updatedAt: t.field({
      type: 'DateTime',
      description:
        'When the client deleted it, if that was earlier: it then loses to what was written later. Without it the deletion always applies. Limits as for `PutRecordInput`.',
    }),
    idempotencyKey: idempotencyKeyField(t),
  }),
})

/** The record right after the write. */
const recordOf = ({ outcome, collection }: Written): RecordIn => ({ ...outcome.record, collection })

const RecordConflict = builder.objectRef<Written>('RecordConflict').implement({
  description: 'What a write lost to.',
  fields: t => ({
    existing: t.field({ type: RecordObject, description: 'The record that stays.', resolve: recordOf }),
    reason: t.string({ description: 'Why, for people; the same words for the same reason.', resolve: ({ outcome }) => outcome.reason ?? '' }),
  }),
})

const writtenPayload = (name: string, description: string, appliedText: string) =>
  builder.objectRef<Written>(name).implement({
    description,
    fields: t => ({
      applied: t.boolean({ description: appliedText, resolve: ({ outcome }) => outcome.applied }),
      record: t.field({ type: RecordObject, description: 'The record right after the write, whichever won.', resolve: recordOf }),
      conflict: t.field({
        type: RecordConflict,
        nullable: true,
        description: 'What the write lost to; null when it did not lose.',
        resolve: written => (written.outcome.reason === null ? null : written),
      }),
    }),
  })

const PutRecordPayload = writtenPayload(
  'PutRecordPayload',
  'What came of one write.',
  'False when it lost to what was there; then nothing entered the feed.',
)
const DeleteRecordPayload = writtenPayload(
  'DeleteRecordPayload',
  'What came of `deleteRecord`.',
  'False when it lost to what was written later, or the record was deleted already; then nothing entered the feed.',
)

const PutRecordsPayload = builder.objectRef<readonly Written[]>('PutRecordsPayload').implement({
  description: 'What came of `putRecords`.',
  fields: t => ({ results: t.field({ type: [PutRecordPayload], description: 'One for each item, in their order.', resolve: results => results }) }),
})

roots.mutationFields(t => ({
  putRecord: t.field({
    type: PutRecordPayload,
    directives: { auth: {} },
    description: 'Puts a value under a key, or deletes it, by a policy. A write that loses is no error: `applied` is false.',
    args: { input: t.arg({ type: PutRecordInput, required: true, description: 'What, where, and by which policy.' }) },
    resolve: (_, { input }, context) => context.services.records.put(signedIn(context), input),
  }),
  putRecords: t.field({
    type: PutRecordsPayload,
    directives: { auth: {} },
    description: 'As many `putRecord`s in one transaction: all of them or none. Each that applies is a change of its own in the feed.',
    args: { input: t.arg({ type: PutRecordsInput, required: true, description: 'The writes.' }) },
    resolve: (_, { input }, context) => context.services.records.putAll(signedIn(context), input),
  }),
  deleteRecord: t.field({
    type: DeleteRecordPayload,
    directives: { auth: {} },
    description: 'Deletes a record; older writes go on losing to the deletion. NOT_FOUND for what never was.',
    args: { input: t.arg({ type: DeleteRecordInput, required: true, description: 'Which.' }) },
    resolve: (_, { input }, context) => context.services.records.remove(signedIn(context), input),
  }),
}))
