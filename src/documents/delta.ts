import type { Change } from '../feed/change.ts'
import type { Write } from '../merge/last-writer-wins.ts'
import type { VectorClock } from '../merge/vector-clock.ts'

/** The kind of those changes that are pushes. */
export const deltaKind = 'delta'

/** What such a change carries; the client is in the change itself. */
interface DeltaPayload {
  readonly counter: number
  readonly clock: VectorClock
  readonly writes: readonly Pick<Write, 'path' | 'value' | 'deleted' | 'timestamp'>[]
}

/** A change of a document, as its feed yields it. */
export type DocumentEvent =
  | {
      readonly __typename: 'DocumentDelta'
      readonly cursor: string
      readonly documentId: string
      readonly clientId: string
      readonly clock: VectorClock
      readonly writes: readonly Write[]
      readonly authorId: string | null
      readonly at: Date
    }
  | { readonly __typename: 'DocumentRemoved' | 'DocumentRestored'; readonly cursor: string; readonly documentId: string; readonly at: Date }

export type DocumentDelta = Extract<DocumentEvent, { __typename: 'DocumentDelta' }>

export const deltaPayload = (counter: number, clock: VectorClock, writes: readonly Write[]): DeltaPayload => ({
  counter,
  clock,
  writes: writes.map(({ path, value, deleted, timestamp }) => ({ path, value, deleted, timestamp })),
})

/** Signs a cursor only for who asks for it. */
type CursorOf = (change: Change) => string

/** Null for a kind of change that this version does not know. */
export function toDocumentEvent(change: Change, cursorOf: CursorOf): DocumentEvent | null {
  const { kind, streamId: documentId, at } = change
  if (kind === deltaKind) return toDocumentDelta(change, cursorOf)
  if (kind === 'removed') return { __typename: 'DocumentRemoved', cursor: cursorOf(change), documentId, at }
  if (kind === 'restored') return { __typename: 'DocumentRestored', cursor: cursorOf(change), documentId, at }
  return null
}

/** Of a change of that kind. */
export function toDocumentDelta(change: Change, cursorOf: CursorOf): DocumentDelta {
  const { streamId: documentId, payload, actorId: authorId, at } = change
  const { counter, clock, writes } = payload as DeltaPayload
  const clientId = change.clientId ?? ''
  return {
    __typename: 'DocumentDelta',
    get cursor() {
      return cursorOf(change)
    },
    documentId,
    clientId,
    clock,
    writes: writes.map(({ path, value, deleted, timestamp }) => ({ path, value, deleted, timestamp, counter, clientId })),
    authorId,
    at,
  }
}
