import { User } from '../../accounts/schema.ts'
import { builder } from '../../graph/builder.ts'
import { connectionOf, pageSize } from '../../graph/connection.ts'
import { administering } from '../../graph/guard.ts'
import { idempotencyKeyField } from '../../graph/idempotency-key.ts'
import { Node, registerNode } from '../../graph/node.ts'
import { type ExportRow, progressOf } from './export.ts'
import { mostRunning } from './service.ts'

const auth = { auth: { role: 'ADMIN' } } as const

const ExportKind = builder.enumType('ExportKind', {
  description:
    'What is exported. Every row says by `type` what it is. `userId` limits an export to one user, `since` to what changed at that moment or later; what that means is said for each kind.',
  values: {
    USERS: {
      description:
        'Accounts (`User`), deleted ones too; never passwords, sessions or tokens. `userId`: this account. `since`: made, verified or deleted since.',
    },
    DOCUMENTS: {
      description:
        'Documents (`Document`) and the last write of each field (`DocumentField`), deletions included. `userId`: those the user is a member of. `since`: documents changed since, and fields written since by the clocks of their clients.',
    },
    RECORDS: {
      description:
        'Records (`Record`) with their collections; deleted ones without a value, expired ones not at all. `userId`: those in the user’s own collections. `since`: by `updatedAt`, or deleted since.',
    },
    NOTES: {
      description:
        'Folders (`Folder`), notes (`Note`), and what is attached to them, without the bytes (`Attachment`); what is encrypted stays so. `userId`: those in the user’s own notebook. `since`: changed or attached since.',
    },
    CHATS: {
      description:
        'Chats (`Chat`), their members (`ChatMember`) and messages (`Message`), deleted ones without their text. `userId`: chats the user is in, with the messages they may read. `since`: chats active since; members who joined or read since; messages sent, edited or deleted since.',
    },
    VAULTS: {
      description:
        'Vaults with their wrapped keys (`Vault`) and logs (`VaultLog`): ciphertext only. `userId`: the user’s own. `since`: vaults made, or given another key, since; logs pushed since.',
    },
    AUDIT: { description: 'The audit log (`AuditEntry`). `userId`: what the user did, and what was done to their account. `since`: by `at`.' },
  } as const,
})

const ExportFormat = builder.enumType('ExportFormat', {
  description: 'How an export is written, in UTF-8.',
  values: {
    JSON: { description: 'One array of objects.' },
    NDJSON: { description: 'One object on each line.' },
    CSV: {
      description:
        'RFC 4180 with a header: text is quoted, what is not there is empty without quotes, JSON is its text. Text that a spreadsheet would take for a formula has an apostrophe before it.',
    },
  } as const,
})

const ExportStatus = builder.enumType('ExportStatus', {
  description: 'How far an export is.',
  values: {
    RUNNING: { description: 'It is being written, or waits for its turn. It goes on after a restart, on whichever node.' },
    READY: { description: 'It can be downloaded until `expiresAt`.' },
    FAILED: { description: 'It could not be written; `error` says why.' },
  } as const,
})

