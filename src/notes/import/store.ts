import { sql } from 'drizzle-orm'
import type { Tx } from '../../platform/database.ts'
import { textArray } from '../../platform/text-array.ts'
import type { FolderRow } from '../folders/folder.ts'
import type { NoteRow } from '../note.ts'

/** Whose the notes and folders are that have these ids. */
export async function findOwners(tx: Tx, ids: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await tx.execute<{ id: string; owner_id: string }>(sql`
    select id, owner_id from notes where id = any(${textArray(ids)}) union all select id, owner_id from folders where id = any(${textArray(ids)})`)
  return new Map(rows.map(row => [row.id, row.owner_id]))
}

/** Which of these ids were those of notes and folders that are gone for good. */
export async function findDeleted(tx: Tx, ids: readonly string[]): Promise<Set<string>> {
  const { rows } = await tx.execute<{ id: string }>(sql`
    select id from deleted_notes where id = any(${textArray(ids)}) union all select id from deleted_folders where id = any(${textArray(ids)})`)
  return new Set(rows.map(row => row.id))
}

/** Gives the ids of those that are in, which leaves out whose id is taken. */
export async function insertFolders(tx: Tx, rows: readonly FolderRow[]): Promise<Set<string>> {
  return idsOf(
    await tx.execute<{ id: string }>(sql`
      insert into folders (id, owner_id, parent_id, name, color, position, is_default, created_at, updated_at)
      select * from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as row (
        "id" text, "ownerId" text, "parentId" text, "name" text, "color" text, "position" int, "isDefault" boolean, "createdAt" timestamptz, "updatedAt" timestamptz)
      on conflict do nothing returning id`),
  )
}

/** Gives the ids of those that are in, which leaves out whose id is taken. */
export async function insertNotes(tx: Tx, rows: readonly NoteRow[]): Promise<Set<string>> {
  return idsOf(
    await tx.execute<{ id: string }>(sql`
      insert into notes (id, owner_id, folder_id, type, title, content, encrypted_title, encrypted_content, iv, salt,
        tags, starred, archived, hidden, trashed_at, version, created_at, updated_at)
      select * from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as row (
        "id" text, "ownerId" text, "folderId" text, "type" note_type, "title" text, "content" text, "encryptedTitle" text, "encryptedContent" text, "iv" text, "salt" text,
        "tags" text[], "starred" boolean, "archived" boolean, "hidden" boolean, "trashedAt" timestamptz, "version" int, "createdAt" timestamptz, "updatedAt" timestamptz)
      on conflict do nothing returning id`),
  )
}

const idsOf = ({ rows }: { readonly rows: readonly { readonly id: string }[] }) => new Set(rows.map(row => row.id))
