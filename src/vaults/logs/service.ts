import DataLoader from 'dataloader'
import type { Access } from '../../access/access.ts'
import type { Viewer } from '../../access/viewer.ts'
import { AppError, notFound } from '../../errors.ts'
import type { Change } from '../../feed/change.ts'
import type { Feed } from '../../feed/feed.ts'
import { once, type Repeatable } from '../../feed/idempotency.ts'
import type { FeedSubscription } from '../../feed/subscription.ts'
import type { Database, Tx } from '../../platform/database.ts'
import { newId } from '../../platform/ids.ts'
import { checkText } from '../../platform/json.ts'
import { findVault, lockVault } from '../store.ts'
import { idOf, type VaultRow } from '../vault.ts'
import { bytesOf, checkLogs, identityOf, type LogRow, quotaExceeded, type SealedLog, type VaultLog } from './log.ts'
import { findLogs, findSequences, insertLogs, type PageOfLogs, readLogs, takeBytes } from './store.ts'

export interface VaultLogsDeps {
  readonly database: Database
  readonly feed: Feed
  readonly access: Access
  /** What the logs of one user may weigh; 0: no limit. */
  readonly quotaBytes: number
}

export interface PushVaultLogsInput extends Repeatable {
  readonly vaultId: string
  readonly deviceId?: string | null | undefined
  readonly logs: readonly SealedLog[]
}

/** What became of a push: where each of its logs is. It is stored under the push's idempotency key. */
export interface Pushed {
  readonly vault: string
  /** Tells the vault from an earlier one with its id. */
  readonly streamStart: number
  readonly sequences: readonly number[]
  readonly headSequence: number
}

export interface PageAsked extends PageOfLogs {
  readonly vault: VaultRow
}

export interface LogPage {
  readonly nodes: readonly VaultLog[]
  readonly hasMore: boolean
  /** Null: there is nothing behind where the page begins. */
  readonly endSequence: number | null
  readonly endCursor: string
}

interface LogPayload extends SealedLog {
  readonly id: string
  readonly sequence: number
}

const maxPageBytes = 4 * 1024 * 1024
const maxAnswerBytes = 32 * 1024 * 1024

export type VaultLogs = ReturnType<typeof createVaultLogs>

