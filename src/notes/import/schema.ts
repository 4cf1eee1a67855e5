import { builder } from '../../graph/builder.ts'
import { signedIn } from '../../graph/guard.ts'
import { idempotencyKeyField } from '../../graph/idempotency-key.ts'
import { rootsOf } from '../../graph/roots.ts'
import { maxDepth, maxFolders, maxNameLength, maxPosition } from '../folders/folder-input.ts'
import { maxContentLength, maxParameterLength, maxTagLength, maxTags, maxTitleLength } from '../note-input.ts'
import { NoteType } from '../schema.ts'
import { maxItems } from './import-input.ts'
import type { Imported } from './service.ts'

const roots = rootsOf('notes')

const timeLimits = 'From 1970 on, and at most a minute ahead of the server (CLOCK_SKEW).'

const ImportFolderInput = builder.inputType('ImportFolderInput', {
  description: 'A folder as it was elsewhere.',
  fields: t => ({
    id: t.id({ required: true, description: '`fold_` and a UUIDv7; the same one each time the import is run.' }),
    parentId: t.id({
      description: `The folder it is in: of these, or of the notebook. Default: the top level. Folders nest ${maxDepth} levels deep at most.`,
    }),
    name: t.string({ required: true, description: `1 to ${maxNameLength} characters, not only spaces.` }),
    color: t.string({ description: 'As `#rgb` or `#rrggbb`.' }),
    position: t.int({ description: `Its place among its siblings, from 0 to ${maxPosition}, the smallest first; default: behind them.` }),
    createdAt: t.field({ type: 'DateTime', description: `When it was made; default: \`updatedAt\`, or now. ${timeLimits}` }),
    updatedAt: t.field({ type: 'DateTime', description: `When it last changed; default: \`createdAt\`, or now. ${timeLimits}` }),
  }),
})

const ImportNoteInput = builder.inputType('ImportNoteInput', {
  description: 'A note as it was elsewhere, plain or encrypted.',
  fields: t => ({
    id: t.id({ required: true, description: '`note_` and a UUIDv7; the same one each time the import is run.' }),
    folderId: t.id({ description: 'The folder it is in: of these, or of the notebook. Default: none.' }),
    type: t.field({ type: NoteType, defaultValue: 'NOTE', description: 'What its content is.' }),
    title: t.string({ description: `At most ${maxTitleLength} characters.` }),
    content: t.string({ description: `At most ${maxContentLength} characters.` }),
    encryptedTitle: t.field({ type: 'Ciphertext', description: 'Given together with the next three, and without plain text.' }),
    encryptedContent: t.field({ type: 'Ciphertext', description: 'The content, encrypted.' }),
    iv: t.string({ description: `Initialisation vector; 1 to ${maxParameterLength} characters.` }),
    salt: t.string({ description: `Salt of the key; 1 to ${maxParameterLength} characters.` }),
    tags: t.stringList({ description: `At most ${maxTags} tags of 1 to ${maxTagLength} characters.` }),
    starred: t.boolean({ defaultValue: false, description: 'Whether it is starred.' }),
    archived: t.boolean({ defaultValue: false, description: 'Whether it is archived.' }),
    hidden: t.boolean({ defaultValue: false, description: 'Whether it is hidden.' }),
    trashedAt: t.field({ type: 'DateTime', description: `When it was put into the trash; default: it is not there. ${timeLimits}` }),
    createdAt: t.field({ type: 'DateTime', description: `When it was made; default: \`updatedAt\`, or now. ${timeLimits}` }),
    updatedAt: t.field({ type: 'DateTime', description: `When it last changed; default: \`createdAt\`, or now. ${timeLimits}` }),
  }),
})

const ImportNotebookInput = builder.inputType('ImportNotebookInput', {
  description: 'Folders and notes to take into the viewer’s notebook, as one.',
  fields: t => ({
    folders: t.field({ type: [ImportFolderInput], description: `At most ${maxItems}, in any order: one may come before the one it is in.` }),
    notes: t.field({ type: [ImportNoteInput], description: `At most ${maxItems}.` }),
    idempotencyKey: idempotencyKeyField(t),
  }),
})

const ImportNotebookPayload = builder.objectRef<Imported>('ImportNotebookPayload').implement({
  description: 'What came of `importNotebook`.',
  fields: t => ({
    importedFolderIds: t.idList({ description: 'The folders that came in.', resolve: imported => [...imported.folderIds] }),
    importedNoteIds: t.idList({ description: 'The notes that came in.', resolve: imported => [...imported.noteIds] }),
    skippedIds: t.idList({
      description: 'Those that the notebook had already, by their ids; they are as they were.',
      resolve: imported => [...imported.skippedIds],
    }),
  }),
})

roots.mutationField('importNotebook', t =>
  t.field({
    type: ImportNotebookPayload,
    directives: { auth: {} },
    description: `Takes in folders and notes from elsewhere with all that is known of them: all or nothing, and a bad one is named by its index. Running an import again skips what is there. ALREADY_EXISTS for ids that others use, or that were deleted; QUOTA_EXCEEDED above ${maxFolders} folders in the notebook.`,
    args: { input: t.arg({ type: ImportNotebookInput, required: true, description: 'The folders and notes.' }) },
    resolve: (_, { input }, context) => context.services.notebookImport.run(signedIn(context), input),
  }),
)
