import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { AppError } from '../../src/errors.ts'
import { createCursors } from '../../src/feed/cursor.ts'
import type { Feed } from '../../src/feed/feed.ts'
import { createRetention } from '../../src/feed/retention.ts'
import { systemClock } from '../../src/platform/clock.ts'
import { append, newStream, range, read, silent, startWorld, subscribe, type World } from './node.ts'
import { outcomeOf } from './service-node.ts'

const key = new Uint8Array(32).fill(1)
const cursors = createCursors([key])
const stream = 'doc_01890000-0000-7000-8000-000000000000'
const codeOf = (cursor: string, decode = cursors.decode) => {
  try {
    return decode(cursor, stream)
  } catch (error) {
    return error instanceof AppError ? `${error.code} ${String(error.details.field)}` : error
  }
}
const refused = 'BAD_USER_INPUT after'

describe('a cursor', () => {
  test('leads back to its place', () => {
    fc.assert(
      fc.property(fc.nat(Number.MAX_SAFE_INTEGER), seq => {
        expect(codeOf(cursors.encode(stream, seq))).toBe(seq)
      }),
    )
  })

  test('with any bit turned, cut short anywhere or made longer is none', () => {
    const cursor = cursors.encode(stream, 1_234)
    const bytes = Buffer.from(cursor, 'base64url')
    for (const bit of range(0, bytes.length * 8 - 1)) {
      const turned = Buffer.from(bytes)
      turned[bit >> 3] = (turned[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expect(codeOf(turned.toString('base64url'))).toBe(refused)
    }
    for (const length of range(0, cursor.length - 1)) expect(codeOf(cursor.slice(0, length))).toBe(refused)
    for (const more of ['=', 'A', ' ', '\n', '0', '.']) {
      expect(codeOf(cursor + more)).toBe(refused)
      expect(codeOf(more + cursor)).toBe(refused)
    }
  })

  test('with any letter changed is none', () => {
    const cursor = cursors.encode(stream, 7)
    fc.assert(
      fc.property(fc.nat(cursor.length - 1), fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }), (at, letter) => {
        fc.pre(cursor[at] !== letter)
        expect(codeOf(cursor.slice(0, at) + letter + cursor.slice(at + 1))).toBe(refused)
      }),
      { numRuns: 500 },
    )
  })

  test('is not made of whatever text, nor of bytes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), text => {
        expect(codeOf(text)).toBe(refused)
      }),
    )
    fc.assert(
      fc.property(fc.base64String({ maxLength: 200 }), text => {
        expect(codeOf(text)).toBe(refused)
      }),
    )
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), bytes => {
        expect(codeOf(Buffer.from(bytes).toString('base64url'))).toBe(refused)
      }),
    )
    const unsigned = Buffer.concat([Buffer.alloc(12), Buffer.from(`c1 ${stream} 5`)]).toString('base64url')
    expect(codeOf(unsigned)).toBe(refused)
  })

  test('of another stream or another server is refused', () => {
    expect(codeOf(cursors.encode('another', 3))).toBe(refused)
    expect(codeOf(createCursors([new Uint8Array(32).fill(2)]).encode(stream, 3))).toBe(refused)
  })
})

describe('a feed opened with a cursor', () => {
  let world: World
  beforeAll(async () => {
    world = await startWorld('postgres')
  })
  afterAll(() => world?.[Symbol.asyncDispose]())

  const sweep = (maxChanges: number) =>
    createRetention({ database: world.database, clock: systemClock, logger: silent, retentionDays: 0, maxChanges, onPrune: {} }).sweep()

  /** The first changes behind a place, as a reader gets them who asks once. */
  const pageBehind = async (feed: Feed, streamId: string, after: number) => {
    const [page = null] = await feed.readPages([{ streamId, after, first: 5, seenBy: null }], 'test', 1_000_000)
    if (page instanceof Error) throw page
    return page
  }

  test('refuses what is none, and what belongs to another feed or server', async () => {
    const feed = world.feed()
    const [mine, other] = [await newStream(feed), await newStream(feed)]
    await append(feed, mine, 1, 2, 3)
    await append(feed, other, 1, 2, 3)
    const foreign = world.feed({ cursorKeys: [new Uint8Array(32).fill(9)] })
    for (const cursor of ['', '\0', '💥', 'c1 x 1', feed.cursors.encode(other, 1), foreign.cursors.encode(mine, 1)]) {
      expect(await outcomeOf(subscribe(feed, mine, cursor))).toBe('BAD_USER_INPUT')
    }
  })

  test('beyond the head, or below what the log still holds, is RESYNC_REQUIRED; at the floor it goes on', async () => {
    const feed = world.feed()
    const stream = await newStream(feed)
    await append(feed, stream, ...range(1, 30))
    await sweep(10)
    const at = (seq: number) => feed.cursors.encode(stream, seq)
    for (const seq of [0, 1, 19, 31, 1_000]) {
      expect(await outcomeOf(subscribe(feed, stream, at(seq)))).toBe('RESYNC_REQUIRED')
      expect(await outcomeOf(pageBehind(feed, stream, seq))).toBe('RESYNC_REQUIRED')
    }
    for (const seq of [20, 25, 30]) {
      const reader = await read(feed, stream, at(seq))
      await append(feed, stream, 'more')
      const head = seq === 20 ? 31 : seq === 25 ? 32 : 33
      await expect.poll(() => reader.seqs()).toEqual(range(seq + 1, head))
      await reader.stop()
    }
  })

  test('a reader that is overtaken by the floor is told so, and not given what comes after a gap', async () => {
    const feed = world.feed()
    const stream = await newStream(feed)
    const slow = await subscribe(feed, stream)
    await slow.next()
    await append(feed, stream, ...range(1, 700))
    await sweep(10)
    expect(await outcomeOf(slow.next())).toBe('RESYNC_REQUIRED')
  })

  test('a page that is read while the log is pruned is whole, or RESYNC_REQUIRED', async () => {
    const feed = world.feed()
    const stream = await newStream(feed)
    await append(feed, stream, ...range(1, 60))
    let isOver = false
    const reading = (async () => {
      const found: unknown[] = []
      while (!isOver) {
        const outcomes = await Promise.all(
          range(0, 7).map(at => outcomeOf(pageBehind(feed, stream, at * 7).then(page => [at * 7, page?.changes[0]?.seq]))),
        )
        found.push(...outcomes)
      }
      return found
    })()
    for (const keep of range(1, 59).toReversed()) await sweep(keep)
    isOver = true
    const pages = (await reading).filter(outcome => Array.isArray(outcome))
    expect(pages.length).toBeGreaterThan(0)
    for (const [after, first] of pages) expect(first).toBe(after + 1)
  })
})
