import { iterate } from '../../feed/iterate.ts'
import type { Logger } from '../../platform/logger.ts'

/** Reads something again and again for those who follow it: once for all who want it equally often. */
export interface Ticker<Value extends object> extends Disposable {
  /** The value now, and then every `intervalMs`. Who is slow gets the newest and not those before it. */
  follow(intervalMs: number): AsyncIterableIterator<Value>
}

interface Pace<Value> {
  readonly followers: Set<(value: Value) => void>
  readonly timer: NodeJS.Timeout
}

export function createTicker<Value extends object>(read: () => Promise<Value>, logger: Logger): Ticker<Value> {
  const paces = new Map<number, Pace<Value>>()

  function paceOf(intervalMs: number): Pace<Value> {
    const known = paces.get(intervalMs)
    if (known) return known
    const followers = new Set<(value: Value) => void>()
    let isReading = false
    const tick = async () => {
      // The last one takes longer than the time between two: this one is left out.
      if (isReading) return
      isReading = true
      try {
        const value = await read()
        for (const follower of followers) follower(value)
      } catch (error) {
        logger.debug({ err: error }, 'what is followed could not be read; trying again')
      } finally {
        isReading = false
      }
    }
    const pace = { followers, timer: setInterval(() => void tick(), intervalMs).unref() }
    paces.set(intervalMs, pace)
    return pace
  }

  function leave(intervalMs: number, follower: (value: Value) => void): void {
    const pace = paces.get(intervalMs)
    if (!pace?.followers.delete(follower) || pace.followers.size > 0) return
    clearInterval(pace.timer)
    paces.delete(intervalMs)
  }

  return {
    follow(intervalMs) {
      let newest: Value | null = null
      let waiting: PromiseWithResolvers<Value | null> | null = null
      let isOver = false
      const follower = (value: Value) => {
        if (waiting) waiting.resolve(value)
        else newest = value
        waiting = null
      }
      const close = () => {
        isOver = true
        leave(intervalMs, follower)
        waiting?.resolve(null)
        waiting = null
      }
      let isFirst = true
      async function take(): Promise<Value | null> {
        if (isOver) return null
        if (isFirst) {
          isFirst = false
          const value = await read()
          if (!isOver) paceOf(intervalMs).followers.add(follower)
          return isOver ? null : value
        }
        const value = newest
        newest = null
        if (value) return value
        waiting = Promise.withResolvers()
        return waiting.promise
      }
      return iterate(take, close) as AsyncIterableIterator<Value>
    },
    [Symbol.dispose]() {
      for (const { timer } of paces.values()) clearInterval(timer)
      paces.clear()
    },
  }
}
