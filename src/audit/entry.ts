import { createHash } from 'node:crypto'
import type { AuditNote } from './noted.ts'

/** What was done, in its place in the chain. */
export interface AuditEntry {
  /** 1, 2, 3, … without holes. */
  readonly seq: number
  readonly id: string
  readonly at: Date
  readonly actorId: string | null
  /** How an administrator who is no user proved to be one. */
  readonly actorBy: string | null
  readonly action: string
  readonly target: string | null
  readonly ip: string | null
  readonly details: unknown
  readonly hash: string
  readonly previousHash: string
}

/** Stands before the first entry of all. */
export const firstHash = '0'.repeat(64)

/** SHA-256 over all that an entry says, and over the hash of the one before it. */
export function hashOf({ seq, id, at, actorId, actorBy, action, target, ip, details, previousHash }: Omit<AuditEntry, 'hash'>): string {
  const said = [previousHash, seq, id, at.toISOString(), actorId, actorBy, action, target, ip, sorted(details)]
  return createHash('sha256').update(JSON.stringify(said)).digest('hex')
}

/** The database keeps the keys of an object in an order of its own. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, child]) => [name, sorted(child)]),
  )
}

const maxTextLength = 400
/** What would break a line, move the cursor of a terminal, or turn the direction of writing. */
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu

/** Text that may come from anybody, so that it can't pass for something else wherever it is shown. */
export const plain = (text: string): string => text.slice(0, maxTextLength).replace(unprintable, '\u{fffd}')

/** Details as they come back from the database. */
export const plainDetails = (details: AuditNote['details']): unknown =>
  details === undefined ? null : JSON.parse(JSON.stringify(details), (_, value) => (typeof value === 'string' ? plain(value) : value))
