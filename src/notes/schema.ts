import { MemberConnection } from '../access/schema.ts'
import { User } from '../accounts/schema.ts'
import { builder } from '../graph/builder.ts'
import { contentsLimit, spendText } from '../graph/byte-budget.ts'
import { pageSize } from '../graph/connection.ts'
import type { Context } from '../graph/context.ts'
import { AccessLevel } from '../graph/enums.ts'
import { FeedItem, feedAfter } from '../graph/feed-item.ts'
import { signedIn } from '../graph/guard.ts'
import { idempotencyKeyField } from '../graph/idempotency-key.ts'
import { loadUser } from '../graph/loaders.ts'
import { Node, registerNode } from '../graph/node.ts'
import { rootsOf } from '../graph/roots.ts'
import { changeFields } from './change-schema.ts'
import type { NoteAt } from './note.ts'
import { maxContentLength, maxParameterLength, maxTagLength, maxTags, maxTitleLength } from './note-input.ts'
import type { NotebookEvent } from './notebook-change.ts'

const roots = rootsOf('notes')

export const NoteType = builder.enumType('NoteType', {
  description: 'What the content of a note is; the server treats all alike.',
  values: {
    NOTE: { description: 'Text, as HTML or plain.' },
    DIAGRAM: { description: 'A drawing.' },
    CODE: { description: 'Source code.' },
    SHEET: { description: 'A spreadsheet.' },
  } as const,
})

/** The rooms below add what is theirs: folder, attachments, revisions, publication. */
export const Note = builder.objectRef<NoteAt>('Note').implement({
  description: 'A note in its owner’s notebook, plain or encrypted.',
  interfaces: [Node],
  fields: t => ({
    type: t.field({ type: NoteType, description: 'What its content is.', resolve: note => note.type }),
    title: t.exposeString('title', { nullable: true, description: 'Its plain title; null for an encrypted note.' }),
    content: t.string({
      nullable: true,
      description: `Its plain content; null for an encrypted note. ${contentsLimit}`,
      resolve: ({ content }, _, __, info) => spendText(info.variableValues, content),
    }),
    encryptedTitle: t.field({ type: 'Ciphertext', nullable: true, description: 'Its title, encrypted.', resolve: note => note.encryptedTitle }),
    encryptedContent: t.field({
      type: 'Ciphertext',
      nullable: true,
      description: `Its content, encrypted. ${contentsLimit}`,
      resolve: ({ encryptedContent }, _, __, info) => spendText(info.variableValues, encryptedContent),
    }),
    iv: t.exposeString('iv', { nullable: true, description: 'Initialisation vector of the encryption, as its writer gave it.' }),
    salt: t.exposeString('salt', { nullable: true, description: 'Salt of the key, as its writer gave it.' }),
    tags: t.exposeStringList('tags', { description: 'Its tags, in the order they were given.' }),
    starred: t.exposeBoolean('starred', { description: 'Whether its owner marked it.' }),
    archived: t.exposeBoolean('archived', { description: 'Whether its owner put it away.' }),
    hidden: t.exposeBoolean('hidden', { description: 'Whether its owner keeps it out of sight.' }),
    trashedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it was put into the trash; it can be restored.',
      resolve: note => note.trashedAt,
    }),
    version: t.exposeInt('version', {
      description: 'Goes up by one with each change of the fields above, and when the note goes to another folder.',
    }),
    owner: t.field({
      type: User,
      description: 'In whose notebook it is; they keep ADMIN access.',
      resolve: ({ ownerId }, _, context) => loadUser(context.loaders, ownerId),
    }),
    members: t.field({
      type: MemberConnection,
      description: 'Those who have access, its owner included, in the order in which they came.',
      args: {
        first: t.arg.int({ description: 'From 1 to 500. Default 50.' }),
        after: t.arg.string({ description: 'Go on behind this edge.' }),
      },
      resolve: ({ id }, { first, after }, context) => context.loaders.members.load({ id, first: pageSize(first), after: after ?? null }),
    }),
    cursor: t.field({
      type: 'Cursor',
      description: 'Where this state stands in the feeds of the note and of its notebook: subscribe with it as `after` and nothing is missed.',
      resolve: (note, _, context) => context.services.notes.cursorOf(note),
    }),
    viewerAccess: t.field({
      type: AccessLevel,
      directives: { perViewer: {} },
      description: 'What the viewer may do with it.',
      resolve: async ({ id }, _, context) => (await context.loaders.levels.load(id)) ?? 'READ',
    }),
    createdAt: t.field({ type: 'DateTime', description: 'When it was made.', resolve: note => note.createdAt }),
    updatedAt: t.field({ type: 'DateTime', description: 'When it last changed.', resolve: note => note.updatedAt }),
  }),
})

