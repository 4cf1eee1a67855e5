import type { Access } from '../access/access.ts'
import { AppError, notFound } from '../errors.ts'
import type { Change } from '../feed/change.ts'
import type { Feed } from '../feed/feed.ts'
import { recall, remember } from '../feed/idempotency.ts'
import { createLane } from '../feed/lane.ts'
import type { Write } from '../merge/last-writer-wins.ts'
import type { Clock } from '../platform/clock.ts'
import { DatabaseLostError, type Tx } from '../platform/database.ts'
import { mergeAll, type Push } from './merge-pushes.ts'
import { findExisting, lockDocuments, lockFreeDocuments, type Met, readWhatIsMet, storeWrites } from './push-store.ts'

/** What became of a push. It is stored under the push's idempotency key. */
export interface PushOutcome {
  /** Its place in the document's stream; null when every write lost. */
  readonly seq: number | null
  /** The current winners of the paths whose write lost. */
  readonly superseded: readonly Write[]
  /** What entered the stream; not there when this is the outcome of an earlier call. */
  readonly change?: Change
}

/** A push that did not go with the others, and what becomes of it. */
interface Apart {
  readonly apart: Promise<PushOutcome>
}

export interface PushDeps {
  readonly feed: Feed
  readonly access: Access
  readonly clock: Clock
}

/** A push with more writes, or heavier ones, would keep those waiting that have but a few. */
const fewWrites = 50
const littleWeight = 32 * 1024
/** Documents that are locked are left out of a batch at once; this is for what goes with them. */
const batchLockMs = 500

/**
 * Pushes that come together go in together, whatever documents they are to; each is answered as if they had come one by one.
 * Nobody waits for a document that somebody else has locked, or for a push that is large, but who pushes to that very document.
 */
export function createPushes({ feed, access, clock }: PushDeps) {
  const apart = createLane<Push, PushOutcome>((_, pushes) =>
    feed.commitWith(
      async tx => {
        const askLast = await take(tx, pushes, lockDocuments)
        return async () => (await askLast()).map(answer => answer ?? new Error('A document that is locked is locked by somebody else.'))
      },
      { isByKey: true, startsByReading: true },
    ),
  )

  const together = createLane<Push, PushOutcome | Apart>(async (_, pushes) => {
    const inBatch = setApart(pushes, documentId => apart.isBusy(documentId))
    const batch = pushes.filter(push => inBatch.has(push))
    const answers = batch.length > 0 ? await takeAll(batch) : []
    const answered = new Map(batch.map((push, index) => [push, answers[index]]))
    // From here on their documents are busy: what the next batch has for them stays behind them.
    return pushes.map(push => answered.get(push) ?? { apart: submitApart(push) })
  })

  function submitApart(push: Push): Promise<PushOutcome> {
    const outcome = apart.submit(push.documentId, push)
    // It may fail before whoever pushed has heard of it, and what nobody has heard of ends the process.
    outcome.catch(() => {})
    return outcome
  }

  /** None: the batch failed. Apart, each document shows whether it was the one at fault, and only those who push to it wait for it. */
  async function takeAll(batch: readonly Push[]): Promise<(PushOutcome | Error | null)[]> {
    try {
      return await feed.commitWith(tx => take(tx, batch, lockFreeDocuments), { isByKey: true, startsByReading: true, lockMs: batchLockMs })
    } catch (error) {
      // It may have taken effect all the same, and trying again is for whoever has an idempotency key.
      if (error instanceof DatabaseLostError) throw error
      return []
    }
  }

  /** Twice to the database and back, the commit included: what is asked for together goes together. Once more for those who have a key. */
  async function take(tx: Tx, pushes: readonly Push[], lock: typeof lockDocuments): Promise<() => Promise<(PushOutcome | Error | null)[]>> {
    const now = clock.now()
    const { verdicts, met } = await judge(tx, access, pushes, lock)
    const taken = pushes.filter((_, index) => verdicts[index] === 'take')
    if (taken.length === 0) return async () => answersOf(verdicts, [])
    const { merged, winners, counters } = await mergeAll(tx, taken, met)
    const store = async () => {
      const changes = merged.flatMap(({ change }) => change ?? [])
      const [, appended] = await Promise.all([storeWrites(tx, winners, counters, now), feed.appendAll(tx, changes)])
      const told = appended.values()
      return merged.map(({ change, superseded }) => outcomeOf(superseded, change && told.next().value))
    }
    if (taken.every(({ call }) => call.key == null)) return async () => answersOf(verdicts, await store())
    const outcomes = await store()
    const done = taken.map(({ call }, index) => ({ call, outcome: { ...outcomes[index], change: undefined } }))
    return async () => {
      await remember(tx, done, now)
      return answersOf(verdicts, outcomes)
    }
  }

  return {
    async submit(push: Push): Promise<PushOutcome> {
      const outcome = await together.submit('', push)
      return 'apart' in outcome ? outcome.apart : outcome
    },
  }
}

