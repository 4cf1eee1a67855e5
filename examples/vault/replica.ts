/** A change of one entry; null deletes it. */
export interface Edit {
  readonly key: string
  readonly value: string | null
}

/** A map that merges: of the edits of an entry the latest wins, in whatever order they come. */
export interface Replica {
  apply(edit: Edit, time: string): void
  entries(): Record<string, string>
}

export function createReplica(): Replica {
  const winners = new Map<string, { readonly value: string | null; readonly time: string }>()
  return {
    apply({ key, value }, time) {
      const known = winners.get(key)
      if (!known || time > known.time) winners.set(key, { value, time })
    },
    entries() {
      const there = [...winners].flatMap(([key, { value }]) => (value === null ? [] : [[key, value] as const]))
      return Object.fromEntries(there.sort(([a], [b]) => (a < b ? -1 : 1)))
    },
  }
}