/** Null for what there is not, and for what the viewer may not read. */
const findNote = async (id: string, { loaders }: Pick<Context, 'loaders'>): Promise<NoteAt | null> =>
  (await loaders.levels.load(id)) ? loaders.notes.load(id) : null

registerNode('note', findNote)

builder.objectRef<NotebookEvent>('NoteChange').implement({
  description: 'A note was made, changed or deleted for good.',
  interfaces: [FeedItem],
  fields: t => ({
    ...changeFields(t, 'Note'),
    noteId: t.exposeID('id', { description: 'The note.' }),
    note: t.field({
      type: Note,
      nullable: true,
      description: 'The note as it is when the event is sent, at least as new as the change; null once it is deleted.',
      resolve: (event, _, context) => context.loaders.notes.load(event.id),
    }),
  }),
})

roots.queryField('note', t =>
  t.field({
    type: Note,
    nullable: true,
    directives: { auth: {} },
    description: 'A note the viewer may read, wherever it is; else null.',
    args: { id: t.arg.id({ required: true, description: 'Its id.' }) },
    resolve: (_, { id }, context) => findNote(id, context),
  }),
)

const tagLimits = `At most ${maxTags} tags of 1 to ${maxTagLength} characters; a repeated one counts once.`
const parameterLimits = `1 to ${maxParameterLength} characters`

const CreateNoteInput = builder.inputType('CreateNoteInput', {
  description: 'A new note in the viewer’s notebook, plain or encrypted.',
  fields: t => ({
    id: t.id({ description: 'An id of the client’s own making: `note_` and a UUIDv7. ALREADY_EXISTS when it is, or was, taken.' }),
    folderId: t.id({ description: 'One of the viewer’s folders; default: none.' }),
    type: t.field({ type: NoteType, defaultValue: 'NOTE', description: 'What its content is.' }),
    title: t.string({ description: `At most ${maxTitleLength} characters.` }),
    content: t.string({ description: `At most ${maxContentLength} characters.` }),
    encryptedTitle: t.field({ type: 'Ciphertext', description: 'Given together with the next three, and without plain text.' }),
    encryptedContent: t.field({ type: 'Ciphertext', description: 'The content, encrypted.' }),
    iv: t.string({ description: `Initialisation vector; ${parameterLimits}.` }),
    salt: t.string({ description: `Salt of the key; ${parameterLimits}.` }),
    tags: t.stringList({ description: tagLimits }),
    idempotencyKey: idempotencyKeyField(t),
  }),
})

/** Payloads hold the note by its id, and read it only if it was asked for. */
export const withNote = (name: string, mutation: string) =>
  builder.objectRef<string>(name).implement({
    description: `What came of \`${mutation}\`.`,
    fields: t => ({
      note: t.field({
        type: Note,
        description: 'The note as it is now.',
        resolve: (id, _, context) => context.services.notes.get(id),
      }),
    }),
  })

const CreateNotePayload = withNote('CreateNotePayload', 'createNote')
const UpdateNotePayload = withNote('UpdateNotePayload', 'updateNote')