/** Those that may go together. What comes behind one that may not, to the same document, has to keep its place. */
function setApart(pushes: readonly Push[], isBusy: (documentId: string) => boolean): ReadonlySet<Push> {
  const apart = new Set<string>()
  const documentOf = new Map<string, string>()
  return new Set(
    pushes.filter(({ documentId, writes, weight, call: { scope, key } }) => {
      const name = `${scope} ${key}`
      // A key that goes to two documents is a mistake, and which of them it is for shows only when the other one is through.
      const isForAnother = key != null && (documentOf.get(name) ?? documentId) !== documentId
      if (key != null && !isForAnother) documentOf.set(name, documentId)
      const isLarge = writes.length > fewWrites || weight > littleWeight
      if (isLarge || isForAnother || isBusy(documentId)) apart.add(documentId)
      return !apart.has(documentId)
    }),
  )
}

/** What is to be done with a push: take it, answer it as it was answered before or refuse it, answer it like an earlier one, or wait for its document. */
type Verdict = 'take' | 'locked' | { readonly answer: PushOutcome | Error } | { readonly repeats: number }

/** Locks documents, reads what the pushes to them meet, and says of each push what is to be done with it. */
async function judge(tx: Tx, access: Access, pushes: readonly Push[], lock: typeof lockDocuments): Promise<{ verdicts: Verdict[]; met: Met }> {
  const ids = [...new Set(pushes.map(({ documentId }) => documentId))]
  const touched = pushes.flatMap(({ documentId, writes }) => writes.map(({ path }) => ({ documentId, path })))
  // All in one flight: behind the lock, each of them sees what was committed before it was given.
  const [locked, refusals, recalled, met] = await Promise.all([
    lock(tx, ids),
    access.refusals(
      pushes.map(({ viewer, documentId }) => ({ viewer, resourceId: documentId })),
      'WRITE',
      tx,
    ),
    recall<PushOutcome>(
      tx,
      pushes.map(({ call }) => call),
    ),
    readWhatIsMet(tx, touched, pushes),
  ])
  const documents = new Map(locked.map(document => [document.id, document]))
  const lockedElsewhere = await findExisting(
    tx,
    ids.filter(id => !documents.has(id)),
  )
  const verdicts = pushes.map(({ documentId }, index): Verdict => {
    if (lockedElsewhere.has(documentId)) return 'locked'
    const document = documents.get(documentId)
    const refusal = document ? refusals[index] : notFound('document')
    if (refusal) return { answer: refusal }
    const known = recalled[index] ?? { first: true }
    if ('error' in known) return { answer: known.error }
    if ('outcome' in known) return { answer: known.outcome }
    if ('repeats' in known) return known
    // Only what is new: a retry of what came before the deletion still gets its answer.
    if (document?.deleted) return { answer: new AppError('CONFLICT', 'The document is deleted; restore it first.', { field: 'input.documentId' }) }
    return 'take'
  })
  return { verdicts, met }
}

const outcomeOf = (superseded: readonly Write[], change: Change | null | undefined): PushOutcome => ({
  seq: change?.seq ?? null,
  superseded,
  ...(change && { change }),
})

/** Null for those whose document is locked. */
function answersOf(verdicts: readonly Verdict[], outcomes: readonly PushOutcome[]): (PushOutcome | Error | null)[] {
  const answers: (PushOutcome | Error | null)[] = []
  let taken = 0
  for (const verdict of verdicts) {
    if (verdict === 'locked') answers.push(null)
    else if (verdict === 'take') answers.push(outcomes[taken++] ?? new Error('A push without an outcome.'))
    else answers.push('answer' in verdict ? verdict.answer : (answers[verdict.repeats] ?? null))
  }
  return answers
}
