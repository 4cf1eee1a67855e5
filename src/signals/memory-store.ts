import { keyOf, keyText, maxSignalsPerOwner, maxSignalsPerTopic, ownerPrefix, type SignalChange } from './signal.ts'
import { type Outcome, type SignalOperation, type SignalStore, wins } from './store.ts'

interface Entry {
  readonly state: unknown
  readonly clock: number
  readonly version: number
  readonly holder: string | null
  expiresAtMs: number
}

interface Topic {
  readonly entries: Map<string, Entry>
  head: number
  /** Nothing expires before. */
  nextExpiryMs: number
}

const sweepIntervalMs = 5_000

/** For a server without Redis: one node, so its own memory is the truth. */
export function createMemoryStore(): SignalStore {
  const topics = new Map<string, Topic>()
  let lastVersion = 0
  const sweeper = setInterval(() => {
    for (const [name, topic] of topics) {
      purge(topic)
      if (topic.entries.size === 0) topics.delete(name)
    }
  }, sweepIntervalMs).unref()

  function write(topic: Topic, key: string, { ttlMs, ...entry }: Omit<Entry, 'version' | 'expiresAtMs'> & { ttlMs: number }): SignalChange {
    const expiresAtMs = performance.now() + ttlMs
    topic.head = ++lastVersion
    topic.nextExpiryMs = Math.min(topic.nextExpiryMs, expiresAtMs)
    topic.entries.set(key, { ...entry, version: lastVersion, expiresAtMs })
    return { key: keyOf(key), state: entry.state, clock: entry.clock, version: lastVersion, ttlMs }
  }

  function remove(topic: Topic, key: string, { state, clock }: Entry): SignalChange[] {
    topic.entries.delete(key)
    if (state === null) return []
    topic.head = ++lastVersion
    return [{ key: keyOf(key), state: null, clock, version: lastVersion, ttlMs: 0 }]
  }

  function purge(topic: Topic): SignalChange[] {
    const now = performance.now()
    if (now < topic.nextExpiryMs) return []
    const removed = [...topic.entries].filter(([, entry]) => entry.expiresAtMs <= now).flatMap(([key, entry]) => remove(topic, key, entry))
    topic.nextExpiryMs = [...topic.entries.values()].reduce((least, entry) => Math.min(least, entry.expiresAtMs), Number.POSITIVE_INFINITY)
    return removed
  }

  function set(topic: Topic, { key, state, clock: given, ttlMs, holder }: SignalOperation & { kind: 'set' }): [Outcome, SignalChange[]] {
    const text = keyText(key)
    const current = topic.entries.get(text)
    const clock = given ?? (current ? current.clock + 1 : 0)
    if (current && !wins(clock, state, current)) return [{ kind: 'kept', clock: current.clock, state: current.state }, []]
    if (!current && isFull(topic, ownerPrefix(key.owner))) return [state === null ? { kind: 'kept', clock, state } : { kind: 'full' }, []]
    return [{ kind: 'set', clock }, [write(topic, text, { state, clock, ttlMs, holder: state === null ? null : holder })]]
  }

  function clear(topic: Topic, { owner, client, ttlMs }: SignalOperation & { kind: 'clear' }): [Outcome, SignalChange[]] {
    const prefix = client === null ? ownerPrefix(owner) : keyText({ owner, client })
    const found = [...topic.entries].filter(([key, entry]) => key.startsWith(prefix) && entry.state !== null)
    const changes = found.map(([key, { clock }]) => ({ ...write(topic, key, { state: null, clock: -1, ttlMs, holder: null }), clock }))
    return [{ kind: 'done' }, changes]
  }

  function operate(topic: Topic, operation: SignalOperation): [Outcome, SignalChange[]] {
    if (operation.kind === 'set') return set(topic, operation)
    if (operation.kind === 'clear') return clear(topic, operation)
    const text = keyText(operation.key)
    const current = topic.entries.get(text)
    const isHolder = current?.holder === operation.holder
    if (operation.kind === 'release') return [{ kind: 'done' }, isHolder ? remove(topic, text, current) : []]
    if (isHolder) current.expiresAtMs = performance.now() + operation.ttlMs
    return [{ kind: isHolder ? 'done' : current ? 'foreign' : 'missing' }, []]
  }

  return {
    async apply(name, operations) {
      const topic = topics.get(name) ?? { entries: new Map(), head: 0, nextExpiryMs: Number.POSITIVE_INFINITY }
      topics.set(name, topic)
      const changes = new Map(purge(topic).map(change => [keyText(change.key), change]))
      const outcomes = operations.map(operation => {
        const [outcome, made] = operate(topic, operation)
        for (const change of made) changes.set(keyText(change.key), change)
        return outcome
      })
      return { outcomes, changes: [...changes.values()] }
    },
    async read(name, since) {
      const topic = topics.get(name)
      if (!topic) return { head: 0, live: new Map(), entries: [], removed: [] }
      const removed = purge(topic)
      const now = performance.now()
      const live = [...topic.entries].filter(([, entry]) => entry.state !== null)
      return {
        head: topic.head,
        live: new Map(live.map(([key, entry]) => [key, entry.expiresAtMs - now])),
        entries: live
          .filter(([, entry]) => entry.version > since)
          .map(([key, { state, clock, version, expiresAtMs }]) => ({ key: keyOf(key), state, clock, version, ttlMs: expiresAtMs - now })),
        removed,
      }
    },
    heads: async names => names.map(name => topics.get(name)?.head ?? 0),
    async [Symbol.asyncDispose]() {
      clearInterval(sweeper)
      topics.clear()
    },
  }
}

function isFull({ entries }: Topic, prefix: string): boolean {
  if (entries.size >= maxSignalsPerTopic) return true
  let owned = 0
  for (const key of entries.keys()) if (key.startsWith(prefix)) owned++
  return owned >= maxSignalsPerOwner
}
