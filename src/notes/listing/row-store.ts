import { getTableColumns, type SQL, sql } from 'drizzle-orm'
import type { FolderRow } from '../folders/folder.ts'
import type { NoteAt } from '../note.ts'
import { folders, notes } from '../table.ts'
import type { Shown } from './shown.ts'

/** A row as the driver gives it. */
export type Found = Record<string, unknown>

/** How the rows of a list are selected from `notes` and `folders`, and read. */
interface Reading {
  readonly columns: SQL
  toNote(row: Found): NoteAt
}

const headColumn = `(select head from streams where id = 'notebook:' || notes.owner_id)`
const expressions = (table: string, columns: Readonly<Record<string, { readonly name: string }>>) =>
  new Map(Object.entries(columns).map(([part, { name }]) => [part, `${table}.${name}`]))
const noteColumns = expressions('notes', getTableColumns(notes)).set('head', headColumn)
const folderColumns = expressions('folders', getTableColumns(folders))

const readings = new WeakMap<Shown, Reading>()

/**
 * Made once for each selection, as text: the query builder would take longer with each list than everything else that is done for it.
 */
export function readingOf(shown: Shown): Reading {
  const known = readings.get(shown) ?? createReading(shown)
  readings.set(shown, known)
  return known
}

function createReading({ note, folder }: Shown): Reading {
  const ofNote = [...note].map(part => ({ name: part, from: part }))
  const ofFolder = [...(folder ?? [])].map(part => ({ name: part, from: `folder.${part}` }))
  const columns = [
    ...ofNote.map(({ name, from }) => `${noteColumns.get(name)} as "${from}"`),
    ...ofFolder.map(({ name, from }) => `${folderColumns.get(name)} as "${from}"`),
  ]
  return {
    columns: sql.raw(columns.join(', ')),
    toNote(row) {
      const note = read(row, ofNote)
      if (folder) note['folder'] = row['folder.id'] === null ? null : (read(row, ofFolder) as unknown as FolderRow)
      return note as unknown as NoteAt
    },
  }
}

const instants = new Set(['createdAt', 'updatedAt', 'trashedAt'])

function read(row: Found, parts: readonly { readonly name: string; readonly from: string }[]): Found {
  const read: Found = {}
  for (const { name, from } of parts) {
    const value = row[from]
    read[name] = value === null ? null : instants.has(name) ? new Date(value as string) : name === 'head' ? Number(value) : value
  }
  return read
}
