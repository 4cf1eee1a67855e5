import { exportSourceOf } from '../platform/keyset.ts'
import type { Signals } from '../signals/signals.ts'
import { createAwareness } from './awareness/service.ts'
import { documentTables } from './export-store.ts'
import { createDocuments, type DocumentsDeps } from './service.ts'
import { createSnapshots, type SnapshotsDeps } from './snapshots/service.ts'

export interface DocumentsRoomDeps extends Omit<DocumentsDeps, 'snapshots'>, Pick<SnapshotsDeps, 'logger' | 'everyChanges' | 'kept'> {
  readonly signals: Signals
}

export type DocumentsRoom = ReturnType<typeof createDocumentsRoom>

/** Documents, and what goes with them. When it is left, snapshots that are under way come to their end. */
export function createDocumentsRoom(deps: DocumentsRoomDeps) {
  const snapshots = createSnapshots(deps)
  const awareness = createAwareness(deps)
  return {
    documents: createDocuments({ ...deps, snapshots }),
    awareness,
    documentExport: exportSourceOf(deps.database, documentTables),
    async [Symbol.asyncDispose]() {
      await snapshots.settled()
      awareness[Symbol.dispose]()
    },
  }
}
