import { builder } from '../../graph/builder.ts'
import { FeedItem } from '../../graph/feed-item.ts'
import { signedIn } from '../../graph/guard.ts'
import { idempotencyKeyField } from '../../graph/idempotency-key.ts'
import { itemsLimit, spendItems } from '../../graph/item-budget.ts'
import { Node, registerNode } from '../../graph/node.ts'
import { rootsOf } from '../../graph/roots.ts'
import { changeFields } from '../change-schema.ts'
import type { NotebookEvent } from '../notebook-change.ts'
import { Note } from '../schema.ts'
import type { FolderRow } from './folder.ts'
import { maxDepth, maxFolders, maxNameLength } from './folder-input.ts'
import type { Siblings } from './service.ts'

const roots = rootsOf('notes')

const Folder = builder.objectRef<FolderRow>('Folder')

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
      description: `The folders in it, in their order. ${itemsLimit}`,
      resolve: async ({ id }, _, context, info) => spendItems(info, await context.loaders.folderChildren.load(id)),
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
    resolve({ folderId, folder }, _, { loaders }) {
      if (folder !== undefined || folderId === null) return folder ?? null
      return loaders.folders.load(folderId)
    },
  }),
)

builder.objectRef<NotebookEvent>('FolderChange').implement({
  description: 'A folder was made, changed or deleted.',
  interfaces: [FeedItem],
  fields: t => ({
    ...changeFields(t, 'Folder'),
    folderId: t.exposeID('id', { description: 'The folder.' }),
    folder: t.field({
      type: Folder,
      nullable: true,
      description: 'The folder as it is when the event is sent, at least as new as the change; null once it is deleted.',
      resolve: (event, _, context) => context.loaders.folders.load(event.id),
    }),
  }),
})

roots.queryFields(t => ({
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
    resolve: async (_, __, context, info) => spendItems(info, await context.services.folders.list(signedIn(context))),
  }),
}))

const nameLimits = `1 to ${maxNameLength} characters, and not only spaces.`
const foreignParent = 'BAD_USER_INPUT for any other.'

const CreateFolderInput = builder.inputType('CreateFolderInput', {
  description: `A new folder in the viewer’s notebook, which holds at most ${maxFolders} (QUOTA_EXCEEDED).`,
  fields: t => ({
    id: t.id({ description: 'An id of the client’s own making: `fold_` and a UUIDv7. ALREADY_EXISTS when it is, or was, taken.' }),
    name: t.string({ required: true, description: nameLimits }),
    color: t.string({ description: '`#rgb` or `#rrggbb`; default: none.' }),
    parentId: t.id({ description: `The viewer’s folder to put it in, at most ${maxDepth} levels deep; default: the top level. ${foreignParent}` }),
    idempotencyKey: idempotencyKeyField(t),
  }),
})

const UpdateFolderInput = builder.inputType('UpdateFolderInput', {
  description: 'What is to be different; what is left out stays.',
  fields: t => ({
    id: t.id({ required: true, description: 'The folder.' }),
    name: t.string({ description: nameLimits }),
    color: t.string({ description: '`#rgb` or `#rrggbb`; null takes it away.' }),
    parentId: t.id({
      description: `The folder of the same notebook to put it in, behind those that are there; null: the top level. BAD_USER_INPUT for itself, for a folder below it, and when something would come to be more than ${maxDepth} levels deep.`,
    }),
    idempotencyKey: idempotencyKeyField(t),
  }),
})

const ReorderFoldersInput = builder.inputType('ReorderFoldersInput', {
  description: 'A new order for all folders of one place.',
  fields: t => ({
    parentId: t.id({ description: `The folder they are in; default: the top level. ${foreignParent}` }),
    folderIds: t.idList({ required: true, description: 'All folders that are there, each once, in their new order; else BAD_USER_INPUT.' }),
    idempotencyKey: idempotencyKeyField(t),
  }),
})

const DeleteFolderInput = builder.inputType('DeleteFolderInput', {
  description: 'Which folder to delete.',
  fields: t => ({ id: t.id({ required: true, description: 'The folder.' }), idempotencyKey: idempotencyKeyField(t) }),
})

/** Payloads hold the folder by its id, and read it only if it was asked for. */
const withFolder = (name: string, mutation: string) =>
  builder.objectRef<string>(name).implement({
    description: `What came of \`${mutation}\`.`,
    fields: t => ({
      folder: t.field({
        type: Folder,
        description: 'The folder as it is now.',
        resolve: (id, _, context) => context.services.folders.get(signedIn(context), id),
      }),
    }),
  })

const CreateFolderPayload = withFolder('CreateFolderPayload', 'createFolder')
const UpdateFolderPayload = withFolder('UpdateFolderPayload', 'updateFolder')

const ReorderFoldersPayload = builder.objectRef<Siblings>('ReorderFoldersPayload').implement({
  description: 'What came of `reorderFolders`.',
  fields: t => ({
    folders: t.field({
      type: [Folder],
      description: 'The folders of that place as they are now, in their order.',
      resolve: (siblings, _, context) => context.services.folders.listSiblings(siblings),
    }),
  }),
})

const DeleteFolderPayload = builder.objectRef<string>('DeleteFolderPayload').implement({
  description: 'What came of `deleteFolder`.',
  fields: t => ({ deletedId: t.id({ description: 'The folder that is gone.', resolve: id => id }) }),
})

roots.mutationFields(t => ({
  createFolder: t.field({
    type: CreateFolderPayload,
    directives: { auth: {} },
    description: 'Makes a folder, behind those that are there.',
    args: { input: t.arg({ type: CreateFolderInput, required: true, description: 'The folder.' }) },
    resolve: (_, { input }, context) => context.services.folders.create(signedIn(context), input),
  }),
  updateFolder: t.field({
    type: UpdateFolderPayload,
    directives: { auth: {} },
    description: 'Renames, colours or moves a folder, with all that is in it.',
    args: { input: t.arg({ type: UpdateFolderInput, required: true, description: 'Which, and what is to be different.' }) },
    resolve: (_, { input }, context) => context.services.folders.update(signedIn(context), input),
  }),
  reorderFolders: t.field({
    type: ReorderFoldersPayload,
    directives: { auth: {} },
    description: 'Puts the folders of one place into another order. Those that keep their position do not change.',
    args: { input: t.arg({ type: ReorderFoldersInput, required: true, description: 'Where, and the order.' }) },
    resolve: (_, { input }, context) => context.services.folders.reorder(signedIn(context), input),
  }),
  deleteFolder: t.field({
    type: DeleteFolderPayload,
    directives: { auth: {} },
    description:
      'Deletes a folder for good. Its notes and the folders in it go to the folder it was in, or to the top level: each is a change of its own.',
    args: { input: t.arg({ type: DeleteFolderInput, required: true, description: 'Which.' }) },
    resolve: (_, { input }, context) => context.services.folders.remove(signedIn(context), input),
  }),
}))
