import { AppError } from '../errors.ts'
import type { SignalChange } from './signal.ts'
import type { Outcome, SignalOperation, SignalStore } from './store.ts'

/** Sends operations to the store: those of one turn of the event loop, or of one wait for the store, together. */
export interface Writer {
  submit(topic: string, operation: SignalOperation): Promise<Outcome>
  /** Resolves when nothing is under way. */
  idle(): Promise<void>
}

interface Waiting extends PromiseWithResolvers<Outcome> {
  readonly operation: SignalOperation
}

export interface WriterDeps {
  readonly store: SignalStore
  readonly announce: (topic: string, changes: readonly SignalChange[]) => void
}

const maxWaiting = 1_000
const maxPerCall = 200

export function createWriter({ store, announce }: WriterDeps): Writer {
  const queues = new Map<string, Waiting[]>()
  const running = new Set<Promise<void>>()

  async function send(topic: string, batch: readonly Waiting[]): Promise<void> {
    try {
      const { outcomes, changes } = await store.apply(
        topic,
        batch.map(({ operation }) => operation),
      )
      if (changes.length > 0) announce(topic, changes)
      for (const [index, { resolve }] of batch.entries()) resolve(outcomes[index] as Outcome)
    } catch (error) {
      for (const { reject } of batch) reject(error)
    }
  }

  async function drain(topic: string, queue: Waiting[]): Promise<void> {
    await new Promise(resolve => setImmediate(resolve))
    while (queue.length > 0) await send(topic, queue.splice(0, maxPerCall))
    queues.delete(topic)
  }

  return {
    submit(topic, operation) {
      const waiting: Waiting = { ...Promise.withResolvers<Outcome>(), operation }
      const queue = queues.get(topic)
      if (!queue) {
        const first = [waiting]
        queues.set(topic, first)
        const run = drain(topic, first).finally(() => running.delete(run))
        running.add(run)
      } else if (queue.length < maxWaiting) queue.push(waiting)
      else waiting.reject(new AppError('RATE_LIMITED', 'More signals than can be passed on are waiting here.', { retryAfterMs: 1_000 }))
      return waiting.promise
    },
    async idle() {
      while (running.size > 0) await Promise.all(running)
    },
  }
}
