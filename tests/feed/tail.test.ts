import { randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { EndFeed } from '../../src/feed/subscription.ts'
import { createTail } from '../../src/feed/tail.ts'
import { until } from '../harness/wait.ts'
import { append, newStream, range, read, type SeenEvent, startWorld, subscribe, type World } from './node.ts'
import { outcomeOf } from './service-node.ts'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

describe.each(['embedded', 'postgres'] as const)('a feed, %s', mode => {
  let world: World
  beforeAll(async () => {
    world = await startWorld(mode)
  })
  afterAll(() => world?.[Symbol.asyncDispose]())

  test('goes from thousands of changes of history to what is being written, without a seam', async () => {
    const feed = world.feed()
    const stream = await newStream(feed)
    const start = feed.cursors.encode(stream, 0)
    await append(feed, stream, ...range(1, 1_500))
    const writing = (async () => {
      for (const number of range(1_501, 1_700)) await append(feed, stream, number)
    })()
    const readers = await Promise.all(range(1, 5).map(() => read(feed, stream, start)))
    await writing
    for (const reader of readers) {
      await until('the reader', () => reader.seen.length >= 1_700, 20_000)
      expect(reader.ready).toBe(start)
      expect(reader.seqs()).toEqual(range(1, 1_700))
      expect(reader.seen.map(({ payload }) => payload)).toEqual(range(1, 1_700))
      await reader.stop()
    }
  })

  test('without a cursor starts at the present; each cursor leads on from its place', async () => {
    const feed = world.feed()
    const stream = await newStream(feed)
    await append(feed, stream, 'a', 'b')
    const first = await read(feed, stream)
    expect(feed.cursors.decode(first.ready, stream)).toBe(2)
    await append(feed, stream, 'c', 'd', 'e')
    await until('three', () => first.seen.length === 3)
    for (const [index, { cursor }] of first.seen.entries()) {
      const later = await read(feed, stream, cursor)
      await until('the rest', () => later.seen.length === 2 - index)
      expect(later.seqs()).toEqual(range(4 + index, 5))
      await later.stop()
    }
    await first.stop()
  })

  test('a page of the log is bounded: a reader that takes one event at a time is never handed more than that holds', async () => {
    const feed = world.feed()
    const stream = await newStream(feed)
    await append(feed, stream, ...range(1, 600))
    const { tail, release } = await feed.tail(stream, 0)
    expect((await tail.next())?.length).toBe(200)
    await append(feed, stream, ...range(601, 1_000))
    expect((await tail.next())?.at(0)?.seq).toBe(201)
    tail.end()
    release()
  })

  test('a page of large changes is short, and the next ones follow', async () => {
    const feed = world.feed()
    const stream = await newStream(feed)
    const large = () => randomBytes(450 * 1024).toString('base64')
    await append(feed, stream, ...range(1, 20).map(large))
    await append(feed, stream, `${large()}`.repeat(10))
    await append(feed, stream, 'small')
    const { tail, release } = await feed.tail(stream, 0)
    const pages = []
    while (tail.position < 22) pages.push((await tail.next()) ?? [])
    expect(pages.flat().map(({ seq }) => seq)).toEqual(range(1, 22))
    for (const page of pages) expect(page.length === 1 || JSON.stringify(page).length < 5 * 1024 * 1024).toBe(true)
    tail.end()
    release()
  })

  test('return settles a next that waits, and nothing comes after it', async () => {
    const feed = world.feed()
    const stream = await newStream(feed)
    const subscription = await subscribe(feed, stream)
    await subscription.next()
    const waiting = subscription.next()
    expect(await subscription.return()).toEqual({ done: true, value: undefined })
    expect(await waiting).toEqual({ done: true, value: undefined })
    await append(feed, stream, 1)
    expect(await subscription.next()).toEqual({ done: true, value: undefined })
  })

  test('after return, what was read ahead is not handed out any more', async () => {
    const feed = world.feed()
    const stream = await newStream(feed)
    await append(feed, stream, ...range(1, 10))
    const subscription = await subscribe(feed, stream, feed.cursors.encode(stream, 0))
    await subscription.next()
    await subscription.next()
    await subscription.return()
    expect(await subscription.next()).toEqual({ done: true, value: undefined })
  })

  test('whoever loses access hears so at once, also while waiting, and gets nothing more', async () => {
    const feed = world.feed()
    const stream = await newStream(feed)
    let end: EndFeed = () => {}
    let released = 0
    const subscription = await subscribe(feed, stream, null, async given => {
      end = given
      return () => {
        released += 1
      }
    })
    await subscription.next()
    const waiting = outcomeOf(subscription.next())
    end('FORBIDDEN')
    expect(await waiting).toBe('FORBIDDEN')
    await append(feed, stream, 1)
    expect(await outcomeOf(subscription.next())).toBe('FORBIDDEN')
    expect(released).toBe(1)
  })

  test('access that is lost while the log is being read keeps what was read from being handed out', async () => {
    const feed = world.feed()
    const stream = await newStream(feed)
    await append(feed, stream, ...range(1, 50))
    let end: EndFeed = () => {}
    const subscription = await subscribe(feed, stream, feed.cursors.encode(stream, 0), async given => {
      end = given
      return () => {}
    })
    await subscription.next()
    const reading = outcomeOf(subscription.next())
    end('FORBIDDEN')
    expect(await reading).toBe('FORBIDDEN')
    expect(await outcomeOf(subscription.next())).toBe('FORBIDDEN')
  })

  test('a viewer who may not read gets no feed, and leaves nothing behind', async () => {
    const feed = world.feed()
    const stream = await newStream(feed)
    await expect(subscribe(feed, stream, null, () => Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(await outcomeOf(subscribe(feed, 'nowhere'))).toBe('NOT_FOUND')
  })

  test('nexts that are asked for all at once are answered one after the other', async () => {
    const feed = world.feed()
    const stream = await newStream(feed)
    const subscription = await subscribe(feed, stream)
    const events = Promise.all(range(0, 4).map(() => subscription.next()))
    for (const number of range(1, 4)) await append(feed, stream, number)
    expect((await events).slice(1).map(({ value }) => (value as SeenEvent).seq)).toEqual(range(1, 4))
    await subscription.return()
  })

  test('a reader that never reads costs nothing, however much is written', async () => {
    const feed = world.feed()
    const stream = await newStream(feed)
    const idle = await subscribe(feed, stream)
    const busy = await read(feed, stream)
    const large = 'x'.repeat(20_000)
    const before = heapBytes()
    for (let count = 0; count < 20; count++) await append(feed, stream, ...range(1, 50).map(() => large))
    await until('the busy one', () => busy.seen.length === 1_000, 20_000)
    busy.seen.length = 0
    // What the node keeps of a stream for those who are only a little behind: 256 changes, at most 4 MiB.
    expect(heapBytes() - before).toBeLessThan(12 * 1024 * 1024)
    await idle.next()
    const seqs: unknown[] = []
    while (seqs.length < 1_000) seqs.push((await idle.next()).value.seq)
    expect(seqs).toEqual(range(1, 1_000))
    await Promise.all([busy.stop(), idle.return()])
  })
})

test('a tail that is ended while it reads the log hands out nothing', async () => {
  const channel = { streamId: 's', position: 3, recent: () => null, onAdvance: () => () => {}, offer: () => {}, advanceTo: async () => {} }
  const page = Promise.withResolvers<never[]>()
  const tail = createTail(channel, 0, () => page.promise)
  const next = tail.next()
  tail.end()
  page.resolve([{ seq: 1 } as never])
  expect(await next).toBeNull()
  await delay(0)
  expect(tail.position).toBe(0)
})

function heapBytes(): number {
  collectGarbage()
  return process.memoryUsage().heapUsed
}