const ExportRef = builder.objectRef<ExportRow>('Export').implement({
  description:
    'Data of the server in a file, written in the background. What is there all the while it is written is in it once; what changes meanwhile is in it as it was before or after.',
  interfaces: [Node],
  fields: t => ({
    kind: t.field({ type: ExportKind, description: 'What is exported.', resolve: ({ kind }) => kind }),
    format: t.field({ type: ExportFormat, description: 'How it is written.', resolve: ({ format }) => format }),
    status: t.field({ type: ExportStatus, description: 'How far it is.', resolve: ({ status }) => status }),
    userId: t.exposeID('userId', { nullable: true, description: 'The one user it is limited to; null: all.' }),
    since: t.field({ type: 'DateTime', nullable: true, description: 'It holds only what changed since; null: all.', resolve: ({ since }) => since }),
    progress: t.float({ description: 'From 0 to 1, by an estimate of the rows there are; 1 only once it is READY.', resolve: progressOf }),
    rowCount: t.int({ nullable: true, description: 'Rows that are written so far.', resolve: ({ rowCount }) => rowCount }),
    sizeBytes: t.field({
      type: 'BigInt',
      nullable: true,
      description: 'Size of the file so far, in bytes, before it is compressed.',
      resolve: ({ sizeBytes }) => sizeBytes,
    }),
    downloadUrl: t.string({
      nullable: true,
      directives: { perViewer: {} },
      description:
        'Where to get it, for an hour, without signing in, from where administrators may act. The link is good no longer than the session or the token that asked for it; null unless it is READY. Compressed by gzip for those who accept that. Begins with a slash unless PUBLIC_URL is set.',
      resolve: (row, _, context) => context.services.exportDownloads.urlOf(administering(context), context.viewer, row),
    }),
    error: t.exposeString('error', { nullable: true, description: 'Why it FAILED.' }),
    createdBy: t.field({
      type: User,
      nullable: true,
      description: 'Who started it; null for those who came with the key or the password.',
      resolve: ({ createdBy }, _, { loaders }) => (createdBy === null ? null : loaders.users.load(createdBy)),
    }),
    createdAt: t.field({ type: 'DateTime', description: 'When it was started.', resolve: ({ createdAt }) => createdAt }),
    expiresAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it is deleted, EXPORT_TTL_HOURS after it came to its end; null while it is RUNNING.',
      resolve: ({ expiresAt }) => expiresAt,
    }),
  }),
})

registerNode('exp', async (id, { admin, loaders }) => (admin ? loaders.exports.load(id) : null))

const CreateExportInput = builder.inputType('CreateExportInput', {
  description: 'What to export.',
  fields: t => ({
    kind: t.field({ type: ExportKind, required: true, description: 'What, and what `userId` and `since` mean for it.' }),
    format: t.field({ type: ExportFormat, required: true, description: 'How.' }),
    userId: t.id({ description: 'Only what is this user’s. BAD_USER_INPUT when there is no such user.' }),
    since: t.field({ type: 'DateTime', description: 'Only what changed at this moment or later. BAD_USER_INPUT when it is in the future.' }),
    idempotencyKey: idempotencyKeyField(t),
  }),
})

const CreateExportPayload = builder.objectRef<ExportRow>('CreateExportPayload').implement({
  description: 'What came of `createExport`.',
  fields: t => ({ export: t.field({ type: ExportRef, description: 'The export, as it is now.', resolve: row => row }) }),
})

const ExportConnection = connectionOf('Export', ExportRef)

builder.queryFields(t => ({
  export: t.field({
    type: ExportRef,
    nullable: true,
    directives: auth,
    description: 'One export; null when there is none with this id, or no more.',
    args: { id: t.arg.id({ required: true, description: 'Which.' }) },
    resolve: (_, { id }, { services }) => services.exports.find(id),
  }),
  exports: t.field({
    type: ExportConnection,
    directives: auth,
    description: 'All exports that are not deleted, the newest first.',
    args: {
      first: t.arg.int({ description: 'How many: 1 to 500, 50 unless told.' }),
      after: t.arg.string({ description: 'Cursor behind which the page begins.' }),
    },
    resolve: (_, { first, after }, { services }) => services.exports.list({ first: pageSize(first), after: after ?? null }),
  }),
}))

builder.mutationField('createExport', t =>
  t.field({
    type: CreateExportPayload,
    directives: auth,
    description: `Starts an export. Each node writes two at a time; the others wait. QUOTA_EXCEEDED when ${mostRunning} are waiting or being written.`,
    args: { input: t.arg({ type: CreateExportInput, required: true, description: 'What to export.' }) },
    resolve: (_, { input }, context) => context.services.exports.create(administering(context), input),
  }),
)

builder.subscriptionField('exportProgress', t =>
  t.field({
    type: ExportRef,
    directives: auth,
    description:
      'How an export is, at once, and then each change of that; ends after READY or FAILED. A slow reader gets the newest state and not those before it. NOT_FOUND when there is no such export.',
    args: { id: t.arg.id({ required: true, description: 'Which.' }) },
    subscribe: (_, { id }, { services, viewer }) => services.exports.follow(id, viewer),
    resolve: row => row,
  }),
)
