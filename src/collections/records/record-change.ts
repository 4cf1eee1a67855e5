import type { Change, NewChange } from '../../feed/change.ts'
import type { Feed } from '../../feed/feed.ts'
import type { Tx } from '../../platform/database.ts'
import type { CollectionRow } from '../collection.ts'
import type { RecordChangeKind, RecordIn, RecordState, RecordStep } from './record.ts'
import { storedWith } from './write-store.ts'

const operations = { put: 'PUT', deleted: 'DELETED', expired: 'EXPIRED' } as const satisfies Record<RecordChangeKind, string>

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
const toNewChange = ({ kind, record, actorId }: RecordStep): NewChange => ({
  kind,
  payload: record,
  actorId,
  clientId: null,
  clientCounter: null,
})

/** Tells of what happened in a collection, step by step, and leaves its records as the last step of each says. */
export async function appendSteps(tx: Tx, feed: Feed, collectionId: string, steps: readonly RecordStep[], known: ReadonlySet<string>): Promise<void> {
  await feed.append(tx, collectionId, steps.map(toNewChange), storedWith(steps, known))
}

/** Null for a kind of change that this version does not know. */
export function toRecordEvent({ kind, payload, actorId, at }: Change, collection: CollectionRow, cursor: string): RecordEvent | null {
  if (!Object.hasOwn(operations, kind)) return null
  const operation = operations[kind as RecordChangeKind]
  return { __typename: 'RecordChange', cursor, operation, record: { ...(payload as RecordState), collection }, byId: actorId, at }
}
