import { User } from '../../accounts/schema.ts'
import { builder } from '../../graph/builder.ts'
import { FeedItem } from '../../graph/feed-item.ts'
import { signedIn } from '../../graph/guard.ts'
import { Node, registerNode } from '../../graph/node.ts'
import type { NotebookEvent } from '../notebook-change.ts'
import { ChangeOperation, Note } from '../schema.ts'
import type { FolderAt } from './folder.ts'

const Folder = builder.objectRef<FolderAt>('Folder')

Folder.implement({
  description: 'A folder in its owner’s notebook. Nobody else sees it: notes are shared, folders are not.',
  interfaces: [Node],
  fields: t => ({
    name: t.exposeString('name', { description: 'What its owner calls it.' }),
    color: t.exposeString('color', { nullable: true, description: 'As `#rgb` or `#rrggbb`; null: none.' }),
    parent: t.field({
      type: Folder,
      nullable: true,
      description: 'The folder it is in; null at the top level.',
      resolve: ({ parentId }, _, context) => (parentId === null ? null : context.loaders.folders.load(parentId)),
    }),
    children: t.field({
      type: [Folder],
      description: 'The folders in it, in their order.',
      resolve: ({ id }, _, context) => context.loaders.folderChildren.load(id),
    }),
    position: t.exposeInt('position', { description: 'Its place among its siblings: the smallest comes first, and there may be gaps.' }),
    isDefault: t.exposeBoolean('isDefault', {
      description: 'Whether the notebook came with it. It can be renamed, moved and deleted like any other.',
    }),
    noteCount: t.field({
      type: 'Int',
      description: 'How many notes are in it and in the folders below it, without those that are in the trash, archived or hidden.',
      resolve: ({ id }, _, context) => context.loaders.folderNoteCounts.load(id),
    }),
    cursor: t.field({
      type: 'Cursor',
      description: 'Where this state stands in the feed of the notebook: follow `notebookChanges` with it as `after` and nothing is missed.',
      resolve: (folder, _, context) => context.services.folders.cursorOf(folder),
    }),
    createdAt: t.field({ type: 'DateTime', description: 'When it was made.', resolve: folder => folder.createdAt }),
    updatedAt: t.field({ type: 'DateTime', description: 'When its name, colour or place last changed.', resolve: folder => folder.updatedAt }),
  }),
})

registerNode('fold', (id, context) => context.loaders.folders.load(id))

builder.objectField(Note, 'folder', t =>
  t.field({
    type: Folder,
    nullable: true,
    directives: { perViewer: {} },
    description: 'The folder it is in; null for none, and for everybody but its owner.',
    resolve: ({ folderId }, _, context) => (folderId === null ? null : context.loaders.folders.load(folderId)),
  }),
)

builder.objectRef<NotebookEvent>('FolderChange').implement({
  description: 'A folder was made, changed or deleted.',
  interfaces: [FeedItem],
  fields: t => ({
    operation: t.field({ type: ChangeOperation, description: 'What happened.', resolve: event => event.operation }),
    folderId: t.exposeID('id', { description: 'The folder.' }),
    folder: t.field({
      type: Folder,
      nullable: true,
      description: 'The folder as it is when the event is sent, at least as new as the change; null once it is deleted.',
      resolve: (event, _, context) => context.loaders.folders.load(event.id),
    }),
    changedFields: t.exposeStringList('changedFields', { description: 'Which fields of `Folder` changed; empty for what was made or deleted.' }),
    at: t.field({ type: 'DateTime', description: 'When.', resolve: event => event.at }),
    by: t.field({
      type: User,
      nullable: true,
      description: 'Who did it; null once their account is gone.',
      resolve: (event, _, context) => (event.byId === null ? null : context.loaders.users.load(event.byId)),
    }),
  }),
})

builder.queryFields(t => ({
  folder: t.field({
    type: Folder,
    nullable: true,
    directives: { auth: {} },
    description: 'A folder of the viewer; else null.',
    args: { id: t.arg.id({ required: true, description: 'Its id.' }) },
    resolve: (_, { id }, context) => context.loaders.folders.load(id),
  }),
  folders: t.field({
    type: [Folder],
    directives: { auth: {} },
    description:
      'All folders of the viewer as a table of contents: each behind its parent, siblings in their order. The first to ask gets the defaults, Personal, Work and Projects.',
    resolve: (_, __, context) => context.services.folders.list(signedIn(context)),
  }),
}))
