import { afterEach, expect, test, vi } from 'vitest'
import { createHoldings } from '../../src/signals/holdings.ts'
import { createMemoryStore } from '../../src/signals/memory-store.ts'
import type { SignalStore } from '../../src/signals/store.ts'
import { createWriter } from '../../src/signals/writer.ts'
import { until } from '../harness/wait.ts'
import { openSocket } from './nodes.ts'
import { ann, setOf } from './stores.ts'

afterEach(() => void vi.useRealTimers())

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

test('what came within a second of another in its topic is refreshed together with it, and in time', async () => {
  vi.useFakeTimers({ now: 0 })
  const memory = createMemoryStore()
  const refreshes: { readonly atMs: number; readonly keys: number }[] = []
  const store: SignalStore = {
    ...memory,
    apply(topic, operations) {
      const keys = operations.filter(({ kind }) => kind === 'refresh').length
      if (keys > 0) refreshes.push({ atMs: performance.now(), keys })
      return memory.apply(topic, operations)
    },
  }
  const writer = createWriter({ store, announce: () => {} })
  const holdings = createHoldings(writer, error => expect(error).toBeUndefined())
  const socket = openSocket('s')
  for (let index = 0; index < 80; index++) {
    const key = { owner: `user_${index}`, client: 'c' }
    const claim = holdings.claim(socket, 't', key)
    await Promise.all([writer.submit('t', { ...setOf('x', 1, { holder: claim.holderId }), key }), vi.advanceTimersByTimeAsync(50)])
    await claim.keep('x', 1, 12_000)
  }
  const from = performance.now()
  await vi.advanceTimersByTimeAsync(12_000)
  const later = refreshes.filter(({ atMs }) => atMs > from)
  // Those of four seconds: four calls in every four, each with a quarter of all.
  expect(later.length).toBeLessThanOrEqual(13)
  expect(later.reduce((sum, { keys }) => sum + keys, 0)).toBeGreaterThanOrEqual(2 * 80)
  expect((await memory.read('t', 0)).live.size).toBe(80)
  await Promise.all([holdings.releaseAll(), vi.advanceTimersByTimeAsync(1_000)])
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
