import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/database.ts'
import type { Logger } from '../../platform/logger.ts'
import { type Counted, countRows, countStatements, readDatabaseBytes } from './store.ts'

/** What the database holds, as it was counted a while ago. */
export interface Inventory extends Readonly<Record<Counted, number>> {
  readonly databaseBytes: number
  readonly countedAt: Date
}

export interface InventoryDeps {
  readonly database: Database
  readonly clock: Clock
  readonly logger: Logger
}

/** Counting takes longer the more there is: it is done again after so many times the time it took, but not before `leastMs`. */
const restFactor = 50
const leastMs = 5_000

/** Answers at once with what is known; only the first who asks waits. Nobody asks: nothing is counted. */
export function createInventory({ database, clock, logger }: InventoryDeps): () => Promise<Inventory> {
  let known: Inventory | null = null
  let counting: Promise<Inventory> | null = null
  let dueAtMs = 0

  async function count(): Promise<Inventory> {
    const startedAtMs = performance.now()
    const counts: Partial<Record<Counted, number>> = {}
    try {
      for (const what of Object.keys(countStatements) as Counted[]) counts[what] = await countRows(database.db, what)
      known = { ...(counts as Record<Counted, number>), databaseBytes: await readDatabaseBytes(database.db), countedAt: clock.now() }
      return known
    } finally {
      const tookMs = performance.now() - startedAtMs
      dueAtMs = performance.now() + Math.max(leastMs, tookMs * restFactor)
      counting = null
    }
  }

  return async () => {
    if (!counting && (!known || performance.now() >= dueAtMs)) {
      counting = count()
      counting.catch(error => logger.warn({ err: error }, 'could not count what the database holds'))
    }
    return known ?? (counting as Promise<Inventory>)
  }
}
