import DataLoader from 'dataloader'
import type { Access } from '../../access/access.ts'
import type { Viewer } from '../../access/viewer.ts'
import { AppError, notFound } from '../../errors.ts'
import type { Change } from '../../feed/change.ts'
import type { FeedSubscription } from '../../feed/subscription.ts'
import type { Database } from '../../platform/database.ts'
import { findVault } from '../store.ts'
import { idOf, type VaultRow } from '../vault.ts'
import { toLog, toLogEvent, type VaultLog } from './log.ts'
import { kindOf, type LogPage, type PageAsked, toPage } from './page.ts'
import { createPush, type PushDeps, type Pushed } from './push.ts'
import { findLogs, readLogs } from './store.ts'

export interface VaultLogsDeps extends PushDeps {
  readonly database: Database
  readonly access: Access
}

/** What one page weighs at most; a single log is given in any case. */
const maxPageBytes = 4 * 1024 * 1024
/** More than any push holds: there is more only where small logs pass for large ones that are there already. */
const maxAnswerBytes = 32 * 1024 * 1024

/** The logs of vaults: what devices wrote, in the one order in which it arrived. The feed carries them as the pages show them. */
export function createVaultLogs({ database, feed, access, quotaBytes }: VaultLogsDeps) {
  const { cursors } = feed
  const toEvent = (change: Change): VaultLog | null => toLogEvent(change, cursors)

  async function readPages(asked: readonly PageAsked[]): Promise<(LogPage | Error)[]> {
    const answers = new Map<PageAsked, LogPage>()
    for (const [page, ...others] of Map.groupBy(asked, kindOf).values()) {
      if (!page) continue
      const alike = [page, ...others]
      const found = await readLogs(database.db, [...new Set(alike.map(({ vault }) => vault.id))], page, maxPageBytes)
      for (const one of alike) answers.set(one, toPage(one, found.get(one.vault.id) ?? { rows: [], hasMore: false }, cursors))
    }
    return asked.map(page => answers.get(page) ?? new Error('A page that was not read.'))
  }

  return {
    push: createPush({ feed, quotaBytes }),

    /** The logs of a push, in its order: what was pushed before as it was then. */
    async pushed({ vault: id, streamStart, sequences }: Pushed): Promise<VaultLog[]> {
      const vault = await findVault(database.db, id)
      const wanted = [...new Set(sequences)]
      const rows = vault?.streamStart === streamStart ? await findLogs(database.db, id, wanted, maxAnswerBytes) : []
      if (rows.length === 0) throw notFound('vault')
      if (rows.length < wanted.length) throw new AppError('PAYLOAD_TOO_LARGE', 'These logs are too much for one answer; read them in pages.')
      const logs = new Map(rows.map(row => [row.sequence, toLog(row, streamStart, cursors)]))
      return sequences.flatMap(sequence => logs.get(sequence) ?? [])
    },

    /** Pages that are alike but for their vault are read together. */
    createPageLoader: () => new DataLoader<PageAsked, LogPage>(readPages, { cache: false }),

    /** Where the feed of a vault stands at its head. */
    cursorOf: ({ id, streamStart, headSequence }: VaultRow): string => cursors.encode(id, streamStart + headSequence),

    /** Ends when the vault is deleted. */
    subscribe(viewer: Viewer, vaultId: string, after: string | null | undefined): Promise<FeedSubscription> {
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
}
