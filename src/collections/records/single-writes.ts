import type { Access } from '../../access/access.ts'
import type { Viewer } from '../../access/viewer.ts'
import { notFound } from '../../errors.ts'
import type { Feed } from '../../feed/feed.ts'
import { type Call, recall, remember } from '../../feed/idempotency.ts'
import { createLane } from '../../feed/lane.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Tx } from '../../platform/database.ts'
import { lockCollections } from '../store.ts'
import type { Outcome } from './apply.ts'
import { mergeWrites } from './merge-writes.ts'
import type { RecordWrite } from './record-input.ts'

export interface SingleWrite {
  readonly viewer: Viewer
  readonly write: RecordWrite
  readonly call: Call
}

export interface SingleWritesDeps {
  readonly feed: Feed
  readonly access: Access
  readonly clock: Clock
}

/** Writes to one collection that come together go in together; each is answered as if they had come one by one. */
export const createSingleWrites = ({ feed, access, clock }: SingleWritesDeps) =>
  createLane<SingleWrite, Outcome>((collectionId, writes) => {
    const work = async (tx: Tx) => {
      const verdicts = await judge(tx, access, collectionId, writes)
      const now = clock.now()
      const taken = verdicts.flatMap((verdict, index) => {
        const single = writes[index]
        return 'take' in verdict && single ? [{ index, single }] : []
      })
      const merged = await mergeWrites(
        tx,
        feed,
        taken.map(({ single }) => ({ collectionId, actorId: single.viewer.userId, write: single.write })),
        now.getTime(),
      )
      const outcomes = new Map(taken.map(({ index }, place) => [index, merged[place] ?? null]))
      await remember(
        tx,
        taken.flatMap(({ index, single: { call } }) => {
          const outcome = outcomes.get(index)
          return outcome ? [{ call, outcome }] : []
        }),
        now,
      )
      return answersOf(verdicts, outcomes)
    }
    return feed.transact(work, { isByKey: true })
  })

/** What is to be done with a write: take it, answer it as it was answered before or refuse it, or answer it like an earlier one of the batch. */
type Verdict = { readonly take: true } | { readonly answer: Outcome | Error } | { readonly repeats: number }

/** Locks the collection, and says of each write what is to be done with it. */
async function judge(tx: Tx, access: Access, collectionId: string, writes: readonly SingleWrite[]): Promise<Verdict[]> {
  const isThere = (await lockCollections(tx, [collectionId])).has(collectionId)
  if (!isThere) return writes.map(() => ({ answer: notFound('collection') }))
  const asked = writes.map(({ viewer }) => ({ viewer, resourceId: collectionId }))
  const calls = writes.map(write => write.call)
  const refusals = await access.refusals(asked, 'WRITE', tx)
  const recalled = await recall<Outcome>(tx, calls)
  return writes.map((_, index) => {
    const refusal = refusals[index]
    if (refusal) return { answer: refusal }
    const known = recalled[index] ?? { first: true }
    if ('error' in known) return { answer: known.error }
    if ('outcome' in known) return { answer: known.outcome }
    return 'repeats' in known ? known : { take: true }
  })
}

function answersOf(verdicts: readonly Verdict[], outcomes: ReadonlyMap<number, Outcome | null>): (Outcome | Error)[] {
  const answers: (Outcome | Error)[] = []
  for (const [index, verdict] of verdicts.entries()) {
    const answer = 'answer' in verdict ? verdict.answer : 'repeats' in verdict ? answers[verdict.repeats] : outcomes.get(index)
    answers.push(answer ?? notFound('record'))
  }
  return answers
}
