import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { v7 } from 'uuid'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { AppError } from '../../src/errors.ts'
import { topicOf } from '../../src/feed/announcement.ts'
import type { Feed } from '../../src/feed/feed.ts'
import type { Bus } from '../../src/platform/bus.ts'
import type { Database } from '../../src/platform/database.ts'
import { createMemoryBus } from '../../src/platform/memory-bus.ts'
import { modes } from '../harness/modes.ts'
import { until } from '../harness/wait.ts'
import { type Fate, hostile } from './hostile-bus.ts'
import { changeOf, range, silent, startWorld, type World } from './node.ts'

interface Seen {
  readonly __typename: string
  readonly cursor: string
  readonly stream?: string
  readonly seq?: number
}

/** Whom streams belong to, as a table of memberships would say, and who waits to hear that it ended. */
function createInbox(feed: Feed, indexId: string, database: () => Database) {
  const members = new Map<string, Set<(code: 'FORBIDDEN') => void>>()
  const counts = new Map<string, number>()

  const write = (streamId: string, payload: unknown) =>
    feed.transact(async tx => {
      const [change] = await feed.append(tx, streamId, [changeOf(payload)])
      counts.set(streamId, change?.seq ?? 0)
      return change?.seq ?? 0
    })

  return {
    members,
    counts,
    write,
    /** Joining is a change of the stream too, and the first the new member gets. */
    async join(streamId: string): Promise<number> {
      const seq = await feed.transact(async tx => {
        const [change] = await feed.append(tx, streamId, [changeOf('joined')])
        counts.set(streamId, change?.seq ?? 0)
        await feed.append(tx, indexId, [changeOf({ joined: streamId, from: change?.seq ?? 0 })])
        members.set(streamId, new Set())
        return change?.seq ?? 0
      })
      return seq
    },
    /** Leaving is a change of the stream too. Who reads is told when word of it gets through, or later. */
    async leave(streamId: string, isTold = true): Promise<void> {
      const listeners = members.get(streamId) ?? []
      members.delete(streamId)
      await feed.transact(async tx => {
        const [change] = await feed.append(tx, streamId, [changeOf('left')])
        counts.set(streamId, change?.seq ?? 0)
        await feed.append(tx, indexId, [changeOf({ left: streamId })])
      })
      if (isTold) for (const end of [...listeners]) end('FORBIDDEN')
    },
    /** `look` runs once the index is listened to, before it is seen who belongs to it. */
    async read(by: Feed, after: string | null = null, look: () => Promise<unknown> = async () => {}) {
      const events = await by.gather({
        indexId,
        after,
        async members() {
          await look()
          const { rows } = await database().db.execute<{ head: string }>(sql`select head from streams where id = ${indexId}`)
          return { at: Number(rows[0]?.head), streamIds: [...members.keys()] }
        },
        isLeaving: ({ payload }) => payload === 'left',
        belongingOf: ({ streamId, payload }) => (streamId === indexId ? (payload as never) : null),
        toEvent: ({ streamId, seq }, cursor) => (streamId === indexId ? null : { __typename: 'Seen', cursor, stream: streamId, seq }),
        hold: async () => () => {},
        async holdStream(streamId, end) {
          const listeners = members.get(streamId)
          if (!listeners) throw new AppError('NOT_FOUND', 'no member')
          listeners.add(end)
          return () => listeners.delete(end)
        },
      })
      const ready = ((await events.next()).value as Seen).cursor
      const seen: Seen[] = []
      const ended = (async () => {
        for await (const event of events) seen.push(event as Seen)
      })()
      return {
        seen,
        cursor: () => seen.at(-1)?.cursor ?? ready,
        seqs: (streamId: string) => seen.filter(({ stream }) => stream === streamId).map(({ seq }) => seq),
        async stop() {
          await events.return?.()
          await ended
        },
      }
    },
  }
}

