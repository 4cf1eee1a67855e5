import { Redis } from 'ioredis'
import { createMemoryStore } from '../../src/signals/memory-store.ts'
import { createRedisStore } from '../../src/signals/redis-store.ts'
import type { SignalOperation, SignalStore } from '../../src/signals/store.ts'
import { freshRedisUrl } from '../harness/modes.ts'

export const storeKinds = ['memory', 'Redis'] as const
export type StoreKind = (typeof storeKinds)[number]

export interface OpenStore extends AsyncDisposable {
  readonly store: SignalStore
  readonly redis: Redis | null
}

/** An empty store of a kind. */
export async function openStore(kind: StoreKind): Promise<OpenStore> {
  const redis = kind === 'Redis' ? new Redis(await freshRedisUrl()) : null
  const store = redis ? createRedisStore(redis) : createMemoryStore()
  return {
    store,
    redis,
    async [Symbol.asyncDispose]() {
      await store[Symbol.asyncDispose]()
      redis?.disconnect()
    },
  }
}

export const ann = { owner: 'user_ann', client: 'laptop' }
export const bob = { owner: 'user_bob', client: 'laptop' }

type SetOperation = SignalOperation & { kind: 'set' }

export const setOf = (state: unknown, clock: number | null, more: Partial<SetOperation> = {}): SetOperation => ({
  kind: 'set',
  key: ann,
  state,
  clock,
  ttlMs: 30_000,
  holder: null,
  ...more,
})
