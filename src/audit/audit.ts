import { createHash } from 'node:crypto'
import type { Admin } from '../access/viewer.ts'
import type { Feed } from '../feed/feed.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database, Tx } from '../platform/database.ts'
import { newId } from '../platform/ids.ts'
import type { AuditAction } from './action.ts'
import { type AuditRow, findLastHash, insertEntry } from './store.ts'

/** Whoever did something: a viewer, an administrator, or a stranger of whom only the address is known. */
export interface Actor {
  readonly userId: string | null
  readonly ip: string
  readonly by?: Admin['by']
}

export interface AuditNote {
  /** The id of what it was done to. */
  readonly target?: string | null
  /** Never a secret, and nothing of what people write. */
  readonly details?: Readonly<Record<string, unknown>>
}

/** Keeps what was done that somebody may have to answer for, in an order that can't be changed unseen. */
export interface Audit {
  /** Adds an entry that is there if and only if `tx` commits. Call it last: entries of all nodes queue for one lock. */
  record(tx: Tx, actor: Actor, action: AuditAction, note?: AuditNote): Promise<void>
}

export interface AuditDeps {
  readonly database: Database
  readonly feed: Feed
  readonly clock: Clock
}

const streamId = 'audit'
const firstHash = '0'.repeat(64)

export async function createAudit({ database, feed, clock }: AuditDeps): Promise<Audit> {
  await database.transact(tx => feed.open(tx, streamId, 'audit'))

  return {
    async record(tx, { userId, ip, by }, action, { target = null, details } = {}) {
      // The head of the stream is the lock: whoever comes next waits here, and reads the hash of this entry.
      const [change] = await feed.append(tx, streamId, [{ kind: action, payload: null, actorId: userId, clientId: null, clientCounter: null }])
      if (!change) throw new Error('Nothing was appended.')
      const entry = {
        seq: change.seq,
        id: newId('aud'),
        at: clock.now(),
        actorId: userId,
        actorBy: userId === null ? (by ?? null) : null,
        action,
        target,
        ip,
        details: details ?? null,
        previousHash: (await findLastHash(tx)) ?? firstHash,
      }
      await insertEntry(tx, { ...entry, hash: hashOf(entry) })
    },
  }
}

/** SHA-256 over all that an entry says, and over the hash of the one before it. */
function hashOf({ seq, id, at, actorId, actorBy, action, target, ip, details, previousHash }: Omit<AuditRow, 'hash'>): string {
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
