import { notFound } from '../../errors.ts'
import { builder } from '../../graph/builder.ts'
import { maxReadBytes, spendBytes } from '../../graph/byte-budget.ts'
import { signedIn } from '../../graph/guard.ts'
import { idempotencyKeyField } from '../../graph/idempotency-key.ts'
import { Node, registerNode } from '../../graph/node.ts'
import { rootsOf } from '../../graph/roots.ts'
import { Note } from '../schema.ts'
import { type AttachmentRow, maxAttachmentsOfNote } from './attachment.ts'
import { maxNameLength, maxParameterLength } from './attachment-input.ts'
import { maxLinkSeconds } from './download.ts'

const roots = rootsOf('notes')

const Attachment = builder.objectRef<AttachmentRow>('Attachment').implement({
  description: 'A file that belongs to a note, encrypted by its writer. It never changes; another file is another attachment.',
  interfaces: [Node],
  fields: t => ({
    encryptedName: t.field({
      type: 'Ciphertext',
      nullable: true,
      description: 'Its name, encrypted.',
      resolve: attachment => attachment.encryptedName,
    }),
    mimeType: t.exposeString('mimeType', { description: 'What it is once decrypted, as its writer said.' }),
    sizeBytes: t.exposeInt('sizeBytes', { description: 'Size of the encrypted bytes, as the server counted them.' }),
    encryptedData: t.field({
      type: 'Ciphertext',
      description: `The encrypted bytes in base64. One operation returns at most ${maxReadBytes / 1024 ** 2} MiB of bytes by this, else QUERY_TOO_COMPLEX; \`downloadUrl\` has no such limit.`,
      resolve: async ({ id, sizeBytes }, _, context, info) => {
        spendBytes(info.variableValues, sizeBytes)
        const data = await context.loaders.attachmentData.load(id)
        if (data === null && sizeBytes > 0) throw notFound('attachment')
        return data ?? ''
      },
    }),
    iv: t.exposeString('iv', { description: 'Initialisation vector of the encryption, as its writer gave it.' }),
    salt: t.exposeString('salt', { description: 'Salt of the key, as its writer gave it.' }),
    createdAt: t.field({ type: 'DateTime', description: 'When it was added.', resolve: attachment => attachment.createdAt }),
    downloadUrl: t.string({
      directives: { perViewer: {} },
      description:
        'Where the encrypted bytes can be got by GET, without a token, whole or by `range`. The link is the viewer’s: it ends with their access, with the session or the token that asked for it, and after `ttlSeconds`. A path on this server, or a whole URL where the server knows its own (PUBLIC_URL).',
      args: { ttlSeconds: t.arg.int({ defaultValue: 300, required: true, description: `How long it holds, in seconds: 1 to ${maxLinkSeconds}.` }) },
      resolve: (attachment, { ttlSeconds }, context) => context.services.downloads.urlOf(signedIn(context), attachment, ttlSeconds),
    }),
  }),
})

registerNode('att', async (id, { loaders }) => {
  const attachment = await loaders.attachmentsById.load(id)
  return attachment && (await loaders.levels.load(attachment.noteId)) ? attachment : null
})

builder.objectField(Note, 'attachments', t =>
  t.field({
    type: [Attachment],
    description: `Its attachments, the oldest first; at most ${maxAttachmentsOfNote}. \`version\` does not count their changes, \`noteChanges\` tells of them.`,
    resolve: ({ id }, _, context) => context.loaders.attachments.load(id),
  }),
)

const idOfNew = 'An id of the client’s own making: `att_` and a UUIDv7. ALREADY_EXISTS when it is taken.'
const note = 'The note; needs WRITE access. Its owner’s quota counts: QUOTA_EXCEEDED tells `leftBytes`.'
const mimeType =
  'What it is once decrypted: one of the usual types of images, audio, video, text, office documents and archives, in lower case and without parameters; application/octet-stream for all others. None that a browser would run, such as text/html or image/svg+xml.'
const encryptedName = `Its name, encrypted; at most ${maxNameLength} characters.`
const iv = `Initialisation vector; 1 to ${maxParameterLength} characters.`
const salt = `Salt of the key; 1 to ${maxParameterLength} characters.`

