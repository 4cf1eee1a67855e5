import { badInput } from '../errors.ts'
import type { Feed } from '../feed/feed.ts'
import type { Write } from '../merge/last-writer-wins.ts'
import { counterOf, type VectorClock } from '../merge/vector-clock.ts'
import type { Tx } from '../platform/database.ts'
import { deltaKind, deltaPayload } from './delta.ts'
import { maxWrites } from './push-input.ts'
import { storeWrites } from './push-store.ts'

export interface WritesBy {
  readonly documentId: string
  readonly actorId: string
  readonly clientId: string
  /** What was seen before these writes; they take the client's next counters. */
  readonly seen: VectorClock
  readonly updatedAt: Date
}

/** Puts writes that win by construction into the document and its stream, as many deltas as they need. */
export async function appendWrites(tx: Tx, feed: Feed, by: WritesBy, writes: readonly Omit<Write, 'counter' | 'clientId'>[]): Promise<void> {
  if (writes.length === 0) return
  const { documentId, actorId, clientId, seen, updatedAt } = by
  let counter = counterOf(seen, clientId)
  // Beyond this, JSON no longer carries the document's clock exactly.
  if (counter + Math.ceil(writes.length / maxWrites) > Number.MAX_SAFE_INTEGER)
    throw badInput('input.clientId', 'This client has no counters left; take another client id.')
  const changes = []
  const fields = []
  for (let at = 0; at < writes.length; at += maxWrites) {
    counter += 1
    const part = writes.slice(at, at + maxWrites).map(write => ({ ...write, documentId, counter, clientId }))
    fields.push(...part)
    changes.push({
      kind: deltaKind,
      payload: deltaPayload(counter, { ...seen, [clientId]: counter }, part),
      actorId,
      clientId,
      clientCounter: counter,
    })
  }
  await storeWrites(tx, fields, [{ documentId, clientId, counter }], updatedAt)
  await feed.append(tx, documentId, changes)
}
