import { builder } from '../../graph/builder.ts'
import { connectionOf, pageSize } from '../../graph/connection.ts'
import { signedIn } from '../../graph/guard.ts'
import { rootsOf } from '../../graph/roots.ts'
import { askedAt, onceForSelection } from '../../graph/selection.ts'
import { maxTagLength } from '../note-input.ts'
import { Note, NoteType } from '../schema.ts'
import { maxSearchLength } from './note-filter.ts'
import type { NotebookState } from './service.ts'
import { shownFor } from './shown.ts'
import type { NoteCounts as Counts } from './store.ts'

const roots = rootsOf('notes')

const NoteFilter = builder.inputType('NoteFilter', {
  description:
    'Which notes to list: those to which all that is given applies. Archived, hidden and trashed notes are in no list that does not ask for them.',
  fields: t => ({
    shared: t.boolean({
      defaultValue: false,
      description: 'Notes of others that the viewer is a member of, instead of the viewer’s own; not together with `folderId`.',
    }),
    folderId: t.id({ description: 'Notes in this folder of the viewer’s. BAD_USER_INPUT for any other.' }),
    withSubfolders: t.boolean({ defaultValue: false, description: 'With `folderId`: notes in all folders below it too.' }),
    starred: t.boolean({ description: 'Whether it is starred.' }),
    archived: t.boolean({ description: 'Whether it is archived; default: false, and either with `hidden` or `trashed`.' }),
    hidden: t.boolean({ description: 'Whether it is hidden; default: false, and either with `trashed`.' }),
    trashed: t.boolean({ description: 'Whether it is in the trash; default: false.' }),
    type: t.field({ type: NoteType, description: 'Of this type.' }),
    tag: t.string({ description: `With this very tag; 1 to ${maxTagLength} characters.` }),
    search: t.string({
      description: `Words of its plain title and content (of its first 100,000 characters), 1 to ${maxSearchLength} characters. All words have to be there; "a phrase", -without and or are understood, and the last word matches the beginning of one too. Encrypted notes are never found.`,
    }),
  }),
})

const NoteConnection = connectionOf('Note', Note)

const shownIn = onceForSelection(info =>
  shownFor(askedAt(info, []), askedAt(info, ['nodes'], ['edges', 'node']), askedAt(info, ['nodes', 'folder'], ['edges', 'node', 'folder'])),
)

const NoteCounts = builder.objectRef<Counts>('NoteCounts').implement({
  description: 'How many notes the list `notes` shows for each view.',
  fields: t => ({
    all: t.exposeInt('all', { description: 'Neither archived, hidden nor in the trash.' }),
    starred: t.exposeInt('starred', { description: 'Of those, the starred ones.' }),
    archived: t.exposeInt('archived', { description: 'Archived, and neither hidden nor in the trash.' }),
    hidden: t.exposeInt('hidden', { description: 'Hidden, archived or not, and not in the trash.' }),
    trashed: t.exposeInt('trashed', { description: 'In the trash.' }),
    public: t.exposeInt('public', { description: 'Published.' }),
  }),
})

const Notebook = builder.objectRef<NotebookState>('Notebook').implement({
  description: 'All notes, folders and attachments of a user, as one.',
  fields: t => ({
    cursor: t.field({
      type: 'Cursor',
      description:
        'Where the notebook stands. Ask for it in a request before those for the lists, then follow `notebookChanges(after:)` from it, and nothing is missed.',
      resolve: notebook => notebook.cursor,
    }),
    usedBytes: t.field({ type: 'BigInt', description: 'What the attachments weigh, in bytes.', resolve: notebook => notebook.usedBytes }),
    quotaBytes: t.field({
      type: 'BigInt',
      nullable: true,
      description: 'What they may weigh, in bytes; null: there is no quota.',
      resolve: notebook => notebook.quotaBytes,
    }),
  }),
})

roots.queryFields(t => ({
  notes: t.field({
    type: NoteConnection,
    directives: { auth: {} },
    description:
      'Notes of the viewer, the last changed first. A page may be shorter than `first` where notes are large: `hasNextPage` says whether there are more.',
    args: {
      filter: t.arg({ type: NoteFilter, description: 'Which; default: all that are neither archived, hidden nor in the trash.' }),
      first: t.arg.int({ description: 'From 1 to 500. Default 50.' }),
      after: t.arg.string({ description: 'Go on behind this edge.' }),
    },
    resolve: (_, { filter, first, after }, context, info) =>
      context.services.listing.list(signedIn(context), filter ?? {}, { first: pageSize(first), after: after ?? null, shown: shownIn(info) }),
  }),
  noteCounts: t.field({
    type: NoteCounts,
    directives: { auth: {} },
    description: 'How many notes the viewer has in each view.',
    args: { folderId: t.arg.id({ description: 'Only those in this folder of the viewer’s and in all below it. BAD_USER_INPUT for any other.' }) },
    resolve: (_, { folderId }, context) => context.services.listing.counts(signedIn(context), folderId ?? null),
  }),
  notebook: t.field({
    type: Notebook,
    directives: { auth: {} },
    description: 'The notebook of the viewer; made on first use, with its default folders.',
    resolve: (_, __, context) => context.services.listing.notebook(signedIn(context)),
  }),
}))
