import { AppError } from '../errors.ts'

/** Runs so many things at a time, lets so many wait, and sends the rest away. */
export interface Gate {
  /** @throws RATE_LIMITED when too many are waiting */
  run<T>(work: () => Promise<T>): Promise<T>
  readonly isIdle: boolean
}

export interface GateSize {
  readonly running: number
  readonly waiting: number
}

export function createGate({ running, waiting }: GateSize): Gate {
  const queue: (() => void)[] = []
  let busy = 0
  return {
    get isIdle() {
      return busy === 0
    },
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

/** A gate for each key, for as long as somebody is in it. */
export function createGates(size: GateSize): { run<T>(key: string, work: () => Promise<T>): Promise<T> } {
  const gates = new Map<string, Gate>()
  return {
    async run(key, work) {
      const gate = gates.get(key) ?? createGate(size)
      gates.set(key, gate)
      try {
        return await gate.run(work)
      } finally {
        if (gate.isIdle) gates.delete(key)
      }
    },
  }
}
