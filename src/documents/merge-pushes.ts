import type { Viewer } from '../access/viewer.ts'
import type { NewChange } from '../feed/change.ts'
import type { Call } from '../feed/idempotency.ts'
import { applyWrites, type Write } from '../merge/last-writer-wins.ts'
import { counterOf, type VectorClock } from '../merge/vector-clock.ts'
import type { Tx } from '../platform/database.ts'
import { deltaPayload } from './delta.ts'
import { type Field, readMergeState, storeWrites } from './push-store.ts'

/** One checked push on its way into the log. */
export interface Push {
  readonly documentId: string
  readonly viewer: Viewer
  readonly clientId: string
  readonly clock: VectorClock
  readonly writes: readonly Write[]
  /** Of what it says, in characters. */
  readonly weight: number
  readonly call: Call
}

interface Merged {
  /** What is told of it; null when every write lost. */
  readonly change: (NewChange & { readonly streamId: string }) | null
  /** The current winners of the paths whose write lost. */
  readonly superseded: readonly Write[]
}

/** What pushes to one document meet, and change. */
interface State {
  /** By path. */
  readonly fields: Map<string, Write>
  /** By client. */
  readonly counters: Map<string, number>
}

/** Merges pushes one after the other into the fields they touch, of documents that are locked. */
export async function mergeAll(tx: Tx, pushes: readonly Push[], now: Date): Promise<Merged[]> {
  const states = await readStates(tx, pushes)
  const before = new Map([...states].map(([documentId, { fields }]) => [documentId, new Map(fields)]))
  const merged = pushes.map(push => merge(push, states.get(push.documentId) ?? emptyState()))
  const winners: Field[] = []
  const counters = []
  for (const [documentId, state] of states) {
    for (const [path, field] of state.fields) if (before.get(documentId)?.get(path) !== field) winners.push({ ...field, documentId })
    for (const [clientId, counter] of state.counters) counters.push({ documentId, clientId, counter })
  }
  await storeWrites(tx, winners, counters, now)
  return merged
}

const emptyState = (): State => ({ fields: new Map(), counters: new Map() })

async function readStates(tx: Tx, pushes: readonly Push[]): Promise<Map<string, State>> {
  const touched = pushes.flatMap(({ documentId, writes }) => writes.map(({ path }) => ({ documentId, path })))
  const { fields, counters } = await readMergeState(tx, touched, pushes)
  const states = new Map(pushes.map(({ documentId }) => [documentId, emptyState()]))
  for (const { documentId, ...field } of fields) states.get(documentId)?.fields.set(field.path, field)
  for (const { documentId, clientId, counter } of counters) states.get(documentId)?.counters.set(clientId, counter)
  return states
}

function merge(push: Push, { fields, counters }: State): Merged {
  const { documentId: streamId, viewer, clientId, clock, writes } = push
  const { applied, lost } = applyWrites(fields, writes)
  const counter = counterOf(clock, clientId)
  const last = counters.get(clientId) ?? 0
  counters.set(clientId, Math.max(last, counter))
  const change = {
    streamId,
    kind: 'delta',
    payload: deltaPayload(counter, clock, applied),
    actorId: viewer.userId,
    clientId,
    // A push that comes after a later one of its client is news even to who has seen the later one.
    clientCounter: counter > last ? counter : null,
  }
  return { change: applied.length > 0 ? change : null, superseded: lost.flatMap(({ path }) => fields.get(path) ?? []) }
}
