export interface FolderRow {
  readonly id: string
  readonly ownerId: string
  readonly parentId: string | null
  readonly name: string
  readonly color: string | null
  readonly position: number
  readonly isDefault: boolean
  readonly createdAt: Date
  readonly updatedAt: Date
}

/** What of a folder its owner changes. */
export type FolderChange = Partial<Pick<FolderRow, 'name' | 'color' | 'parentId' | 'position'>>

/** Folders in the order of a table of contents: each behind its parent, and siblings in the order in which they come. */
export function inTreeOrder<Folder extends Pick<FolderRow, 'id' | 'parentId'>>(siblingsInOrder: readonly Folder[]): Folder[] {
  const children = Map.groupBy(siblingsInOrder, folder => folder.parentId)
  const ordered: Folder[] = []
  // Kept backwards, so that the next one is at the end.
  const rest = (children.get(null) ?? []).toReversed()
  for (let folder = rest.pop(); folder; folder = rest.pop()) {
    ordered.push(folder)
    rest.push(...(children.get(folder.id) ?? []).toReversed())
  }
  return ordered
}

/** The positions that siblings share out among them: those they have, further on where two came to have the same. */
export function positionsOf(siblingsInOrder: readonly Pick<FolderRow, 'position'>[]): number[] {
  let next = Number.NEGATIVE_INFINITY
  return siblingsInOrder.map(({ position }) => {
    const free = Math.max(position, next)
    next = free + 1
    return free
  })
}
