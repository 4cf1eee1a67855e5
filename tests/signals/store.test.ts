import { setTimeout as delay } from 'node:timers/promises'
import { type Arbitrary, array, assert, asyncProperty, constantFrom, integer, oneof, record } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { maxSignalsPerOwner, maxSignalsPerTopic } from '../../src/signals/signal.ts'
import type { SignalOperation } from '../../src/signals/store.ts'
import { ann, bob, openStore, setOf, storeKinds } from './stores.ts'

describe.each(storeKinds)('signals kept in %s', kind => {
  test('the higher clock wins, whatever comes first', async () => {
    await using place = await openStore(kind)
    const { outcomes, changes } = await place.store.apply('t', [setOf('second', 2), setOf('first', 1), setOf('third', 3)])
    expect(outcomes).toEqual([
      { kind: 'set', clock: 2 },
      { kind: 'kept', clock: 2, state: 'second' },
      { kind: 'set', clock: 3 },
    ])
    expect(changes).toMatchObject([{ key: ann, state: 'third', clock: 3 }])
  })

  test('of equal clocks the first stays, and a removal beats it', async () => {
    await using place = await openStore(kind)
    const { outcomes } = await place.store.apply('t', [setOf('a', 1), setOf('b', 1), setOf(null, 1), setOf(null, 1), setOf('c', 1), setOf('d', 2)])
    expect(outcomes).toEqual([
      { kind: 'set', clock: 1 },
      { kind: 'kept', clock: 1, state: 'a' },
      { kind: 'set', clock: 1 },
      { kind: 'kept', clock: 1, state: null },
      { kind: 'kept', clock: 1, state: null },
      { kind: 'set', clock: 2 },
    ])
  })

  test('without a clock the last call wins', async () => {
    await using place = await openStore(kind)
    const { outcomes } = await place.store.apply('t', [setOf('a', null), setOf('b', null), setOf(null, null), setOf('c', null)])
    expect(outcomes.map(outcome => outcome.kind)).toEqual(['set', 'set', 'set', 'set'])
    expect((await place.store.read('t', 0)).entries).toMatchObject([{ state: 'c' }])
  })

  test('JSON comes back as it went in', async () => {
    await using place = await openStore(kind)
    const states = [{}, [], [[]], 0, 1.5, 1e21, 123456789012345, '', ' ', '"', '\n\t', '€ 😀', { a: [1, { b: null }], '': '10.5' }, false]
    for (const [index, state] of states.entries()) {
      await place.store.apply('t', [setOf(state, index)])
      expect((await place.store.read('t', 0)).entries[0]?.state).toEqual(state)
    }
  })

  test('keys with odd characters stay apart', async () => {
    await using place = await openStore(kind)
    const keys = ['a', 'a b', 'a","b', '[', 'head', ' ', '\n', '{x}', '😀'].map(client => ({ owner: 'u', client }))
    await place.store.apply(
      't {x} \n',
      keys.map(key => setOf(key.client, 1, { key })),
    )
    const { entries } = await place.store.read('t {x} \n', 0)
    expect(entries.map(({ key, state }) => [key.client, state]).sort()).toEqual(keys.map(({ client }) => [client, client]).sort())
  })

  test('what expires is removed once, whoever asks', async () => {
    await using place = await openStore(kind)
    await place.store.apply('t', [setOf('brief', 7, { ttlMs: 60 }), setOf('long', 1, { key: bob })])
    await delay(90)
    const answers = await Promise.all([place.store.read('t', 0), place.store.read('t', 0), place.store.apply('t', [])])
    const removed = answers.flatMap(answer => ('removed' in answer ? answer.removed : answer.changes))
    expect(removed).toMatchObject([{ key: ann, state: null, clock: 7 }])
    expect(answers[1].entries).toMatchObject([{ key: bob, state: 'long' }])
  })

  test('only its holder can refresh or release an entry', async () => {
    await using place = await openStore(kind)
    const refresh = (holder: string): SignalOperation => ({ kind: 'refresh', key: ann, holder, ttlMs: 30_000 })
    const release = (holder: string): SignalOperation => ({ kind: 'release', key: ann, holder })
    const { outcomes } = await place.store.apply('t', [
      refresh('one'),
      setOf('x', 1, { holder: 'one' }),
      refresh('two'),
      release('two'),
      refresh('one'),
      setOf('y', 2, { holder: 'two' }),
      release('one'),
    ])
    expect(outcomes.map(({ kind }) => kind)).toEqual(['missing', 'set', 'foreign', 'done', 'done', 'set', 'done'])
    expect((await place.store.read('t', 0)).entries).toMatchObject([{ state: 'y' }])
    expect(await place.store.apply('t', [release('two')])).toMatchObject({ changes: [{ key: ann, state: null, clock: 2 }] })
  })

  test('a refreshed entry outlives its time, with the same version', async () => {
    await using place = await openStore(kind)
    await place.store.apply('t', [setOf('x', 1, { ttlMs: 1_000, holder: 'one' })])
    const [before] = await place.store.heads(['t'])
    await place.store.apply('t', [{ kind: 'refresh', key: ann, holder: 'one', ttlMs: 60_000 }])
    await delay(1_100)
    expect((await place.store.read('t', 0)).entries).toMatchObject([{ state: 'x' }])
    expect(await place.store.heads(['t', 'other'])).toEqual([before, 0])
  })

  test('what was released may come back with any clock, what was removed by its client only with a higher one', async () => {
    await using place = await openStore(kind)
    const { outcomes } = await place.store.apply('t', [
      setOf('x', 9, { holder: 'one' }),
      { kind: 'release', key: ann, holder: 'one' },
      setOf('again', 1),
      setOf(null, 2),
      setOf('late', 1),
    ])
    expect(outcomes.map(({ kind }) => kind)).toEqual(['set', 'done', 'set', 'set', 'kept'])
  })

  test('clearing takes one client, or all of one owner, and no refresh brings them back', async () => {
    await using place = await openStore(kind)
    const phone = { owner: ann.owner, client: 'phone' }
    const tab = { owner: ann.owner, client: 'tab' }
    await place.store.apply('t', [setOf(1, 5, { holder: 'h' }), setOf(2, 5, { key: phone }), setOf(3, 5, { key: tab }), setOf(4, 5, { key: bob })])
    const one = await place.store.apply('t', [{ kind: 'clear', owner: ann.owner, client: 'phone', ttlMs: 1_000 }])
    expect(one.changes).toMatchObject([{ key: phone, state: null }])
    const rest = await place.store.apply('t', [
      { kind: 'clear', owner: ann.owner, client: null, ttlMs: 1_000 },
      { kind: 'refresh', key: ann, holder: 'h', ttlMs: 1_000 },
    ])
    expect(rest.changes.map(({ key }) => key.client).sort()).toEqual(['laptop', 'tab'])
    expect(rest.outcomes[1]).toEqual({ kind: 'foreign' })
    expect((await place.store.read('t', 0)).entries).toMatchObject([{ key: bob }])
    expect((await place.store.apply('t', [setOf('back', 0)])).outcomes).toEqual([{ kind: 'set', clock: 0 }])
  })

  test('one owner and one topic hold a limited number; what is there may still change', async () => {
    await using place = await openStore(kind)
    const clients = Array.from({ length: maxSignalsPerOwner }, (_, index) => ({ owner: ann.owner, client: `${index}` }))
    await place.store.apply(
      't',
      clients.map(key => setOf('x', 1, { key })),
    )
    const { outcomes } = await place.store.apply('t', [setOf('more', 1), setOf('new', 2, { key: clients[3]! }), setOf('x', 1, { key: bob })])
    expect(outcomes.map(({ kind }) => kind)).toEqual(['full', 'set', 'set'])
    const people = Array.from({ length: maxSignalsPerTopic }, (_, index) => ({ owner: `user_${index}`, client: 'c' }))
    const crowd = await place.store.apply(
      'crowd',
      people.map(key => setOf('x', 1, { key })),
    )
    expect(crowd.outcomes.filter(({ kind }) => kind === 'set')).toHaveLength(maxSignalsPerTopic)
    expect((await place.store.apply('crowd', [setOf('x', 1)])).outcomes).toEqual([{ kind: 'full' }])
  })

  test('reading since a version gives the states of what is newer, and the keys of all', async () => {
    await using place = await openStore(kind)
    await place.store.apply('t', [setOf('old', 1)])
    const { head } = await place.store.read('t', 0)
    await place.store.apply('t', [setOf('new', 1, { key: bob })])
    const later = await place.store.read('t', head)
    expect(later.live.size).toBe(2)
    expect(later.entries).toMatchObject([{ key: bob, state: 'new' }])
    expect(later.head).toBeGreaterThan(head)
  })
})

