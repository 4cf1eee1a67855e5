import { AppError } from '../errors.ts'

/** Runs so many things at a time, lets so many wait, and sends the rest away. */
export interface Gate {
  /** @throws RATE_LIMITED when too many are waiting */
  run<T>(work: () => Promise<T>): Promise<T>
}

export function createGate({ running, waiting }: { readonly running: number; readonly waiting: number }): Gate {
  const queue: (() => void)[] = []
  let busy = 0
  return {
    async run(work) {
      if (busy >= running) {
        if (queue.length >= waiting) throw new AppError('RATE_LIMITED', 'The server is busy; try again in a moment.', { retryAfterMs: 1_000 })
        // Whoever leaves hands its place on, so `busy` does not change in between.
        await new Promise<void>(resolve => queue.push(resolve))
      } else busy++
      try {
        return await work()
      } finally {
        const next = queue.shift()
        if (next) next()
        else busy--
      }
    },
  }
}
