import { setTimeout as delay } from 'node:timers/promises'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { topicOf } from '../../src/feed/announcement.ts'
import type { Feed } from '../../src/feed/feed.ts'

import type { Database } from '../../src/platform/database.ts'
import { createMemoryBus } from '../../src/platform/memory-bus.ts'
import { until } from '../harness/wait.ts'
import { type Fate, type HostileBus, hostile } from './hostile-bus.ts'
import { append, changeOf, newStream, range, read, silent, startWorld, type World } from './node.ts'

type Step =
  | { readonly do: 'write'; readonly node: number; readonly count: number; readonly fails: boolean }
  | { readonly do: 'join'; readonly node: number; readonly from: 'start' | 'now' }
  | { readonly do: 'move'; readonly reader: number; readonly node: number }
  | { readonly do: 'silence' | 'speak' | 'restart' | 'heal'; readonly node: number }
  | { readonly do: 'wait'; readonly forMs: number }

const nodeCount = 3
const node = fc.nat(nodeCount - 1)
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('write' as const), node, count: fc.integer({ min: 1, max: 4 }), fails: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('join' as const), node, from: fc.constantFrom('start' as const, 'now' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('move' as const), reader: fc.nat(9), node }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('silence' as const, 'speak' as const, 'restart' as const, 'heal' as const), node }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('wait' as const), forMs: fc.integer({ min: 1, max: 15 }) }) },
)
const fates = fc.array(fc.constantFrom<Fate>('passes', 'lost', 'twice', 'late', 'later'), { minLength: 1, maxLength: 12 })

