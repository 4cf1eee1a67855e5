import type { ObjectFieldBuilder } from '@pothos/core'
import { User } from '../accounts/schema.ts'
import { builder, type SchemaTypes } from '../graph/builder.ts'
import type { NotebookEvent } from './notebook-change.ts'

type Types = PothosSchemaTypes.ExtendDefaultTypes<SchemaTypes>

const ChangeOperation = builder.enumType('ChangeOperation', {
  description: 'What happened to a thing.',
  values: {
    CREATED: { description: 'It was made.' },
    UPDATED: { description: 'It changed; `changedFields` says where.' },
    DELETED: { description: 'It is gone for good.' },
  } as const,
})

/** What changes of notes and of folders have in common. */
export const changeFields = (t: ObjectFieldBuilder<Types, NotebookEvent>, thing: 'Note' | 'Folder') => ({
  operation: t.field({ type: ChangeOperation, description: 'What happened.', resolve: event => event.operation }),
  changedFields: t.exposeStringList('changedFields', {
    description: `Which fields of \`${thing}\` changed; empty for what was made or deleted.`,
  }),
  at: t.field({ type: 'DateTime', description: 'When.', resolve: event => event.at }),
  by: t.field({
    type: User,
    nullable: true,
    description: 'Who did it; null once their account is gone.',
    resolve: (event, _, context) => (event.byId === null ? null : context.loaders.users.load(event.byId)),
  }),
})
