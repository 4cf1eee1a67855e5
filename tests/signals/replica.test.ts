import { setTimeout as delay } from 'node:timers/promises'
import { array, assert, asyncProperty, constantFrom, integer, record, uniqueArray } from 'fast-check'
import { expect, test } from 'vitest'
import { createMemoryStore } from '../../src/signals/memory-store.ts'
import { createReplica } from '../../src/signals/replica.ts'
import { keyText, type Signal, type SignalChange } from '../../src/signals/signal.ts'
import { ann, setOf } from './stores.ts'

function startReplica() {
  const store = createMemoryStore()
  const announced: SignalChange[] = []
  const replica = createReplica({
    topic: 't',
    store,
    announce: changes => announced.push(...changes),
    onError: error => {
      throw error
    },
  })
  return {
    ...{ store, replica, announced },
    async [Symbol.asyncDispose]() {
      replica.close()
      await store[Symbol.asyncDispose]()
    },
  }
}

const textsOf = (signals: readonly Signal[]) => signals.map(({ key, state, clock }) => `${keyText(key)} ${state} ${clock}`).sort()

test('messages may come in any order, late, twice, or never: the replica ends as the store is', async () => {
  const step = record({
    client: constantFrom('1', '2', '3'),
    state: constantFrom(null, null, 'a', 'b'),
    clock: integer({ min: 0, max: 9 }),
    isCleared: constantFrom(false, false, false, true),
  })
  await assert(
    asyncProperty(
      array(step, { minLength: 1, maxLength: 15 }),
      uniqueArray(integer({ min: 0, max: 14 })),
      integer({ min: 0, max: 15 }),
      async (steps, early, readAt) => {
        await using place = startReplica()
        const messages: (readonly SignalChange[])[] = []
        const deliver = (message: readonly SignalChange[] | undefined) => place.replica.apply(message ?? [])
        for (const [index, { client, state, clock, isCleared }] of steps.entries()) {
          const key = { owner: 'ann', client }
          const operation = isCleared ? { kind: 'clear' as const, owner: 'ann', client, ttlMs: 30_000 } : setOf(state, clock, { key })
          messages.push((await place.store.apply('t', [operation])).changes)
          if (index === readAt) await place.replica.reconcile()
          if (early.includes(index)) deliver(messages.at(-1))
        }
        for (const index of early) deliver(messages[index])
        // What came before the store was read may be lost for good.
        for (const message of messages.slice(readAt < steps.length ? readAt + 1 : 0).toReversed()) deliver(message)
        expect(textsOf(place.replica.signals())).toEqual(textsOf((await place.store.read('t', 0)).entries))
      },
    ),
    { numRuns: 300 },
  )
})

test('what is heard while the store is read is newer than what was read', async () => {
  await using store = createMemoryStore()
  const gate = Promise.withResolvers<void>()
  const read: typeof store.read = async (...parameters) => {
    const state = await store.read(...parameters)
    await gate.promise
    return state
  }
  const replica = createReplica({ topic: 't', store: { ...store, read }, announce: () => {}, onError: () => {} })
  const reading = replica.reconcile()
  replica.apply((await store.apply('t', [setOf('new', 1)])).changes)
  gate.resolve()
  await reading
  expect(replica.signals()).toMatchObject([{ key: ann, state: 'new' }])
  replica.close()
})

test('an entry that another node refreshed in silence stays', async () => {
  await using place = startReplica()
  const { changes } = await place.store.apply('t', [setOf('x', 1, { ttlMs: 150, holder: 'elsewhere' })])
  place.replica.apply(changes)
  for (let round = 0; round < 5; round++) {
    await delay(100)
    await place.store.apply('t', [{ kind: 'refresh', key: ann, holder: 'elsewhere', ttlMs: 150 }])
  }
  expect(place.replica.signals()).toHaveLength(1)
  await delay(500)
  expect(place.replica.signals()).toEqual([])
  expect(place.announced).toMatchObject([{ key: ann, state: null }])
})
