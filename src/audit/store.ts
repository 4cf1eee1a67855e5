import { and, asc, desc, eq, gt, lt, lte, sql } from 'drizzle-orm'
import type { Db, Tx } from '../platform/database.ts'
import { among } from '../platform/text-array.ts'
import type { AuditAction } from './action.ts'
import type { AuditEntry } from './entry.ts'
import { auditAnchors, auditEntries } from './table.ts'

/** The end of what is gone, on which the oldest entry that is kept stands. */
export interface Anchor {
  readonly seq: number
  readonly hash: string
}

const linkOf = { seq: auditEntries.seq, hash: auditEntries.hash }

/** Hash of the newest entry; null before the first. */
export async function findLastHash(db: Db | Tx): Promise<string | null> {
  const [entry] = await db.select(linkOf).from(auditEntries).orderBy(desc(auditEntries.seq)).limit(1)
  return entry?.hash ?? (await findAnchor(db))?.hash ?? null
}

export async function findAnchor(db: Db | Tx): Promise<Anchor | null> {
  const [anchor] = await db.select({ seq: auditAnchors.seq, hash: auditAnchors.hash }).from(auditAnchors).orderBy(desc(auditAnchors.seq)).limit(1)
  return anchor ?? null
}

/** The place of the newest entry that was ever written, as the feed counts them. */
export async function findHead(tx: Tx): Promise<number> {
  const { rows } = await tx.execute<{ head: string }>(sql`select head from streams where id = 'audit'`)
  return Number(rows[0]?.head ?? 0)
}

export async function insertEntries(tx: Tx, entries: readonly AuditEntry[]): Promise<void> {
  await tx.insert(auditEntries).values([...entries])
}

export async function findEntries(db: Db, ids: readonly string[]): Promise<AuditEntry[]> {
  return db.select().from(auditEntries).where(among(auditEntries.id, ids))
}

export async function findEntriesAt(db: Db, seqs: readonly number[]): Promise<AuditEntry[]> {
  return db
    .select()
    .from(auditEntries)
    .where(sql`${auditEntries.seq} = any(${sql.param([...seqs])}::bigint[])`)
}

export interface Filter {
  readonly actorId: string | null
  readonly action: AuditAction | null
}

/** The newest first, from before `before` on. */
export async function listEntries(db: Db, { actorId, action }: Filter, before: number | null, limit: number): Promise<AuditEntry[]> {
  return db
    .select()
    .from(auditEntries)
    .where(
      and(
        before === null ? undefined : lt(auditEntries.seq, before),
        actorId === null ? undefined : eq(auditEntries.actorId, actorId),
        action === null ? undefined : eq(auditEntries.action, action),
      ),
    )
    .orderBy(desc(auditEntries.seq))
    .limit(limit)
}

/** The next entries behind one, the oldest first. */
export async function readEntries(db: Db | Tx, after: number, limit: number): Promise<AuditEntry[]> {
  return db.select().from(auditEntries).where(gt(auditEntries.seq, after)).orderBy(asc(auditEntries.seq)).limit(limit)
}

/** False when another node is at it. */
export async function claimPruning(tx: Tx): Promise<boolean> {
  const { rows } = await tx.execute<{ free: boolean }>(sql`select pg_try_advisory_xact_lock(hashtextextended('tidemark/audit', 0)) as free`)
  return rows[0]?.free ?? false
}

/** Removes entries up to one, and keeps where the chain goes on. */
export async function pruneEntries(tx: Tx, { seq, hash }: Anchor, at: Date): Promise<void> {
  await tx.insert(auditAnchors).values({ seq, hash, at })
  await tx.delete(auditAnchors).where(lt(auditAnchors.seq, seq))
  await tx.delete(auditEntries).where(lte(auditEntries.seq, seq))
}

/** From here on a transaction sees one moment; nothing may have been read in it before. */
export async function freeze(tx: Tx): Promise<void> {
  await tx.execute(sql`set transaction isolation level repeatable read, read only`)
}
