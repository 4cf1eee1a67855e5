import { setTimeout as delay } from 'node:timers/promises'
import { v7 } from 'uuid'
import { beforeAll, describe, expect, test } from 'vitest'
import { graphql } from '../generated/index.ts'
import { codeOf, follow, type Person, refusalOf, signUp, useServers } from '../harness/client.ts'
import { modes } from '../harness/modes.ts'
import {
  createDocument,
  createSnapshot,
  deleteDocument,
  deleteSnapshot,
  listSnapshots,
  pushDelta,
  readDocument,
  restoreSnapshot,
  setAccess,
} from '../harness/operations.ts'
import { until } from '../harness/wait.ts'

const readSnapshot = graphql(/* GraphQL */ `
  query ReadSnapshot($id: ID!) {
    node(id: $id) {
      ... on Snapshot {
        id
        label
        fields
      }
    }
  }
`)

const every = 5
const keptCount = 2

describe.each(modes)('snapshots on %s', mode => {
  const servers = useServers(mode, { env: { SNAPSHOT_EVERY_CHANGES: String(every), SNAPSHOTS_KEPT: String(keptCount) } })
  let ann: Person
  let bob: Person
  beforeAll(async () => {
    ann = await signUp(servers.one.url, 'ann')
    bob = await signUp(servers.one.url, 'bob')
  })
  const newDocument = async (fields = {}) => (await ann.run(createDocument, { input: { fields } })).createDocument.document.id
  const push = async (documentId: string, counter: number, writes: { path: string; value?: unknown; delete?: boolean; timestamp?: string }[]) =>
    (await ann.run(pushDelta, { input: { documentId, clientId: 'c', clock: { c: counter }, writes } })).pushDelta
  const take = async (documentId: string, more = {}) => (await ann.run(createSnapshot, { input: { documentId, ...more } })).createSnapshot.snapshot
  const restore = async (id: string, more = {}) =>
    (await ann.run(restoreSnapshot, { input: { id, clientId: 'r', ...more } })).restoreSnapshot.document
  const list = async (id: string, page = {}) => {
    const { document } = await ann.run(listSnapshots, { id, ...page })
    if (!document) throw new Error('The document is gone.')
    return document.snapshots
  }
  const read = async (id: string) => (await ann.run(readDocument, { id })).document

  test('come in about as many bytes as they say and count for, however the database writes their numbers', async () => {
    const { id, fields, sizeBytes } = await take(await newDocument({ tiny: new Array(1_000).fill(5e-324) }))
    const response = await fetch(servers.one.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${ann.accessToken}` },
      body: JSON.stringify({ query: `{ node(id: "${id}") { ... on Snapshot { fields } } }` }),
    })
    const text = await response.text()
    expect(JSON.parse(text)).toEqual({ data: { node: { fields } } })
    expect(text.length).toBeLessThan(2 * sizeBytes)
  })

  test('keep what a document looked like, and are listed, the newest first', async () => {
    const id = await newDocument({ a: 1 })
    const first = await take(id, { label: 'first 📷' })
    expect(first).toMatchObject({ documentId: id, label: 'first 📷', fields: { a: 1 }, clock: { server: 1 }, sizeBytes: 7 })
    await push(id, 1, [
      { path: 'a', delete: true },
      { path: 'b', value: 2 },
    ])
    const second = await take(id)
    expect(second).toMatchObject({ label: null, fields: { b: 2 }, clock: { server: 1, c: 1 } })
    expect((await list(id)).nodes.map(node => node.id)).toEqual([second.id, first.id])
    const page = await list(id, { first: 1 })
    expect(page).toMatchObject({ nodes: [{ id: second.id }], pageInfo: { hasNextPage: true } })
    expect(await list(id, { first: 1, after: page.pageInfo.endCursor })).toMatchObject({
      nodes: [{ id: first.id, fields: { a: 1 } }],
      pageInfo: { hasNextPage: false },
    })
    for (const after of ['', 'x', id, `${first.id}\0`])
      expect(await refusalOf(ann.ask(listSnapshots, { id, after }))).toEqual({ code: 'BAD_USER_INPUT', field: 'after' })
    expect((await ann.run(readSnapshot, { id: first.id })).node).toEqual({ id: first.id, label: 'first 📷', fields: { a: 1 } })
    expect((await bob.run(readSnapshot, { id: first.id })).node).toBeNull()
  })

  test('bring a document back as new changes: what differs is written, what was not there is deleted', async () => {
    const id = await newDocument({ same: 1, changed: 'old', removed: [1] })
    const snapshot = await take(id)
    await push(id, 1, [
      { path: 'changed', value: 'new', timestamp: new Date(Date.now() + 50_000).toISOString() },
      { path: 'removed', delete: true },
      { path: 'added', value: 1 },
    ])
    await using feed = await follow(servers.one.wsUrl, ann.accessToken, id)
    const document = await restore(snapshot.id)
    expect(document.fields).toEqual({ same: 1, changed: 'old', removed: [1] })
    expect(document.clock).toEqual({ server: 1, c: 1, r: 1 })
    const [, delta] = await feed.got(2)
    expect(delta).toMatchObject({ __typename: 'DocumentDelta', clientId: 'r', clock: { server: 1, c: 1, r: 1 } })
    if (delta?.__typename === 'DocumentDelta')
      expect(delta.writes.map(({ path, deleted }) => [path, deleted]).sort()).toEqual([
        ['added', true],
        ['changed', false],
        ['removed', false],
      ])
    // Nothing differs any more, so nothing is written.
    expect((await restore(snapshot.id)).clock).toEqual({ server: 1, c: 1, r: 1 })
    // Who wrote before the snapshot was restored loses to it, and who writes after it wins.
    const late = await push(id, 2, [{ path: 'removed', value: 'late', timestamp: new Date(Date.now() - 60_000).toISOString() }])
    expect(late).toMatchObject({ applied: false })
    await push(id, 3, [{ path: 'added', value: 2 }])
    expect((await read(id))?.fields).toEqual({ same: 1, changed: 'old', removed: [1], added: 2 })
  })

  test('of many fields come back in as many changes as it takes', async () => {
    const id = await newDocument(Object.fromEntries(Array.from({ length: 2_500 }, (_, index) => [`p${index}`, index])))
    const snapshot = await take(id)
    for (let part = 0; part < 3; part++)
      await push(
        id,
        part + 1,
        Array.from({ length: part < 2 ? 1_000 : 500 }, (_, index) => ({ path: `p${part * 1_000 + index}`, delete: true })),
      )
    expect((await read(id))?.fields).toEqual({})
    const document = await restore(snapshot.id)
    expect(document.fields).toEqual(snapshot.fields)
    expect(document.clock).toMatchObject({ r: 3 })
  })

  test('are not restored by a client that has used up its counter: its clock could not be sent any more', async () => {
    const id = await newDocument({ a: 1 })
    const snapshot = await take(id)
    await push(id, Number.MAX_SAFE_INTEGER, [{ path: 'a', value: 2 }])
    expect(await refusalOf(ann.ask(restoreSnapshot, { input: { id: snapshot.id, clientId: 'c' } }))).toEqual({
      code: 'BAD_USER_INPUT',
      field: 'input.clientId',
    })
    expect((await read(id))?.fields).toEqual({ a: 2 })
    expect((await restore(snapshot.id)).clock).toEqual({ server: 1, c: Number.MAX_SAFE_INTEGER, r: 1 })
  })

  test('are taken and restored once for one idempotency key', async () => {
    const id = await newDocument({ a: 1 })
    const key = { label: 'x', idempotencyKey: `take-${v7()}` }
    const [one, other] = await Promise.all([take(id, key), take(id, key)])
    expect(one.id).toBe(other.id)
    expect(await codeOf(ann.ask(createSnapshot, { input: { documentId: id, ...key, label: 'y' } }))).toBe('IDEMPOTENCY_MISMATCH')
    await push(id, 1, [{ path: 'a', value: 2 }])
    const again = { idempotencyKey: `back-${v7()}` }
    await restore(one.id, again)
    await push(id, 2, [{ path: 'a', value: 3, timestamp: new Date(Date.now() + 10_000).toISOString() }])
    expect((await restore(one.id, again)).fields).toEqual({ a: 3 })
  })

  test('are gone once deleted, and the document stays', async () => {
    const id = await newDocument({ a: 1 })
    const { id: snapshotId } = await take(id)
    expect(await ann.run(deleteSnapshot, { input: { id: snapshotId } })).toEqual({ deleteSnapshot: { deletedId: snapshotId } })
    expect(await codeOf(ann.ask(deleteSnapshot, { input: { id: snapshotId } }))).toBe('NOT_FOUND')
    expect(await codeOf(ann.ask(restoreSnapshot, { input: { id: snapshotId, clientId: 'r' } }))).toBe('NOT_FOUND')
    expect(await read(id)).toMatchObject({ fields: { a: 1 } })
  })

  test('of a deleted document can be read and not restored', async () => {
    const id = await newDocument({ a: 1 })
    const snapshot = await take(id)
    await push(id, 1, [{ path: 'a', value: 2 }])
    await ann.run(deleteDocument, { input: { id } })
    expect((await list(id)).nodes).toHaveLength(1)
    expect(await codeOf(ann.ask(restoreSnapshot, { input: { id: snapshot.id, clientId: 'r' } }))).toBe('CONFLICT')
  })

  test('take a label of at most 200 characters, a client id of at most 128, and WRITE access', async () => {
    const id = await newDocument()
    const { id: snapshotId } = await take(id, { label: 'x'.repeat(200) })
    for (const label of ['x'.repeat(201), '\0', '\ud800'])
      expect(await refusalOf(ann.ask(createSnapshot, { input: { documentId: id, label } }))).toEqual({ code: 'BAD_USER_INPUT', field: 'input.label' })
    for (const clientId of ['', 'x'.repeat(129), 'a\0'])
      expect(await refusalOf(ann.ask(restoreSnapshot, { input: { id: snapshotId, clientId } }))).toEqual({
        code: 'BAD_USER_INPUT',
        field: 'input.clientId',
      })
    await ann.run(setAccess, { input: { resourceId: id, userId: bob.id, access: 'READ' } })
    expect((await bob.run(readSnapshot, { id: snapshotId })).node).toMatchObject({ id: snapshotId })
    expect(await codeOf(bob.ask(deleteSnapshot, { input: { id: snapshotId } }))).toBe('FORBIDDEN')
  })

  test(`come by themselves every ${every} changes; the newest ${keptCount} are kept, and none that somebody took`, async () => {
    const id = await newDocument()
    const taken = await take(id, { label: 'by hand' })
    const automatic = async () => (await list(id)).nodes.filter(node => node.label === null)
    let counter = 0
    for (let round = 1; round <= 4; round++) {
      while (counter < round * every - 1) await push(id, ++counter, [{ path: 'n', value: counter }])
      // A change before the snapshot is due, there is none for this round.
      const before = (await automatic()).map(node => node.clock['c'])
      expect(before).not.toContain(round * every)
      await push(id, ++counter, [{ path: 'n', value: counter }])
      const newest = await until('the snapshot', async () => (await automatic()).find(node => (node.clock['c'] ?? 0) >= round * every))
      expect(newest.fields).toEqual({ n: round * every })
      expect((await automatic()).length).toBeLessThanOrEqual(keptCount)
    }
    await delay(50)
    expect((await automatic()).map(node => node.fields)).toEqual([{ n: 20 }, { n: 15 }])
    expect((await list(id)).nodes.map(node => node.id)).toContain(taken.id)
  })

  test('show one moment of what others write meanwhile', async () => {
    const id = await newDocument()
    const writers = ['a', 'b', 'c']
    const works = writers.map(async clientId => {
      for (let value = 1; value <= 30; value++)
        await ann.run(pushDelta, { input: { documentId: id, clientId, clock: { [clientId]: value }, writes: [{ path: clientId, value }] } })
    })
    let isOver = false
    const over = Promise.all(works).then(() => {
      isOver = true
    })
    while (!isOver) {
      const { fields, clock } = await take(id, { label: 'meanwhile' })
      expect(fields).toEqual(clock)
    }
    await over
    for (const { fields, clock } of (await list(id)).nodes) expect(fields).toEqual(clock)
    expect((await take(id)).fields).toEqual({ a: 30, b: 30, c: 30 })
  })

  test('come by themselves under many pushes at once, too', async () => {
    const id = await newDocument()
    await Promise.all(Array.from({ length: 23 }, (_, index) => push(id, index + 1, [{ path: `p${index}`, value: index }])))
    await until('the snapshots', async () => (await list(id)).nodes.length === keptCount)
    await delay(100)
    expect((await list(id)).nodes).toHaveLength(keptCount)
    for (const { fields, clock } of (await list(id)).nodes) {
      expect(Object.keys(clock)).toEqual(['c'])
      expect(Object.keys(fields as object).length).toBeGreaterThanOrEqual(every)
    }
  })
})
