import { builder } from '../../graph/builder.ts'
import { contentsLimit, spendText } from '../../graph/byte-budget.ts'
import { connectionOf, pageSize } from '../../graph/connection.ts'
import { Node, registerNode } from '../../graph/node.ts'
import { Note } from '../schema.ts'
import type { RevisionRow } from './revision.ts'

const NoteRevision = builder.objectRef<RevisionRow>('NoteRevision').implement({
  description: 'What a note held before it was written over. `updateNote` with these fields brings it back.',
  interfaces: [Node],
  fields: t => ({
    version: t.exposeInt('version', { description: 'The note’s `version` before it was written over.' }),
    title: t.exposeString('title', { nullable: true, description: 'The plain title.' }),
    content: t.string({
      nullable: true,
      description: `The plain content. ${contentsLimit}`,
      resolve: ({ content }, _, __, info) => spendText(info.variableValues, content),
    }),
    encryptedTitle: t.field({ type: 'Ciphertext', nullable: true, description: 'The title, encrypted.', resolve: row => row.encryptedTitle }),
    encryptedContent: t.field({
      type: 'Ciphertext',
      nullable: true,
      description: `The content, encrypted. ${contentsLimit}`,
      resolve: ({ encryptedContent }, _, __, info) => spendText(info.variableValues, encryptedContent),
    }),
    iv: t.exposeString('iv', { nullable: true, description: 'Initialisation vector of this ciphertext.' }),
    salt: t.exposeString('salt', { nullable: true, description: 'Salt of this ciphertext’s key.' }),
    createdAt: t.field({ type: 'DateTime', description: 'When the note came to this version.', resolve: row => row.createdAt }),
  }),
})

registerNode('rev', async (id, { loaders }) => {
  const noteId = await loaders.revisionNotes.load(id)
  return noteId && (await loaders.levels.load(noteId)) ? loaders.revisions.load(id) : null
})

const NoteRevisionConnection = connectionOf('NoteRevision', NoteRevision)

builder.objectField(Note, 'revisions', t =>
  t.field({
    type: NoteRevisionConnection,
    description:
      'What it held before changes of its text, the newest first: the last 50, and beside them the last of each day (UTC) for 30 days. A page has fewer than `first` when they are large. A note that becomes encrypted loses its plain ones.',
    args: { first: t.arg.int({ description: 'From 1 to 500. Default 50.' }), after: t.arg.string({ description: 'Go on behind this edge.' }) },
    resolve: ({ id }, { first, after }, context) => context.loaders.noteRevisions.load({ id, first: pageSize(first), after: after ?? null }),
  }),
)
