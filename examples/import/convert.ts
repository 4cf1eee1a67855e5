import { idFor } from './ids.ts'

export type Kind = 'record' | 'folder' | 'note'

/** What goes to the server for one row. */
export interface Item {
  readonly kind: Kind
  /** As the export names the user; empty where it names none. */
  readonly userId: string
  /** What people know it by. */
  readonly name: string
  /** The folder it is in, as the server knows it. */
  readonly folderId: string | null
  /** Of `putRecords.items`, `importNotebook.folders` or `importNotebook.notes`. */
  readonly input: Readonly<Record<string, unknown>>
}

type Columns = Readonly<Record<string, unknown>>

/** What is wrong with a row. */
export class RowError extends Error {
  override readonly name = 'RowError'
}

/** The columns tell what a row is. */
function kindOf(columns: Columns): Kind {
  if ('collection' in columns && 'key' in columns) return 'record'
  return 'name' in columns ? 'folder' : 'note'
}

export function columnsOf(value: unknown): Columns {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new RowError('is no object')
  return value as Columns
}

/** `source` keeps apart what comes from different places under the same ids. @throws RowError */
export function convert(columns: Columns, source: string): Item {
  const userId = idIn(columns, 'user_id') ?? ''
  const kind = kindOf(columns)
  if (kind === 'record') return record(columns, userId)
  const scope = `${source}\n${userId}`
  const id = idIn(columns, 'id')
  if (id === null) throw new RowError('has no id')
  return kind === 'folder' ? folder(columns, userId, id, scope) : note(columns, userId, id, scope)
}

function record(columns: Columns, userId: string): Item {
  const { collection, key, value = null } = columns
  if (typeof collection !== 'string' || typeof key !== 'string') throw new RowError('has a collection or a key that is no text')
  const deletedAt = timeIn(columns, 'deleted_at')
  const updatedAt = timeIn(columns, 'updated_at')
  // A deletion that came after the last write is what counts.
  const at = deletedAt !== null && (updatedAt === null || deletedAt > updatedAt) ? deletedAt : updatedAt
  const input = { collection, key, ...(deletedAt === null ? { value } : { delete: true }), ...given({ updatedAt: at }) }
  return { kind: 'record', userId, name: `${collection}/${key}`, folderId: null, input }
}

function folder(columns: Columns, userId: string, id: string, scope: string): Item {
  const parent = idIn(columns, 'parent_id')
  const parentId = parent === null ? null : idFor('fold', parent, scope)
  const input = given({
    id: idFor('fold', id, scope),
    parentId,
    name: textIn(columns, 'name'),
    color: textIn(columns, 'color'),
    position: columns['position'] ?? null,
    ...times(columns),
  })
  return { kind: 'folder', userId, name: id, folderId: parentId, input }
}

function note(columns: Columns, userId: string, id: string, scope: string): Item {
  const inside = idIn(columns, 'folder_id')
  const folderId = inside === null ? null : idFor('fold', inside, scope)
  const input = given({
    id: idFor('note', id, scope),
    folderId,
    type: textIn(columns, 'type')?.toUpperCase() ?? null,
    title: textIn(columns, 'title'),
    content: textIn(columns, 'content'),
    encryptedTitle: textIn(columns, 'encrypted_title'),
    encryptedContent: textIn(columns, 'encrypted_content'),
    iv: textIn(columns, 'iv'),
    salt: textIn(columns, 'salt'),
    tags: columns['tags'] ?? null,
    starred: columns['starred'] ?? null,
    archived: columns['archived'] ?? null,
    hidden: columns['hidden'] ?? null,
    trashedAt: timeIn(columns, 'trashed_at'),
    ...times(columns),
  })
  return { kind: 'note', userId, name: id, folderId, input }
}

const times = (columns: Columns) => ({ createdAt: timeIn(columns, 'created_at'), updatedAt: timeIn(columns, 'updated_at') })

/** Leaves out what says nothing. */
const given = (input: Readonly<Record<string, unknown>>) => Object.fromEntries(Object.entries(input).filter(([, value]) => value !== null))

function textIn(columns: Columns, name: string): string | null {
  const value = columns[name] ?? null
  if (value !== null && typeof value !== 'string') throw new RowError(`has a ${name} that is no text`)
  return value
}

function idIn(columns: Columns, name: string): string | null {
  const value = columns[name] ?? null
  if (value !== null && typeof value !== 'string' && typeof value !== 'number') throw new RowError(`has a ${name} that is neither text nor number`)
  return value === null ? null : String(value)
}

/** Times as ISO 8601, as PostgreSQL writes them, or as milliseconds since 1970; without a zone they are UTC. To the millisecond. */
function timeIn(columns: Columns, name: string): string | null {
  const value = columns[name] ?? null
  if (value === null) return null
  const [, day, clock, zone = 'Z', hours] =
    /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?) ?(Z|([+-]\d\d)(?::?\d\d)?)?$/.exec(String(value)) ?? []
  const time = typeof value === 'number' ? new Date(value) : new Date(`${day}T${clock}${zone === hours ? `${zone}:00` : zone}`)
  if (Number.isNaN(time.getTime())) throw new RowError(`has a ${name} that is no time`)
  return time.toISOString()
}
