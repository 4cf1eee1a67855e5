import type { Competitor } from '../../merge/conflict-policy.ts'
import type { CollectionRow } from '../collection.ts'

/** A record as it is stored, in the log and in the table. Times are in milliseconds since 1970. */
export interface RecordState {
  readonly id: string
  readonly key: string
  readonly value: unknown
  readonly version: number
  readonly updatedAt: number
  readonly deletedAt: number | null
  readonly expiresAt: number | null
}

/** A record and where it is. */
export interface RecordIn extends RecordState {
  readonly collection: CollectionRow
}

/** The kinds of change in the stream of a collection. */
export type RecordChangeKind = 'put' | 'deleted' | 'expired'

/** Something that happened to a record. */
export interface RecordStep {
  readonly kind: RecordChangeKind
  /** As it left the record. */
  readonly record: RecordState
  /** The value as JSON; null where there is none. */
  readonly json: string | null
  readonly actorId: string | null
}

export const isDue = ({ expiresAt, deletedAt }: RecordState, now: number): boolean => deletedAt === null && expiresAt !== null && expiresAt <= now

/** What becomes of a record that is due: the same whenever it is done, and no write that is older than the record comes back through it. */
export function expired(record: RecordState): RecordState {
  const deletedAt = record.expiresAt ?? record.updatedAt
  return { ...record, value: null, version: record.version + 1, updatedAt: Math.max(deletedAt, record.updatedAt), deletedAt, expiresAt: null }
}

export const asCompetitor = ({ value, deletedAt, updatedAt }: RecordState): Competitor => ({ value, deleted: deletedAt !== null, updatedAt })
