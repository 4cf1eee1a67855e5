import type { Item } from './convert.ts'

/** What is not taken, and why. */
export interface Refusals {
  readonly count: number
  /** How often each reason was met in this run. */
  readonly reasons: ReadonlyMap<string, number>
  add(row: { readonly file: string; readonly row: number }, item: Item | null, code: string, reason: string): void
  /** Whether the folder that this is in is known to be nowhere, so that the server need not be asked. */
  isAstray(item: Item): boolean
  /** What came since it was last asked. */
  take(): readonly object[]
}

const mostReasons = 50

export function createRefusals(before: number): Refusals {
  const reasons = new Map<string, number>()
  const missingFolders = new Set<string>()
  let fresh: object[] = []
  let count = before
  return {
    reasons,
    get count() {
      return count
    },
    add({ file, row }, item, code, reason) {
      count++
      fresh.push({ file, row, ...(item && { kind: item.kind, user_id: item.userId, id: item.name }), code, reason })
      const summary = `${item?.kind ?? 'row'}, ${code}: ${reason}`
      const name = reasons.size < mostReasons || reasons.has(summary) ? summary : 'for other reasons'
      reasons.set(name, (reasons.get(name) ?? 0) + 1)
      if (item?.kind === 'folder') missingFolders.add(String(item.input['id']))
      if (item?.kind === 'note' && item.folderId !== null && reason.startsWith('folderId:')) missingFolders.add(item.folderId)
    },
    isAstray: item => item.folderId !== null && missingFolders.has(item.folderId),
    take() {
      const taken = fresh
      fresh = []
      return taken
    },
  }
}
