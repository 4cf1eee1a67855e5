import { builder } from '../../graph/builder.ts'
import { signedIn } from '../../graph/guard.ts'
import { idempotencyKeyField } from '../../graph/idempotency-key.ts'
import { rootsOf } from '../../graph/roots.ts'
import { withNote } from '../schema.ts'

const roots = rootsOf('notes')

const ById = (name: string, description: string) =>
  builder.inputType(name, {
    description,
    fields: t => ({ id: t.id({ required: true, description: 'The note; needs ADMIN access.' }), idempotencyKey: idempotencyKeyField(t) }),
  })
const TrashNoteInput = ById('TrashNoteInput', 'Which note to put into the trash.')
const RestoreNoteInput = ById('RestoreNoteInput', 'Which note to bring back.')
const DeleteNoteInput = ById('DeleteNoteInput', 'Which note to delete for good.')

const EmptyTrashInput = builder.inputType('EmptyTrashInput', {
  description: 'How to empty the trash.',
  fields: t => ({ idempotencyKey: idempotencyKeyField(t) }),
})

const TrashNotePayload = withNote('TrashNotePayload', 'trashNote')
const RestoreNotePayload = withNote('RestoreNotePayload', 'restoreNote')

const DeleteNotePayload = builder.objectRef<string>('DeleteNotePayload').implement({
  description: 'What came of `deleteNote`.',
  fields: t => ({ deletedId: t.id({ description: 'The note that is gone; no note gets this id again.', resolve: id => id }) }),
})

const EmptyTrashPayload = builder.objectRef<readonly string[]>('EmptyTrashPayload').implement({
  description: 'What came of `emptyTrash`.',
  fields: t => ({ deletedIds: t.idList({ description: 'The notes that are gone, those changed longest ago first.', resolve: ids => ids }) }),
})

roots.mutationFields(t => ({
  trashNote: t.field({
    type: TrashNotePayload,
    directives: { access: { level: 'ADMIN', argument: 'input.id' } },
    description:
      'Puts a note into the trash, and takes it out of the public at once. It can still be read, and not be changed. Doing it again changes nothing.',
    args: { input: t.arg({ type: TrashNoteInput, required: true, description: 'Which.' }) },
    resolve: (_, { input }, context) => context.services.trash.trash(signedIn(context), input),
  }),
  restoreNote: t.field({
    type: RestoreNotePayload,
    directives: { access: { level: 'ADMIN', argument: 'input.id' } },
    description:
      'Takes a note out of the trash, into the folder it was in; if that was deleted meanwhile, into the one above. A note that is in no trash stays as it is.',
    args: { input: t.arg({ type: RestoreNoteInput, required: true, description: 'Which.' }) },
    resolve: (_, { input }, context) => context.services.trash.restore(signedIn(context), input),
  }),
  deleteNote: t.field({
    type: DeleteNotePayload,
    // No @access: who repeats the call after its answer was lost has no access to the note any more, and gets that answer.
    directives: { auth: {} },
    description: 'Deletes a note for good, from the trash or not: with its revisions, attachments, publication and members.',
    args: { input: t.arg({ type: DeleteNoteInput, required: true, description: 'Which.' }) },
    resolve: (_, { input }, context) => context.services.trash.remove(signedIn(context), input),
  }),
  emptyTrash: t.field({
    type: EmptyTrashPayload,
    directives: { auth: {} },
    description: 'Deletes for good all that is in the trash of the viewer’s notebook.',
    args: { input: t.arg({ type: EmptyTrashInput, description: 'How.' }) },
    resolve: (_, { input }, context) => context.services.trash.empty(signedIn(context), input ?? {}),
  }),
}))
