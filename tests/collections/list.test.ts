import pg from 'pg'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Person, sharedServers, signUp } from '../harness/client.ts'
import { environmentOf, modes } from '../harness/modes.ts'
import { startServer } from '../harness/server.ts'
import { openSocket } from '../transport/raw-socket.ts'
import { readCollections } from './operations.ts'
import { changesOf, collectionOf, foldOf, iso, newName, type Stored } from './world.ts'

const range = (count: number) => Array.from({ length: count }, (_, index) => index)
const keysOf = (records: readonly Stored[]) => records.map(({ key }) => key)

test('of collections a user has at most 10,000, and what would be one more changes nothing', async () => {
  await using environment = await environmentOf('postgres')
  await using server = await startServer(environment.env)
  const ann = await signUp(server.url, 'ann')
  const database = new pg.Client({ connectionString: environment.env['DATABASE_URL'] })
  await database.connect()
  const rows = `select 'col_' || number, $1, 'n' || number, now() from generate_series(1, 9998) number`
  await database.query(`insert into collections (id, owner_id, name, created_at) ${rows}`, [ann.id])
  await database.end()
  const [one, other, more] = ['one', 'other', 'more'].map(name => collectionOf(ann, name))
  await one?.put('k', 1)
  expect(await one?.putAllRefusal([one.input('k', 2), ...['other', 'more'].map(collection => ({ collection, key: 'k', value: 1 }))])).toEqual({
    code: 'QUOTA_EXCEEDED',
  })
  await other?.put('k', 1)
  expect(await more?.putRefusal('k', 1)).toEqual({ code: 'QUOTA_EXCEEDED' })
  await expect(more?.follow(server.wsUrl)).rejects.toThrow('QUOTA_EXCEEDED')
  expect(await one?.get('k')).toMatchObject({ value: 1, version: 1 })
  expect((await one?.put('k', 2))?.applied).toBe(true)
})

