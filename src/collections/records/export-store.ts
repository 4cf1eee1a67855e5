import { sql } from 'drizzle-orm'
import { changedSince, hanging, json, type KeysetTable, number, text, textKey, time } from '../../platform/keyset.ts'

const ofCollections = hanging({
  on: sql`collections c`,
  table: 'records',
  alias: 'r',
  by: sql`r.collection_id = c.id`,
  key: [textKey('c.id'), textKey('r.key')],
})

/** Records with the collections they are in; deleted ones are there without a value, expired ones are not. A user's are those in their own collections. */
export const recordTables: readonly KeysetTable[] = [
  {
    type: 'Record',
    columns: {
      id: text('r.id'),
      collectionId: text('r.collection_id'),
      collection: text('c.name'),
      ownerId: text('c.owner_id'),
      key: text('r.key'),
      value: json('r.value'),
      version: number('r.version'),
      updatedAt: time('r.updated_at'),
      deletedAt: time('r.deleted_at'),
      expiresAt: time('r.expires_at'),
    },
    weight: sql`coalesce(octet_length(r.value::text), 0)`,
    scan: selection => {
      const since = changedSince(selection, 'r.updated_at', 'r.deleted_at')
      const unexpired = sql`(r.deleted_at is not null or r.expires_at is null or r.expires_at > now())`
      return {
        ...(selection.userId === null
          ? { from: sql`records r join collections c on c.id = r.collection_id`, key: [textKey('r.collection_id'), textKey('r.key')] }
          : { ...ofCollections, where: sql`c.owner_id = ${selection.userId}` }),
        wanted: since ? sql`${unexpired} and ${since}` : unexpired,
      }
    },
  },
]