/** A node's end of a bus that never hears of one stream. */
const deafTo = (streamId: string, bus: Bus): Bus => ({
  ...bus,
  subscribe: async (topic, listener) => (topic === topicOf(streamId) ? () => {} : bus.subscribe(topic, listener)),
})

async function newStreams(feed: Feed, count: number): Promise<string[]> {
  const ids = range(1, count).map(() => `chat_${v7()}`)
  await feed.transact(async tx => {
    for (const id of ids) await feed.open(tx, id, 'test')
  })
  return ids
}

async function newIndex(feed: Feed): Promise<string> {
  const id = `inbox:${v7()}`
  await feed.transact(tx => feed.open(tx, id, 'test'))
  return id
}

describe.each(modes)('a feed that gathers streams, on %s', mode => {
  let world: World
  let feed: Feed
  beforeAll(async () => {
    world = await startWorld(mode)
    feed = world.feed()
  })
  afterAll(() => world?.[Symbol.asyncDispose]())

  test('starts at the present of its streams, and yields what comes in each of them, in order', async () => {
    const inbox = createInbox(feed, await newIndex(feed), () => world.database)
    const [a = '', b = ''] = await newStreams(feed, 2)
    await inbox.join(a)
    await inbox.join(b)
    await inbox.write(a, 'before')
    const reader = await inbox.read(feed)
    for (const stream of [a, b, a]) await inbox.write(stream, 'after')
    await until('three changes', () => reader.seen.length === 3)
    expect(reader.seqs(a)).toEqual([3, 4])
    expect(reader.seqs(b)).toEqual([2])
    await reader.stop()
  })

  test('goes on from every cursor it ever gave, with all that follows in each stream and nothing twice', async () => {
    const inbox = createInbox(feed, await newIndex(feed), () => world.database)
    const streams = await newStreams(feed, 3)
    for (const stream of streams) await inbox.join(stream)
    const reader = await inbox.read(feed)
    for (const turn of range(0, 11)) await inbox.write(streams[turn % 3] ?? '', turn)
    await until('twelve changes', () => reader.seen.length === 12)
    for (const [index, { cursor }] of reader.seen.entries()) {
      const resumed = await inbox.read(feed, cursor)
      await until('the rest', () => resumed.seen.length === 11 - index)
      for (const stream of streams) {
        const before = reader.seen.slice(0, index + 1).flatMap(({ stream: of, seq }) => (of === stream ? [seq] : []))
        expect([...before, ...resumed.seqs(stream)]).toEqual(reader.seqs(stream))
      }
      await resumed.stop()
    }
    await reader.stop()
  })

  test('takes in a stream that joins while it is read, from the joining on, and also when nobody was reading', async () => {
    const inbox = createInbox(feed, await newIndex(feed), () => world.database)
    const [a = '', b = ''] = await newStreams(feed, 2)
    await inbox.write(a, 'before it was theirs')
    const reader = await inbox.read(feed)
    expect(await inbox.join(a)).toBe(2)
    await inbox.write(a, 'after')
    await until('the first stream', () => reader.seen.length === 2)
    expect(reader.seqs(a)).toEqual([2, 3])
    await reader.stop()
    await inbox.write(b, 'before it was theirs')
    await inbox.join(b)
    await inbox.write(a, 'meanwhile')
    await inbox.write(b, 'meanwhile')
    const resumed = await inbox.read(feed, reader.cursor())
    await until('what came meanwhile', () => resumed.seen.length === 3)
    expect(resumed.seqs(a)).toEqual([4])
    expect(resumed.seqs(b)).toEqual([2, 3])
    await resumed.stop()
  })

  test('gives nothing of a stream that was left, not even what was there before, and after a return what came since', async () => {
    const inbox = createInbox(feed, await newIndex(feed), () => world.database)
    const [a = '', b = ''] = await newStreams(feed, 2)
    await inbox.join(a)
    await inbox.join(b)
    const reader = await inbox.read(feed)
    await inbox.leave(a)
    await inbox.write(a, 'not for them')
    await inbox.write(b, 'for them')
    await until('the other stream', () => reader.seqs(b).length === 1)
    expect(reader.seqs(a)).toEqual([])
    const mark = reader.cursor()
    const again = await inbox.join(a)
    await until('the return', () => reader.seqs(a).length === 1)
    expect(reader.seqs(a)).toEqual([again])
    await reader.stop()
    const resumed = await inbox.read(feed, mark)
    await until('the return, once more', () => resumed.seqs(a).length === 1)
    expect(resumed.seqs(a)).toEqual([again])
    await resumed.stop()
  })

  test('repeats nothing of a stream that was left and joined again, though word of both comes late', async () => {
    await using shared = createMemoryBus(silent)
    const writing = world.feed({ bus: shared })
    const indexId = await newIndex(writing)
    const reading = world.feed({ bus: deafTo(indexId, shared) })
    const inbox = createInbox(writing, indexId, () => world.database)
    const [a = '', b = ''] = await newStreams(writing, 2)
    await inbox.join(a)
    const reader = await inbox.read(reading)
    await inbox.write(a, 'before')
    await until('the first', () => reader.seqs(a).length === 1)
    await inbox.leave(a, false)
    const again = await inbox.join(a)
    await inbox.write(a, 'after')
    await inbox.join(b)
    await reading.heal()
    await until('what joined', () => reader.seqs(b).length === 1 && reader.seqs(a).includes(again + 1))
    expect(reader.seqs(a)).toEqual([2, 3, again, again + 1])
    const last = reader.cursor()
    await reader.stop()
    await inbox.write(a, 'and after that')
    const resumed = await inbox.read(reading, last)
    await until('the last', () => resumed.seqs(a).length > 0)
    expect(resumed.seqs(a)).toEqual([again + 2])
    await resumed.stop()
  })

  test('repeats nothing of a stream that is left and joined again while a reader begins', async () => {
    await using shared = createMemoryBus(silent)
    const writing = world.feed({ bus: shared })
    const indexId = await newIndex(writing)
    const reading = world.feed({ bus: deafTo(indexId, shared) })
    const inbox = createInbox(writing, indexId, () => world.database)
    const [a = '', b = ''] = await newStreams(writing, 2)
    await inbox.join(a)
    const reader = await inbox.read(reading, null, async () => {
      await inbox.leave(a, false)
      await inbox.join(a)
    })
    await inbox.write(a, 'first')
    await until('the first', () => reader.seqs(a).length === 1)
    await inbox.join(b)
    await reading.heal()
    await until('what joined', () => reader.seqs(b).length === 1)
    expect(reader.seqs(a)).toEqual([4])
    await reader.stop()
  })

  test('lets nothing be made up: cursors of other inboxes, of single streams, cut and changed ones are refused', async () => {
    const inbox = createInbox(feed, await newIndex(feed), () => world.database)
    const other = createInbox(feed, await newIndex(feed), () => world.database)
    const [a = ''] = await newStreams(feed, 1)
    await inbox.join(a)
    await other.join(a)
    const reader = await inbox.read(feed)
    const foreign = await other.read(feed)
    const cursor = reader.cursor()
    const bytes = Buffer.from(cursor, 'base64url')
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1
    const made = [foreign.cursor(), feed.cursors.encode(a, 1), cursor.slice(0, -4), `${cursor}AAAA`, bytes.toString('base64url'), '', 'nonsense']
    for (const wrong of made) await expect(inbox.read(feed, wrong)).rejects.toMatchObject({ code: 'BAD_USER_INPUT', details: { field: 'after' } })
    expect(() => feed.cursors.decode(cursor, a)).toThrow(AppError)
    await reader.stop()
    await foreign.stop()
  })
})

