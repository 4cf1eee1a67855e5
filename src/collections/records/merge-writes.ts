import type { Feed } from '../../feed/feed.ts'
import type { Tx } from '../../platform/database.ts'
import { applyWrite, type Outcome } from './apply.ts'
import { expired, isDue, type RecordState, type RecordStep } from './record.ts'
import { appendSteps } from './record-change.ts'
import type { RecordWrite } from './record-input.ts'
import { readRecords, readValues } from './write-store.ts'

export interface WriteBy {
  readonly collectionId: string
  readonly actorId: string
  readonly write: RecordWrite
}

/** A collection while writes to it are merged. */
interface Place {
  /** What is under each key so far. */
  readonly records: Map<string, RecordState>
  /** The ids of those that were there before. */
  readonly known: Set<string>
  readonly steps: RecordStep[]
}

/** Does the writes one after the other, in collections that are locked. Null: there was nothing to delete. */
export async function mergeWrites(tx: Tx, feed: Feed, writes: readonly WriteBy[], now: number): Promise<(Outcome | null)[]> {
  if (writes.length === 0) return []
  const places = new Map<string, Place>()
  function placeOf(collectionId: string): Place {
    const known = places.get(collectionId)
    if (known) return known
    const fresh = { records: new Map(), known: new Set<string>(), steps: [] }
    places.set(collectionId, fresh)
    return fresh
  }
  const found = await readRecords(tx, writes)
  for (const { collectionId, record } of found) {
    const { records, known } = placeOf(collectionId)
    records.set(record.key, record)
    known.add(record.id)
  }

  const outcomes = writes.map(({ collectionId, actorId, write }) => {
    const { records, steps } = placeOf(collectionId)
    const step = (step: RecordStep) => {
      records.set(write.key, step.record)
      steps.push(step)
    }
    const before = records.get(write.key)
    // What the sweep has not come to yet is done here, so that when it comes makes no difference.
    if (before && isDue(before, now)) step({ kind: 'expired', record: expired(before), json: null, actorId: null })
    const outcome = applyWrite(records.get(write.key), write, now)
    if (outcome?.applied) step({ kind: write.deletes ? 'deleted' : 'put', record: outcome.record, json: write.json, actorId })
    return outcome
  })
  const isAllApplied = outcomes.every(outcome => outcome?.applied)
  const answers = isAllApplied ? outcomes : await withValues(tx, outcomes, new Set(found.map(({ record }) => record)))
  for (const [collectionId, { steps, known }] of places) await appendSteps(tx, feed, collectionId, steps, known)
  return answers
}

/** What writes lost to is shown to them with its value, which they did not need to lose. Comes before anything is written. */
async function withValues(tx: Tx, outcomes: readonly (Outcome | null)[], asRead: ReadonlySet<RecordState>): Promise<(Outcome | null)[]> {
  const winners = outcomes.flatMap(outcome => (outcome && asRead.has(outcome.record) ? outcome.record.id : []))
  const values = await readValues(tx, winners)
  return outcomes.map(outcome =>
    outcome && asRead.has(outcome.record) ? { ...outcome, record: { ...outcome.record, value: values.get(outcome.record.id) ?? null } } : outcome,
  )
}
