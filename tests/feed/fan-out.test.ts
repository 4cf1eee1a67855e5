import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createFanOut, type FanOut } from '../../src/feed/fan-out.ts'
import type { Feed } from '../../src/feed/feed.ts'
import type { EndFeed } from '../../src/feed/subscription.ts'
import { until } from '../harness/wait.ts'
import { append, newStream, range, type SeenEvent, startWorld, subscribe, type World } from './node.ts'
import { outcomeOf } from './service-node.ts'

const maxBufferedBytes = 8 * 1024

/** A socket that can be held up. */
function openSink() {
  const frames: string[] = []
  let waitingBytes = 0
  let mostBytes = 0
  let isStalled = false
  return {
    frames,
    seqs: () => frames.slice(1).map(frame => (JSON.parse(frame) as SeenEvent).seq),
    mostBytes: () => mostBytes,
    stall() {
      isStalled = true
    },
    drain() {
      isStalled = false
      waitingBytes = 0
    },
    sink: {
      send(head: Uint8Array, body: Uint8Array) {
        const frame = Buffer.concat([head, body]).toString()
        frames.push(frame)
        if (!isStalled) return
        waitingBytes += frame.length
        mostBytes = Math.max(mostBytes, waitingBytes)
      },
      isBehind: () => waitingBytes > maxBufferedBytes,
      hasDrained: () => waitingBytes <= maxBufferedBytes / 2,
    },
  }
}

