import type { SignalReader } from './reader.ts'
import { keyText, type Signal, type SignalChange } from './signal.ts'
import type { SignalStore } from './store.ts'

/** One watched topic as this node knows it. Messages make it fast; reading the store makes it right. */
export interface Replica {
  readonly topic: string
  /** Takes changes in any order, any number of times. */
  apply(changes: readonly SignalChange[]): void
  /** Makes the replica equal to the store, and tells readers of every difference. */
  reconcile(): Promise<void>
  /** Reconciles unless the store stands where it was last read. */
  checkHead(head: number): Promise<void>
  /** What is said, as far as this node knows. */
  signals(): readonly Signal[]
  /** Gives the reader all that is there, and then every change. */
  attach(reader: SignalReader): void
  detach(reader: SignalReader): void
  close(): void
}

interface Entry {
  readonly signal: Signal
  version: number
  expiresAtMs: number
  /** Until then it stays, even when the store does not know it. */
  spareUntilMs: number
}

export interface ReplicaDeps {
  readonly topic: string
  readonly store: SignalStore
  /** Tells the other nodes what this one found expired. */
  readonly announce: (changes: readonly SignalChange[]) => void
  readonly onError: (error: unknown) => void
}

/** When the store lost its memory, nodes put back what their sockets hold; readers need not see it go and come. */
const restoreGraceMs = 5_000

/** Nodes look at an expired entry at slightly different times, so that one of them finds it and the others hear. */
const expiryGraceMs = () => 20 + Math.random() * 150

export function createReplica({ topic, store, announce, onError }: ReplicaDeps): Replica {
  const entries = new Map<string, Entry>()
  /** Versions of removals since the store was last read, lest an older message bring back what is gone. */
  const removed = new Map<string, number>()
  const readers = new Set<SignalReader>()
  /** Up to here the store was read; messages about it come too late to matter. */
  let verified = 0
  let reconciling: Promise<void> | null = null
  let isClosed = false
  let timer: NodeJS.Timeout | null = null
  let timerAtMs = Number.POSITIVE_INFINITY

  function tell(signal: Signal): void {
    for (const reader of readers) reader.offer(signal)
  }

  function applyOne({ key, state, clock, version, ttlMs }: SignalChange): void {
    const text = keyText(key)
    if (version <= Math.max(verified, entries.get(text)?.version ?? 0, removed.get(text) ?? 0)) return
    const signal = { key, state, clock }
    if (state === null) {
      removed.set(text, version)
      if (entries.delete(text)) tell(signal)
      return
    }
    removed.delete(text)
    entries.set(text, { signal, version, expiresAtMs: performance.now() + ttlMs, spareUntilMs: 0 })
    tell(signal)
    wakeAt(performance.now() + ttlMs)
  }

  function wakeAt(timeMs: number): void {
    if (isClosed || timeMs >= timerAtMs) return
    if (timer) clearTimeout(timer)
    timerAtMs = timeMs
    timer = setTimeout(lookForExpired, Math.max(0, timeMs - performance.now()) + expiryGraceMs()).unref()
  }

  function lookForExpired(): void {
    timer = null
    timerAtMs = Number.POSITIVE_INFINITY
    const next = nextExpiryMs()
    if (next > performance.now()) wakeAt(next)
    else
      reconcile()
        .catch(onError)
        // When the store can't be asked, it is asked again a little later.
        .finally(() => wakeAt(Math.max(nextExpiryMs(), performance.now() + 250)))
  }

  const nextExpiryMs = () => entries.values().reduce((least, { expiresAtMs }) => Math.min(least, expiresAtMs), Number.POSITIVE_INFINITY)

  async function readStore(): Promise<void> {
    const { head, live, entries: newer, removed: expired } = await store.read(topic, verified)
    if (expired.length > 0) announce(expired)
    if (isClosed) return
    if (head < verified) {
      // The store has lost its memory: what it holds now is the truth, whatever was there before.
      verified = 0
      removed.clear()
      const spareUntilMs = performance.now() + restoreGraceMs
      for (const entry of entries.values()) Object.assign(entry, { version: 0, spareUntilMs, expiresAtMs: spareUntilMs })
      return readStore()
    }
    for (const [text, { signal, version, spareUntilMs }] of entries) {
      if (live.has(text) || version > head || spareUntilMs > performance.now()) continue
      entries.delete(text)
      tell({ ...signal, state: null })
    }
    for (const change of newer) applyOne(change)
    const now = performance.now()
    for (const [text, leftMs] of live) {
      const entry = entries.get(text)
      if (entry) entry.expiresAtMs = now + leftMs
    }
    verified = head
    for (const [text, version] of removed) if (version <= head) removed.delete(text)
    wakeAt(nextExpiryMs())
  }

  /** One reading at a time; whoever asks meanwhile joins it. */
  function reconcile(): Promise<void> {
    reconciling ??= readStore().finally(() => {
      reconciling = null
    })
    return reconciling
  }

  return {
    topic,
    apply(changes) {
      for (const change of changes) applyOne(change)
    },
    reconcile,
    async checkHead(head) {
      if (head !== verified) await reconcile()
    },
    signals: () => [...entries.values()].map(({ signal }) => signal),
    attach(reader) {
      if (isClosed) return reader.end()
      readers.add(reader)
      for (const { signal } of entries.values()) reader.offer(signal)
    },
    detach(reader) {
      readers.delete(reader)
    },
    close() {
      isClosed = true
      if (timer) clearTimeout(timer)
      for (const reader of readers) reader.end()
    },
  }
}