type Step = { readonly do: 'write' | 'join' | 'leave'; readonly stream: number } | { readonly do: 'resume' | 'heal' } | { readonly do: 'catchUp' }

const stream = fc.nat(3)
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('write' as const), stream }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('join' as const, 'leave' as const), stream }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('resume' as const, 'heal' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('catchUp' as const) }) },
)

const joinsWhileOthersAreOpened: Step[] = [
  { do: 'write', stream: 0 },
  { do: 'write', stream: 0 },
  { do: 'write', stream: 1 },
  { do: 'write', stream: 0 },
  { do: 'join', stream: 3 },
  { do: 'write', stream: 0 },
  { do: 'catchUp' },
  { do: 'catchUp' },
  { do: 'write', stream: 1 },
  { do: 'write', stream: 0 },
  { do: 'resume' },
  { do: 'join', stream: 1 },
  { do: 'write', stream: 1 },
  { do: 'join', stream: 2 },
  { do: 'leave', stream: 2 },
  { do: 'write', stream: 0 },
  { do: 'join', stream: 3 },
  { do: 'resume' },
  { do: 'join', stream: 2 },
]

describe('whoever joins, leaves, writes, cuts off and loses messages', () => {
  let world: World
  beforeAll(async () => {
    world = await startWorld('postgres')
  })
  afterAll(() => world?.[Symbol.asyncDispose]())

  test('a reader who stops and resumes has of each stream exactly what came since they last joined, once and in order', async () => {
    const fates = fc.array(fc.constantFrom<Fate>('passes', 'lost', 'twice', 'late', 'later'), { minLength: 1, maxLength: 8 })
    await fc.assert(fc.asyncProperty(fates, fc.array(step, { minLength: 5, maxLength: 40 }), run), {
      numRuns: 60,
      // A stream is joined while the reader, just back, still opens those it had.
      examples: [[['passes'], joinsWhileOthersAreOpened]],
      endOnFailure: true,
      interruptAfterTimeLimit: 25_000,
      markInterruptAsFailure: false,
    })
  })

  async function run(fate: readonly Fate[], steps: readonly Step[]): Promise<void> {
    await using shared = createMemoryBus(silent)
    const writing = world.feed({ bus: shared })
    const reading = world.feed({ bus: hostile(shared, [...fate]) })
    const inbox = createInbox(writing, await newIndex(writing), () => world.database)
    const streams = await newStreams(writing, 4)
    /** Since when each stream is theirs. */
    const since = new Map<string, number>()
    let reader = await inbox.read(reading)
    const seen: Seen[] = []
    const current = () => [...seen, ...reader.seen]
    const ofNow = (id: string) => current().flatMap(({ stream: of, seq }) => (of === id && (seq ?? 0) >= (since.get(id) ?? 0) ? [seq] : []))
    const settle = async () => {
      await reading.heal()
      await until('all there is', () => [...since].every(([id, from]) => ofNow(id).length >= (inbox.counts.get(id) ?? 0) - from + 1))
    }
    try {
      for (const action of steps) {
        const id = 'stream' in action ? (streams[action.stream] ?? '') : ''
        if (action.do === 'write') await inbox.write(id, 'something')
        if (action.do === 'join' && !since.has(id)) since.set(id, await inbox.join(id))
        if (action.do === 'leave' && since.delete(id)) await inbox.leave(id)
        if (action.do === 'heal') await reading.heal()
        if (action.do === 'catchUp') await settle()
        if (action.do === 'resume') {
          await reader.stop()
          seen.push(...reader.seen)
          reader = await inbox.read(reading, reader.cursor())
        }
      }
      await settle()
      for (const [id, from] of since) expect(ofNow(id)).toEqual(range(from, inbox.counts.get(id) ?? 0))
      for (const id of streams) {
        const all = current().flatMap(({ stream: of, seq }) => (of === id ? [seq ?? 0] : []))
        expect(all).toEqual([...new Set(all)].sort((a, b) => a - b))
      }
    } finally {
      await reader.stop()
    }
  }
})
