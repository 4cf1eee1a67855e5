import { sql } from 'drizzle-orm'
import { changedSince, json, type KeysetTable, number, numberKey, text, time } from '../platform/keyset.ts'

/** The audit log. A user's entries are those of what they did, and of what was done to them. */
export const auditTables: readonly KeysetTable[] = [
  {
    type: 'AuditEntry',
    columns: {
      seq: number('e.seq'),
      id: text('e.id'),
      at: time('e.at'),
      actorId: text('e.actor_id'),
      actorBy: text('e.actor_by'),
      action: text('e.action'),
      target: text('e.target'),
      ip: text('e.ip'),
      details: json('e.details'),
      hash: text('e.hash'),
      previousHash: text('e.previous_hash'),
    },
    weight: sql`coalesce(octet_length(e.details::text), 0)`,
    scan: selection => {
      const since = changedSince(selection, 'e.at')
      const theirs = selection.userId === null ? undefined : sql`(e.actor_id = ${selection.userId} or e.target = ${selection.userId}) is true`
      return { from: sql`audit_entries e`, key: [numberKey('e.seq')], wanted: theirs && since ? sql`${theirs} and ${since}` : (theirs ?? since) }
    },
  },
]
