import { eq, sql } from 'drizzle-orm'
import type { Db } from '../../platform/database.ts'
import type { ListPlace } from '../../platform/list-page.ts'
import { type ReadDatabase, readByText } from '../../platform/read-by-text.ts'
import type { NoteAt, NoteType } from '../note.ts'
import { notebookStream } from '../store.ts'
import { notebooks } from '../table.ts'
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
const weight = 'coalesce(octet_length(notes.content), 0) + coalesce(octet_length(notes.encrypted_content), 0)'

/** Takes a value for a statement, and gives the place of it in the text. */
type Place = (value: unknown) => string

function places(): { readonly values: readonly unknown[]; readonly $: Place } {
  const values: unknown[] = []
  return { values, $: value => `$${values.push(value)}` }
}

/** The ids of a folder and of all below it. */
const withDescendants = (folderId: string, $: Place) => `(
  with recursive below as (
    select ${$(folderId)}::text as id union select folders.id from folders join below on folders.parent_id = below.id
  ) select id from below)`

/** Written out, not passed as parameters: PostgreSQL then sees which partial index fits. */
export function inView({ trashed, hidden, archived, starred }: NoteView): string {
  const flags = Object.entries({ hidden, archived, starred }).filter(([, wanted]) => wanted !== null)
  const conditions = flags.map(([column, wanted]) => ` and ${wanted ? '' : 'not '}notes.${column}`)
  return `notes.trashed_at is ${trashed ? 'not null' : 'null'}${conditions.join('')}`
}

/** The index of words has the owner among the tags, so that what others wrote is not looked through. */
function marked({ viewerId, shared, tag, search }: ListQuery, $: Place): string[] {
  const marks = [...(tag === null ? [] : [tag]), ...(shared || (tag === null && search === null) ? [] : [viewerId])]
  if (marks.length === 0) return []
  const found = `array_append(notes.tags, notes.owner_id) @> ${$(marks)}::text[]`
  // A tag that reads like a user's id must not be found in the owner's.
  return tag?.startsWith('user_') ? [found, `${$(tag)} = any(notes.tags)`] : [found]
}

const inFolder = ({ id, withSubfolders }: NonNullable<ListQuery['folder']>, $: Place) =>
  withSubfolders ? `notes.folder_id in ${withDescendants(id, $)}` : `notes.folder_id = ${$(id)}`

function matching(query: ListQuery, $: Place): string {
  const { viewerId, shared, view, folder, type, search, after } = query
  return [
    shared
      ? `notes.id = any(array(select resource_id from memberships where user_id = ${$(viewerId)} and not owner))`
      : `notes.owner_id = ${$(viewerId)}`,
    inView(view),
    ...(folder ? [inFolder(folder, $)] : []),
    ...(type === null ? [] : [`notes.type = ${$(type)}`]),
    ...marked(query, $),
    ...(search === null ? [] : [`notes.search @@ ${$(search)}::tsquery`]),
    ...(after ? [`(notes.updated_at, notes.id) < (${$(after.at.toISOString())}::timestamptz, ${$(after.id)})`] : []),
  ].join(' and ')
}

/** The latest change first; the ids break ties. Fewer than `limit` where contents are shown and large, and `isLast` says whether these were all. */
export async function listNotes(database: ReadDatabase, query: ListQuery): Promise<{ rows: NoteAt[]; isLast: boolean }> {
  const { shown, limit } = query
  const { values, $ } = places()
  const visible = shown.folder && !query.seesAllFolders ? ` and folders.owner_id = ${$(query.viewerId)}` : ''
  const from = shown.folder ? `notes left join folders on folders.id = notes.folder_id${visible}` : 'notes'
  const reading = readingOf(shown)
  const inOrder = 'order by notes.updated_at desc, notes.id desc'
  const weighs = shown.note.has('content') || shown.note.has('encryptedContent')
  const text = weighs
    ? `
      with page as (
        select notes.id, notes.updated_at, ${weight} as weight from notes where ${matching(query, $)} ${inOrder} limit ${$(limit + 1)}
      ), weighed as (
        select id, sum(weight) over (order by updated_at desc, id desc) - weight as before, count(*) over () as found from page
      )
      select ${reading.columns}, weighed.found from weighed join ${from} on notes.id = weighed.id
      where weighed.before < ${maxPageBytes} ${inOrder} limit ${$(limit)}`
    : `select ${reading.columns} from ${from} where ${matching(query, $)} ${inOrder} limit ${$(limit + 1)}`
  // How rare a tag or a word is decides how to look for it.
  const isPlanKept = query.tag === null && query.search === null
  const rows = await readByText<Found>(database, { text, values, isPlanKept })
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
  database: ReadDatabase,
  ownerId: string,
  folderId: string | null,
  views: Readonly<Record<Exclude<keyof NoteCounts, 'public'>, NoteView>>,
): Promise<NoteCounts> {
  const { values, $ } = places()
  const owner = $(ownerId)
  const inside = folderId === null ? '' : `and ${inFolder({ id: folderId, withSubfolders: true }, $)}`
  const columns = Object.entries(views).map(([name, view]) => `count(*) filter (where ${inView(view)})::int as "${name}"`)
  const text = `
    select ${columns.join(', ')},
      (select count(*)::int from publications ${inside && 'join notes on notes.id = publications.note_id'}
        where publications.owner_id = ${owner} ${inside}) as public
    from notes where notes.owner_id = ${owner} ${inside}`
  const [counts] = await readByText<Record<keyof NoteCounts, number>>(database, { text, values, isPlanKept: true })
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