test('Redis forgets a topic by itself', async () => {
  await using place = await openStore('Redis')
  await place.store.apply('t', [setOf('x', 1, { ttlMs: 1_000 })])
  const keys = (await place.redis?.keys('*')) ?? []
  expect(keys).toHaveLength(2)
  for (const key of keys) {
    const left = (await place.redis?.pttl(key)) ?? 0
    expect(left).toBeGreaterThan(1_000)
    expect(left).toBeLessThanOrEqual(61_000)
  }
})

test('memory and Redis answer alike to any operations', async () => {
  await using memory = await openStore('memory')
  await using redis = await openStore('Redis')
  let run = 0
  await assert(
    asyncProperty(array(array(anyOperation, { maxLength: 5 }), { maxLength: 12 }), async batches => {
      const topic = `run ${run++}`
      for (const batch of batches) {
        const [one, other] = await Promise.all([memory.store.apply(topic, batch), redis.store.apply(topic, batch)])
        expect(other.outcomes).toEqual(one.outcomes)
        expect(visible(other.changes)).toEqual(visible(one.changes))
      }
      const [one, other] = await Promise.all([memory.store.read(topic, 0), redis.store.read(topic, 0)])
      expect(visible(other.entries)).toEqual(visible(one.entries))
    }),
    { numRuns: 150 },
  )
})

const visible = (changes: readonly { key: object; state: unknown; clock: number }[]) =>
  changes.map(({ key, state, clock }) => JSON.stringify([key, state, clock])).sort()

const key = record({ owner: constantFrom('ann', 'bob'), client: constantFrom('1', '2') })
const holder = constantFrom('h1', 'h2')
const ttlMs = constantFrom(60_000)
const anyOperation: Arbitrary<SignalOperation> = oneof(
  record({
    kind: constantFrom('set' as const),
    key,
    state: constantFrom(null, 'a', 'b'),
    clock: oneof(integer({ min: 0, max: 4 }), constantFrom(null)),
    ttlMs,
    holder: constantFrom('h1', 'h2', null),
  }),
  record({ kind: constantFrom('refresh' as const), key, holder, ttlMs }),
  record({ kind: constantFrom('release' as const), key, holder }),
  record({ kind: constantFrom('clear' as const), owner: constantFrom('ann', 'bob'), client: constantFrom('1', null), ttlMs }),
)
