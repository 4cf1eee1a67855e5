import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import type { PutRecordInput } from '../generated/graphql.ts'
import { codeOf, type Person, sharedServers, signUp } from '../harness/client.ts'
import { modes } from '../harness/modes.ts'
import { putRecords } from './operations.ts'
import { collectionOf, iso, newName, shortOf } from './world.ts'

const range = (count: number) => Array.from({ length: count }, (_, index) => index)

describe.each(modes)('a batch of records on %s', mode => {
  const servers = sharedServers(mode)
  let ann: Person
  beforeAll(async () => {
    ann = await signUp(servers.one.url, 'ann')
  })
  const fresh = () => collectionOf(ann, newName())

  test('goes into several collections, each item by its own policy, and is answered in the order of the items', async () => {
    const [one, other] = [fresh(), fresh()]
    const now = Date.now() - 1_000
    await one.put('stored', 5, { updatedAt: iso(now) })
    const results = await one.putAll([
      other.input('b', 'x', { ttlSeconds: 60 }),
      one.input('stored', 9, { updatedAt: iso(now - 1) }),
      one.input('stored', 9, { updatedAt: iso(now - 1), conflictPolicy: 'MAX_NUMERIC' }),
      one.input('stored', 1, { updatedAt: iso(now - 2), conflictPolicy: 'SERVER_TIME' }),
      other.input('a', undefined, { delete: true }),
      other.input('b', 'y'),
    ])
    expect(results.map(({ applied, record: { collection, key, value, version } }) => [applied, collection, key, value, version])).toEqual([
      [true, other.ref.collection, 'b', 'x', 1],
      [false, one.ref.collection, 'stored', 5, 1],
      [true, one.ref.collection, 'stored', 9, 2],
      [true, one.ref.collection, 'stored', 1, 3],
      [true, other.ref.collection, 'a', null, 1],
      [true, other.ref.collection, 'b', 'y', 2],
    ])
    expect(results[1]?.conflict).toMatchObject({ existing: { value: 5, version: 1 }, reason: 'The stored record was written later.' })
    expect(await other.get('b')).toMatchObject({ value: 'y', version: 2, expiresAt: null })
    expect((await other.listed())?.recordCount).toBe(1)
  })

  test('is one change in the feed for each item that applied, in their order', async () => {
    const box = fresh()
    await using feed = await box.follow(servers.one.wsUrl)
    await box.putAll([
      box.input('a', 1, { updatedAt: iso(1_000) }),
      box.input('a', 2, { updatedAt: iso(999) }),
      box.input('b', 3),
      box.input('a', 4),
      box.input('b', null, { delete: true }),
    ])
    expect(shortOf(await feed.got(5))).toEqual([
      ['PUT', 'a', 1, 1],
      ['PUT', 'b', 3, 1],
      ['PUT', 'a', 4, 2],
      ['DELETED', 'b', null, 2],
    ])
  })

  test('of 5,000 goes in as one, and all of it is in the list and in the feed', async () => {
    const box = fresh()
    await using feed = await box.follow(servers.one.wsUrl)
    const results = await box.putAll(range(5_000).map(number => box.input(`key ${number}`, number)))
    expect(results.map(({ applied, record }) => [applied, record.value])).toEqual(range(5_000).map(number => [true, number]))
    expect((await box.listed())?.recordCount).toBe(5_000)
    expect(new Set((await box.all({ first: 500 })).map(({ value }) => value))).toEqual(new Set(range(5_000)))
    const items = await feed.got(5_001, 30_000)
    expect(shortOf(items)).toEqual(range(5_000).map(number => ['PUT', `key ${number}`, number, 1]))
    // And again, over what is there.
    expect((await box.putAll(range(5_000).map(number => box.input(`key ${number}`, -number)))).every(({ record }) => record.version === 2)).toBe(true)
  })

  test('with one bad item does nothing, and names it', async () => {
    const box = fresh()
    await using feed = await box.follow(servers.one.wsUrl)
    const items = (bad: Partial<PutRecordInput>) =>
      range(30).map(number => (number === 17 ? { ...box.input(`k${number}`, number), ...bad } : box.input(`k${number}`, number)))
    const field = (name: string) => ({ code: 'BAD_USER_INPUT', field: `input.items.17.${name}` })
    expect(await box.putAllRefusal(items({ key: '' }))).toEqual(field('key'))
    expect(await box.putAllRefusal(items({ key: '\ud800' }))).toEqual(field('key'))
    expect(await box.putAllRefusal(items({ collection: 'x'.repeat(257) }))).toEqual(field('collection'))
    expect(await box.putAllRefusal(items({ owner: '\0' }))).toEqual(field('owner'))
    expect(await box.putAllRefusal(items({ value: 'a\0' }))).toEqual(field('value'))
    expect(await box.putAllRefusal(items({ ttlSeconds: 0 }))).toEqual(field('ttlSeconds'))
    expect(await box.putAllRefusal(items({ idempotencyKey: randomUUID() }))).toEqual(field('idempotencyKey'))
    expect(await box.putAllRefusal(items({ value: 'x'.repeat(300_000) }))).toEqual({ code: 'PAYLOAD_TOO_LARGE', field: 'input.items.17.value' })
    expect(await box.putAllRefusal(items({ updatedAt: iso(Date.now() + 90_000) }))).toEqual({
      code: 'CLOCK_SKEW',
      field: 'input.items.17.updatedAt',
    })
    expect(await box.putAllRefusal(items({ owner: 'user_none' }))).toEqual({ code: 'NOT_FOUND', field: 'input.items.17.collection' })
    const withoutKey = items({}).map((item, number) => (number === 17 ? { collection: item.collection, value: 1 } : item))
    expect(await codeOf(ann.ask(putRecords, { input: { items: withoutKey as PutRecordInput[] } }))).toBe('BAD_USER_INPUT')
    expect((await box.page({ includeDeleted: true })).nodes).toEqual([])
    await box.put('end', 1)
    expect(shortOf(await feed.got(2))).toEqual([['PUT', 'end', 1, 1]])
  })

  test('has 1 to 5,000 items, in at most 100 collections', async () => {
    const box = fresh()
    const small = { collection: 'c', key: 'k', value: 1 }
    for (const count of [0, 5_001])
      expect(await box.putAllRefusal(range(count).map(() => small)), String(count)).toEqual({ code: 'BAD_USER_INPUT', field: 'input.items' })
    const spread = (count: number) => range(count).map(number => ({ ...small, collection: `${box.ref.collection} ${number}` }))
    expect(await box.putAllRefusal(spread(101))).toEqual({ code: 'BAD_USER_INPUT', field: 'input.items.100.collection' })
    expect(await box.putAll(spread(100))).toHaveLength(100)
  })

  test('whose winners would make an answer too large is refused as a whole', async () => {
    const box = fresh()
    await box.put('big', 'x'.repeat(250_000))
    const items = (count: number) => [box.input('new', 1), ...range(count).map(() => box.input('big', 1, { updatedAt: iso(1) }))]
    expect(await box.putAllRefusal(items(30))).toMatchObject({ code: 'PAYLOAD_TOO_LARGE', field: 'input.items.26' })
    expect(await box.get('new')).toBeNull()
    expect((await box.putAll(items(10))).filter(({ applied }) => applied)).toHaveLength(1)
  })

  test('is done once for each idempotencyKey, and answered alike', async () => {
    const box = fresh()
    const idempotencyKey = randomUUID()
    const items = [box.input('a', { x: [1] }, { ttlSeconds: 600 }), box.input('a', 2, { updatedAt: iso(5) })]
    const answers = await Promise.all(range(6).map(() => box.putAll(items, idempotencyKey)))
    expect(new Set(answers.map(answer => JSON.stringify(answer))).size).toBe(1)
    await box.put('a', 'since')
    expect(await box.putAll(items, idempotencyKey)).toEqual(answers[0])
    expect(await box.get('a')).toMatchObject({ value: 'since', version: 2 })
    const changed = { items: items.slice(0, 1), idempotencyKey }
    expect(await codeOf(ann.ask(putRecords, { input: changed }))).toBe('IDEMPOTENCY_MISMATCH')
  })
})