describe.each(modes)('a list of records on %s', mode => {
  const servers = sharedServers(mode)
  let ann: Person
  beforeAll(async () => {
    ann = await signUp(servers.one.url, 'ann')
  })
  const fresh = () => collectionOf(ann, newName())

  test('is by updatedAt and then by key, in pages of 1 to 500, 100 unless told', async () => {
    const box = fresh()
    // Written in another order, and several at the same instant.
    const items = range(120).map(number =>
      box.input(`k${String((number * 37) % 120).padStart(3, '0')}`, number, { updatedAt: iso((1_000_000 + ((number * 37) % 120) / 4) | 0) }),
    )
    await box.putAll(items)
    const sorted = range(120).map(number => `k${String(number).padStart(3, '0')}`)
    const first = await box.page()
    expect(first.nodes).toHaveLength(100)
    expect(first.pageInfo).toMatchObject({
      hasNextPage: true,
      hasPreviousPage: false,
      startCursor: first.edges[0]?.cursor,
      endCursor: first.edges[99]?.cursor,
    })
    const second = await box.page({ after: first.pageInfo.endCursor ?? null })
    expect(second.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true })
    expect(keysOf([...first.nodes, ...second.nodes])).toEqual(sorted)
    for (const size of [1, 7, 119, 120, 121, 500]) expect(keysOf(await box.all({ first: size })), String(size)).toEqual(sorted)
    for (const size of [0, -1, 501]) expect(await box.pageRefusal({ first: size })).toEqual({ code: 'BAD_USER_INPUT', field: 'first' })
  })

  test('gives values as they were put, under several names and however they are asked for', async () => {
    const box = fresh()
    const values = [
      0,
      -1.5,
      5e-324,
      1e-7,
      true,
      null,
      '',
      'a "quoted" \u2028 text',
      [],
      {},
      [[null, { toJSON: 'x', text: 'y' }]],
      { 'ä.b': [1, { c: 'd' }] },
    ]
    await box.putAll(values.map((value, index) => box.input(`k${10 + index}`, value, { updatedAt: iso(1_000) })))
    const query = `{ records(collection: ${JSON.stringify(box.ref.collection)}) { nodes { value again: value } } }`
    const headers = { authorization: `Bearer ${ann.accessToken}`, accept: 'application/json' }
    const posted = fetch(servers.one.url, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    })
    const gotten = fetch(`${servers.one.url}?${new URLSearchParams({ query })}`, { headers })
    using socket = await openSocket(servers.one.wsUrl)
    await socket.init({ token: ann.accessToken })
    socket.send({ id: '1', type: 'subscribe', payload: { query } })
    const answers = [await (await posted).json(), await (await gotten).json(), (await socket.next()).payload]
    for (const answer of answers) expect(answer).toMatchObject({ data: { records: { nodes: values.map(value => ({ value, again: value })) } } })
  })

  test('gives what was updated strictly after an instant', async () => {
    const box = fresh()
    await box.putAll(range(5).map(number => box.input(`k${number}`, number, { updatedAt: iso(1_700_000_000_000 + number) })))
    expect(keysOf(await box.all({ updatedSince: iso(1_700_000_000_002) }))).toEqual(['k3', 'k4'])
    expect(keysOf(await box.all({ updatedSince: '2023-11-15T00:13:20.001+02:00' }))).toEqual(['k2', 'k3', 'k4'])
    expect(keysOf(await box.all({ updatedSince: iso(1_700_000_000_000), first: 1 }))).toEqual(['k1', 'k2', 'k3', 'k4'])
    await box.put('epoch', 0, { updatedAt: '1970-01-01T00:00:00Z' })
    expect(keysOf(await box.all({ updatedSince: '0001-01-01T00:00:00Z' }))).toHaveLength(6)
    expect(keysOf(await box.all({ updatedSince: '1970-01-01T00:00:00Z' }))).toHaveLength(5)
    expect(await box.all({ updatedSince: '9999-12-31T23:59:59Z' })).toEqual([])
    expect(await box.all({ updatedSince: '9999-12-31T23:59:59-12:00' })).toEqual([])
  })

  test('leaves deleted records out unless asked for them', async () => {
    const box = fresh()
    await box.putAll(range(6).map(number => box.input(`k${number}`, number)))
    for (const key of ['k1', 'k4']) await box.remove(key)
    expect(keysOf(await box.all({ first: 2 })).sort()).toEqual(['k0', 'k2', 'k3', 'k5'])
    const everything = await box.all({ first: 2, includeDeleted: true })
    expect(keysOf(everything).slice(-2)).toEqual(['k1', 'k4'])
    expect(everything).toHaveLength(6)
    expect((await box.listed())?.recordCount).toBe(4)
  })

  test('skips nothing and repeats nothing that stays as it is, while others write', async () => {
    const box = fresh()
    await box.putAll(range(60).map(number => box.input(`still ${number}`, number, { updatedAt: iso(1_000 + number) })))
    const seen: Stored[] = []
    let cursor: string | null = null
    for (let after: string | null = null, page = 0; ; page++) {
      const { nodes, pageInfo, cursor: at } = await box.page({ first: 7, after })
      cursor ??= at
      seen.push(...nodes)
      await Promise.all([
        box.put(`new ${page}`, page, { updatedAt: iso(1_000 + page * 5) }),
        box.put(`still ${page}`, 'moved'),
        box.put(`last ${page}`, page),
        page > 3 ? box.remove(`new ${page - 1}`) : null,
      ])
      if (!pageInfo.hasNextPage || page === 14) break
      after = pageInfo.endCursor ?? null
    }
    const still = keysOf(seen.filter(({ value, key }) => key.startsWith('still') && value !== 'moved'))
    expect(new Set(still).size).toBe(still.length)
    expect(still).toEqual(expect.arrayContaining(range(45).map(number => `still ${number + 15}`)))
    // What the pages missed is in the feed behind the cursor of the first.
    await using feed = await box.follow(servers.one.wsUrl, cursor)
    const everything = await box.all({ includeDeleted: true })
    const head = (await box.page()).cursor
    await feed.got(2)
    while (feed.items.at(-1)?.cursor !== head) await feed.got(feed.items.length + 1)
    const state = new Map([...seen.map(record => [record.key, record] as const), ...foldOf(feed.items)])
    expect(new Map([...state].sort())).toEqual(new Map(everything.map(record => [record.key, record] as const).sort()))
    expect(changesOf(feed.items).length).toBeGreaterThan(30)
  })

  test('ends a page early when its values are large, and goes on behind it', async () => {
    const box = fresh()
    const value = 'é'.repeat(110_000)
    for (let part = 0; part < 10; part++) await box.putAll(range(4).map(number => box.input(`k${part * 4 + number}`, value)))
    const { nodes, pageInfo } = await box.page({ first: 500 })
    expect(nodes.length).toBeGreaterThan(30)
    expect(nodes.length).toBeLessThan(40)
    expect(pageInfo.hasNextPage).toBe(true)
    const all = await box.all({ first: 500 })
    expect(new Set(keysOf(all)).size).toBe(40)
    expect(all.every(record => record.value === value)).toBe(true)
  })

  test('refuses cursors of other lists, and those that somebody made up', async () => {
    const [box, other] = [fresh(), fresh()]
    for (const one of [box, other]) await one.putAll([one.input('a', 1), one.input('b', 2)])
    const cursor = (await box.page({ first: 1 })).pageInfo.endCursor ?? ''
    const [collectionId = ''] = Buffer.from(cursor, 'base64url').toString().split(' ')
    const made = (text: string) => Buffer.from(text).toString('base64url')
    const garbage = [
      '',
      'x',
      ' ',
      '\0',
      `${cursor}.`,
      `${cursor}=`,
      cursor.slice(1),
      (await box.page()).cursor,
      made(collectionId),
      made(`${collectionId} 5`),
      made(`${collectionId} 5 `),
      made(`${collectionId} -5 a`),
      made(`${collectionId} 05 a`),
      made(`${collectionId} 1e3 a`),
      made(`${collectionId} 999999999999999 a`),
      made(`${collectionId} 5 a\0`),
      made(`${collectionId} 5 ${'a'.repeat(257)}`),
      Buffer.concat([Buffer.from(`${collectionId} 5 a`), Buffer.from([0xed, 0xa0, 0x80])]).toString('base64url'),
      'a'.repeat(10_000),
    ]
    for (const after of garbage) expect(await box.pageRefusal({ after }), after).toEqual({ code: 'BAD_USER_INPUT', field: 'after' })
    expect(await other.pageRefusal({ after: cursor })).toEqual({ code: 'BAD_USER_INPUT', field: 'after' })
    expect((await box.page({ after: made(`${collectionId} 99999999999999 zz`) })).nodes).toEqual([])
    expect((await box.page({ after: cursor })).nodes.map(({ key }) => key)).toEqual(['b'])
  })

  test('of one’s own that is not there yet is empty, and can be followed from there', async () => {
    const box = fresh()
    expect(await box.pageRefusal({ after: 'x' })).toEqual({ code: 'BAD_USER_INPUT', field: 'after' })
    expect(await box.get('k')).toBeNull()
    expect(await box.removeRefusal('k')).toEqual({ code: 'NOT_FOUND' })
    expect(await box.listed()).toBeUndefined()
    const { nodes, cursor, pageInfo } = await box.page()
    expect({ nodes, pageInfo }).toMatchObject({ nodes: [], pageInfo: { hasNextPage: false, endCursor: null } })
    await box.put('k', 1)
    await using feed = await box.follow(servers.one.wsUrl, cursor)
    expect(changesOf(await feed.got(2))).toMatchObject([{ record: { key: 'k', version: 1 } }])
  })

  test('of collections shows one’s own by name, with what is in them', async () => {
    const bob = await signUp(servers.one.url, 'bob')
    expect((await bob.run(readCollections, {})).collections).toEqual([])
    const startedAt = Date.now()
    for (const name of ['b', 'c', 'a']) await collectionOf(bob, name).put('k', 1)
    await collectionOf(bob, 'c').put('l', 1)
    await collectionOf(bob, 'b').remove('k')
    const { collections } = await bob.run(readCollections, {})
    expect(collections.map(({ name, recordCount }) => [name, recordCount])).toEqual([
      ['a', 1],
      ['b', 0],
      ['c', 2],
    ])
    expect(collections[0]).toMatchObject({
      owner: { id: bob.id },
      viewerAccess: 'ADMIN',
      members: { nodes: [{ access: 'ADMIN', user: { id: bob.id } }] },
    })
    expect(Date.parse(collections[2]?.createdAt ?? '')).toBeGreaterThanOrEqual(startedAt)
    await using feed = await collectionOf(bob, 'c').follow(servers.one.wsUrl, collections[2]?.cursor)
    await collectionOf(bob, 'c').put('m', 1)
    expect(changesOf(await feed.got(2)).map(({ record }) => record.key)).toEqual(['m'])
  })
})
