import { LRUCache } from 'lru-cache'

/**
 * Keeps what was loaded for a moment. What is dropped while it is being loaded may have been read too early, so it is loaded again:
 * an answer is never older than the last `drop` before it.
 */
export interface Remembered<Value extends object> {
  get(key: string, load: () => Promise<Value | null>): Promise<Value | null>
  /** What is kept now. */
  peek(key: string): Value | undefined
  drop(key: string): void
  dropAll(): void
}

export function createRemembered<Value extends object>({ max, ttlMs }: { readonly max: number; readonly ttlMs: number }): Remembered<Value> {
  const kept = new LRUCache<string, Value>({ max, ttl: ttlMs, ttlResolution: 0 })
  const loading = new Map<string, Promise<Value | null>>()
  /** Those whose read, as it is under way now, was not overtaken by a drop. */
  const good = new Set<string>()

  async function loadGood(key: string, load: () => Promise<Value | null>): Promise<Value | null> {
    try {
      for (;;) {
        good.add(key)
        const value = await load()
        if (!good.has(key)) continue
        if (value) kept.set(key, value)
        return value
      }
    } finally {
      good.delete(key)
      loading.delete(key)
    }
  }

  return {
    get(key, load) {
      const value = kept.get(key)
      if (value) return Promise.resolve(value)
      const started = loading.get(key) ?? loadGood(key, load)
      // What failed at once is over already; it would never leave the map.
      if (good.has(key)) loading.set(key, started)
      return started
    },
    peek: key => kept.get(key),
    drop(key) {
      kept.delete(key)
      good.delete(key)
    },
    dropAll() {
      kept.clear()
      good.clear()
    },
  }
}
