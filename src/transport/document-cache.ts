import { LRUCache } from 'lru-cache'

/**
 * Remembers by the text of an operation, and is bounded by the length of those texts, not only by their number:
 * a text may be as long as a whole message, and what it was read as takes some two hundred times its length in bytes.
 */
export function createDocumentCache<Value extends object>() {
  const cache = new LRUCache<string, Value>({
    max: 2_000,
    maxSize: 1024 * 1024,
    maxEntrySize: 32 * 1024,
    sizeCalculation: (_, text) => Math.max(1, text.length),
  })
  return {
    get: (text: string): Value | undefined => cache.get(text),
    set(text: string, value: Value): void {
      cache.set(text, value)
    },
  }
}
