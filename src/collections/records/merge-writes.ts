import type { NewChange } from '../../feed/change.ts'
import type { Feed } from '../../feed/feed.ts'
import type { Tx } from '../../platform/database.ts'
import { applyWrite, type Outcome } from './apply.ts'
import { expired, isDue } from './record.ts'
import { toNewChange } from './record-change.ts'
import type { RecordWrite } from './record-input.ts'
import { insertRecords, type RecordKey, readRecords, type StoredRecord, updateRecords } from './store.ts'

export interface WriteBy {
  readonly collectionId: string
  readonly actorId: string
  readonly write: RecordWrite
}

/** Does the writes one after the other, in collections that are locked. Null: there was nothing to delete. */
export async function mergeWrites(tx: Tx, feed: Feed, writes: readonly WriteBy[], now: number): Promise<(Outcome | null)[]> {
  if (writes.length === 0) return []
  const keys = new Map(writes.map(({ collectionId, write: { key } }) => [nameOf({ collectionId, key }), { collectionId, key }]))
  const found = await readRecords(tx, [...keys.values()])
  const stored = new Set(found.map(({ id }) => id))
  const records = new Map(found.map(record => [nameOf(record), record]))
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
    const before = records.get(name)
    // What the sweep has not come to yet is done here, so that when it comes makes no difference.
    if (before && isDue(before, now)) put({ ...expired(before), collectionId }, toNewChange('expired', expired(before), null))
    const outcome = applyWrite(records.get(name), write, now)
    if (outcome?.applied) put({ ...outcome.record, collectionId }, toNewChange(write.deletes ? 'deleted' : 'put', outcome.record, actorId))
    return outcome
  })
  const { known = [], fresh = [] } = Object.groupBy(touched.values(), ({ id }) => (stored.has(id) ? 'known' : 'fresh'))
  await insertRecords(tx, fresh)
  await updateRecords(tx, known)
  for (const [collectionId, added] of changes) await feed.append(tx, collectionId, added)
  return outcomes
}

const nameOf = ({ collectionId, key }: RecordKey): string => `${collectionId} ${key}`
