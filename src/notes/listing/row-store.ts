import { getTableColumns } from 'drizzle-orm'
import type { NoteAt } from '../note.ts'
import { headOfNote } from '../store.ts'
import { folders, notes } from '../table.ts'
import type { Shown } from './shown.ts'

/** A row as the driver gives it. */
export type Found = Record<string, unknown>

/** How the rows of a list are selected from `notes` and `folders`, and read. */
interface Reading {
  readonly columns: string
  toNotes(rows: readonly Found[]): NoteAt[]
}

const expressions = (table: string, columns: Readonly<Record<string, { readonly name: string }>>) =>
  new Map(Object.entries(columns).map(([part, { name }]) => [part, `${table}.${name}`]))
const noteColumns = expressions('notes', getTableColumns(notes)).set('head', headOfNote)
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
  const ofFolder = [...(folder ?? [])].map(part => ({ name: part, from: `folder.${part}` }))
  const columns = [
    ...[...note].map(part => `${noteColumns.get(part)} as "${part}"`),
    ...ofFolder.map(({ name, from }) => `${folderColumns.get(name)} as "${from}"`),
  ]
  const instants = instantsOf(note)
  const folderInstants = instantsOf(folder ?? new Set())
  return {
    columns: columns.join(', '),
    toNotes(rows) {
      // Many notes are in one folder.
      const found = new Map<unknown, Found>()
      for (const row of rows) {
        readInstants(row, instants)
        if (note.has('head')) row['head'] = Number(row['head'])
        if (!folder) continue
        const id = row['folder.id']
        if (id !== null && !found.has(id))
          found.set(id, readInstants(Object.fromEntries(ofFolder.map(({ name, from }) => [name, row[from]])), folderInstants))
        row['folder'] = found.get(id) ?? null
      }
      return rows as unknown as NoteAt[]
    },
  }
}

const instantsOf = (parts: ReadonlySet<string>) => ['createdAt', 'updatedAt', 'trashedAt'].filter(name => parts.has(name))

/** In place: nobody else has the row. */
function readInstants(row: Found, names: readonly string[]): Found {
  for (const name of names) {
    const text = row[name]
    if (text !== null) row[name] = new Date(text as string)
  }
  return row
}
