import type { Viewer } from '../../access/viewer.ts'
import { AppError, badInput, notFound } from '../../errors.ts'
import type { Feed } from '../../feed/feed.ts'
import { callOf, type Repeatable } from '../../feed/idempotency.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database, Tx } from '../../platform/database.ts'
import { chosenId } from '../../platform/ids.ts'
import type { NotebookChange } from '../notebook-change.ts'
import type { Notebooks } from '../notebooks.ts'
import { type FolderChange, type FolderRow, inTreeOrder, positionsOf } from './folder.ts'
import { checkColor, checkDepth, checkName, checkOrder, maxFolders } from './folder-input.ts'
import { noFolder } from './require-folder.ts'
import {
  countFolders,
  countNotes,
  deleteFolder,
  findChildren,
  findFolders,
  findHeight,
  findPath,
  findSiblings,
  insertFolder,
  listFolders,
  moveChildren,
  moveNotes,
  nextPosition,
  setPositions,
  updateFolder,
} from './store.ts'

export interface FoldersDeps {
  readonly database: Database
  readonly feed: Feed
  readonly notebooks: Notebooks
  readonly clock: Clock
}

type Given<Value> = Value | null | undefined

export interface CreateFolderInput extends Repeatable {
  readonly id?: Given<string>
  readonly name: string
  readonly color?: Given<string>
  readonly parentId?: Given<string>
}

export interface UpdateFolderInput extends Repeatable {
  readonly id: string
  readonly name?: Given<string>
  readonly color?: Given<string>
  readonly parentId?: Given<string>
}

export interface ReorderFoldersInput extends Repeatable {
  readonly parentId?: Given<string>
  readonly folderIds: readonly string[]
}

/** The folders in one folder, or at the top level of a notebook. */
export interface Siblings {
  readonly ownerId: string
  readonly parentId: string | null
}

/** More than the folders of a notebook: an answer that has so many went up and down the tree, and would multiply with each turn. */
const maxChildren = 2 * maxFolders

/** Folders are their owner's own; administrators of the server may do with them what they may do with every other thing. */
const maySee = ({ userId, role }: Viewer, folder: FolderRow): boolean => folder.ownerId === userId || role === 'ADMIN'

