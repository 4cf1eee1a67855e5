import { badInput } from '../../errors.ts'
import { checkText } from '../../platform/json.ts'

export const maxNameLength = 200

/** How many folders a notebook holds: all of them are listed at once. */
export const maxFolders = 10_000

/** How deep folders nest, the top level being the first. */
export const maxDepth = 64

/** @throws BAD_USER_INPUT */
export function checkName(name: string | null): string {
  if (name === null || name.trim() === '' || name.length > maxNameLength)
    throw badInput('input.name', `A name has 1 to ${maxNameLength} characters, and not only spaces.`)
  checkText(name, 'input.name')
  return name
}

/** @throws BAD_USER_INPUT */
export function checkColor(color: string | null): string | null {
  if (color !== null && !/^#(?:[0-9a-f]{3}|[0-9a-f]{6})$/i.test(color)) throw badInput('input.color', 'A colour is #rgb or #rrggbb.')
  return color
}

/** Far enough below what an `Int` holds that there is always room behind the last. */
export const maxPosition = 1_000_000_000

/** @throws BAD_USER_INPUT */
export function checkPosition(position: number | null): number | null {
  if (position !== null && (position < 0 || position > maxPosition)) throw badInput('input.position', `A position is from 0 to ${maxPosition}.`)
  return position
}

/** @throws BAD_USER_INPUT */
export function checkDepth(depth: number): void {
  if (depth > maxDepth) throw badInput('input.parentId', `Folders nest ${maxDepth} levels deep at most.`)
}

/** The siblings in the order asked for. @throws BAD_USER_INPUT unless these are all of them, each once */
export function checkOrder<Folder extends { readonly id: string }>(siblings: readonly Folder[], folderIds: readonly string[]): Folder[] {
  const left = new Map(siblings.map(folder => [folder.id, folder]))
  const ordered = folderIds.map((id, index) => {
    const folder = left.get(id)
    if (!folder) throw badInput(`input.folderIds.${index}`, 'There is no such folder here, or it is named twice.')
    left.delete(id)
    return folder
  })
  if (left.size > 0) throw badInput('input.folderIds', `All folders that are here have to be named: ${left.size} are not.`)
  return ordered
}
