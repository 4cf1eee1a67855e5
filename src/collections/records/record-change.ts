import type { Change, NewChange } from '../../feed/change.ts'
import type { CollectionRow } from '../collection.ts'
import type { RecordIn, RecordState } from './record.ts'

const operations = { put: 'PUT', deleted: 'DELETED', expired: 'EXPIRED' } as const

/** The kinds of change in the stream of a collection. */
export type RecordChangeKind = keyof typeof operations

/** A change of a collection, as its feed yields it. */
export interface RecordEvent {
  readonly __typename: 'RecordChange'
  readonly cursor: string
  readonly operation: (typeof operations)[RecordChangeKind]
  /** As the change left it. */
  readonly record: RecordIn
  /** Null: the server, since it expired. */
  readonly byId: string | null
  readonly at: Date
}

/** The change holds the whole record, so that its feed needs nothing else and shows each state there was. */
export const toNewChange = (
  kind: RecordChangeKind,
  { id, key, value, version, updatedAt, deletedAt, expiresAt }: RecordState,
  actorId: string | null,
): NewChange => ({
  kind,
  payload: { id, key, value, version, updatedAt, deletedAt, expiresAt } satisfies RecordState,
  actorId,
  clientId: null,
  clientCounter: null,
})

/** Null for a kind of change that this version does not know. */
export function toRecordEvent({ kind, payload, actorId, at }: Change, collection: CollectionRow, cursor: string): RecordEvent | null {
  if (!Object.hasOwn(operations, kind)) return null
  const operation = operations[kind as RecordChangeKind]
  return { __typename: 'RecordChange', cursor, operation, record: { ...(payload as RecordState), collection }, byId: actorId, at }
}
