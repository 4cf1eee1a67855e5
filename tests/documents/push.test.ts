import { v7 } from 'uuid'
import { beforeAll, describe, expect, test } from 'vitest'
import type { FieldWriteInput } from '../generated/graphql.ts'
import { codeOf, follow, type Person, refusalOf, sharedServers, signUp } from '../harness/client.ts'
import { modes } from '../harness/modes.ts'
import { createDocument, pushDelta, readDocument, readField } from '../harness/operations.ts'

const at = (ms: number) => new Date(ms).toISOString()

describe.each(modes)('a push on %s', mode => {
  const servers = sharedServers(mode)
  let ann: Person
  let id: string
  beforeAll(async () => {
    ann = await signUp(servers.one.url, 'ann')
  })
  const newDocument = async () => {
    id = (await ann.run(createDocument, { input: {} })).createDocument.document.id
    return id
  }
  const inputOf = (clientId: string, counter: number, writes: FieldWriteInput[], more = {}) => ({
    input: { documentId: id, clientId, clock: { [clientId]: counter }, writes, ...more },
  })
  const push = async (...input: Parameters<typeof inputOf>) => (await ann.run(pushDelta, inputOf(...input))).pushDelta
  const refusal = (...input: Parameters<typeof inputOf>) => refusalOf(ann.ask(pushDelta, inputOf(...input)))
  const field = async (path: string) => (await ann.run(readField, { id, path })).document?.field
  const read = async () => {
    const { document } = await ann.run(readDocument, { id })
    if (!document) throw new Error('The document is gone.')
    return document
  }

  test('writes fields, and is told as the feed shows it', async () => {
    await newDocument()
    const before = await read()
    await using feed = await follow(servers.one.wsUrl, ann.accessToken, id)
    const startedAt = Date.now()
    const { applied, delta, superseded, document } = await push('laptop', 1, [
      { path: 'title', value: 'Tide' },
      { path: 'tags', value: ['a', { b: null }], timestamp: '2026-01-31T13:00:00.123+01:00' },
      { path: 'gone', delete: true },
    ])
    expect({ applied, superseded }).toEqual({ applied: true, superseded: [] })
    expect(delta).toMatchObject({
      documentId: id,
      clientId: 'laptop',
      clock: { laptop: 1 },
      author: { id: ann.id },
      writes: [
        { path: 'title', value: 'Tide', deleted: false, clientId: 'laptop', counter: 1 },
        { path: 'tags', value: ['a', { b: null }], deleted: false, timestamp: '2026-01-31T12:00:00.123Z' },
        { path: 'gone', value: null, deleted: true },
      ],
    })
    expect(Date.parse(delta?.writes[0]?.timestamp ?? '')).toBeGreaterThanOrEqual(startedAt)
    expect(document.fields).toEqual({ title: 'Tide', tags: ['a', { b: null }] })
    expect(document.cursor).toBe(delta?.cursor)
    const now = await read()
    expect(now.clock).toEqual({ laptop: 1 })
    expect(Date.parse(now.updatedAt)).toBeGreaterThan(Date.parse(before.updatedAt))
    const [, item] = await feed.got(2)
    expect(item).toMatchObject({ cursor: delta?.cursor, clientId: 'laptop', clock: { laptop: 1 } })
    expect(await field('gone')).toMatchObject({ deleted: true, value: null, clientId: 'laptop', counter: 1 })
  })

  test('loses to what is newer, field by field, and is told the winners', async () => {
    await newDocument()
    const now = Date.now()
    await push('a', 1, [
      { path: 'x', value: 'new', timestamp: at(now) },
      { path: 'y', value: 'old', timestamp: at(now - 10_000) },
    ])
    const second = await push('b', 1, [
      { path: 'x', value: 'late', timestamp: at(now - 1) },
      { path: 'y', value: 'newer', timestamp: at(now - 9_999) },
    ])
    expect(second.applied).toBe(true)
    expect(second.delta?.writes.map(write => write.path)).toEqual(['y'])
    expect(second.superseded).toEqual([{ path: 'x', value: 'new', deleted: false, timestamp: at(now), clientId: 'a', counter: 1 }])
    expect(second.document.fields).toEqual({ x: 'new', y: 'newer' })
  })

  test('is ordered by timestamp, then counter, then client id', async () => {
    await newDocument()
    const timestamp = at(Date.now() - 1_000)
    const winnerAfter = async (clientId: string, counter: number, value: string) => {
      await push(clientId, counter, [{ path: 'x', value, timestamp }])
      return (await field('x'))?.value
    }
    expect(await winnerAfter('m', 5, 'first')).toBe('first')
    expect(await winnerAfter('z', 4, 'lower counter')).toBe('first')
    expect(await winnerAfter('a', 5, 'lower client')).toBe('first')
    expect(await winnerAfter('n', 5, 'higher client')).toBe('higher client')
    expect(await winnerAfter('M', 5, 'capitals come before small letters')).toBe('higher client')
    expect(await winnerAfter('a', 6, 'higher counter')).toBe('higher counter')
    expect(await winnerAfter('a', 6, 'higher counter')).toBe('higher counter')
  })

  test('that says another thing under the very same stamp is settled by the value, whatever came first', async () => {
    const timestamp = at(Date.now() - 1_000)
    const writes: FieldWriteInput[] = [
      { path: 'x', value: { b: 1, a: 2 }, timestamp },
      { path: 'x', value: 'text', timestamp },
      { path: 'x', delete: true, timestamp },
    ]
    for (const order of [writes, writes.toReversed()]) {
      await newDocument()
      for (const write of order) await push('same', 1, [write])
      expect(await field('x')).toMatchObject({ deleted: true })
      for (const write of order) await push('same', 2, [{ ...write, path: 'y', delete: write.delete ?? false }])
    }
    for (const order of [writes.slice(0, 2), writes.slice(0, 2).toReversed()]) {
      await newDocument()
      for (const write of order) await push('same', 1, [write])
      expect((await field('x'))?.value).toEqual({ b: 1, a: 2 })
    }
  })

  test('deletes with a tombstone, which older writes go on losing to', async () => {
    await newDocument()
    const now = Date.now()
    await push('a', 1, [{ path: 'x', value: 1, timestamp: at(now - 5_000) }])
    await push('a', 2, [{ path: 'x', delete: true, timestamp: at(now - 3_000) }])
    expect((await read()).fields).toEqual({})
    const late = await push('b', 1, [{ path: 'x', value: 'late', timestamp: at(now - 4_000) }])
    expect(late).toMatchObject({ applied: false, delta: null, superseded: [{ path: 'x', deleted: true, value: null, clientId: 'a' }] })
    await push('b', 2, [{ path: 'x', value: 'back', timestamp: at(now - 2_000) }])
    expect((await read()).fields).toEqual({ x: 'back' })
  })

  test('from long ago is welcome, and one from more than a minute ahead is not', async () => {
    await newDocument()
    await push('a', 1, [{ path: 'x', value: 'past', timestamp: '1971-01-01T00:00:00Z' }])
    expect((await read()).fields).toEqual({ x: 'past' })
    expect(
      await refusal('a', 2, [
        { path: 'y', value: 1 },
        { path: 'x', value: 1, timestamp: at(Date.now() + 61_000) },
      ]),
    ).toEqual({
      code: 'CLOCK_SKEW',
      field: 'input.writes.1.timestamp',
    })
    expect((await read()).fields).toEqual({ x: 'past' })
    await push('a', 2, [{ path: 'x', value: 'a bit ahead', timestamp: at(Date.now() + 55_000) }])
    expect((await push('a', 3, [{ path: 'x', value: 'now' }])).applied).toBe(false)
  })

  test('from before 1970 is refused, since not every such time would come back as it was', async () => {
    await newDocument()
    for (const timestamp of ['0000-01-01T00:00:00Z', '0001-01-01T00:00:00+14:00', '0001-01-01T00:00:00Z', '1969-12-31T23:59:59.999Z'])
      expect(await refusal('a', 1, [{ path: 'x', value: 1, timestamp }])).toEqual({ code: 'BAD_USER_INPUT', field: 'input.writes.0.timestamp' })
    await push('a', 1, [{ path: 'x', value: 1, timestamp: '1970-01-01T00:00:00Z' }])
    expect((await field('x'))?.timestamp).toBe('1970-01-01T00:00:00.000Z')
  })

  test('that loses altogether leaves no trace in the feed, nor in the time of the last change', async () => {
    await newDocument()
    await push('a', 1, [{ path: 'x', value: 1 }])
    const before = await read()
    await using feed = await follow(servers.one.wsUrl, ann.accessToken, id, before.cursor)
    const lost = await push('b', 1, [{ path: 'x', value: 2, timestamp: at(Date.now() - 60_000) }])
    expect(lost).toMatchObject({ applied: false, delta: null, document: { cursor: before.cursor, fields: { x: 1 } } })
    expect((await read()).updatedAt).toBe(before.updatedAt)
    // Its clock says that it was seen: pushing it again would be of no use.
    expect((await read()).clock).toEqual({ a: 1, b: 1 })
    await push('a', 2, [{ path: 'y', value: 1 }])
    const [, next] = await feed.got(2)
    expect(next).toMatchObject({ clientId: 'a', clock: { a: 2 } })
  })

  test('with an idempotency key takes effect once, however often it comes', async () => {
    await newDocument()
    const more = { idempotencyKey: `push-${v7()}` }
    const writes = [{ path: 'x', value: 1, timestamp: at(Date.now() - 500) }]
    const answers = await Promise.all(Array.from({ length: 5 }, () => push('a', 1, writes, more)))
    await push('a', 2, [{ path: 'x', value: 2 }])
    const last = await push('a', 1, writes, more)
    expect(new Set([...answers, last].map(answer => answer.delta?.cursor)).size).toBe(1)
    expect([...answers, last].map(({ applied, superseded }) => ({ applied, superseded }))).toEqual(
      Array.from({ length: 6 }, () => ({ applied: true, superseded: [] })),
    )
    expect((await read()).fields).toEqual({ x: 2 })
    expect(await refusal('a', 1, [{ path: 'x', value: 3 }], more)).toEqual({ code: 'IDEMPOTENCY_MISMATCH', field: 'input.idempotencyKey' })
    const lost = { idempotencyKey: `push-${v7()}` }
    const old = [{ path: 'x', value: 0, timestamp: at(0) }]
    expect(await push('b', 1, old, lost)).toMatchObject({ applied: false, superseded: [{ value: 2 }] })
    await push('a', 3, [{ path: 'x', value: 3 }])
    expect(await push('b', 1, old, lost)).toMatchObject({ applied: false, superseded: [{ value: 2 }] })
  })

  test('whose key goes to two documents at the same time is taken once, and hurts nobody else', async () => {
    for (let round = 0; round < 5; round++) {
      const ids = await Promise.all([newDocument(), newDocument()])
      const idempotencyKey = `twice-${v7()}`
      const to = (documentId: string, more = {}) =>
        codeOf(ann.ask(pushDelta, { input: { ...inputOf('a', 1, [{ path: 'x', value: 1 }], more).input, documentId } }))
      const keyed = ids.map(documentId => to(documentId, { idempotencyKey }))
      const others = ids.flatMap(documentId => [1, 2, 3].map(() => to(documentId)))
      expect((await Promise.all(keyed)).toSorted()).toEqual(['IDEMPOTENCY_MISMATCH', null])
      expect(new Set(await Promise.all(others))).toEqual(new Set([null]))
    }
  })

  test('of many at once to one field leaves one winner and one change for each that won', async () => {
    await newDocument()
    await using feed = await follow(servers.one.wsUrl, ann.accessToken, id)
    const now = Date.now() - 10_000
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, index) => push(`c${index}`, 1, [{ path: 'x', value: index, timestamp: at(now + ((index * 7) % 30)) }])),
    )
    const highest = [...new Array(30).keys()].find(index => (index * 7) % 30 === 29)
    expect((await read()).fields).toEqual({ x: highest })
    const taken = answers.filter(answer => answer.applied).map(answer => answer.delta?.cursor)
    const items = await feed.got(taken.length + 1)
    expect(items.slice(1).map(item => item.cursor)).toHaveLength(taken.length)
    expect(new Set(items.slice(1).map(item => item.cursor))).toEqual(new Set(taken))
  })

  test('of which one is bad does not hurt those that came with it', async () => {
    await newDocument()
    const codes = await Promise.all([
      codeOf(ann.ask(pushDelta, inputOf('a', 1, [{ path: 'a', value: 1 }]))),
      codeOf(ann.ask(pushDelta, inputOf('b', 1, [{ path: '', value: 1 }]))),
      codeOf(ann.ask(pushDelta, inputOf('c', 1, [{ path: 'c', value: 1 }]))),
      codeOf(ann.ask(pushDelta, { input: { ...inputOf('d', 1, [{ path: 'd', value: 1 }]).input, documentId: `doc_${v7()}` } })),
    ])
    expect(codes).toEqual([null, 'BAD_USER_INPUT', null, 'NOT_FOUND'])
    expect((await read()).fields).toEqual({ a: 1, c: 1 })
  })
})
