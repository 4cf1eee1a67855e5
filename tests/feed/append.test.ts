import { setTimeout as delay } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Feed } from '../../src/feed/feed.ts'
import { readChanges, readExtents } from '../../src/feed/store.ts'
import { until } from '../harness/wait.ts'
import { append, changeOf, newStream, range, read, startWorld, type World } from './node.ts'

describe.each(['embedded', 'postgres'] as const)('appending, %s', mode => {
  let world: World
  let feed: Feed
  beforeAll(async () => {
    world = await startWorld(mode)
    feed = world.feed()
    // What a domain would keep beside its log.
    await world.database.db.execute(sql`create table effects (stream_id text, writer int, number int)`)
  })
  afterAll(() => world?.[Symbol.asyncDispose]())

  const log = async (streamId: string) => {
    const rows = []
    for (let page = await readChanges(world.database.db, streamId, { after: 0, limit: 500 }); page.length > 0; ) {
      rows.push(...page)
      page = await readChanges(world.database.db, streamId, { after: rows.at(-1)?.seq ?? 0, limit: 500 })
    }
    return rows
  }

  test('sixteen writers on three streams, some of which fail: numbers without holes, in the order of the commits, each with its effect', async () => {
    const streams = [await newStream(feed), await newStream(feed), await newStream(feed)] as const
    const readers = await Promise.all(streams.map(stream => read(feed, stream)))
    const done = new Map<string, number[]>(streams.map(stream => [stream, []]))
    const refused = new Error('on purpose')
    let failures = 0

    async function write(writer: number): Promise<void> {
      for (const number of range(1, 25)) {
        const streamId = streams[(writer * 7 + number) % streams.length] as string
        const count = 1 + ((writer + number) % 3)
        const fails = (writer * 31 + number * 17) % 4 === 0
        const work = feed.transact(async tx => {
          const changes = await feed.append(
            tx,
            streamId,
            range(1, count).map(part => changeOf({ writer, number, part })),
          )
          await tx.execute(sql`insert into effects values (${streamId}, ${writer}, ${number})`)
          if (fails) throw refused
          return changes
        })
        if (fails) {
          await expect(work).rejects.toBe(refused)
          failures += 1
        } else done.get(streamId)?.push(...(await work).map(({ seq }) => seq))
      }
    }
    await Promise.all(range(1, 16).map(write))
    expect(failures).toBeGreaterThan(50)

    for (const [index, streamId] of streams.entries()) {
      const rows = await log(streamId)
      const [extent] = await readExtents(world.database.db, [streamId])
      expect(rows.map(({ seq }) => seq)).toEqual(range(1, rows.length))
      expect(extent).toEqual({ head: rows.length, floor: 0 })
      expect(done.get(streamId)?.toSorted((a, b) => a - b)).toEqual(range(1, rows.length))
      const { rows: effects } = await world.database.db.execute<{ writer: number; number: number }>(
        sql`select writer, number from effects where stream_id = ${streamId}`,
      )
      const nameOf = (row: { writer: number; number: number }) => `${row.writer}/${row.number}`
      expect(new Set(effects.map(nameOf))).toEqual(new Set(rows.map(({ payload }) => nameOf(payload as never))))
      const reader = readers[index]
      await until('the reader', () => reader?.seen.length === rows.length)
      expect(reader?.seen.map(({ seq, payload }) => [seq, payload])).toEqual(rows.map(({ seq, payload }) => [seq, payload]))
    }
    await Promise.all(readers.map(reader => reader.stop()))
  })

  test('what was rolled back is never told of, and its number goes to the next', async () => {
    const stream = await newStream(feed)
    const reader = await read(feed, stream)
    await feed
      .transact(async tx => {
        await feed.append(tx, stream, [changeOf('never')])
        throw new Error('on purpose')
      })
      .catch(() => undefined)
    await append(feed, stream, 'first')
    await until('the change', () => reader.seen.length === 1)
    expect(reader.seen[0]).toMatchObject({ seq: 1, payload: 'first' })
    await reader.stop()
  })

  test('nothing is told before it is committed', async () => {
    const stream = await newStream(feed)
    const reader = await read(feed, stream)
    await feed.transact(async tx => {
      await feed.append(tx, stream, [changeOf(1)])
      await delay(50)
      expect(reader.seen).toEqual([])
    })
    await until('the change', () => reader.seen.length === 1)
    await reader.stop()
  })

  test('one transaction may append often and to several streams', async () => {
    const [a, b] = [await newStream(feed), await newStream(feed)]
    const readers = [await read(feed, a), await read(feed, b)] as const
    await feed.transact(async tx => {
      for (const stream of [a, b, a, a, b]) await feed.append(tx, stream, [changeOf(stream), changeOf(stream)])
      expect(await feed.append(tx, a, [])).toEqual([])
    })
    await until('both', () => readers[0].seen.length === 6 && readers[1].seen.length === 4)
    expect(readers.map(reader => reader.seqs())).toEqual([range(1, 6), range(1, 4)])
    await Promise.all(readers.map(reader => reader.stop()))
  })

  test('a stream that is not there takes nothing', async () => {
    await expect(append(feed, 'nowhere', 1)).rejects.toThrow('There is no stream nowhere')
  })

  test('thousands of changes in one append', async () => {
    const stream = await newStream(feed)
    const reader = await read(feed, stream)
    await append(feed, stream, ...range(1, 4_000))
    await until('all of them', () => reader.seen.length === 4_000, 20_000)
    expect(reader.seen.map(({ payload }) => payload)).toEqual(range(1, 4_000))
    await reader.stop()
  })
})
