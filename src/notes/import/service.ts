import { addOwner } from '../../access/members.ts'
import type { Viewer } from '../../access/viewer.ts'
import { AppError, badInput } from '../../errors.ts'
import type { Feed } from '../../feed/feed.ts'
import { callOf, type Repeatable } from '../../feed/idempotency.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Tx } from '../../platform/database.ts'
import { maxFolders } from '../folders/folder-input.ts'
import { countFolders, findDepths, nextPositions } from '../folders/store.ts'
import type { NoteRow } from '../note.ts'
import type { NotebookChange } from '../notebook-change.ts'
import type { Notebooks } from '../notebooks.ts'
import { orderFolders, placeFolders } from './folder-order.ts'
import { type At, checkFolders, checkNotes, type ImportFolderInput, type ImportNoteInput, type PlannedFolder } from './import-input.ts'
import { findDeleted, findOwners, insertFolders, insertNotes } from './store.ts'

export interface NotebookImportDeps {
  readonly feed: Feed
  readonly notebooks: Notebooks
  readonly clock: Clock
}

export interface ImportNotebookInput extends Repeatable {
  readonly folders?: readonly ImportFolderInput[] | null | undefined
  readonly notes?: readonly ImportNoteInput[] | null | undefined
}

export interface Imported {
  readonly folderIds: readonly string[]
  readonly noteIds: readonly string[]
  readonly skippedIds: readonly string[]
}

/** Takes in what people bring from elsewhere: many folders and notes at once, as they are. */
export function createNotebookImport({ feed, notebooks, clock }: NotebookImportDeps) {
  return {
    async run(viewer: Viewer, input: ImportNotebookInput): Promise<Imported> {
      const ownerId = viewer.userId
      const now = clock.now()
      const folders = checkFolders(input.folders ?? [], ownerId, now)
      const notes = checkNotes(input.notes ?? [], ownerId, now)
      const { skippedIds } = await feed.once(callOf(viewer, 'importNotebook', input), async tx => {
        await notebooks.lock(tx, ownerId)
        const skipped = await findSkipped(tx, ownerId, [...folders, ...notes])
        const isNew = ({ item }: At<{ readonly id: string }>) => !skipped.has(item.id)
        const folderIds = await addFolders(tx, ownerId, folders.filter(isNew))
        const noteIds = await addNotes(tx, ownerId, notes.filter(isNew), now)
        await notebooks.append(tx, ownerId, ownerId, [...folderIds.map(created('folder')), ...noteIds.map(created('note'))])
        return { skippedIds: [...skipped] }
      })
      const skipped = new Set(skippedIds)
      const idsOf = (items: readonly At<{ readonly id: string }>[]) => items.flatMap(({ item }) => (skipped.has(item.id) ? [] : [item.id]))
      return { folderIds: idsOf(folders), noteIds: idsOf(notes), skippedIds }
    },
  }
}

const created =
  (of: NotebookChange['of']) =>
  (id: string): NotebookChange => ({ of, id, operation: 'CREATED', changedFields: [] })

/** Those that the notebook has. @throws ALREADY_EXISTS for those that another one has */
async function findSkipped(tx: Tx, ownerId: string, items: readonly At<{ readonly id: string }>[]): Promise<Set<string>> {
  const owners = await findOwners(
    tx,
    items.map(({ item }) => item.id),
  )
  const foreign = items.find(({ item }) => owners.has(item.id) && owners.get(item.id) !== ownerId)
  if (foreign) throw taken(foreign)
  return new Set(owners.keys())
}

async function addFolders(tx: Tx, ownerId: string, folders: readonly At<PlannedFolder>[]): Promise<string[]> {
  if (folders.length === 0) return []
  const parentIds = folders.flatMap(({ item }) => item.parentId ?? [])
  const ordered = orderFolders(folders, await findDepths(tx, ownerId, parentIds))
  if ((await countFolders(tx, ownerId)) + ordered.length > maxFolders)
    throw new AppError('QUOTA_EXCEEDED', `A notebook holds at most ${maxFolders} folders.`, { field: 'input.folders' })
  const rows = placeFolders(ordered, await nextPositions(tx, ownerId, parentIds))
  await refuseTaken(tx, folders, await insertFolders(tx, rows))
  return rows.map(row => row.id)
}

async function addNotes(tx: Tx, ownerId: string, notes: readonly At<NoteRow>[], now: Date): Promise<string[]> {
  if (notes.length === 0) return []
  const present = await findDepths(tx, ownerId, [...new Set(notes.flatMap(({ item }) => item.folderId ?? []))])
  const astray = notes.find(({ item }) => item.folderId !== null && !present.has(item.folderId))
  if (astray) throw badInput(`${astray.field}.folderId`, 'There is no such folder in this notebook, nor among these.')
  const rows = notes.map(({ item }) => item)
  await refuseTaken(tx, notes, await insertNotes(tx, rows))
  const ids = rows.map(row => row.id)
  await addOwner(tx, ids, ownerId, now)
  return ids
}

/** Looked up after the insert, which waits for whoever is just making or deleting something of the same id. @throws ALREADY_EXISTS */
async function refuseTaken(tx: Tx, items: readonly At<{ readonly id: string }>[], inserted: ReadonlySet<string>): Promise<void> {
  const deleted = await findDeleted(tx, [...inserted])
  const refused = items.find(({ item }) => !inserted.has(item.id) || deleted.has(item.id))
  if (refused) throw taken(refused)
}

const taken = ({ field }: At<unknown>) => new AppError('ALREADY_EXISTS', 'There is, or was, another thing with this id.', { field: `${field}.id` })
