import type { NewChange } from '../../feed/change.ts'
import type { Feed } from '../../feed/feed.ts'
import type { Tx } from '../../platform/database.ts'
import { applyWrite, type Outcome } from './apply.ts'
import { expired, isDue } from './record.ts'
import { toNewChange } from './record-change.ts'
import type { RecordWrite } from './record-input.ts'
import { type RecordKey, readRecords, type StoredRecord, storeRecords } from './store.ts'

export interface WriteBy {
  readonly collectionId: string
  readonly actorId: string
  readonly write: RecordWrite
}

/** Does the writes one after the other, in collections that are locked. Null: there was nothing to delete. */
export async function mergeWrites(tx: Tx, feed: Feed, writes: readonly WriteBy[], now: number): Promise<(Outcome | null)[]> {
  if (writes.length === 0) return []
  const keys = new Map(writes.map(({ collectionId, write: { key } }) => [nameOf({ collectionId, key }), { collectionId, key }]))
  const records = new Map((await readRecords(tx, [...keys.values()])).map(record => [nameOf(record), record]))
  const touched = new Map<string, StoredRecord>()
  const changes = new Map<string, NewChange[]>()

  function put(record: StoredRecord, change: NewChange): void {
    const name = nameOf(record)
    records.set(name, record)
    touched.set(name, record)
    const list = changes.get(record.collectionId)
    if (list) list.push(change)
    else changes.set(record.collectionId, [change])
  }

  const outcomes = writes.map(({ collectionId, actorId, write }) => {
    const name = nameOf({ collectionId, key: write.key })
    const stored = records.get(name)
    // What the sweep has not come to yet is done here, so that when it comes makes no difference.
    if (stored && isDue(stored, now)) put({ ...expired(stored), collectionId }, toNewChange('expired', expired(stored), null))
    const outcome = applyWrite(records.get(name), write, now)
    if (outcome?.applied) put({ ...outcome.record, collectionId }, toNewChange(write.deletes ? 'deleted' : 'put', outcome.record, actorId))
    return outcome
  })
  if (touched.size > 0) await storeRecords(tx, [...touched.values()])
  for (const [collectionId, added] of changes) await feed.append(tx, collectionId, added)
  return outcomes
}

const nameOf = ({ collectionId, key }: RecordKey): string => `${collectionId} ${key}`