/** The tree that the notes of a notebook are in. */
export function createFolders({ database, feed, notebooks, clock }: FoldersDeps) {
  /** The folder with its notebook locked, for who may see it; null when there is none, or none any more. */
  async function lockFolder(tx: Tx, viewer: Viewer, id: string): Promise<FolderRow | null> {
    const [seen] = await findFolders(tx, [id])
    if (!seen || !maySee(viewer, seen)) return null
    await notebooks.lock(tx, seen.ownerId)
    const [folder] = await findFolders(tx, [id])
    return folder ?? null
  }

  /** The folder to put something into, and those it is in; none at the top level. @throws BAD_USER_INPUT */
  async function pathTo(tx: Tx, { ownerId, parentId }: Siblings): Promise<string[]> {
    if (parentId === null) return []
    const path = await findPath(tx, ownerId, parentId)
    if (path.length === 0) throw noFolder('input.parentId')
    return path
  }

  const tell = (tx: Tx, viewer: Viewer, ownerId: string, changes: readonly NotebookChange[]) => notebooks.append(tx, ownerId, viewer.userId, changes)

  /** Those of them that the viewer may see. */
  async function load(viewer: Viewer, ids: readonly string[]): Promise<Map<string, FolderRow>> {
    const found = await findFolders(database.db, ids)
    return new Map(found.filter(folder => maySee(viewer, folder)).map(folder => [folder.id, folder]))
  }

  return {
    load,

    /** A folder that must be there. */
    async get(viewer: Viewer, id: string): Promise<FolderRow> {
      const folder = (await load(viewer, [id])).get(id)
      if (!folder) throw notFound('folder')
      return folder
    },

    /** All of the viewer, each behind its parent. */
    async list({ userId }: Viewer): Promise<FolderRow[]> {
      await notebooks.open(userId)
      return inTreeOrder(await listFolders(database.db, userId))
    },

    /** For who was found to be their owner. */
    listSiblings: ({ ownerId, parentId }: Siblings): Promise<FolderRow[]> => findSiblings(database.db, ownerId, parentId),

    /** What is in folders that were found to be the viewer's. @throws QUERY_TOO_COMPLEX */
    async loadChildren(ids: readonly string[]): Promise<Map<string, FolderRow[]>> {
      const children = Map.groupBy(await findChildren(database.db, ids), folder => folder.parentId ?? '')
      const count = ids.reduce((sum, id) => sum + (children.get(id)?.length ?? 0), 0)
      if (count > maxChildren)
        throw new AppError('QUERY_TOO_COMPLEX', `The answer shows ${count} folders as \`children\`; at most ${maxChildren} are.`)
      return children
    },

    /** How many notes are in folders that were found to be the viewer's. */
    countNotes: (ids: readonly string[]): Promise<Map<string, number>> => countNotes(database.db, ids),

    /** Makes a folder behind its siblings, in the viewer's own notebook. */
    async create(viewer: Viewer, input: CreateFolderInput): Promise<string> {
      const id = chosenId('fold', input.id)
      const name = checkName(input.name)
      const color = checkColor(input.color ?? null)
      const place = { ownerId: viewer.userId, parentId: input.parentId ?? null }
      const { folderId } = await feed.once(callOf(viewer, 'createFolder', input), async tx => {
        await notebooks.lock(tx, place.ownerId)
        checkDepth((await pathTo(tx, place)).length + 1)
        if ((await countFolders(tx, place.ownerId)) >= maxFolders)
          throw new AppError('QUOTA_EXCEEDED', `A notebook holds at most ${maxFolders} folders.`)
        const position = await nextPosition(tx, place.ownerId, place.parentId)
        const now = clock.now()
        if (!(await insertFolder(tx, { id, ...place, name, color, position, isDefault: false, createdAt: now, updatedAt: now })))
          throw new AppError('ALREADY_EXISTS', 'There is, or was, a folder with this id.', { field: 'input.id' })
        await tell(tx, viewer, place.ownerId, [{ of: 'folder', id, operation: 'CREATED', changedFields: [] }])
        return { folderId: id }
      })
      return folderId
    },

    /** Changes what is given and differs. */
    async update(viewer: Viewer, input: UpdateFolderInput): Promise<string> {
      const name = input.name === undefined ? undefined : checkName(input.name)
      const color = input.color === undefined ? undefined : checkColor(input.color)
      await feed.once(callOf(viewer, 'updateFolder', input), async tx => {
        const folder = await lockFolder(tx, viewer, input.id)
        if (!folder) throw notFound('folder')
        const { id, ownerId } = folder
        const named = name === undefined || name === folder.name ? {} : { name }
        const coloured = color === undefined || color === folder.color ? {} : { color }
        const moved = input.parentId === undefined || input.parentId === folder.parentId ? {} : await place(tx, folder, input.parentId)
        const changes: FolderChange = { ...named, ...coloured, ...moved }
        const changedFields = Object.keys(changes).map(field => (field === 'parentId' ? 'parent' : field))
        if (changedFields.length === 0) return {}
        await updateFolder(tx, id, { ...changes, updatedAt: clock.now() })
        await tell(tx, viewer, ownerId, [{ of: 'folder', id, operation: 'UPDATED', changedFields }])
        return {}
      })
      return input.id
    },

    /** Puts all folders of one place into another order. */
    reorder(viewer: Viewer, input: ReorderFoldersInput): Promise<Siblings> {
      const parentId = input.parentId ?? null
      return feed.once(callOf(viewer, 'reorderFolders', input), async tx => {
        const ownerId = parentId === null ? viewer.userId : (await lockFolder(tx, viewer, parentId))?.ownerId
        if (ownerId === undefined) throw noFolder('input.parentId')
        await notebooks.lock(tx, ownerId)
        const siblings = await findSiblings(tx, ownerId, parentId)
        // They keep the positions they have as far as can be, so that who stays where it is has not changed.
        const positions = positionsOf(siblings)
        const moved = checkOrder(siblings, input.folderIds).flatMap(({ id, position: before }, index) => {
          const position = positions[index] ?? index
          return position === before ? [] : [{ id, position }]
        })
        await setPositions(tx, moved, clock.now())
        await tell(
          tx,
          viewer,
          ownerId,
          moved.map(({ id }) => ({ of: 'folder', id, operation: 'UPDATED', changedFields: ['position'] })),
        )
        return { ownerId, parentId }
      })
    },

    /** Removes a folder for good; what is in it goes to where it was. */
    async remove(viewer: Viewer, input: { readonly id: string } & Repeatable): Promise<string> {
      const { id } = input
      await feed.once(callOf(viewer, 'deleteFolder', input), async tx => {
        const folder = await lockFolder(tx, viewer, id)
        if (!folder) throw notFound('folder')
        const { ownerId, parentId } = folder
        const now = clock.now()
        const notes = await moveNotes(tx, id, parentId, now)
        const children = await moveChildren(tx, id, parentId, await nextPosition(tx, ownerId, parentId), now)
        await deleteFolder(tx, id, now)
        await tell(tx, viewer, ownerId, [
          ...notes.map(note => ({ of: 'note', id: note, operation: 'UPDATED', changedFields: ['folder'] }) as const),
          ...children.map(child => ({ of: 'folder', id: child, operation: 'UPDATED', changedFields: ['parent', 'position'] }) as const),
          { of: 'folder', id, operation: 'DELETED', changedFields: [] },
        ])
        return {}
      })
      return id
    },
  }

  /** A place for a folder behind those in `parentId`. @throws BAD_USER_INPUT */
  async function place(tx: Tx, { id, ownerId }: FolderRow, parentId: string | null): Promise<FolderChange> {
    const path = await pathTo(tx, { ownerId, parentId })
    if (path.includes(id)) throw badInput('input.parentId', 'A folder can’t be below itself.')
    checkDepth(path.length + (await findHeight(tx, id)))
    return { parentId, position: await nextPosition(tx, ownerId, parentId) }
  }
}
