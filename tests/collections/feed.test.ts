import { beforeAll, describe, expect, test } from 'vitest'
import { clientOf, type Person, sharedServers, signUp } from '../harness/client.ts'
import { modes } from '../harness/modes.ts'
import { changesOf, collectionOf, iso, newName, shortOf, timeOf } from './world.ts'

describe.each(modes)('the feed of a collection on %s', mode => {
  const servers = sharedServers(mode)
  let ann: Person
  beforeAll(async () => {
    ann = await signUp(servers.one.url, 'ann')
  })
  const fresh = () => collectionOf(ann, newName())

  test('begins before the first record, and shows each record as each change left it', async () => {
    const box = fresh()
    await using feed = await box.follow(servers.other.wsUrl)
    expect(feed.items).toMatchObject([{ __typename: 'FeedReady' }])
    expect(await box.listed()).toMatchObject({ recordCount: 0 })
    const startedAt = Date.now()
    const first = (await box.put('k', { a: 1 }, { ttlSeconds: 3600 })).record
    const second = (await box.put('k', [2])).record
    const third = (await box.remove('k')).record
    const items = changesOf(await feed.got(4))
    expect(items.map(({ operation, record, by }) => [operation, record, by?.id])).toEqual([
      ['PUT', first, ann.id],
      ['PUT', second, ann.id],
      ['DELETED', third, ann.id],
    ])
    for (const { at } of items) {
      expect(timeOf(at)).toBeGreaterThanOrEqual(startedAt)
      expect(timeOf(at)).toBeLessThanOrEqual(Date.now())
    }
    // A replay shows the same, though the record has gone on.
    await using again = await box.follow(servers.one.wsUrl, feed.items[0]?.cursor)
    expect(await again.got(4)).toEqual(feed.items)
    await using rest = await box.follow(servers.one.wsUrl, items[1]?.cursor)
    expect(changesOf(await rest.got(2))).toEqual(items.slice(2))
  })

  test('has nothing of writes that lost', async () => {
    const box = fresh()
    await box.put('k', 5)
    await using feed = await box.follow(servers.other.wsUrl)
    await box.put('k', 6, { updatedAt: iso(1_000) })
    await box.put('k', 4, { conflictPolicy: 'MAX_NUMERIC' })
    await box.put('k', null, { delete: true, updatedAt: iso(1_000) })
    await box.remove('k', { updatedAt: iso(1_000) })
    await box.put('end', 1)
    expect(shortOf(await feed.got(2))).toEqual([['PUT', 'end', 1, 1]])
  })

  test('has writes of clients that were offline, which updatedSince misses', async () => {
    const box = fresh()
    await box.put('k', 1)
    const { cursor, nodes } = await box.page()
    const since = nodes.at(-1)?.updatedAt ?? ''
    await box.put('late', 'offline', { updatedAt: iso(timeOf(since) - 60_000) })
    await box.put('k', undefined, { delete: true, updatedAt: iso(timeOf(since) - 60_000) })
    await box.put('gone', undefined, { delete: true, updatedAt: iso(timeOf(since) - 30_000) })
    expect((await box.page({ updatedSince: since, includeDeleted: true })).nodes).toEqual([])
    await using feed = await box.follow(servers.other.wsUrl, cursor)
    expect(shortOf(await feed.got(3))).toEqual([
      ['PUT', 'late', 'offline', 1],
      ['DELETED', 'gone', null, 1],
    ])
  })

  test('is of one collection alone, and each has its own cursors', async () => {
    const [box, other] = [fresh(), fresh()]
    await using feed = await box.follow(servers.one.wsUrl)
    await other.put('k', 'other')
    await box.put('k', 'mine')
    expect(shortOf(await feed.got(2))).toEqual([['PUT', 'k', 'mine', 1]])
    const { cursor } = await other.page()
    for (const after of [cursor, '', 'x', `${cursor}x`, '\0', feed.items[0]?.cursor.slice(1) ?? ''])
      await expect(box.follow(servers.one.wsUrl, after), after).rejects.toThrow('BAD_USER_INPUT')
  })

  test('is for who is signed in', async () => {
    await expect(collectionOf(clientOf(servers.one.url), 'c').follow(servers.one.wsUrl)).rejects.toThrow('UNAUTHENTICATED')
  })

  test('reaches many readers, each with all of it', async () => {
    const box = fresh()
    await using stack = new AsyncDisposableStack()
    const readers = await Promise.all(
      Array.from({ length: 8 }, async (_, index) => stack.use(await box.follow(index % 2 ? servers.other.wsUrl : servers.one.wsUrl))),
    )
    for (let number = 0; number < 20; number++) await box.put(`k${number % 3}`, number)
    const [first, ...others] = await Promise.all(readers.map(reader => reader.got(21)))
    expect(shortOf(first ?? []).map(([, , value]) => value)).toEqual(Array.from({ length: 20 }, (_, number) => number))
    for (const other of others) expect(changesOf(other)).toEqual(changesOf(first ?? []))
  })
})
