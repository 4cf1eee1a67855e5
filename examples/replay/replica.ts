import type { Edit } from './text.ts'

/** A write and its place in the order that decides who wins: timestamp, then counter, then client id. */
export interface Write {
  readonly path: string
  readonly value: unknown
  readonly deleted: boolean
  /** Milliseconds since 1970, by the clock of the client. */
  readonly timestamp: number
  readonly counter: number
  readonly clientId: string
}

/** A client's own copy of the document. It decides by itself who wins, as the server does. */
export interface Replica {
  merge(writes: readonly Write[]): void
  /** Path and value of what is there. */
  fields(): Record<string, unknown>
  /** What has to be written so that the document holds just these fields. */
  corrections(wanted: ReadonlyMap<string, string>): Edit[]
}

export function createReplica(): Replica {
  const winners = new Map<string, Write>()
  const fields = () => Object.fromEntries([...winners.values()].filter(write => !write.deleted).map(({ path, value }) => [path, value]))
  return {
    merge(writes) {
      for (const write of writes) {
        const stored = winners.get(write.path)
        if (!stored || isLater(write, stored)) winners.set(write.path, write)
      }
    },
    fields,
    corrections(wanted) {
      const present = fields()
      const missing = [...wanted].filter(([path, value]) => present[path] !== value)
      const surplus = Object.keys(present).filter(path => !wanted.has(path))
      return [...missing, ...surplus.map((path): Edit => [path, null])]
    },
  }
}

function isLater(a: Write, b: Write): boolean {
  if (a.timestamp !== b.timestamp) return a.timestamp > b.timestamp
  if (a.counter !== b.counter) return a.counter > b.counter
  return a.clientId > b.clientId
}
