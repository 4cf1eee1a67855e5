import type { Feed } from '../../feed/feed.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/database.ts'
import { lockCollections } from '../store.ts'
import { expired } from './record.ts'
import { appendSteps } from './record-change.ts'
import { claimExpiry, findDueCollections, readDue } from './store.ts'

export interface ExpiryDeps {
  readonly database: Database
  readonly feed: Feed
  readonly clock: Clock
}

const chunk = 500
const mostPerSweep = 50_000

/** Makes a deletion of each record that has expired. Any number of nodes may do so; for each collection one does the work. */
export function createExpiry({ database, feed, clock }: ExpiryDeps) {
  /** Whether there may be more. */
  const expireSome = (collectionId: string, now: Date): Promise<boolean> =>
    feed.transact(async tx => {
      if (!(await claimExpiry(tx, collectionId))) return false
      await lockCollections(tx, [collectionId])
      const gone = (await readDue(tx, collectionId, now, chunk)).map(expired)
      if (gone.length === 0) return false
      const steps = gone.map(record => ({ kind: 'expired', record, json: null, actorId: null }) as const)
      await appendSteps(tx, feed, collectionId, steps, new Set(gone.map(({ id }) => id)))
      return gone.length === chunk
    })

  return async function expireRecords(): Promise<void> {
    const now = clock.now()
    for (const collectionId of await findDueCollections(database.db, now, mostPerSweep)) while (await expireSome(collectionId, now));
  }
}
