import { desc } from 'drizzle-orm'
import type { Db, Tx } from '../platform/database.ts'
import { auditAnchors, auditEntries } from './table.ts'

export type AuditRow = typeof auditEntries.$inferSelect

/** Hash of the newest entry; null before the first. */
export async function findLastHash(db: Db | Tx): Promise<string | null> {
  const [entry] = await db.select({ hash: auditEntries.hash }).from(auditEntries).orderBy(desc(auditEntries.seq)).limit(1)
  if (entry) return entry.hash
  const [anchor] = await db.select({ hash: auditAnchors.hash }).from(auditAnchors).orderBy(desc(auditAnchors.seq)).limit(1)
  return anchor?.hash ?? null
}

export async function insertEntry(tx: Tx, entry: AuditRow): Promise<void> {
  await tx.insert(auditEntries).values(entry)
}
