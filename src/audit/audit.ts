import type { Access } from '../access/access.ts'
import type { Viewer } from '../access/viewer.ts'
import { AppError, badInput } from '../errors.ts'
import type { Feed } from '../feed/feed.ts'
import type { FeedSubscription } from '../feed/subscription.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database, Tx } from '../platform/database.ts'
import { newId } from '../platform/ids.ts'
import { pageOf } from '../platform/list-page.ts'
import type { Logger } from '../platform/logger.ts'
import type { Keys } from '../platform/secrets.ts'
import { createSigner } from '../platform/signer.ts'
import { type AuditAction, auditActions, isAuditAction } from './action.ts'
import { type AuditEntry, firstHash, hashOf, plain, plainDetails } from './entry.ts'
import type { Actor, AuditNote, Noted } from './noted.ts'
import { createRefusals } from './refusals.ts'
import { claimPruning, findEntries, findEntriesAt, findLastHash, insertEntries, listEntries, pruneEntries, readEntries } from './store.ts'

export interface AuditDeps {
  readonly database: Database
  readonly feed: Feed
  readonly access: Pick<Access, 'watch'>
  readonly clock: Clock
  readonly logger: Logger
  readonly digestKeys: Keys
  /** 0: entries are kept for good. */
  readonly keptDays: number
}

/** Keeps what was done that somebody may have to answer for, in an order that can't be changed unseen. */
export type Audit = Awaited<ReturnType<typeof createAudit>>

/** What others need in order to tell of what they do. */
export type Recorder = Pick<Audit, 'record' | 'refuse' | 'digestOf'>

export interface AuditPage {
  readonly first: number
  readonly after: string | null
  readonly actorId: string | null
  readonly action: string | null
}

const streamId = 'audit'
const dayMs = 86_400_000
const prunedAtOnce = 1_000

export async function createAudit({ database, feed, access, clock, logger, digestKeys, keptDays }: AuditDeps) {
  const noted = new WeakMap<Tx, Noted[]>()
  const digests = createSigner(digestKeys, 12)
  await database.transact(tx => feed.open(tx, streamId, 'audit'))

  function note(tx: Tx, entry: Noted): void {
    const entries = noted.get(tx)
    if (entries) return void entries.push(entry)
    const first = [entry]
    // Entries of all nodes queue for one lock, so it is the last one that is taken.
    feed.beforeCommit(tx, () => append(tx, first))
    noted.set(tx, first)
  }

  async function append(tx: Tx, entries: readonly Noted[]): Promise<void> {
    // The head of the stream is the lock: whoever comes next waits here, and reads the hash of the last of these.
    const changes = await feed.append(
      tx,
      streamId,
      entries.map(({ actor, action }) => ({ kind: action, payload: null, actorId: actor.userId, clientId: null, clientCounter: null })),
    )
    let previousHash = (await findLastHash(tx)) ?? firstHash
    const rows = entries.map(({ actor, action, note: { target = null, details } }, index): AuditEntry => {
      const { seq, at } = changes[index] ?? { seq: 0, at: clock.now() }
      const said = {
        seq,
        id: newId('aud'),
        at,
        actorId: actor.userId,
        actorBy: actor.userId === null ? (actor.by ?? null) : null,
        action,
        target: target === null ? null : plain(target),
        ip: actor.ip === null ? null : plain(actor.ip),
        details: plainDetails(details),
        previousHash,
      }
      previousHash = hashOf(said)
      return { ...said, hash: previousHash }
    })
    await insertEntries(tx, rows)
  }

  const refusals = createRefusals({
    logger,
    write: batch =>
      feed.transact(async tx => {
        for (const refusal of batch) note(tx, refusal)
      }),
  })

  async function isOutdated(from: Date): Promise<boolean> {
    const [oldest] = await readEntries(database.db, 0, 1)
    return oldest !== undefined && oldest.at < from
  }

  const cursorOf = ({ seq }: { readonly seq: number }) => feed.cursors.encode(streamId, seq)

  return {
    /** Adds an entry that is there if and only if `tx`, a transaction of the feed, commits: whenever it is called, as the last thing in it. */
    async record(tx: Tx, actor: Actor, action: AuditAction, { target = null, details = {} }: AuditNote = {}): Promise<void> {
      note(tx, { actor, action, note: { target, ...(Object.keys(details).length > 0 && { details }) } })
    },

    /** Tells of something that was refused, from anywhere and at no cost: at once, or counted with its like. */
    refuse(actor: Actor, action: AuditAction, about: AuditNote = {}): void {
      const { userId, ip, by } = actor
      refusals.tell({ actor: { userId, ip, ...(by && { by }) }, action, note: about })
    },

    /** Names somebody by an address that is no account's, for a target, without keeping it: the same address has the same digest. */
    digestOf: (email: string): string => `email:${digests.sign(email).toString('base64url')}`,

    cursorOf,

    /** The newest first. @throws BAD_USER_INPUT for an unknown action */
    async list({ first, after, actorId, action }: AuditPage) {
      if (action !== null && !isAuditAction(action)) {
        throw badInput('action', `There is no such action; there are: ${Object.keys(auditActions).join(', ')}.`)
      }
      const before = after === null ? null : feed.cursors.decode(after, streamId)
      const rows = await listEntries(database.db, { actorId, action }, before, first + 1)
      return pageOf(rows, first, after, cursorOf)
    },

    async load(ids: readonly string[]): Promise<Map<string, AuditEntry>> {
      return new Map((await findEntries(database.db, ids)).map(entry => [entry.id, entry]))
    },

    /** By their place, as text. */
    async loadAt(seqs: readonly string[]): Promise<Map<string, AuditEntry>> {
      return new Map((await findEntriesAt(database.db, seqs.map(Number))).map(entry => [String(entry.seq), entry]))
    },

    /** Each entry as `{ seq }`, from now or from a cursor on, until the viewer is no administrator any more; who has none ends with the connection. */
    subscribe: (viewer: Viewer | null, after: string | null | undefined): Promise<FeedSubscription> =>
      feed.subscribe({
        streamId,
        after,
        isGreeted: false,
        toEvent: ({ seq }) => ({ seq }),
        hold: async end => (viewer ? access.watch(viewer, null, end) : () => {}),
      }),

    /** Removes what is older than is kept. Any number of nodes may call it; one does the work. */
    async sweep(): Promise<void> {
      if (keptDays === 0) return
      const from = new Date(clock.now().getTime() - keptDays * dayMs)
      for (let left = await isOutdated(from); left; ) {
        left = await database.transact(async tx => {
          if (!(await claimPruning(tx))) return false
          const oldest = await readEntries(tx, 0, prunedAtOnce)
          // By the order of the chain, and not by the clocks of several nodes: what stands behind something young stays.
          const young = oldest.findIndex(({ at }) => at >= from)
          const last = (young < 0 ? oldest : oldest.slice(0, young)).at(-1)
          if (last) await pruneEntries(tx, last, clock.now())
          return young < 0 && oldest.length === prunedAtOnce
        })
      }
    },

    /** Keeps what was only counted so far. */
    [Symbol.asyncDispose]: () => refusals[Symbol.asyncDispose](),
  }
}

/** An entry that was pruned while its reader was on the way to it. */
export const entryGone = (): AppError => new AppError('RESYNC_REQUIRED', 'This entry of the audit log is no longer kept.')
