import { v7 } from 'uuid'
import { beforeAll, describe, expect, test } from 'vitest'
import { clientOf, codeOf, follow, type Person, refusalOf, sharedServers, signUp } from '../harness/client.ts'
import { modes } from '../harness/modes.ts'
import { createDocument, deleteDocument, listDocuments, pushDelta, readDocument, readField, restoreDocument } from '../harness/operations.ts'

describe.each(modes)('a document on %s', mode => {
  const servers = sharedServers(mode)
  let ann: Person
  beforeAll(async () => {
    ann = await signUp(servers.one.url, 'ann')
  })
  const create = async (input = {}, by = ann) => (await by.run(createDocument, { input })).createDocument.document
  const read = async (id: string, by = ann) => (await by.run(readDocument, { id })).document
  const list = async (variables = {}, by = ann) => (await by.run(listDocuments, variables)).documents

  test('is read as it was created, by its maker', async () => {
    const before = Date.now()
    const made = await create({ name: 'Plän 📝', fields: { title: 'x', 'a.b': [1, null] } })
    expect(made).toMatchObject({
      name: 'Plän 📝',
      fields: { title: 'x', 'a.b': [1, null] },
      clock: { server: 1 },
      viewerAccess: 'ADMIN',
      deletedAt: null,
    })
    expect(made.id).toMatch(/^doc_[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(Date.parse(made.createdAt)).toBeGreaterThanOrEqual(before)
    expect(Date.parse(made.createdAt)).toBeLessThanOrEqual(Date.now())
    expect(await read(made.id)).toEqual(made)
  })

  test('without name and fields has none, and an empty clock', async () => {
    expect(await create()).toMatchObject({ name: null, fields: {}, clock: {} })
    expect(await create({ name: null, fields: null, id: null })).toMatchObject({ name: null, fields: {}, clock: {} })
  })

  test('takes an id of the client’s own making, once for all users', async () => {
    const id = `doc_${v7()}`
    expect((await create({ id })).id).toBe(id)
    const again = { code: 'ALREADY_EXISTS', field: 'input.id' }
    expect(await refusalOf(ann.ask(createDocument, { input: { id } }))).toEqual(again)
    const bob = await signUp(servers.one.url, 'bob')
    expect(await refusalOf(bob.ask(createDocument, { input: { id, name: 'mine now' } }))).toEqual(again)
    expect(await read(id, bob)).toBeNull()
    expect(await read(id)).toMatchObject({ name: null })
    await ann.run(deleteDocument, { input: { id } })
    expect(await refusalOf(ann.ask(createDocument, { input: { id } }))).toEqual(again)
  })

  test.each([
    ['no prefix', v7()],
    ['another prefix', `user_${v7()}`],
    ['no UUIDv7', 'doc_4f1c8a52-4c9b-4d67-9f0c-0a3c1e7d5b11'],
    ['capitals', `doc_${v7().toUpperCase()}`],
    ['NUL', `doc_${v7()}\0`],
    ['nothing', ''],
  ])('refuses an id with %s', async (_, id) => {
    expect(await refusalOf(ann.ask(createDocument, { input: { id } }))).toEqual({ code: 'BAD_USER_INPUT', field: 'input.id' })
  })

  test('of one id made many times at once is made once', async () => {
    const id = `doc_${v7()}`
    const codes = await Promise.all(Array.from({ length: 8 }, () => codeOf(ann.ask(createDocument, { input: { id, fields: { a: 1 } } }))))
    expect(codes.filter(code => code === null)).toHaveLength(1)
    expect(codes.filter(code => code === 'ALREADY_EXISTS')).toHaveLength(7)
    expect(await read(id)).toMatchObject({ clock: { server: 1 }, fields: { a: 1 } })
  })

  test('created again with the same idempotency key is the same document; with other arguments it is refused', async () => {
    const input = { name: 'once', fields: { a: { b: 1, c: 2 } }, idempotencyKey: `create-${v7()}` }
    const [first, second] = await Promise.all([create(input), create(input)])
    const third = await create({ ...input, fields: { a: { c: 2, b: 1 } } })
    expect(new Set([first.id, second.id, third.id]).size).toBe(1)
    expect(await refusalOf(ann.ask(createDocument, { input: { ...input, name: 'twice' } }))).toEqual({
      code: 'IDEMPOTENCY_MISMATCH',
      field: 'input.idempotencyKey',
    })
    const bob = await signUp(servers.one.url, 'bob')
    expect((await create(input, bob)).id).not.toBe(first.id)
    for (const idempotencyKey of ['short', 'x'.repeat(129), 'has a NUL\0 in it'])
      expect(await codeOf(ann.ask(createDocument, { input: { idempotencyKey } }))).toBe('BAD_USER_INPUT')
  })

  test('has a name of at most 200 characters that PostgreSQL can keep', async () => {
    expect((await create({ name: 'x'.repeat(200) })).name).toHaveLength(200)
    for (const name of ['x'.repeat(201), 'a\0b', 'a\ud800b'])
      expect(await refusalOf(ann.ask(createDocument, { input: { name } }))).toEqual({ code: 'BAD_USER_INPUT', field: 'input.name' })
  })

  test('starts with up to 10,000 fields, which are ordinary fields', async () => {
    const fields = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`field ${index}`, index]))
    const made = await create({ fields })
    expect(made.fields).toEqual(fields)
    expect(made.clock).toEqual({ server: 10 })
    expect(await refusalOf(ann.ask(createDocument, { input: { fields: { ...fields, more: 1 } } }))).toEqual({
      code: 'BAD_USER_INPUT',
      field: 'input.fields',
    })
    for (const bad of [[1], 'text', 7, true]) expect(await codeOf(ann.ask(createDocument, { input: { fields: bad } }))).toBe('BAD_USER_INPUT')
    expect(await codeOf(ann.ask(createDocument, { input: { fields: { '': 1 } } }))).toBe('BAD_USER_INPUT')
  })

  test('is not there for strangers, the anonymous and ids that are none', async () => {
    const { id } = await create({ name: 'secret' })
    const eve = await signUp(servers.one.url, 'eve')
    expect(await read(id, eve)).toBeNull()
    expect(await codeOf(clientOf(servers.one.url).ask(readDocument, { id }))).toBe('UNAUTHENTICATED')
    for (const none of [`doc_${v7()}`, '', 'x', id.toUpperCase(), `${id} `, "' or 1=1 --", 'x'.repeat(100_000)])
      expect(await read(none), none.slice(0, 50)).toBeNull()
    for (const none of [`${id}\0`, 'doc_\ud800'])
      expect(await refusalOf(ann.ask(readDocument, { id: none }))).toEqual({ code: 'BAD_USER_INPUT', field: 'id' })
  })

  test('shows a field with its last write, and null for one that was never written', async () => {
    const { id } = await create({ fields: { a: { x: 1 } } })
    const field = async (path: string) => (await ann.run(readField, { id, path })).document?.field
    expect(await field('a')).toMatchObject({ path: 'a', value: { x: 1 }, deleted: false, clientId: 'server', counter: 1 })
    expect(await field('b')).toBeNull()
    for (const path of ['', 'x'.repeat(513), 'a\0'])
      expect(await refusalOf(ann.ask(readField, { id, path }))).toEqual({ code: 'BAD_USER_INPUT', field: 'path' })
  })

  test('is listed for its members alone, the newest first, in pages that stay as they are', async () => {
    const cyd = await signUp(servers.one.url, 'cyd')
    const ids: string[] = []
    for (let count = 0; count < 7; count++) ids.unshift((await create({}, cyd)).id)
    await create({ name: 'of somebody else' })
    const all = await list({}, cyd)
    expect(all.nodes.map(node => node.id)).toEqual(ids)
    expect(all.pageInfo).toEqual({
      hasNextPage: false,
      hasPreviousPage: false,
      startCursor: all.edges[0]?.cursor,
      endCursor: all.edges.at(-1)?.cursor,
    })
    const first = await list({ first: 3 }, cyd)
    expect(first.nodes.map(node => node.id)).toEqual(ids.slice(0, 3))
    expect(first.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false, endCursor: first.edges[2]?.cursor })
    // What comes and goes meanwhile shifts nothing: neither a new document nor the one the cursor points at.
    await create({}, cyd)
    await cyd.run(deleteDocument, { input: { id: ids[2] ?? '' } })
    const second = await list({ first: 3, after: first.pageInfo.endCursor }, cyd)
    expect(second.nodes.map(node => node.id)).toEqual(ids.slice(3, 6))
    expect(second.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: true })
    const third = await list({ first: 1, after: second.pageInfo.endCursor }, cyd)
    expect(third.nodes.map(node => node.id)).toEqual(ids.slice(6))
    expect(third.pageInfo.hasNextPage).toBe(false)
    expect(await list({ after: third.pageInfo.endCursor }, cyd)).toMatchObject({ nodes: [], pageInfo: { hasNextPage: false, endCursor: null } })
    expect((await list({ includeDeleted: true }, cyd)).edges.find(edge => edge.node.id === ids[2])?.node.deletedAt).not.toBeNull()
    expect((await list({ includeDeleted: null }, cyd)).nodes.map(node => node.id)).not.toContain(ids[2])
  })

  test('is listed in pages of 1 to 500, behind cursors that were given out', async () => {
    for (const first of [0, -1, 501]) expect(await refusalOf(ann.ask(listDocuments, { first }))).toEqual({ code: 'BAD_USER_INPUT', field: 'first' })
    expect(await codeOf(ann.ask(listDocuments, { first: 500 }))).toBeNull()
    for (const after of ['', 'x', `user_${v7()}`, 'doc_\0', `doc_${v7()}\0`])
      expect(await refusalOf(ann.ask(listDocuments, { after }))).toEqual({ code: 'BAD_USER_INPUT', field: 'after' })
  })

  test('that is deleted refuses pushes with CONFLICT, can be read, and comes back as it was', async () => {
    const { id, fields, clock } = await create({ fields: { a: 1 } })
    const push = () => refusalOf(ann.ask(pushDelta, { input: { documentId: id, clientId: 'c', clock: { c: 1 }, writes: [{ path: 'a', value: 2 }] } }))
    await using feed = await follow(servers.one.wsUrl, ann.accessToken, id)
    for (let count = 0; count < 2; count++) expect(await ann.run(deleteDocument, { input: { id } })).toEqual({ deleteDocument: { deletedId: id } })
    expect(await push()).toEqual({ code: 'CONFLICT', field: 'input.documentId' })
    expect(await read(id)).toMatchObject({ fields, clock, deletedAt: expect.any(String) })
    for (let count = 0; count < 2; count++)
      expect((await ann.run(restoreDocument, { input: { id } })).restoreDocument.document).toEqual({ id, fields, deletedAt: null })
    expect(await push()).toBeNull()
    const items = await feed.got(4)
    expect(items.map(item => item.__typename)).toEqual(['FeedReady', 'DocumentRemoved', 'DocumentRestored', 'DocumentDelta'])
  })

  test('is deleted and restored once for one idempotency key, whatever happens in between', async () => {
    const { id } = await create()
    const away = { input: { id, idempotencyKey: `away-${v7()}` } }
    await ann.run(deleteDocument, away)
    await ann.run(restoreDocument, { input: { id } })
    await ann.run(deleteDocument, away)
    expect(await read(id)).toMatchObject({ deletedAt: null })
    const other = await create()
    expect(await codeOf(ann.ask(deleteDocument, { input: { ...away.input, id: other.id } }))).toBe('IDEMPOTENCY_MISMATCH')
  })

  test('deleted and restored by many at once has one change for each turn', async () => {
    const { id } = await create()
    await using feed = await follow(servers.one.wsUrl, ann.accessToken, id)
    await Promise.all(Array.from({ length: 6 }, () => ann.run(deleteDocument, { input: { id } })))
    await Promise.all(Array.from({ length: 6 }, () => ann.run(restoreDocument, { input: { id } })))
    await ann.run(pushDelta, { input: { documentId: id, clientId: 'c', clock: { c: 1 }, writes: [{ path: 'last', value: 1 }] } })
    const items = await feed.got(4)
    expect(items.map(item => item.__typename)).toEqual(['FeedReady', 'DocumentRemoved', 'DocumentRestored', 'DocumentDelta'])
  })
})
