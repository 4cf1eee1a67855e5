import { sql } from 'drizzle-orm'
import { boolean, changedSince, json, type KeysetTable, number, text, textKey, time } from '../platform/keyset.ts'

/** Folders, notes and what is attached to them, without the bytes. What is encrypted stays so. A user's are those in their own notebook. */
export const noteTables: readonly KeysetTable[] = [
  {
    type: 'Folder',
    columns: {
      id: text('f.id'),
      ownerId: text('f.owner_id'),
      parentId: text('f.parent_id'),
      name: text('f.name'),
      color: text('f.color'),
      position: number('f.position'),
      isDefault: boolean('f.is_default'),
      createdAt: time('f.created_at'),
      updatedAt: time('f.updated_at'),
    },
    scan: selection => ({
      from: sql`folders f`,
      key: [textKey('f.id')],
      where: selection.userId === null ? undefined : sql`f.owner_id = ${selection.userId}`,
      wanted: changedSince(selection, 'f.updated_at'),
    }),
  },
  {
    type: 'Note',
    columns: {
      id: text('n.id'),
      ownerId: text('n.owner_id'),
      folderId: text('n.folder_id'),
      folder: text('f.name'),
      noteType: text('n.type'),
      title: text('n.title'),
      content: text('n.content'),
      encryptedTitle: text('n.encrypted_title'),
      encryptedContent: text('n.encrypted_content'),
      iv: text('n.iv'),
      salt: text('n.salt'),
      tags: json('to_jsonb(n.tags)'),
      starred: boolean('n.starred'),
      archived: boolean('n.archived'),
      hidden: boolean('n.hidden'),
      trashedAt: time('n.trashed_at'),
      version: number('n.version'),
      createdAt: time('n.created_at'),
      updatedAt: time('n.updated_at'),
    },
    weight: sql`coalesce(octet_length(n.content), 0) + coalesce(octet_length(n.encrypted_content), 0)`,
    scan: selection => ({
      from: sql`notes n left join folders f on f.id = n.folder_id`,
      key: [textKey('n.id')],
      where: selection.userId === null ? undefined : sql`n.owner_id = ${selection.userId}`,
      wanted: changedSince(selection, 'n.updated_at'),
    }),
  },
  {
    type: 'Attachment',
    columns: {
      id: text('a.id'),
      noteId: text('a.note_id'),
      mimeType: text('a.mime_type'),
      encryptedName: text('a.encrypted_name'),
      iv: text('a.iv'),
      salt: text('a.salt'),
      sizeBytes: number('a.size_bytes'),
      createdAt: time('a.created_at'),
    },
    scan: selection => ({
      from: selection.userId === null ? sql`attachments a` : sql`notes n join attachments a on a.note_id = n.id`,
      key: [textKey('a.id')],
      where: selection.userId === null ? undefined : sql`n.owner_id = ${selection.userId}`,
      wanted: changedSince(selection, 'a.created_at'),
    }),
  },
]
