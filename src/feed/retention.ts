import type { Clock } from '../platform/clock.ts'
import type { Database, Tx } from '../platform/database.ts'
import type { Logger } from '../platform/logger.ts'
import type { Change } from './change.ts'
import { idempotencyWindowMs } from './idempotency.ts'
import { claimPruning, deleteKeysBefore, findOutdated, findOversized, type Prunable, prune, readChanges } from './store.ts'

/** Hears which changes of a stream are about to leave the log, in the transaction in which they do. */
export type OnPrune = (tx: Tx, streamId: string, changes: readonly Change[]) => Promise<void>

export interface Retention {
  /** Removes what is older or more than is kept. Any number of nodes may call it; one does the work. */
  sweep(): Promise<void>
}

export interface RetentionDeps {
  readonly database: Database
  readonly clock: Clock
  readonly logger: Logger
  /** 0: changes do not age. */
  readonly retentionDays: number
  /** 0: streams may be of any length. */
  readonly maxChanges: number
  /** By kind of stream. */
  readonly onPrune: Readonly<Record<string, OnPrune>>
}

const dayMs = 24 * 60 * 60 * 1000
const chunk = 1_000
const mostPerSweep = 50_000

export function createRetention({ database, clock, logger, retentionDays, maxChanges, onPrune }: RetentionDeps): Retention {
  async function pruneStream({ id, kind, upTo }: Prunable): Promise<void> {
    for (let left = true; left; ) {
      left = await database.transact(async tx => {
        if (!(await claimPruning(tx, id))) return false
        const doomed = (await readChanges(tx, id, { after: 0, limit: chunk })).filter(change => change.seq <= upTo)
        const last = doomed.at(-1)
        if (!last) return false
        await onPrune[kind]?.(tx, id, doomed)
        await prune(tx, id, last.seq)
        return last.seq < upTo
      })
    }
  }

  return {
    async sweep() {
      const now = clock.now().getTime()
      await deleteKeysBefore(database.db, new Date(now - idempotencyWindowMs))
      const outdated = retentionDays > 0 ? await findOutdated(database.db, new Date(now - retentionDays * dayMs), mostPerSweep) : []
      const oversized = maxChanges > 0 ? await findOversized(database.db, maxChanges, mostPerSweep) : []
      for (const stream of [...outdated, ...oversized]) await pruneStream(stream)
      if (outdated.length + oversized.length > 0) logger.info({ streams: outdated.length + oversized.length }, 'pruned the log')
    },
  }
}
