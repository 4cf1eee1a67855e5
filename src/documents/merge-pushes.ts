import type { Viewer } from '../access/viewer.ts'
import { AppError } from '../errors.ts'
import type { NewChange } from '../feed/change.ts'
import type { Call } from '../feed/idempotency.ts'
import { applyWrites, compareWrites, type Write } from '../merge/last-writer-wins.ts'
import { counterOf, type VectorClock } from '../merge/vector-clock.ts'
import type { Tx } from '../platform/database.ts'
import { deltaKind, deltaPayload } from './delta.ts'
import { type ClientCounter, type Field, type FieldStamp, type Met, readValues } from './push-store.ts'

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
  /** Those of the fields that pushes have won, by path. */
  readonly won: Map<string, Write>
}

/** What became of pushes, and what is to be stored of it. */
export interface MergedPushes {
  /** In the order of the pushes. */
  readonly merged: readonly Merged[]
  readonly winners: readonly Field[]
  readonly counters: readonly ClientCounter[]
}

/** What those who lose are told at once, at most. */
const mostToldBytes = 16 * 1024 ** 2

/** Merges pushes one after the other into what they meet, in documents that are locked. @throws QUERY_TOO_COMPLEX */
export async function mergeAll(tx: Tx, pushes: readonly Push[], met: Met): Promise<MergedPushes> {
  const states = new Map<string, State>(pushes.map(({ documentId }) => [documentId, { fields: new Map(), counters: new Map(), won: new Map() }]))
  for (const { documentId, ...field } of met.fields) states.get(documentId)?.fields.set(field.path, { ...field, value: null })
  for (const { documentId, clientId, counter } of met.counters) states.get(documentId)?.counters.set(clientId, counter)
  for (const { documentId, ...field } of await readContested(tx, pushes, met.fields)) states.get(documentId)?.fields.set(field.path, field)

  const merged = pushes.map(push => merge(push, states.get(push.documentId) as State))
  const winners: Field[] = []
  const counters: ClientCounter[] = []
  for (const [documentId, state] of states) {
    for (const field of state.won.values()) winners.push({ ...field, documentId })
    for (const [clientId, counter] of state.counters) counters.push({ documentId, clientId, counter })
  }
  return { merged, winners, counters }
}

/** Stored fields that do not lose to every write by their stamps alone: only of these the values matter, which may be large. */
async function readContested(tx: Tx, pushes: readonly Push[], stored: readonly FieldStamp[]): Promise<Field[]> {
  const nameOf = (documentId: string, path: string) => `${documentId} ${path}`
  const byName = new Map(stored.map(field => [nameOf(field.documentId, field.path), field]))
  const contested = new Set<FieldStamp>()
  for (const { documentId, writes } of pushes)
    for (const write of writes) {
      const field = byName.get(nameOf(documentId, write.path))
      if (field && !field.deleted && compareWrites(write, field) <= 0) contested.add(field)
    }
  const fields = [...contested]
  const values = await readValues(tx, fields, mostToldBytes)
  if (values) return fields.map((field, index) => ({ ...field, value: values[index] }))
  const message = `The values that these writes lose to weigh more than ${mostToldBytes / 1024 ** 2} MiB together. Push fewer of them at once.`
  throw new AppError('QUERY_TOO_COMPLEX', message, { field: 'input.writes', limit: mostToldBytes })
}

function merge(push: Push, { fields, counters, won }: State): Merged {
  const { documentId: streamId, viewer, clientId, clock, writes } = push
  const { applied, lost } = applyWrites(fields, writes)
  for (const write of applied) won.set(write.path, write)
  const counter = counterOf(clock, clientId)
  const last = counters.get(clientId) ?? 0
  counters.set(clientId, Math.max(last, counter))
  const change = {
    streamId,
    kind: deltaKind,
    payload: deltaPayload(counter, clock, applied),
    actorId: viewer.userId,
    clientId,
    // A push that comes after a later one of its client is news even to who has seen the later one.
    clientCounter: counter > last ? counter : null,
  }
  return { change: applied.length > 0 ? change : null, superseded: lost.flatMap(({ path }) => fields.get(path) ?? []) }
}