describe('fan-out', () => {
  let world: World
  let feed: Feed
  let fanOut: FanOut
  const rendered = new Map<string, number>()

  beforeAll(async () => {
    world = await startWorld('postgres')
    feed = world.feed()
    fanOut = createFanOut()
  })
  afterAll(() => world?.[Symbol.asyncDispose]())

  const renders = (groupKey: string) => [...rendered].filter(([name]) => name.startsWith(`${groupKey} `)).map(([, count]) => count)

  async function join(
    stream: string,
    groupKey: string,
    after: number | null = null,
    viewer = '',
    around: <T>(read: () => Promise<T>) => Promise<T> = read => read(),
  ) {
    let end: EndFeed = () => {}
    let reads = 0
    const cursor = after === null ? null : feed.cursors.encode(stream, after)
    const subscription = await subscribe(feed, stream, cursor, async given => {
      end = given
      return () => {}
    })
    const socket = openSink()
    const { readLog } = subscription
    const iterator = fanOut.join({
      groupKey,
      subscription: Object.assign(subscription, {
        readLog(streamId: string, position: number) {
          reads += 1
          return around(() => readLog(streamId, position))
        },
      }),
      sink: socket.sink,
      head: new Uint8Array(),
      async render(event) {
        const { seq } = event as SeenEvent
        if (seq !== undefined) rendered.set(`${groupKey} ${seq}`, (rendered.get(`${groupKey} ${seq}`) ?? 0) + 1)
        return Buffer.from(JSON.stringify({ ...event, viewer }))
      },
    })
    return { ...socket, iterator, reads: () => reads, over: outcomeOf(iterator.next()), end: (code: Parameters<EndFeed>[0]) => end(code) }
  }

  test('renders an event once for a thousand readers, and each gets all of them in order', async () => {
    const stream = await newStream(feed)
    const readers = await Promise.all(range(1, 1_000).map(() => join(stream, stream)))
    await until('FeedReady', () => readers.every(({ frames }) => frames.length === 1))
    for (const number of range(1, 30)) await append(feed, stream, number)
    await until('all of it', () => readers.every(({ frames }) => frames.length === 31), 20_000)
    expect(renders(stream)).toEqual(range(1, 30).map(() => 1))
    for (const reader of readers) expect(reader.seqs()).toEqual(range(1, 30))
    await Promise.all(readers.map(({ iterator }) => iterator.return?.()))
    await append(feed, stream, 'after')
    expect(renders(stream)).toHaveLength(30)
  })

  test('a reader that does not read costs a bounded amount, holds nobody up, and gets the rest once it reads', async () => {
    const stream = await newStream(feed)
    const [slow, quick] = [await join(stream, stream), await join(stream, stream)]
    await until('FeedReady', () => slow.frames.length === 1)
    slow.stall()
    const payload = 'x'.repeat(1_000)
    for (let count = 0; count < 20; count++) await append(feed, stream, ...range(1, 50).map(() => payload))
    await until('the quick one', () => quick.frames.length === 1_001, 20_000)
    expect(slow.mostBytes()).toBeGreaterThan(maxBufferedBytes / 2)
    expect(slow.mostBytes()).toBeLessThan(maxBufferedBytes + 2_000)
    slow.drain()
    const writing = append(feed, stream, ...range(1, 50))
    await until('the slow one', () => slow.frames.length === 1_051, 20_000)
    await writing
    expect(slow.seqs()).toEqual(range(1, 1_050))
    expect(quick.seqs()).toEqual(range(1, 1_050))
  })

  test('a reader that is held up again and again misses nothing and gets nothing twice', async () => {
    const stream = await newStream(feed)
    const [slow, quick] = [await join(stream, stream), await join(stream, stream)]
    const payload = 'x'.repeat(900)
    const holding = setInterval(() => {
      slow.drain()
      slow.stall()
    }, 15)
    for (let count = 0; count < 60; count++) await append(feed, stream, payload, payload, payload, payload)
    await until('both', () => quick.frames.length === 241 && slow.frames.length === 241, 20_000)
    clearInterval(holding)
    expect(slow.seqs()).toEqual(range(1, 240))
    expect(slow.mostBytes()).toBeLessThan(maxBufferedBytes + 2_000)
  })

  test('a reader that comes late reads each page of the log once', async () => {
    const stream = await newStream(feed)
    await append(feed, stream, ...range(1, 600))
    const reader = await join(stream, stream, 0)
    await until('all of it', () => reader.frames.length === 601)
    expect(reader.seqs()).toEqual(range(1, 600))
    expect(reader.reads()).toBe(3)
    await reader.iterator.return?.()
  })

  test('a thousand readers that come back to one place read each page of the log once, and have each event rendered once', async () => {
    const stream = await newStream(feed)
    await append(feed, stream, ...range(1, 450))
    const readers: Awaited<ReturnType<typeof join>>[] = []
    for (let wave = 0; wave < 10; wave++) readers.push(...(await Promise.all(range(1, 100).map(() => join(stream, stream, 0)))))
    await until('all of it', () => readers.every(({ frames }) => frames.length === 451), 60_000)
    for (const reader of readers) expect(reader.seqs()).toEqual(range(1, 450))
    // Three pages; on a machine that is very busy some come later than pages are kept. Each for themselves would read three thousand.
    expect(readers.reduce((sum, { reads }) => sum + reads(), 0)).toBeLessThan(30)
    // The first of them was alone, and nothing is kept for who is.
    expect(Math.max(...renders(stream))).toBeLessThanOrEqual(2)
    await Promise.all(readers.map(({ iterator }) => iterator.return?.()))
  })

  test('readers that come back to hundreds of places read a few pages at once', async () => {
    const stream = await newStream(feed)
    await append(feed, stream, ...range(1, 500))
    let [reading, most] = [0, 0]
    const slowly = async <T>(read: () => Promise<T>): Promise<T> => {
      reading += 1
      most = Math.max(most, reading)
      return await read().finally(() => {
        reading -= 1
      })
    }
    const readers = await Promise.all(range(0, 299).map(after => join(stream, stream, after, '', slowly)))
    await until('all of it', () => readers.every(({ frames }, after) => frames.length === 501 - after), 60_000)
    for (const [after, reader] of readers.entries()) expect(reader.seqs()).toEqual(range(after + 1, 500))
    expect(most).toBeLessThanOrEqual(16)
    expect(most).toBeGreaterThan(1)
    await Promise.all(readers.map(({ iterator }) => iterator.return?.()))
  })

  test('readers of one group that stand at different places each get what they lack, then what is new', async () => {
    const stream = await newStream(feed)
    await append(feed, stream, ...range(1, 300))
    const writing = (async () => {
      for (const number of range(301, 360)) await append(feed, stream, number)
    })()
    const readers = await Promise.all([0, 0, 10, 150, 299, 300].map(after => join(stream, stream, after)))
    await writing
    for (const [index, after] of [0, 0, 10, 150, 299, 300].entries()) {
      await until('the reader', () => readers[index]?.frames.length === 361 - after, 20_000)
      expect(readers[index]?.seqs()).toEqual(range(after + 1, 360))
    }
  })

  test('who leaves, also whoever came first, takes nothing from the others', async () => {
    const stream = await newStream(feed)
    const [first, second, third] = [await join(stream, stream), await join(stream, stream), await join(stream, stream)]
    await append(feed, stream, 1)
    await until('one', () => third.frames.length === 2)
    await first.iterator.return?.()
    expect(await first.over).toEqual({ done: true, value: undefined })
    await append(feed, stream, 2)
    await second.iterator.return?.()
    await append(feed, stream, 3)
    await until('three', () => third.frames.length === 4)
    expect(third.seqs()).toEqual([1, 2, 3])
    expect(first.seqs()).toEqual([1])
    await third.iterator.return?.()
    const later = await join(stream, stream, 1)
    await until('two', () => later.frames.length === 3)
    expect(later.seqs()).toEqual([2, 3])
  })

  test('who loses access is told, and is sent nothing more', async () => {
    const stream = await newStream(feed)
    const [out, other] = [await join(stream, stream), await join(stream, stream)]
    await append(feed, stream, 1)
    await until('one', () => out.frames.length === 2)
    out.end('FORBIDDEN')
    expect(await out.over).toBe('FORBIDDEN')
    await append(feed, stream, 2)
    await until('two', () => other.frames.length === 3)
    expect(out.seqs()).toEqual([1])
  })

  test('who loses access before all of the history was sent is sent no more of it', async () => {
    const stream = await newStream(feed)
    await append(feed, stream, ...range(1, 500))
    const out = await join(stream, stream, 0)
    out.stall()
    await until('some of it', () => out.frames.length > 2)
    out.end('TOKEN_REVOKED')
    const before = out.frames.length
    out.drain()
    expect(await out.over).toBe('TOKEN_REVOKED')
    await append(feed, stream, 'more')
    await until('a look', () => new Promise(resolve => setTimeout(resolve, 100, true)))
    expect(out.frames.length).toBe(before)
  })

  test('each viewer’s group is rendered for that viewer', async () => {
    const stream = await newStream(feed)
    const [ann, bob] = [await join(stream, `${stream} ann`, null, 'ann'), await join(stream, `${stream} bob`, null, 'bob')]
    await append(feed, stream, 1)
    await until('both', () => ann.frames.length === 2 && bob.frames.length === 2)
    expect([ann, bob].map(({ frames }) => JSON.parse(frames[1] ?? '').viewer)).toEqual(['ann', 'bob'])
  })
})
