import { sql } from 'drizzle-orm'
import { bigint, boolean, index, integer, pgEnum, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { bytes, instant, searchVector } from '../platform/column-types.ts'

/** What a user's notes and folders are in; whoever changes one of them locks this row first. */
export const notebooks = pgTable('notebooks', {
  ownerId: text('owner_id').primaryKey(),
  attachmentBytes: bigint('attachment_bytes', { mode: 'number' }).notNull().default(0),
  createdAt: instant('created_at').notNull(),
})

export const folders = pgTable(
  'folders',
  {
    id: text().primaryKey(),
    ownerId: text('owner_id').notNull(),
    parentId: text('parent_id'),
    name: text().notNull(),
    color: text(),
    /** Among those with the same parent; they may have gaps. */
    position: integer().notNull(),
    isDefault: boolean('is_default').notNull(),
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
  },
  table => [index('folders_siblings').on(table.ownerId, table.parentId, table.position), index('folders_children').on(table.parentId)],
)

/** Ids of folders that were deleted: none is used again, as with notes. */
export const deletedFolders = pgTable('deleted_folders', { id: text().primaryKey(), deletedAt: instant('deleted_at').notNull() })

export const noteType = pgEnum('note_type', ['NOTE', 'DIAGRAM', 'CODE', 'SHEET'])

/** What is searched of a text; a search vector holds no more than a MiB, whatever the letters are. */
const searchedCharacters = 100_000

export const notes = pgTable(
  'notes',
  {
    id: text().primaryKey(),
    ownerId: text('owner_id').notNull(),
    folderId: text('folder_id'),
    type: noteType().notNull(),
    title: text(),
    content: text(),
    encryptedTitle: text('encrypted_title'),
    encryptedContent: text('encrypted_content'),
    iv: text(),
    salt: text(),
    tags: text().array().notNull(),
    starred: boolean().notNull(),
    archived: boolean().notNull(),
    hidden: boolean().notNull(),
    trashedAt: instant('trashed_at'),
    version: integer().notNull(),
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
    search: searchVector('search').generatedAlwaysAs(
      sql.raw(
        `setweight(to_tsvector('simple', lower(coalesce(title, ''))), 'A') || setweight(to_tsvector('simple', lower(left(coalesce(content, ''), ${searchedCharacters}))), 'B')`,
      ),
    ),
  },
  table => {
    const page = [table.ownerId, table.updatedAt, table.id] as const
    const kept = sql`${table.trashedAt} is null and not ${table.hidden}`
    const live = sql`${kept} and not ${table.archived}`
    return [
      // One for each list that is shown, in its order.
      index('notes_live')
        .on(...page)
        .where(live),
      index('notes_starred')
        .on(...page)
        .where(sql`${live} and ${table.starred}`),
      index('notes_type').on(table.ownerId, table.type, table.updatedAt, table.id).where(live),
      index('notes_archived')
        .on(...page)
        .where(sql`${kept} and ${table.archived}`),
      index('notes_hidden')
        .on(...page)
        .where(sql`${table.trashedAt} is null and ${table.hidden}`),
      index('notes_trash')
        .on(...page)
        .where(sql`${table.trashedAt} is not null`),
      index('notes_folder').on(table.folderId, table.updatedAt, table.id),
      index('notes_counts').on(table.ownerId, table.folderId, table.trashedAt, table.archived, table.hidden, table.starred),
      // With the owner among the tags, so that a search does not go through what others wrote.
      index('notes_words').using('gin', table.search, sql`array_append(${table.tags}, ${table.ownerId})`),
    ]
  },
)

/** Ids of notes that were deleted for good: none is used again, or who still follows the old note would read the new one. */
export const deletedNotes = pgTable('deleted_notes', { id: text().primaryKey(), deletedAt: instant('deleted_at').notNull() })

/** What a note held before it was written over. */
export const noteRevisions = pgTable(
  'note_revisions',
  {
    id: text().primaryKey(),
    noteId: text('note_id').notNull(),
    version: integer().notNull(),
    title: text(),
    content: text(),
    encryptedTitle: text('encrypted_title'),
    encryptedContent: text('encrypted_content'),
    iv: text(),
    salt: text(),
    /** When the note came to hold it. */
    createdAt: instant('created_at').notNull(),
  },
  table => [uniqueIndex('note_revisions_version').on(table.noteId, table.version)],
)

export const attachments = pgTable(
  'attachments',
  {
    id: text().primaryKey(),
    noteId: text('note_id').notNull(),
    mimeType: text('mime_type').notNull(),
    encryptedName: text('encrypted_name'),
    iv: text().notNull(),
    salt: text().notNull(),
    sizeBytes: integer('size_bytes').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  table => [index('attachments_note').on(table.noteId, table.id)],
)

/** The bytes of an attachment, in parts that go through memory one by one. */
export const attachmentChunks = pgTable(
  'attachment_chunks',
  { attachmentId: text('attachment_id').notNull(), index: integer().notNull(), data: bytes().notNull() },
  table => [primaryKey({ columns: [table.attachmentId, table.index] })],
)

/** What of a note is open to everybody: a copy, which stays as it is whatever becomes of the note. */
export const publications = pgTable(
  'publications',
  {
    noteId: text('note_id').primaryKey(),
    ownerId: text('owner_id').notNull(),
    slug: text().notNull().unique(),
    type: noteType().notNull(),
    title: text().notNull(),
    content: text().notNull(),
    authorName: text('author_name'),
    publishedAt: instant('published_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
  },
  table => [index('publications_owner').on(table.ownerId)],
)
