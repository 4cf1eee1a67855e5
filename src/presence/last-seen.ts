import type { Database } from '../platform/database.ts'
import type { Logger } from '../platform/logger.ts'
import { findLastSeen, saveLastSeen } from './store.ts'

/** When users were last seen going: in the database soon, and here until it is there. */
export interface LastSeen {
  /** For who went from this node. */
  note(userId: string, at: Date): void
  /** For who vanished from another one, which every node that is left notes: the first to write it is enough. */
  noteVanished(userId: string, at: Date): void
  read(userIds: readonly string[]): Promise<ReadonlyMap<string, Date>>
  /** Writes what is waiting, now. */
  flush(): Promise<void>
}

export interface LastSeenDeps {
  readonly database: Database
  readonly logger: Logger
}

/** Those who go together are written together. */
const gatherMs = 100
const retryMs = 2_000
/** So that nodes which notice the same hardly write at the same time. */
const vanishedDelayMs = () => 500 + Math.random() * 1_500
/** Nodes notice that somebody vanished at slightly different times. */
const vanishedSlackMs = 20_000
/** Rows in one statement. */
const maxPerWrite = 1_000

export function createLastSeen({ database, logger }: LastSeenDeps): LastSeen {
  const gone = createPile(0, () => gatherMs)
  const vanished = createPile(vanishedSlackMs, vanishedDelayMs)

  function createPile(slackMs: number, delayMs: () => number) {
    const waiting = new Map<string, Date>()
    let timer: NodeJS.Timeout | null = null
    let writing: Promise<void> = Promise.resolve()

    /** One after the other: what is just being written is not written again. */
    function write(): Promise<void> {
      timer = null
      writing = writing.catch(() => undefined).then(writeWaiting)
      return writing
    }

    async function writeWaiting(): Promise<void> {
      while (waiting.size > 0) {
        const batch = new Map([...waiting].slice(0, maxPerWrite))
        await saveLastSeen(database.db, batch, slackMs)
        for (const [userId, at] of batch) if (waiting.get(userId) === at) waiting.delete(userId)
      }
    }

    function writeSoon(afterMs: number): void {
      timer ??= setTimeout(() => {
        write().catch(error => {
          logger.warn({ err: error }, 'could not write when users were last seen; trying again later')
          writeSoon(retryMs)
        })
      }, afterMs).unref()
    }

    return {
      waiting,
      note(userId: string, at: Date) {
        waiting.set(userId, at)
        writeSoon(delayMs())
      },
      async flush() {
        if (timer) clearTimeout(timer)
        await write()
      },
    }
  }

  return {
    note: gone.note,
    noteVanished: vanished.note,
    async read(userIds) {
      const found = userIds.length === 0 ? new Map<string, Date>() : await findLastSeen(database.db, userIds)
      for (const { waiting } of [gone, vanished])
        for (const userId of userIds) {
          const at = waiting.get(userId)
          if (at && at > (found.get(userId) ?? 0)) found.set(userId, at)
        }
      return found
    },
    async flush() {
      await gone.flush()
      await vanished.flush()
    },
  }
}
