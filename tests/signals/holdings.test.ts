import { expect, test } from 'vitest'
import { createHoldings } from '../../src/signals/holdings.ts'
import { createMemoryStore } from '../../src/signals/memory-store.ts'
import type { SignalStore } from '../../src/signals/store.ts'
import { createWriter } from '../../src/signals/writer.ts'
import { until } from '../harness/wait.ts'
import { openSocket } from './nodes.ts'
import { ann, setOf } from './stores.ts'

test('a refresh that failed is tried again within seconds, and puts back what was lost meanwhile', async () => {
  const memory = createMemoryStore()
  let isAway = false
  const store: SignalStore = {
    ...memory,
    apply(topic, operations) {
      if (isAway) return Promise.reject(new Error('away'))
      return memory.apply(topic, operations)
    },
  }
  const errors: unknown[] = []
  const writer = createWriter({ store, announce: () => {} })
  const holdings = createHoldings(writer, error => errors.push(error))
  const claim = holdings.claim(openSocket('s'), 't', ann)
  await writer.submit('t', setOf('x', 4, { holder: claim.holderId }))
  await claim.keep('x', 4, 30_000)

  isAway = true
  await memory.apply('t', [{ kind: 'release', key: ann, holder: claim.holderId }])
  holdings.refreshAll()
  await until('the failure', () => errors.length > 0)
  isAway = false
  await until('the entry', async () => (await memory.read('t', 0)).live.size === 1)
  expect((await memory.read('t', 0)).entries).toMatchObject([{ key: ann, state: 'x', clock: 4 }])
  await holdings.releaseAll()
  expect((await memory.read('t', 0)).live.size).toBe(0)
  await memory[Symbol.asyncDispose]()
})

test('what is submitted in one turn reaches the store in one piece, and others as one change for each key', async () => {
  const memory = createMemoryStore()
  const announced: unknown[] = []
  let calls = 0
  const store: SignalStore = {
    ...memory,
    apply(topic, operations) {
      calls++
      return memory.apply(topic, operations)
    },
  }
  const writer = createWriter({ store, announce: (topic, changes) => announced.push([topic, changes.map(({ state }) => state)]) })
  const outcomes = await Promise.all(Array.from({ length: 100 }, (_, clock) => writer.submit('t', setOf(clock, clock))))
  expect(outcomes).toHaveLength(100)
  expect(outcomes.at(-1)).toEqual({ kind: 'set', clock: 99 })
  expect(calls).toBe(1)
  expect(announced).toEqual([['t', [99]]])
  await memory[Symbol.asyncDispose]()
})

test('a store that does not answer is not buried: what waits is limited', async () => {
  const memory = createMemoryStore()
  const gate = Promise.withResolvers<void>()
  const writer = createWriter({
    store: { ...memory, apply: (topic, operations) => gate.promise.then(() => memory.apply(topic, operations)) },
    announce: () => {},
  })
  const submitted = Promise.allSettled(Array.from({ length: 2_000 }, (_, clock) => writer.submit('t', setOf('x', clock))))
  gate.resolve()
  const refused = (await submitted).filter(({ status }) => status === 'rejected')
  expect(refused).toHaveLength(1_000)
  expect(refused[0]).toMatchObject({ reason: { code: 'RATE_LIMITED' } })
  await memory[Symbol.asyncDispose]()
})
