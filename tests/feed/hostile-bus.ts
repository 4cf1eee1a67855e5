import type { Bus } from '../../src/platform/bus.ts'

/** What becomes of one message on its way to one listener. */
export type Fate = 'passes' | 'lost' | 'twice' | 'late' | 'later'

export interface HostileBus extends Bus {
  /** From now on nothing is heard. */
  silence(): void
  speak(): void
  /** What travels is told to this node's listeners too, whatever it is. */
  invent(topic: string, message: unknown): void
}

const delaysMs: Readonly<Record<Fate, readonly number[]>> = { passes: [0], lost: [], twice: [0, 4], late: [3], later: [12] }

/** One node's end of a bus that several nodes share: it loses, repeats, delays and reorders what the node hears, and never says so. */
export function hostile(bus: Bus, fates: readonly Fate[]): HostileBus {
  const listeners = new Map<string, Set<(message: unknown) => void>>()
  let isSilent = false
  let count = 0

  return {
    publish: bus.publish,
    ping: bus.ping,
    onDoubt: () => () => {},
    silence() {
      isSilent = true
    },
    speak() {
      isSilent = false
    },
    invent(topic, message) {
      for (const listener of listeners.get(topic) ?? []) {
        // As both kinds of bus do it.
        try {
          listener(message)
        } catch {}
      }
    },
    async subscribe(topic, listener) {
      const own = listeners.get(topic) ?? new Set()
      listeners.set(topic, own.add(listener))
      const unsubscribe = await bus.subscribe(topic, message => {
        if (isSilent) return
        const fate = fates[count++ % fates.length] ?? 'passes'
        for (const delayMs of delaysMs[fate]) {
          if (delayMs === 0) listener(message)
          else setTimeout(() => own.has(listener) && listener(message), delayMs)
        }
      })
      return () => {
        own.delete(listener)
        unsubscribe()
      }
    },
    [Symbol.asyncDispose]: async () => {},
  }
}
