/** How a write to a key fares against what is there. */
export type ConflictPolicy = 'LAST_WRITE_WINS' | 'SERVER_TIME' | 'MAX_NUMERIC'

/** What is, or wants to be, under a key. A tombstone competes like any value, and is no number. */
export interface Competitor {
  readonly value: unknown
  readonly deleted: boolean
  /** Milliseconds since 1970, by the clock of the writer. */
  readonly updatedAt: number
}

/** Why `incoming` loses against `stored`, in the same words each time; null when it applies. */
export function lossOf(policy: ConflictPolicy, incoming: Competitor, stored: Competitor | undefined): string | null {
  if (!stored || policy === 'SERVER_TIME') return null
  const [mine, theirs] = [numberOf(incoming), numberOf(stored)]
  if (policy === 'MAX_NUMERIC' && mine !== null && theirs !== null) return mine > theirs ? null : 'The stored number is as great or greater.'
  // Ties go to whoever comes later.
  if (incoming.updatedAt >= stored.updatedAt) return null
  return stored.deleted ? 'The record was deleted later than this was written.' : 'The stored record was written later.'
}

/** When a write counts as made: under SERVER_TIME, and where the writer does not say, when the server takes it. */
export const timeOf = (policy: ConflictPolicy, given: number | null, now: number): number => (policy === 'SERVER_TIME' ? now : (given ?? now))

const numberOf = ({ value, deleted }: Competitor): number | null => (!deleted && typeof value === 'number' ? value : null)
