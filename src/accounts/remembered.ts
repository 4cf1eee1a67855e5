import { LRUCache } from 'lru-cache'

/** Keeps what was loaded for a moment. What is dropped while it is being loaded was read too early, and is not kept. */
export interface Remembered<Value extends object> {
  get(key: string, load: () => Promise<Value | null>): Promise<Value | null>
  drop(key: string): void
  dropAll(): void
}

export function createRemembered<Value extends object>({ max, ttlMs }: { readonly max: number; readonly ttlMs: number }): Remembered<Value> {
  const kept = new LRUCache<string, Value>({ max, ttl: ttlMs })
  const loading = new Map<string, Promise<Value | null>>()

  return {
    get(key, load) {
      const value = kept.get(key)
      if (value) return Promise.resolve(value)
      const under = loading.get(key)
      if (under) return under
      const started: Promise<Value | null> = load()
        .then(loaded => {
          if (loaded && loading.get(key) === started) kept.set(key, loaded)
          return loaded
        })
        .finally(() => {
          if (loading.get(key) === started) loading.delete(key)
        })
      loading.set(key, started)
      return started
    },
    drop(key) {
      kept.delete(key)
      loading.delete(key)
    },
    dropAll() {
      kept.clear()
      loading.clear()
    },
  }
}
