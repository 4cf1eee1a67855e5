import type { Item } from './convert.ts'

/** Puts folders in an order in which each comes behind its parent, over as many passes as that takes. */
export interface FolderOrder {
  /** A further pass. */
  begin(): void
  /** Whether it is this folder's turn; with `anyway`, also for those whose parent has not been seen. Each has one turn. */
  place(folder: Item, anyway: boolean): boolean
  /** How many did not have their turn in this pass, since their parent has not been seen. */
  readonly waiting: number
  /** Whether another pass brings more of them. */
  readonly isGrowing: boolean
}

export function createFolderOrder(): FolderOrder {
  const placed = new Set<string>()
  let waiting = 0
  let before = 0
  return {
    begin() {
      waiting = 0
      before = placed.size
    },
    place({ input, folderId }, anyway) {
      const id = String(input['id'])
      if (placed.has(id)) return false
      if (folderId !== null && !placed.has(folderId) && !anyway) {
        waiting++
        return false
      }
      placed.add(id)
      return true
    },
    get waiting() {
      return waiting
    },
    get isGrowing() {
      return waiting > 0 && placed.size > before
    },
  }
}
