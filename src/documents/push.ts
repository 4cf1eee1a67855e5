import type { Access } from '../access/access.ts'
import type { Viewer } from '../access/viewer.ts'
import { AppError, notFound } from '../errors.ts'
import type { Change, NewChange } from '../feed/change.ts'
import type { Feed } from '../feed/feed.ts'
import { type Call, recall, remember } from '../feed/idempotency.ts'
import { createLane } from '../feed/lane.ts'
import { applyWrites, type Write } from '../merge/last-writer-wins.ts'
import type { VectorClock } from '../merge/vector-clock.ts'
import { counterOf } from '../merge/vector-clock.ts'
import type { Clock } from '../platform/clock.ts'
import type { Tx } from '../platform/database.ts'
import { deltaPayload } from './delta.ts'
import { lockDocument, readMergeState, storeWrites } from './store.ts'

/** One checked push on its way into the log. */
export interface Push {
  readonly viewer: Viewer
  readonly clientId: string
  readonly clock: VectorClock
  readonly writes: readonly Write[]
  readonly call: Call
}

/** What became of a push. It is stored under the push's idempotency key. */
export interface PushOutcome {
  /** Its place in the document's stream; null when every write lost. */
  readonly seq: number | null
  /** The current winners of the paths whose write lost. */
  readonly superseded: readonly Write[]
  /** What entered the stream; not there when this is the outcome of an earlier call. */
  readonly change?: Change
}

export interface PushDeps {
  readonly feed: Feed
  readonly access: Access
  readonly clock: Clock
}

/** Pushes to one document that come together go in together; each is answered as if they had come one by one. */
export const createPushes = ({ feed, access, clock }: PushDeps) =>
  createLane<Push, PushOutcome>((documentId, pushes) =>
    feed.transact(async tx => {
      const { refusals, closed } = await refusalsOf(tx, access, documentId, pushes)
      const recalled = await recall<PushOutcome>(
        tx,
        pushes.map(push => push.call),
      )
      const merged = await mergeAll(
        tx,
        documentId,
        pushes.map((push, index) => (closed || refusals[index] || !('first' in (recalled[index] ?? {})) ? null : push)),
        clock.now(),
      )
      const changes = merged.flatMap(push => push?.change ?? [])
      const appended = await feed.append(tx, documentId, changes)
      const stored = new Map(changes.map((change, index) => [change, appended[index]]))
      const fresh = merged.map((push): PushOutcome | null => {
        const change = push?.change && stored.get(push.change)
        return push && { seq: change?.seq ?? null, superseded: push.superseded, ...(change && { change }) }
      })
      await remember(
        tx,
        pushes.flatMap(({ call }, index) => (fresh[index] ? [{ call, outcome: { ...fresh[index], change: undefined } }] : [])),
        clock.now(),
      )
      return pushes.map((_, index) => refusals[index] ?? fresh[index] ?? repeated(index))

      function repeated(index: number): PushOutcome | Error {
        const known = recalled[index]
        if (known && 'error' in known) return known.error
        if (known && 'outcome' in known) return known.outcome
        const first = known && 'repeats' in known ? known.repeats : index
        return fresh[first] ?? closed ?? new Error('A push without an outcome.')
      }
    }),
  )

interface Refusals {
  /** Why a push may not go in, for each. */
  readonly refusals: readonly (Error | null)[]
  /** Why none may that is new; a retry still gets its answer. */
  readonly closed: Error | null
}

/** Locks the document, and says which pushes may not go in. */
async function refusalsOf(tx: Tx, access: Access, documentId: string, pushes: readonly Push[]): Promise<Refusals> {
  const document = await lockDocument(tx, documentId)
  if (!document) return { refusals: pushes.map(() => notFound('document')), closed: null }
  const viewers = pushes.map(push => push.viewer)
  const closed = document.deletedAt && new AppError('CONFLICT', 'The document is deleted; restore it first.', { field: 'input.documentId' })
  return { refusals: await access.refusals(viewers, documentId, 'WRITE', tx), closed }
}

interface Merged {
  readonly change: NewChange | null
  readonly superseded: readonly Write[]
}

/** Merges the pushes one after the other into the fields they touch; null stands for one that is left out. */
async function mergeAll(tx: Tx, documentId: string, pushes: readonly (Push | null)[], now: Date): Promise<(Merged | null)[]> {
  const taken = pushes.filter(push => push !== null)
  if (taken.length === 0) return pushes.map(() => null)
  const paths = new Set(taken.flatMap(({ writes }) => writes.map(({ path }) => path)))
  const { fields, counters } = await readMergeState(tx, documentId, [...paths], [...new Set(taken.map(({ clientId }) => clientId))])
  const before = new Map(fields)

  const merged = pushes.map((push): Merged | null => {
    if (!push) return null
    const { applied, lost } = applyWrites(fields, push.writes)
    const counter = counterOf(push.clock, push.clientId)
    const last = counters.get(push.clientId) ?? 0
    counters.set(push.clientId, Math.max(last, counter))
    const change = {
      kind: 'delta',
      payload: deltaPayload(counter, push.clock, applied),
      actorId: push.viewer.userId,
      clientId: push.clientId,
      // A push that comes after a later one of its client is news even to who has seen the later one.
      clientCounter: counter > last ? counter : null,
    }
    return { change: applied.length > 0 ? change : null, superseded: lost.flatMap(({ path }) => fields.get(path) ?? []) }
  })
  const winners = [...fields.values()].filter(field => before.get(field.path) !== field)
  await storeWrites(tx, documentId, { fields: winners, counters, updatedAt: winners.length > 0 ? now : null })
  return merged
}
