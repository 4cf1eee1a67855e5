import { sql } from 'drizzle-orm'
import { boolean, changedSince, hanging, json, type KeysetTable, number, text, textKey, time } from '../platform/keyset.ts'

const ofMembers = hanging({
  on: sql`memberships m`,
  table: 'document_fields',
  alias: 'f',
  by: sql`f.document_id = m.resource_id`,
  key: [textKey('m.resource_id'), textKey('f.path')],
})

/** Documents and the last write of each field. A user's are those they are a member of. */
export const documentTables: readonly KeysetTable[] = [
  {
    type: 'Document',
    columns: {
      id: text('d.id'),
      name: text('d.name'),
      createdAt: time('d.created_at'),
      updatedAt: time('d.updated_at'),
      deletedAt: time('d.deleted_at'),
    },
    scan: selection => ({
      ...(selection.userId === null
        ? { from: sql`documents d`, key: [textKey('d.id')] }
        : {
            from: sql`memberships m join documents d on d.id = m.resource_id`,
            where: sql`m.user_id = ${selection.userId}`,
            key: [textKey('m.resource_id')],
          }),
      wanted: changedSince(selection, 'd.updated_at'),
    }),
  },
  {
    type: 'DocumentField',
    columns: {
      documentId: text('f.document_id'),
      path: text('f.path'),
      value: json('f.value'),
      deleted: boolean('f.deleted'),
      timestamp: time('f.timestamp'),
      counter: number('f.counter'),
      clientId: text('f.client_id'),
    },
    weight: sql`coalesce(octet_length(f.value::text), 0)`,
    scan: selection => ({
      ...(selection.userId === null
        ? { from: sql`document_fields f`, key: [textKey('f.document_id'), textKey('f.path')] }
        : { ...ofMembers, where: sql`m.user_id = ${selection.userId}` }),
      wanted: changedSince(selection, 'f.timestamp'),
    }),
  },
]