describe('several nodes on a bus that cannot be trusted', () => {
  let world: World
  let databases: readonly Database[]
  beforeAll(async () => {
    world = await startWorld('postgres', { DATABASE_POOL_SIZE: '4' })
    databases = [world.database, await world.connect(), await world.connect()]
  })
  afterAll(() => world?.[Symbol.asyncDispose]())

  test('whatever is written, lost, repeated, delayed, reordered, restarted: every reader sees every change once and in order', async () => {
    await fc.assert(
      fc.asyncProperty(fates, fc.array(step, { minLength: 5, maxLength: 40 }), run),
      // The last of a run that failed is what to look at; shrinking would take minutes.
      { numRuns: 60, endOnFailure: true, interruptAfterTimeLimit: 25_000, markInterruptAsFailure: false },
    )
  })

  async function run(fate: readonly Fate[], steps: readonly Step[]): Promise<void> {
    await using shared = createMemoryBus(silent)
    const openNode = (index: number) => {
      const bus = hostile(shared, [...fate.slice(index), ...fate.slice(0, index)])
      return { bus, feed: world.feed({ bus, database: databases[index] as Database }) }
    }
    const nodes = range(0, nodeCount - 1).map(openNode)
    const at = (index: number) => nodes[index] as { bus: HostileBus; feed: Feed }
    const stream = await newStream(at(0).feed)
    const readers: { node: number; start: number; seqs: number[]; reader: Awaited<ReturnType<typeof read>> }[] = []
    const start = at(0).feed.cursors.encode(stream, 0)
    const writes: Promise<unknown>[] = []
    let head = 0

    const leave = async (entry: (typeof readers)[number]) => {
      await entry.reader.stop()
      entry.seqs.push(...(entry.reader.seqs() as number[]))
      return entry.reader.cursor()
    }
    async function move(entry: (typeof readers)[number], to: number): Promise<void> {
      const cursor = await leave(entry)
      entry.reader = await read(at(to).feed, stream, cursor)
      entry.node = to
    }
    async function take(next: Step): Promise<void> {
      if (next.do === 'write') {
        const { feed } = at(next.node)
        if (!next.fails) head += next.count
        const work = feed.transact(async tx => {
          await feed.append(tx, stream, range(1, next.count).map(changeOf))
          if (next.fails) throw new Error('on purpose')
        })
        writes.push(work.catch(error => next.fails || Promise.reject(error)))
      } else if (next.do === 'join') {
        const reader = await read(at(next.node).feed, stream, next.from === 'start' ? start : null)
        readers.push({ node: next.node, start: at(0).feed.cursors.decode(reader.ready, stream), seqs: [], reader })
      } else if (next.do === 'move') {
        const entry = readers[next.reader % Math.max(1, readers.length)]
        if (entry) await move(entry, next.node)
      } else if (next.do === 'wait') await delay(next.forMs)
      else if (next.do === 'restart') {
        const gone = at(next.node).feed
        const orphans = readers.filter(entry => entry.node === next.node)
        const cursors = await Promise.all(orphans.map(leave))
        await gone[Symbol.asyncDispose]()
        nodes[next.node] = openNode(next.node)
        for (const [index, entry] of orphans.entries()) entry.reader = await read(at(next.node).feed, stream, cursors[index] ?? null)
      } else if (next.do === 'heal') await at(next.node).feed.heal()
      else at(next.node).bus[next.do]()
    }

    for (const next of steps) await take(next)
    await Promise.all(writes)
    await Promise.all(nodes.map(({ feed }) => feed.heal()))
    for (const entry of readers) {
      const seen = () => [...entry.seqs, ...entry.reader.seqs()]
      await until('a reader', () => seen().length >= head - entry.start).catch(() => undefined)
      expect(seen()).toEqual(range(entry.start + 1, head))
      await entry.reader.stop()
    }
    await Promise.all(nodes.map(({ feed }) => feed[Symbol.asyncDispose]()))
  }

  test('when everything is lost, also the last message before a quiet hour, the next look at the log finds it', async () => {
    const healIntervalMs = 150
    await using shared = createMemoryBus(silent)
    const deaf = world.feed({ bus: hostile(shared, ['lost']), healIntervalMs })
    const writer = world.feed({ bus: shared, database: databases[1] as Database })
    const streams = [await newStream(writer), await newStream(writer)]
    const readers = await Promise.all(streams.map(stream => read(deaf, stream)))
    for (const [index, stream] of streams.entries()) await append(writer, stream, ...range(1, 5 + index))
    await until('both', () => readers.every((reader, index) => reader.seen.length === 5 + index))
    expect(readers.map(reader => reader.seqs())).toEqual([range(1, 5), range(1, 6)])
    await Promise.all(readers.map(reader => reader.stop()))
  })

  test('a doubt of the bus is followed by a look at the log at once', async () => {
    await using shared = createMemoryBus(silent)
    let doubt = () => {}
    const bus = {
      ...hostile(shared, ['lost']),
      onDoubt(listener: () => void) {
        doubt = listener
        return () => {}
      },
    }
    const feed = world.feed({ bus })
    const stream = await newStream(feed)
    const reader = await read(feed, stream)
    await append(feed, stream, 1, 2)
    await delay(50)
    expect(reader.seen).toEqual([])
    doubt()
    await until('the changes', () => reader.seen.length === 2)
    await reader.stop()
  })

  const whole = { kind: 'test', payload: 'invented', actorId: null, clientId: null, clientCounter: null, at: '2026-01-01T00:00:00.000Z' }
  const nonsense = fc.oneof(
    fc.jsonValue(),
    fc.record({ head: fc.jsonValue(), changes: fc.jsonValue() }),
    fc.record({ head: fc.integer({ min: 0, max: 1_000_000 }) }),
    fc.record({ head: fc.integer(), changes: fc.array(fc.oneof(fc.jsonValue(), fc.record({ seq: fc.jsonValue() }, { requiredKeys: [] }))) }),
    fc.record({ head: fc.integer({ min: -5, max: 1_000_000 }), changes: fc.integer({ min: 100, max: 1_000_000 }).map(seq => [{ ...whole, seq }]) }),
    fc.record({
      head: fc.constant(3),
      changes: fc.constantFrom([{ ...whole, seq: 0 }], [{ ...whole, seq: 1.5 }], [{ ...whole, seq: 3, at: 'never' }], [{ seq: 3 }]),
    }),
  )

  test('sequences that are not there yet and plain nonsense on the bus make nobody skip, repeat, fail or wait', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(nonsense, { minLength: 1, maxLength: 6 }), async messages => {
        await using shared = createMemoryBus(silent)
        const bus = hostile(shared, ['passes'])
        const feed = world.feed({ bus })
        const stream = await newStream(feed)
        const say = () => {
          for (const message of messages) bus.invent(topicOf(stream), message)
        }
        const reader = await read(feed, stream)
        for (const number of range(1, 4)) {
          say()
          const writing = append(feed, stream, number)
          say()
          await writing
          say()
        }
        await until('the changes', () => reader.seen.length >= 4).catch(() => undefined)
        expect(reader.seen.map(({ seq, payload }) => [seq, payload])).toEqual(range(1, 4).map(number => [number, number]))
        await reader.stop()
        await feed[Symbol.asyncDispose]()
      }),
      { numRuns: 60, endOnFailure: true },
    )
  })

  test('nonsense that comes while a feed is being opened does not keep it from opening', async () => {
    await using shared = createMemoryBus(silent)
    const feed = world.feed({ bus: shared })
    const stream = await newStream(feed)
    const opening = read(feed, stream)
    for (const message of [null, 7, 'x', {}, { head: 'x', changes: [null] }]) await shared.publish(topicOf(stream), message)
    const reader = await opening
    await append(feed, stream, 1)
    await until('the change', () => reader.seen.length === 1)
    await reader.stop()
  })
})
