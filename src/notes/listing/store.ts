import { and, eq, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../../platform/database.ts'
import type { ListPlace } from '../../platform/list-page.ts'
import type { NoteAt, NoteType } from '../note.ts'
import { notebookStream } from '../store.ts'
import { folders, notebooks, notes, publications } from '../table.ts'
import type { NoteView } from './note-filter.ts'
import { type Found, readingOf } from './row-store.ts'
import { lastWordOf, type ParsedSearch } from './search-query.ts'
import type { Shown } from './shown.ts'

export interface ListQuery {
  readonly viewerId: string
  /** Notes of others that the viewer is a member of, instead of the viewer's own. */
  readonly shared: boolean
  readonly view: NoteView
  readonly folder: { readonly id: string; readonly withSubfolders: boolean } | null
  readonly type: NoteType | null
  readonly tag: string | null
  /** As PostgreSQL writes it. */
  readonly search: string | null
  readonly after: ListPlace | null
  readonly limit: number
  readonly shown: Shown
  readonly seesAllFolders: boolean
}

/** What the contents of the notes of one page weigh together at most; those of a single note may weigh more. */
const maxPageBytes = 4 * 1024 * 1024
const weight = sql`coalesce(octet_length(notes.content), 0) + coalesce(octet_length(notes.encrypted_content), 0)`

/** The ids of a folder and of all below it. */
const withDescendants = (folderId: string) => sql`(
  with recursive below as (
    select ${folderId}::text as id union select ${folders.id} from ${folders} join below on ${folders.parentId} = below.id
  ) select id from below)`

/** Written out, not passed as parameters: PostgreSQL then sees which partial index fits. */
export function inView({ trashed, hidden, archived, starred }: NoteView): SQL {
  const flags = Object.entries({ hidden, archived, starred }).filter(([, wanted]) => wanted !== null)
  const conditions = flags.map(([column, wanted]) => ` and ${wanted ? '' : 'not '}notes.${column}`)
  return sql.raw(`notes.trashed_at is ${trashed ? 'not null' : 'null'}${conditions.join('')}`)
}

/** The index of words has the owner among the tags, so that what others wrote is not looked through. */
function marked({ viewerId, shared, tag, search }: ListQuery): SQL[] {
  const marks = [...(tag === null ? [] : [tag]), ...(shared || (tag === null && search === null) ? [] : [viewerId])]
  if (marks.length === 0) return []
  const found = sql`array_append(notes.tags, notes.owner_id) @> ${sql.param(marks)}::text[]`
  // A tag that reads like a user's id must not be found in the owner's.
  return tag?.startsWith('user_') ? [found, sql`${tag} = any(notes.tags)`] : [found]
}

const inFolder = ({ id, withSubfolders }: NonNullable<ListQuery['folder']>) =>
  withSubfolders ? sql`notes.folder_id in ${withDescendants(id)}` : sql`notes.folder_id = ${id}`

function matching(query: ListQuery): SQL {
  const { viewerId, shared, view, folder, type, search, after } = query
  const conditions = [
    shared
      ? sql`notes.id = any(array(select resource_id from memberships where user_id = ${viewerId} and not owner))`
      : sql`notes.owner_id = ${viewerId}`,
    inView(view),
    ...(folder ? [inFolder(folder)] : []),
    ...(type === null ? [] : [sql`notes.type = ${type}`]),
    ...marked(query),
    ...(search === null ? [] : [sql`notes.search @@ ${search}::tsquery`]),
    ...(after ? [sql`(notes.updated_at, notes.id) < (${after.at.toISOString()}::timestamptz, ${after.id})`] : []),
  ]
  return sql.join(conditions, sql` and `)
}

/** The latest change first; the ids break ties. Fewer than `limit` where contents are shown and large, and `isLast` says whether these were all. */
export async function listNotes(db: Db, query: ListQuery): Promise<{ rows: NoteAt[]; isLast: boolean }> {
  const { shown, limit } = query
  const visible = query.seesAllFolders ? sql`` : sql` and folders.owner_id = ${query.viewerId}`
  const from = shown.folder ? sql`notes left join folders on folders.id = notes.folder_id${visible}` : sql`notes`
  const reading = readingOf(shown)
  const inOrder = sql`order by notes.updated_at desc, notes.id desc`
  const weighs = shown.note.has('content') || shown.note.has('encryptedContent')
  const { rows } = await db.execute<Found>(
    weighs
      ? sql`
        with page as (
          select notes.id, notes.updated_at, ${weight} as weight from notes where ${matching(query)} ${inOrder} limit ${limit + 1}
        ), weighed as (
          select id, sum(weight) over (order by updated_at desc, id desc) - weight as before, count(*) over () as found from page
        )
        select ${reading.columns}, weighed.found from weighed join ${from} on notes.id = weighed.id
        where weighed.before < ${maxPageBytes} ${inOrder} limit ${limit}`
      : sql`select ${reading.columns} from ${from} where ${matching(query)} ${inOrder} limit ${limit + 1}`,
  )
  const found = weighs ? Number(rows[0]?.['found'] ?? 0) : rows.length
  const shownRows = reading.toNotes(rows.slice(0, limit))
  return { rows: shownRows, isLast: shownRows.length === found }
}

/** PostgreSQL's reading of what somebody typed. Text search by itself lowers the letters of the C locale only, so `lower` comes first, here as in the column. */
export async function parseSearch(db: Db, text: string): Promise<ParsedSearch> {
  const { rows } = await db.execute<{ whole: string; lastWord: string }>(sql`
    select websearch_to_tsquery('simple', lower(${text}))::text as whole, websearch_to_tsquery('simple', lower(${lastWordOf(text)}))::text as "lastWord"`)
  return rows[0] ?? { whole: '', lastWord: '' }
}

export interface NoteCounts {
  readonly all: number
  readonly starred: number
  readonly archived: number
  readonly hidden: number
  readonly trashed: number
  readonly public: number
}

/** How many notes each view shows: of the notebook, or of a folder with all below it. */
export async function countNotes(
  db: Db,
  ownerId: string,
  folderId: string | null,
  views: Readonly<Record<Exclude<keyof NoteCounts, 'public'>, NoteView>>,
): Promise<NoteCounts> {
  const counted = and(eq(notes.ownerId, ownerId), folderId === null ? undefined : inFolder({ id: folderId, withSubfolders: true }))
  const columns = Object.entries(views).map(([name, view]) => sql`count(*) filter (where ${inView(view)})::int as ${sql.identifier(name)}`)
  const { rows } = await db.execute<Record<keyof NoteCounts, number>>(sql`
    select ${sql.join(columns, sql`, `)},
      (select count(*)::int from ${publications} ${folderId === null ? sql`` : sql`join ${notes} on ${notes.id} = ${publications.noteId}`}
        where ${publications.ownerId} = ${ownerId} ${folderId === null ? sql`` : sql`and ${inFolder({ id: folderId, withSubfolders: true })}`}) as public
    from ${notes} where ${counted}`)
  const [counts] = rows
  if (!counts) throw new Error('A count without a row.')
  return counts
}

/** What is known of a notebook as a whole, and where its stream stood at that moment. */
export async function findNotebookAt(db: Db, ownerId: string): Promise<{ usedBytes: number; head: number } | null> {
  const [row] = await db
    .select({
      usedBytes: notebooks.attachmentBytes,
      head: sql<number>`(select head from streams where id = ${notebookStream(ownerId)})`.mapWith(Number),
    })
    .from(notebooks)
    .where(eq(notebooks.ownerId, ownerId))
  return row ?? null
}
