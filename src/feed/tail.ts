import { AppError } from '../errors.ts'
import type { Change } from './change.ts'
import type { Channel } from './channel.ts'

/**
 * Reads one stream from a position on, history first and live after it: in order, without gap or repeat.
 * It is pulled and keeps no queue: who reads slowly finds in the log what the channel no longer holds.
 */
export interface Tail {
  /** Everything up to here was handed out. */
  readonly position: number
  /** The next changes, as soon as there are any; null once the tail was ended. @throws RESYNC_REQUIRED when the log no longer has them */
  next(): Promise<readonly Change[] | null>
  /** Wakes a waiting `next`, now and for good. */
  end(error?: Error): void
}

export type ReadLog = (streamId: string, after: number) => Promise<readonly Change[]>

export const resyncRequired = (): AppError =>
  new AppError(
    'RESYNC_REQUIRED',
    'The server no longer keeps the changes behind this cursor. Read the state and its `cursor`, and go on from there.',
    { field: 'after' },
  )

export function createTail(channel: Channel, after: number, readLog: ReadLog): Tail {
  let position = after
  let ended: { error?: Error } | null = null
  let wake: (() => void) | null = null
  const forget = channel.onAdvance(() => wake?.())

  const somethingNew = () =>
    new Promise<void>(resolve => {
      wake = () => {
        wake = null
        resolve()
      }
    })

  return {
    get position() {
      return position
    },
    async next() {
      for (;;) {
        if (ended?.error) throw ended.error
        if (ended) return null
        if (position < channel.position) {
          const changes = channel.recent(position) ?? (await readLog(channel.streamId, position))
          if (ended) continue
          if (changes[0]?.seq !== position + 1) throw resyncRequired()
          position += changes.length
          return changes
        }
        await somethingNew()
      }
    },
    end(error) {
      ended ??= error ? { error } : {}
      forget()
      wake?.()
    },
  }
}
