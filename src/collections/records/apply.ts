import { lossOf, timeOf } from '../../merge/conflict-policy.ts'
import { newId } from '../../platform/ids.ts'
import { asCompetitor, type RecordState } from './record.ts'
import type { RecordWrite } from './record-input.ts'

/** What became of a write. It is stored under the write's idempotency key. */
export interface Outcome {
  readonly applied: boolean
  /** The record as it is after the write: what was written, or what it lost to. */
  readonly record: RecordState
  /** Why it lost; null for a write that applied, and for a deletion of what is deleted. */
  readonly reason: string | null
}

/** Null: there is nothing that could be deleted. */
export function applyWrite(stored: RecordState | undefined, write: RecordWrite, now: number): Outcome | null {
  const { key, value, deletes, policy, ttlMs } = write
  if (write.onlyLive && !stored) return null
  if (write.onlyLive && stored && stored.deletedAt !== null) return { applied: false, record: stored, reason: null }
  // A deletion without a time of its own always applies, and stands against all that came before it.
  const givenTime = write.onlyLive && stored ? (write.updatedAt ?? Math.max(now, stored.updatedAt)) : write.updatedAt
  const updatedAt = timeOf(policy, givenTime, now)
  const reason = lossOf(policy, { value, deleted: deletes, updatedAt }, stored && asCompetitor(stored))
  if (stored && reason !== null) return { applied: false, record: stored, reason }
  const record = {
    id: stored?.id ?? newId('rec'),
    key,
    value,
    version: (stored?.version ?? 0) + 1,
    updatedAt,
    deletedAt: deletes ? updatedAt : null,
    expiresAt: ttlMs === null ? null : now + ttlMs,
  }
  return { applied: true, record, reason: null }
}
