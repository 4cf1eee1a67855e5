import { badInput } from '../../errors.ts'
import type { FolderRow } from '../folders/folder.ts'
import { checkDepth } from '../folders/folder-input.ts'
import { type At, type PlannedFolder, within } from './import-input.ts'

/** The new folders with each behind its parent, however they came. `depths` are of the folders that are there. @throws BAD_USER_INPUT */
export function orderFolders(folders: readonly At<PlannedFolder>[], depths: ReadonlyMap<string, number>): PlannedFolder[] {
  const planned = new Map(folders.map(folder => [folder.item.id, folder]))
  const known = new Map(depths)
  const ordered: PlannedFolder[] = []
  for (const folder of folders) {
    // From here up to what has its place already; each goes this way once.
    const path: At<PlannedFolder>[] = []
    const onPath = new Set<string>()
    let at: At<PlannedFolder> | undefined = folder
    while (at && !known.has(at.item.id)) {
      const { id, parentId } = at.item
      if (onPath.has(id)) throw badInput(`${at.field}.parentId`, 'A folder can’t be below itself.')
      onPath.add(id)
      path.push(at)
      if (parentId === null) break
      const parent = planned.get(parentId)
      if (!parent && !known.has(parentId)) throw badInput(`${at.field}.parentId`, 'There is no such folder in this notebook, nor among these.')
      at = parent
    }
    for (const { item, field } of path.toReversed()) {
      const depth = (item.parentId === null ? 0 : (known.get(item.parentId) ?? 0)) + 1
      within(field, () => checkDepth(depth))
      known.set(item.id, depth)
      ordered.push(item)
    }
  }
  return ordered
}

/** Puts folders that say nothing of their place behind their siblings. `next` is what is free in each parent so far. */
export function placeFolders(folders: readonly PlannedFolder[], next: ReadonlyMap<string | null, number>): FolderRow[] {
  const free = new Map(next)
  for (const { parentId, position } of folders) if (position !== null) free.set(parentId, Math.max(free.get(parentId) ?? 0, position + 1))
  return folders.map(folder => {
    if (folder.position !== null) return { ...folder, position: folder.position }
    const position = free.get(folder.parentId) ?? 0
    free.set(folder.parentId, position + 1)
    return { ...folder, position }
  })
}
