import { exportSourceOf } from '../platform/keyset.ts'
import { recordTables } from './records/export-store.ts'
import { createRecords } from './records/service.ts'
import { type CollectionsDeps, createCollections } from './service.ts'

export type CollectionsRoom = ReturnType<typeof createCollectionsRoom>

export function createCollectionsRoom(ground: CollectionsDeps) {
  const collections = createCollections(ground)
  return {
    collections,
    records: createRecords({ ...ground, collections }),
    recordExport: exportSourceOf(ground.database, recordTables),
  }
}
