import type { Redis } from 'ioredis'
import { AppError } from '../errors.ts'
import type { Bus, Unsubscribe } from '../platform/bus.ts'
import type { Logger } from '../platform/logger.ts'
import { createHoldings, type Holder } from './holdings.ts'
import { createMemoryStore } from './memory-store.ts'
import { createReader, type SignalReader } from './reader.ts'
import { createRedisStore } from './redis-store.ts'
import { createReplica, type Replica } from './replica.ts'
import { keyText, type Signal, type SignalChange, type SignalKey } from './signal.ts'
import type { SignalStore } from './store.ts'
import { createWriter } from './writer.ts'

/** What is of the moment: who types, who is there, where their cursor is. It expires, it is never in the database. */
export interface Signals extends AsyncDisposable {
  /**
   * Says something, unless something newer was said: the higher clock wins, of equal ones the removal.
   * @returns what holds now
   * @throws QUOTA_EXCEEDED when topic, owner or holder have as many signals as they may have
   */
  set(topic: string, key: SignalKey, state: unknown, options: SetOptions): Promise<SetResult>
  /** Removes what an owner says in a topic, or one client of theirs. Their next `set` wins with any clock. */
  clear(topic: string, key: { readonly owner: string; readonly client?: string }): Promise<void>
  /** What is said in a topic, on all nodes, in the order of the keys; while Redis is away, what this node knows of it. */
  list(topic: string): Promise<readonly Signal[]>
  /** First what is said, then each change; resolves when nothing can be missed any more. Ended by `return`, or by `fail`. */
  watch(topic: string, onEnd?: () => void): Promise<SignalReader>
}

interface SetOptions {
  /** Without it the call is newer than all before. */
  readonly clock?: number
  readonly ttlSeconds: number
  /** The signal lives as long as this does, and `ttlSeconds` tells how long it outlives a node that crashed. */
  readonly heldBy?: Holder | null
}

export interface SetResult extends Signal {
  /** False when something newer was there, which is what the result shows. */
  readonly applied: boolean
}

export interface SignalsDeps {
  readonly bus: Bus
  /** Null: there is one node, and its memory serves. */
  readonly redis: Redis | null
  readonly logger: Logger
  /** Time between looks at the store for changes the bus lost. */
  readonly healIntervalMs?: number
}

/** How long a removal is remembered, so that what was said before it can't come after it. */
const clearedTtlMs = 30_000

/** While Redis is away everything fails; one line in this time says so. */
const quietTimeMs = 5_000

interface Watched {
  readonly replica: Replica
  readonly ready: Promise<void>
  /** Readers, those to come included. The last to leave closes it. */
  userCount: number
  readonly close: () => void
}

export function createSignals({ bus, redis, logger, healIntervalMs = 5_000 }: SignalsDeps): Signals {
  const store: SignalStore = redis ? createRedisStore(redis) : createMemoryStore()
  const watched = new Map<string, Watched>()
  const writer = createWriter({ store, announce })
  const holdings = createHoldings(writer, noteError)
  const stopDoubting = bus.onDoubt(() => {
    holdings.refreshAll()
    for (const { replica } of watched.values()) replica.reconcile().catch(noteError)
  })
  const healer = setInterval(() => heal().catch(noteError), healIntervalMs).unref()
  let isClosed = false
  let quietUntilMs = 0

  function noteError(error: unknown): void {
    if (isClosed || performance.now() < quietUntilMs) return
    quietUntilMs = performance.now() + quietTimeMs
    logger.warn({ err: error }, 'signals could not be brought up to date, will try again')
  }

  function announce(topic: string, changes: readonly SignalChange[]): void {
    watched.get(topic)?.replica.apply(changes)
    bus.publish(busTopic(topic), changes).catch(noteError)
  }

  async function heal(): Promise<void> {
    const replicas = [...watched.values()].map(({ replica }) => replica)
    if (replicas.length === 0) return
    const heads = await store.heads(replicas.map(({ topic }) => topic))
    await Promise.all(replicas.map((replica, index) => replica.checkHead(heads[index] ?? 0)))
  }

  function open(topic: string): Watched {
    const replica = createReplica({ topic, store, announce: changes => announce(topic, changes), onError: noteError })
    const listening = bus.subscribe(busTopic(topic), message => replica.apply(message as SignalChange[]))
    const close = () => {
      if (watched.get(topic) === opened) watched.delete(topic)
      replica.close()
      listening.then((stop: Unsubscribe) => stop()).catch(noteError)
    }
    // A store that is away for the moment is read as soon as it is back.
    const ready = listening.then(() => replica.reconcile()).catch(noteError)
    const opened: Watched = { replica, ready, userCount: 0, close }
    watched.set(topic, opened)
    return opened
  }

  async function readStore(topic: string): Promise<Signal[]> {
    const { entries, removed } = await store.read(topic, 0)
    if (removed.length > 0) announce(topic, removed)
    return entries.map(({ key, state, clock }) => ({ key, state, clock }))
  }

  return {
    async set(topic, key, state, { clock, ttlSeconds, heldBy }) {
      const ttlMs = ttlSeconds * 1_000
      const claim = heldBy && state !== null ? holdings.claim(heldBy, topic, key) : null
      const outcome = await writer.submit(topic, { kind: 'set', key, state, clock: clock ?? null, ttlMs, holder: claim?.holderId ?? null })
      if (outcome.kind === 'full') throw new AppError('QUOTA_EXCEEDED', 'There are as many signals here as there may be.')
      if (outcome.kind === 'kept') return { key, state: outcome.state, clock: outcome.clock, applied: false }
      if (outcome.kind !== 'set') throw new Error(`A set came out as ${outcome.kind}.`)
      if (state === null) holdings.forget(topic, key.owner, key.client)
      await claim?.keep(state, outcome.clock, ttlMs)
      return { key, state, clock: outcome.clock, applied: true }
    },
    async clear(topic, { owner, client = null }) {
      holdings.forget(topic, owner, client)
      await writer.submit(topic, { kind: 'clear', owner, client, ttlMs: clearedTtlMs })
    },
    async list(topic) {
      const signals = await readStore(topic).catch(error => {
        noteError(error)
        return watched.get(topic)?.replica.signals() ?? []
      })
      return signals.toSorted((a, b) => (keyText(a.key) < keyText(b.key) ? -1 : 1))
    },
    async watch(topic, onEnd) {
      const target = watched.get(topic) ?? open(topic)
      target.userCount++
      const reader = createReader(() => {
        target.replica.detach(reader)
        if (--target.userCount === 0) target.close()
        onEnd?.()
      })
      await target.ready
      target.replica.attach(reader)
      return reader
    },
    async [Symbol.asyncDispose]() {
      clearInterval(healer)
      stopDoubting()
      await holdings.releaseAll().catch(noteError)
      await writer.idle()
      isClosed = true
      for (const { close } of [...watched.values()]) close()
      await store[Symbol.asyncDispose]()
    },
  }
}

const busTopic = (topic: string) => `signals:${topic}`
