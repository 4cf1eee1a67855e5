import { setTimeout as delay } from 'node:timers/promises'
import { array, assert, asyncProperty, constantFrom, integer, record } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { maxSignalsPerHolder } from '../../src/signals/holdings.ts'
import { createRedisStore } from '../../src/signals/redis-store.ts'
import type { SetResult } from '../../src/signals/signals.ts'
import { freshRedisUrl } from '../harness/modes.ts'
import { follow, openSocket, startNode, until } from './nodes.ts'

const ann = { owner: 'user_ann', client: 'laptop' }
const bob = { owner: 'user_bob', client: 'laptop' }

/** Two nodes over one Redis; or one in memory, under both names. */
async function startPair(kind: 'memory' | 'Redis', healIntervalMs?: number) {
  const url = kind === 'Redis' ? await freshRedisUrl() : undefined
  const one = await startNode(url, healIntervalMs)
  const other = url ? await startNode(url, healIntervalMs) : one
  return {
    one: one.signals,
    other: other.signals,
    redis: one.redis,
    async [Symbol.asyncDispose]() {
      await one[Symbol.asyncDispose]()
      if (other !== one) await other[Symbol.asyncDispose]()
    },
  }
}

describe.each(['memory', 'Redis'] as const)('signals over %s', { concurrent: true }, kind => {
  test('a watcher gets what is there, and then each change from any node', async () => {
    await using nodes = await startPair(kind)
    await nodes.one.set('t', ann, { at: 1 }, { clock: 1, ttlSeconds: 30 })
    const watcher = follow(await nodes.other.watch('t'))
    await until(() => watcher.heard.length === 1)
    await nodes.one.set('t', bob, { at: 2 }, { clock: 1, ttlSeconds: 30 })
    await until(() => watcher.heard.length === 2)
    await nodes.other.set('t', ann, null, { clock: 2, ttlSeconds: 30 })
    await until(() => watcher.heard.length === 3)
    expect(watcher.heard).toEqual([
      { key: ann, state: { at: 1 }, clock: 1 },
      { key: bob, state: { at: 2 }, clock: 1 },
      { key: ann, state: null, clock: 2 },
    ])
    expect(await nodes.one.list('t')).toEqual([{ key: bob, state: { at: 2 }, clock: 1 }])
    expect(await nodes.other.list('other')).toEqual([])
  })

  test('a set that lost answers with what is there', async () => {
    await using nodes = await startPair(kind)
    await nodes.one.set('t', ann, 'new', { clock: 5, ttlSeconds: 30 })
    expect(await nodes.other.set('t', ann, 'old', { clock: 4, ttlSeconds: 30 })).toEqual({ key: ann, state: 'new', clock: 5, applied: false })
    expect(await nodes.other.set('t', ann, 'newer', { clock: 6, ttlSeconds: 30 })).toEqual({ key: ann, state: 'newer', clock: 6, applied: true })
  })

  test('what is not said again is gone in time, announced once', async () => {
    await using nodes = await startPair(kind)
    const [here, there] = [follow(await nodes.one.watch('t')), follow(await nodes.other.watch('t'))]
    const start = performance.now()
    await nodes.one.set('t', ann, 'x', { clock: 3, ttlSeconds: 0.4 })
    await until(() => here.heard.length === 2 && there.heard.length === 2)
    expect(performance.now() - start).toBeGreaterThan(400)
    await delay(300)
    for (const { heard } of [here, there])
      expect(heard).toEqual([
        { key: ann, state: 'x', clock: 3 },
        { key: ann, state: null, clock: 3 },
      ])
    expect(await nodes.other.list('t')).toEqual([])
  })

  test('what a socket holds outlives its time, and goes at once with the socket', async () => {
    await using nodes = await startPair(kind)
    const there = follow(await nodes.other.watch('t'))
    const socket = openSocket('s1')
    await nodes.one.set('t', ann, 'x', { clock: 1, ttlSeconds: 1, heldBy: socket })
    await delay(1_800)
    expect(there.states()).toEqual({ 'user_ann/laptop': 'x' })
    expect(await nodes.other.list('t')).toHaveLength(1)
    // Its own time would end in an hour.
    await nodes.one.set('t', bob, 'y', { clock: 1, ttlSeconds: 3_600, heldBy: socket })
    socket.close()
    await until(() => there.heard.length === 4)
    expect(await nodes.other.list('t')).toEqual([])
    await delay(600)
    expect(there.heard).toHaveLength(4)
  })

  test('a socket that closes while its call is under way leaves nothing behind', async () => {
    await using nodes = await startPair(kind)
    const socket = openSocket('s1')
    const set = nodes.one.set('t', ann, 'x', { clock: 1, ttlSeconds: 30, heldBy: socket })
    socket.close()
    await set
    expect(await nodes.one.list('t')).toEqual([])
  })

  test('the old socket of a client that came back does not take away what the new one holds', async () => {
    await using nodes = await startPair(kind)
    const [before, after] = [openSocket('before'), openSocket('after')]
    await nodes.one.set('t', ann, 'x', { clock: 1, ttlSeconds: 1, heldBy: before })
    await nodes.other.set('t', ann, 'y', { clock: 2, ttlSeconds: 1, heldBy: after })
    before.close()
    await delay(1_500)
    expect(await nodes.one.list('t')).toMatchObject([{ state: 'y' }])
    after.close()
    await until(async () => (await nodes.one.list('t')).length === 0)
  })

  test('what its client removed is not put back by the socket', async () => {
    await using nodes = await startPair(kind)
    const socket = openSocket('s1')
    await nodes.one.set('t', ann, 'x', { clock: 1, ttlSeconds: 0.5, heldBy: socket })
    await nodes.one.set('t', ann, null, { clock: 2, ttlSeconds: 0.2, heldBy: socket })
    await delay(900)
    expect(await nodes.other.list('t')).toEqual([])
    socket.close()
  })

  test('clearing an owner reaches all nodes and ends what their sockets hold', async () => {
    await using nodes = await startPair(kind)
    const there = follow(await nodes.other.watch('t'))
    const socket = openSocket('s1')
    await nodes.one.set('t', ann, 'x', { clock: 1, ttlSeconds: 0.5, heldBy: socket })
    await nodes.one.set('t', { ...ann, client: 'phone' }, 'y', { clock: 1, ttlSeconds: 30 })
    await nodes.one.set('t', bob, 'z', { clock: 1, ttlSeconds: 30 })
    await nodes.other.clear('t', { owner: ann.owner })
    await until(() => Object.keys(there.states()).length === 1 && there.heard.length === 5)
    await delay(700)
    expect(await nodes.one.list('t')).toMatchObject([{ key: bob }])
  })

  test('a reader that returns while it waits is gone at once', async () => {
    await using nodes = await startPair(kind)
    let ended = 0
    for (let round = 0; round < 20; round++) {
      const reader = await nodes.other.watch('t', () => ended++)
      const waiting = reader.next()
      await reader.return()
      expect(await waiting).toEqual({ done: true, value: undefined })
    }
    expect(ended).toBe(20)
  })

  test('watchers that come and go in the same moment do not end each other', async () => {
    await using nodes = await startPair(kind)
    const readers = await Promise.all(Array.from({ length: 10 }, () => nodes.other.watch('t')))
    await Promise.all(readers.slice(1).map(reader => reader.return()))
    const again = nodes.other.watch('t')
    await nodes.one.set('t', bob, 'x', { clock: 1, ttlSeconds: 30 })
    expect((await readers[0]!.next()).value).toMatchObject({ key: bob })
    await readers[0]!.return()
    const last = follow(await again)
    await nodes.one.set('t', ann, 'x', { clock: 1, ttlSeconds: 30 })
    await until(() => last.heard.length === 2)
  })

  test('a reader that sleeps through many changes gets the newest of each', async () => {
    await using nodes = await startPair(kind)
    const reader = await nodes.other.watch('t')
    for (let clock = 1; clock <= 200; clock++) await Promise.all([ann, bob].map(key => nodes.one.set('t', key, clock, { clock, ttlSeconds: 30 })))
    await nodes.one.set('t', { owner: 'user_eve', client: 'c' }, 'last', { clock: 1, ttlSeconds: 30 })
    const watcher = follow(await nodes.other.watch('t'))
    await until(() => 'user_eve/c' in watcher.states())
    const seen = [await reader.next(), await reader.next(), await reader.next()].map(({ value }) => value.state)
    expect(seen.sort()).toEqual([200, 200, 'last'])
  })

  test('one socket holds a limited number', async () => {
    await using nodes = await startPair(kind)
    const socket = openSocket('s1')
    for (let index = 0; index < maxSignalsPerHolder; index++) await nodes.one.set(`t${index}`, ann, 'x', { clock: 1, ttlSeconds: 30, heldBy: socket })
    await expect(nodes.one.set('more', ann, 'x', { clock: 1, ttlSeconds: 30, heldBy: socket })).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED' })
    expect(await nodes.one.set('t1', ann, 'y', { clock: 2, ttlSeconds: 30, heldBy: socket })).toMatchObject({ applied: true })
  })

  test('a node that ends takes along what its sockets held', async () => {
    await using nodes = await startPair(kind)
    await nodes.one.set('t', ann, 'x', { clock: 1, ttlSeconds: 30, heldBy: openSocket('s1') })
    const watcher = follow(await nodes.other.watch('t'))
    await until(() => watcher.heard.length === 1)
    await nodes.one[Symbol.asyncDispose]()
    if (kind === 'Redis') await until(() => watcher.heard.at(-1)?.state === null)
    else await watcher.ended
  })

  test('however sets and removals of several nodes interleave, all lists and all watchers end alike', async () => {
    await using nodes = await startPair(kind)
    const step = record({
      node: constantFrom('one' as const, 'other' as const),
      key: record({ owner: constantFrom('ann', 'bob'), client: constantFrom('1', '2') }),
      state: constantFrom(null, 'a', 'b', 'c'),
      clock: integer({ min: 0, max: 6 }),
      pause: constantFrom(0, 0, 0, 1),
    })
    let run = 0
    await assert(
      asyncProperty(array(step, { maxLength: 40 }), async steps => {
        const topic = `run ${run++}`
        const early = [follow(await nodes.one.watch(topic)), follow(await nodes.other.watch(topic))]
        const answers: Promise<SetResult>[] = []
        for (const { node, key, state, clock, pause } of steps) {
          answers.push(nodes[node].set(topic, key, state, { clock, ttlSeconds: 30 }))
          if (pause) await delay(pause)
        }
        await Promise.all(answers)
        const expected = Object.fromEntries((await nodes.one.list(topic)).map(({ key, state }) => [`${key.owner}/${key.client}`, state]))
        expect(await nodes.other.list(topic)).toEqual(await nodes.one.list(topic))
        for (const [name, state] of Object.entries(expected)) {
          const said = steps.filter(({ key }) => `${key.owner}/${key.client}` === name)
          const highest = Math.max(...said.map(({ clock }) => clock))
          expect(said.filter(({ clock }) => clock === highest).map(step => step.state)).toContain(state)
        }
        const late = follow(await nodes.other.watch(topic))
        const same = (states: object) => JSON.stringify(states) === JSON.stringify(expected)
        await until(() => [...early, late].every(watcher => same(watcher.states())))
        await Promise.all([...early, late].map(watcher => watcher.stop()))
      }),
      { numRuns: 60 },
    )
  })
})