const AddAttachmentInput = builder.inputType('AddAttachmentInput', {
  description: 'A small file for a note. Larger ones: `uploadAttachment`.',
  fields: t => ({
    id: t.id({ description: idOfNew }),
    noteId: t.id({ required: true, description: note }),
    mimeType: t.string({ required: true, description: mimeType }),
    encryptedName: t.field({ type: 'Ciphertext', description: encryptedName }),
    encryptedData: t.field({
      type: 'Ciphertext',
      required: true,
      description:
        'The encrypted bytes. The whole message is at most MAX_MESSAGE_BYTES (1 MiB unless set otherwise), so they are some three quarters of that; in canonical base64, so that it comes back as it was sent.',
    }),
    iv: t.string({ required: true, description: iv }),
    salt: t.string({ required: true, description: salt }),
    idempotencyKey: idempotencyKeyField(t),
  }),
})

const UploadAttachmentInput = builder.inputType('UploadAttachmentInput', {
  description: 'A file for a note, sent beside the operation.',
  fields: t => ({
    id: t.id({ description: idOfNew }),
    noteId: t.id({ required: true, description: note }),
    mimeType: t.string({ required: true, description: mimeType }),
    encryptedName: t.field({ type: 'Ciphertext', description: encryptedName }),
    file: t.field({
      type: 'Upload',
      required: true,
      description: 'The encrypted bytes, at most 10 MiB: PAYLOAD_TOO_LARGE. Name and type of the part are not looked at.',
    }),
    iv: t.string({ required: true, description: iv }),
    salt: t.string({ required: true, description: salt }),
    idempotencyKey: idempotencyKeyField(t),
  }),
})

const RemoveAttachmentInput = builder.inputType('RemoveAttachmentInput', {
  description: 'Which attachment to remove.',
  fields: t => ({ id: t.id({ required: true, description: 'The attachment; needs WRITE access to its note.' }) }),
})

/** Payloads hold the attachment by its id, and read it only if it was asked for. */
const withAttachment = (name: string, mutation: string) =>
  builder.objectRef<string>(name).implement({
    description: `What came of \`${mutation}\`.`,
    fields: t => ({
      attachment: t.field({
        type: Attachment,
        description: 'The attachment.',
        resolve: (id, _, context) => context.services.attachments.get(signedIn(context), id),
      }),
    }),
  })

const AddAttachmentPayload = withAttachment('AddAttachmentPayload', 'addAttachment')
const UploadAttachmentPayload = withAttachment('UploadAttachmentPayload', 'uploadAttachment')

const RemoveAttachmentPayload = builder.objectRef<string>('RemoveAttachmentPayload').implement({
  description: 'What came of `removeAttachment`.',
  fields: t => ({ removedId: t.id({ description: 'The attachment that is gone.', resolve: id => id }) }),
})

roots.mutationFields(t => ({
  addAttachment: t.field({
    type: AddAttachmentPayload,
    directives: { access: { level: 'WRITE', argument: 'input.noteId' } },
    description: 'Adds a small file to a note, in the operation itself.',
    args: { input: t.arg({ type: AddAttachmentInput, required: true, description: 'The file.' }) },
    resolve: (_, { input }, context) => context.services.attachments.add(signedIn(context), input),
  }),
  uploadAttachment: t.field({
    type: UploadAttachmentPayload,
    directives: { access: { level: 'WRITE', argument: 'input.noteId' } },
    description: 'Adds a file to a note, sent as multipart/form-data. A request that breaks off leaves nothing behind.',
    args: { input: t.arg({ type: UploadAttachmentInput, required: true, description: 'The file.' }) },
    resolve: (_, { input }, context) => context.services.attachments.upload(signedIn(context), input),
  }),
  removeAttachment: t.field({
    type: RemoveAttachmentPayload,
    directives: { auth: {} },
    description: 'Removes a file from a note, for good; its bytes no longer count.',
    args: { input: t.arg({ type: RemoveAttachmentInput, required: true, description: 'Which.' }) },
    resolve: async (_, { input }, context) => {
      await context.services.attachments.remove(signedIn(context), input.id)
      return input.id
    },
  }),
}))