const UpdateNoteInput = builder.inputType('UpdateNoteInput', {
  description: [
    'Only what is given changes; what is given and equals the present is no change, and enters no feed.',
    '`encryptedTitle`, `encryptedContent`, `iv` and `salt` are given together or not at all (BAD_USER_INPUT names what is missing).',
    'With values they replace plain title and content, and then no plain text of the note is kept: its plain revisions and its publication go as well.',
    'As null they make the note plain again, with the `title` and `content` given beside them.',
    'Plain text alone never replaces ciphertext: BAD_USER_INPUT.',
  ].join(' '),
  fields: t => ({
    id: t.id({ required: true, description: 'The note; needs WRITE access.' }),
    expectedVersion: t.int({
      description:
        '`Note.version` as the client knows it. A note that was changed meanwhile fails with VERSION_MISMATCH, with its `version` beside the code.',
    }),
    folderId: t.id({ description: 'One of the notebook’s folders; null for none. Only for the owner, FORBIDDEN for others.' }),
    title: t.string({ description: `At most ${maxTitleLength} characters; null empties it.` }),
    content: t.string({ description: `At most ${maxContentLength} characters; null empties it.` }),
    encryptedTitle: t.field({ type: 'Ciphertext', description: 'Given together with the next three.' }),
    encryptedContent: t.field({ type: 'Ciphertext', description: 'The content, encrypted.' }),
    iv: t.string({ description: `Initialisation vector; ${parameterLimits}.` }),
    salt: t.string({ description: `Salt of the key; ${parameterLimits}.` }),
    tags: t.stringList({ description: `${tagLimits} Not null: an empty list takes them off.` }),
    starred: t.boolean({ description: 'Marks it, or no longer. Not null; only for the owner.' }),
    archived: t.boolean({ description: 'Puts it away, or back. Not null; only for the owner.' }),
    hidden: t.boolean({ description: 'Keeps it out of sight, or no longer. Not null; only for the owner.' }),
    idempotencyKey: idempotencyKeyField(t),
  }),
})

roots.mutationFields(t => ({
  createNote: t.field({
    type: CreateNotePayload,
    directives: { auth: {} },
    description: 'Makes a note.',
    args: { input: t.arg({ type: CreateNoteInput, required: true, description: 'The note.' }) },
    resolve: (_, { input }, context) => context.services.notes.create(signedIn(context), input),
  }),
  updateNote: t.field({
    type: UpdateNotePayload,
    directives: { access: { level: 'WRITE', argument: 'input.id' } },
    description: 'Changes a note. CONFLICT for one in the trash. What it held before stays as a revision.',
    args: { input: t.arg({ type: UpdateNoteInput, required: true, description: 'Which note, and what of it.' }) },
    resolve: (_, { input }, context) => context.services.notes.update(signedIn(context), input),
  }),
}))

roots.subscriptionFields(t => ({
  noteChanges: t.field({
    type: FeedItem,
    directives: { access: { level: 'READ', argument: 'noteId' } },
    description: 'The feed of a note: FeedReady, then every NoteChange, whoever made it, in order and exactly once.',
    args: {
      noteId: t.arg.id({ required: true, description: 'The note; needs READ access.' }),
      after: t.arg({ type: 'Cursor', description: feedAfter }),
    },
    subscribe: (_, { noteId, after }, context) => context.services.notes.subscribe(signedIn(context), noteId, after) as never,
    resolve: event => event as never,
  }),
  notebookChanges: t.field({
    type: FeedItem,
    directives: { auth: {} },
    description: 'Every note and folder of the viewer: FeedReady, then every NoteChange and FolderChange, in order and exactly once.',
    args: { after: t.arg({ type: 'Cursor', description: feedAfter }) },
    subscribe: (_, { after }, context) => context.services.notes.subscribeAll(signedIn(context), after) as never,
    resolve: event => event as never,
  }),
}))