test('what the bus lost is found by looking at the store', async () => {
  await using nodes = await startPair('Redis', 200)
  const watcher = follow(await nodes.other.watch('t'))
  // Not announced: as if the node that wrote it died before it could tell.
  const store = createRedisStore(nodes.redis!)
  await store.apply('t', [{ kind: 'set', key: ann, state: 'x', clock: 1, ttlMs: 30_000, holder: null }])
  await until(() => watcher.heard.length === 1)
  await store.apply('t', [{ kind: 'clear', owner: ann.owner, client: null, ttlMs: 30_000 }])
  await until(() => watcher.heard.length === 2)
  expect(watcher.heard.at(-1)).toEqual({ key: ann, state: null, clock: 1 })
})

test('when Redis lost its memory, sockets put back what they hold, and nobody sees it go', async () => {
  await using nodes = await startPair('Redis', 100)
  await nodes.one.set('t', ann, 'held', { clock: 1, ttlSeconds: 1.5, heldBy: openSocket('s1') })
  const watcher = follow(await nodes.other.watch('t'))
  await until(() => watcher.heard.length === 1)
  await nodes.redis!.flushdb()
  await until(async () => (await nodes.other.list('t')).length === 1)
  await delay(300)
  expect(watcher.states()).toEqual({ 'user_ann/laptop': 'held' })
  expect(watcher.heard.every(({ state }) => state === 'held')).toBe(true)
})
