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
      const now = clock.now()
      const verdicts = await judge(tx, access, documentId, pushes)
      const taken = verdicts.map(verdict => ('take' in verdict ? verdict.take : null))
      const merged = await mergeAll(tx, documentId, taken, now)
      const changes = merged.flatMap(push => push?.change ?? [])
      const appended = [...(await feed.append(tx, documentId, changes))]
      const outcomes = merged.map(push => push && outcomeOf(push.superseded, push.change && appended.shift()))
      await remember(
        tx,
        pushes.flatMap(({ call }, index) => (outcomes[index] ? [{ call, outcome: { ...outcomes[index], change: undefined } }] : [])),
        now,
      )
      return answersOf(verdicts, outcomes)
    }),
  )

/** What is to be done with a push: take it, answer it as it was answered before or refuse it, or answer it like an earlier one of the batch. */
type Verdict = { readonly take: Push } | { readonly answer: PushOutcome | Error } | { readonly repeats: number }

/** Locks the document, and says of each push what is to be done with it. */
async function judge(tx: Tx, access: Access, documentId: string, pushes: readonly Push[]): Promise<Verdict[]> {
  const document = await lockDocument(tx, documentId)
  if (!document) return pushes.map(() => ({ answer: notFound('document') }))
  const viewers = pushes.map(push => push.viewer)
  const calls = pushes.map(push => push.call)
  const refusals = await access.refusals(viewers, documentId, 'WRITE', tx)
  const recalled = await recall<PushOutcome>(tx, calls)
  return pushes.map((push, index) => {
    const known = recalled[index] ?? { first: true }
    const refusal = refusals[index]
    if (refusal) return { answer: refusal }
    if ('error' in known) return { answer: known.error }
    if ('outcome' in known) return { answer: known.outcome }
    if ('repeats' in known) return known
    // Only what is new: a retry of what came before the deletion still gets its answer.
    if (document.deletedAt) return { answer: new AppError('CONFLICT', 'The document is deleted; restore it first.', { field: 'input.documentId' }) }
    return { take: push }
  })
}

const outcomeOf = (superseded: readonly Write[], change: Change | null | undefined): PushOutcome => ({
  seq: change?.seq ?? null,
  superseded,
  ...(change && { change }),
})

function answersOf(verdicts: readonly Verdict[], outcomes: readonly (PushOutcome | null)[]): (PushOutcome | Error)[] {
  const answers: (PushOutcome | Error)[] = []
  for (const [index, verdict] of verdicts.entries()) {
    const answer = 'answer' in verdict ? verdict.answer : 'repeats' in verdict ? answers[verdict.repeats] : outcomes[index]
    answers.push(answer ?? new Error('A push without an outcome.'))
  }
  return answers
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
