import type { Redis } from 'ioredis'

/** How long Redis may take before a request goes on without it, and for how long it is not asked then. */
const patienceMs = 250
const pauseMs = 5_000

/** Asks Redis, and does without it while it is away or says nothing: no request waits for it or fails with it. */
export type Patience = <Result>(ask: (redis: Redis) => Promise<Result>, without: () => Promise<Result> | Result) => Promise<Result>

/** Null: there is no Redis. */
export function createPatience(redis: Redis | null): Patience {
  let pausedUntilMs = 0
  redis?.on('ready', () => {
    pausedUntilMs = 0
  })

  return async (ask, without) => {
    if (redis?.status !== 'ready' || performance.now() < pausedUntilMs) return without()
    let timer: NodeJS.Timeout | undefined
    try {
      const late = new Promise<never>((_, reject) => {
        // What has come while this process was busy is read before that.
        timer = setTimeout(() => setImmediate(reject, new Error(`Redis did not answer within ${patienceMs} ms.`)), patienceMs)
      })
      return await Promise.race([ask(redis), late])
    } catch {
      pausedUntilMs = performance.now() + pauseMs
      return without()
    } finally {
      clearTimeout(timer)
    }
  }
}
