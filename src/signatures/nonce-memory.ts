import type { Clock } from '../platform/clock.ts'
import { window } from './window.ts'

/** `forgotten`: it can't be told any more, since it was signed before anything was remembered, or so many came after it. */
export type Spending = 'first' | 'again' | 'forgotten'

export interface NonceMemoryOptions {
  readonly clock: Clock
  /** Nonces kept of one key, the latest. */
  readonly perKey?: number
  /** Nonces kept altogether; beyond these, the older half of those goes whose key was used longest ago. */
  readonly total?: number
}

/** What was sent with one key. */
interface Spent {
  /** In the order they came, with their timestamps. */
  readonly nonces: Map<string, number>
  /** Up to this timestamp some were forgotten, so nothing that old is taken any more. */
  floor: number
  usedAt: number
}

/** For how long after its last use something that a key signed may come again. */
const keptMs = window.maxAgeMs + window.maxAheadMs

/**
 * Nonces of this node alone, in bounded memory: what is forgotten raises the floor of its key, below which nothing is taken.
 * Whoever signs when they send is far above it, however much they send.
 */
export function createNonceMemory({ clock, perKey = 4_096, total = 500_000 }: NonceMemoryOptions) {
  /** The key that was used longest ago first. */
  const keys = new Map<string, Spent>()
  let count = 0

  function forgetOldest(spent: Spent, howMany: number): void {
    for (const [nonce, timestamp] of spent.nonces.entries().take(howMany)) {
      spent.nonces.delete(nonce)
      spent.floor = Math.max(spent.floor, timestamp)
      count -= 1
    }
  }

  function use(keyId: string, now: number): Spent {
    const spent = keys.get(keyId) ?? { nonces: new Map(), floor: Number.NEGATIVE_INFINITY, usedAt: now }
    keys.delete(keyId)
    keys.set(keyId, spent)
    spent.usedAt = now
    return spent
  }

  function drop(keyId: string): void {
    count -= keys.get(keyId)?.nonces.size ?? 0
    keys.delete(keyId)
  }

  function dropUnused(now: number): void {
    for (const [keyId, { usedAt }] of keys) {
      if (usedAt + keptMs >= now) return
      drop(keyId)
    }
  }

  function makeRoom(spent: Spent): void {
    if (spent.nonces.size > perKey) forgetOldest(spent, 1)
    for (const [keyId, idle] of keys) {
      if (count <= total) return
      forgetOldest(idle, Math.ceil(idle.nonces.size / 2))
      // Its floor stays as long as it is needed, and the next time it is another's turn.
      use(keyId, idle.usedAt)
    }
  }

  return {
    spend(keyId: string, nonce: string, timestamp: number): Spending {
      const now = clock.now().getTime()
      dropUnused(now)
      const spent = use(keyId, now)
      if (spent.nonces.has(nonce)) return 'again'
      if (timestamp <= spent.floor) return 'forgotten'
      spent.nonces.set(nonce, timestamp)
      count += 1
      makeRoom(spent)
      return 'first'
    },
    /** The key signs nothing any more. */
    drop,
    get size(): number {
      return count
    },
  }
}