/** The logs of vaults: what devices wrote, in the one order in which it arrived. The feed carries them as the pages show them. */
export function createVaultLogs({ database, feed, access, quotaBytes }: VaultLogsDeps) {
  const toLog = ({ vault, ...row }: LogRow, streamStart: number): VaultLog => ({
    ...row,
    __typename: 'VaultLog',
    cursor: feed.cursors.encode(vault, streamStart + row.sequence),
  })

  function toEvent({ streamId, seq, kind, payload, clientId, at }: Change): VaultLog | null {
    if (kind !== 'log') return null
    const log = payload as LogPayload
    return { __typename: 'VaultLog', cursor: feed.cursors.encode(streamId, seq), ...log, deviceId: clientId, createdAt: at }
  }

  return {
    cursorOf: ({ id, streamStart, headSequence }: VaultRow): string => feed.cursors.encode(id, streamStart + headSequence),

    /** Stores what is new, all of it or nothing. @throws NOT_FOUND, QUOTA_EXCEEDED */
    push(viewer: Viewer, input: PushVaultLogsInput): Promise<Pushed> {
      const { vaultId, deviceId = null, logs } = input
      checkLogs(logs, deviceId)
      return feed.transact(tx =>
        once(tx, { scope: viewer.userId, mutation: 'pushVaultLogs', key: input.idempotencyKey, input }, async () => {
          const vault = await lockVault(tx, idOf(viewer.userId, vaultId))
          if (!vault) throw notFound('vault')
          const known = await findSequences(tx, vault.id, deviceId, logs)
          const fresh: SealedLog[] = []
          const sequences = logs.map(log => {
            const sequence = known.get(identityOf(log)) ?? vault.headSequence + fresh.push(log)
            known.set(identityOf(log), sequence)
            return sequence
          })
          if (fresh.length > 0) await append(tx, vault, viewer, deviceId, fresh)
          return { vault: vault.id, streamStart: vault.streamStart, sequences, headSequence: vault.headSequence + fresh.length }
        }),
      )
    },

    /** The logs of a push, in its order: what was pushed before as it was then. */
    async pushed({ vault: id, streamStart, sequences }: Pushed): Promise<VaultLog[]> {
      const vault = await findVault(database.db, id)
      const wanted = [...new Set(sequences)]
      const rows = vault?.streamStart === streamStart ? await findLogs(database.db, id, wanted, maxAnswerBytes) : []
      if (rows.length === 0) throw notFound('vault')
      if (rows.length < wanted.length) throw new AppError('PAYLOAD_TOO_LARGE', 'These logs are too much for one answer; read them in pages.')
      const logs = new Map(rows.map(row => [row.sequence, toLog(row, streamStart)]))
      return sequences.flatMap(sequence => logs.get(sequence) ?? [])
    },

    /** Pages that are alike but for their vault are read together. */
    createPageLoader: () => new DataLoader<PageAsked, LogPage>(readPages, { cache: false }),

    /** Ends when the vault is deleted. */
    subscribe: (viewer: Viewer, vaultId: string, after: string | null | undefined): Promise<FeedSubscription> => {
      const id = idOf(viewer.userId, vaultId)
      return feed.subscribe({
        streamId: id,
        after,
        toEvent,
        async hold(end) {
          // Watching comes first: a deletion during the look is then seen by one of the two.
          const stop = access.watch(viewer, id, end)
          try {
            if (!(await findVault(database.db, id))) throw notFound('vault')
            return stop
          } catch (error) {
            stop()
            throw error
          }
        },
      })
    },
  }

  async function append(tx: Tx, vault: VaultRow, viewer: Viewer, deviceId: string | null, logs: readonly SealedLog[]): Promise<void> {
    const bytes = logs.reduce((sum, log) => sum + bytesOf(log), 0)
    const refused = await takeBytes(tx, vault.ownerId, bytes, quotaBytes)
    if (refused) throw quotaExceeded(refused.leftBytes)
    const payloads = logs.map(({ encryptedData, nonce, haexTimestamp }, index): LogPayload => {
      const sequence = vault.headSequence + index + 1
      return { id: newId('vlog'), sequence, encryptedData, nonce, haexTimestamp }
    })
    const changes = await feed.append(
      tx,
      vault.id,
      payloads.map(payload => ({ kind: 'log', payload, actorId: viewer.userId, clientId: deviceId, clientCounter: null })),
    )
    const rows = changes.map(({ payload, at }) => ({ ...(payload as LogPayload), deviceId, createdAt: at }))
    await insertLogs(tx, vault.id, rows, bytes)
  }

  async function readPages(asked: readonly PageAsked[]): Promise<(LogPage | Error)[]> {
    const answers = new Map<PageAsked, LogPage | Error>()
    const kindOf = ({ after, first, excludeDeviceId }: PageAsked) => JSON.stringify([after, first, excludeDeviceId])
    for (const alike of Map.groupBy(asked, kindOf).values()) {
      const [page] = alike
      if (!page) continue
      const ids = [...new Set(alike.map(({ vault }) => vault.id))]
      const found = await readLogs(database.db, ids, page, maxPageBytes)
      for (const one of alike) answers.set(one, toPage(one, found.get(one.vault.id)))
    }
    return asked.map(page => answers.get(page) ?? new Error('A page that was not read.'))
  }

  function toPage({ vault, after }: PageAsked, found: { readonly rows: readonly LogRow[]; readonly hasMore: boolean } | undefined): LogPage {
    const { rows = [], hasMore = false } = found ?? {}
    const last = rows.at(-1)?.sequence ?? after
    // What was left out counts as read; more than was there when the vault was looked at may have come since.
    const end = hasMore ? last : Math.max(last, vault.headSequence)
    return {
      nodes: rows.map(row => toLog(row, vault.streamStart)),
      hasMore,
      endSequence: end > after ? end : null,
      endCursor: feed.cursors.encode(vault.id, vault.streamStart + end),
    }
  }
}

/** Where a page of logs begins. @throws RESYNC_REQUIRED behind the vault's end: what the client knows is of an earlier vault with this id */
export function checkPage(vault: VaultRow, page: PageOfLogs): PageAsked {
  if (page.excludeDeviceId !== null) checkText(page.excludeDeviceId, 'excludeDeviceId')
  if (page.after > vault.headSequence)
    throw new AppError('RESYNC_REQUIRED', `The vault goes up to ${vault.headSequence}: it was made anew. Read it from its beginning.`, {
      field: 'afterSequence',
    })
  return { vault, ...page }
}
