import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { clientOf, codeOf, type Person, refusalOf, sharedServers, signUp } from '../harness/client.ts'
import { modes } from '../harness/modes.ts'
import { deleteRecord, putRecord, readNode } from './operations.ts'
import { collectionOf, iso, newName, shortOf, timeOf } from './world.ts'

describe.each(modes)('a record on %s', mode => {
  const servers = sharedServers(mode)
  let ann: Person
  beforeAll(async () => {
    ann = await signUp(servers.one.url, 'ann')
  })
  const fresh = () => collectionOf(ann, newName())

  test('is put, read, put again and found by its id', async () => {
    const box = fresh()
    const startedAt = Date.now()
    const value = { deep: [1, null, { text: 'ü' }], zero: 0 }
    const first = await box.put('theme', value)
    expect(first).toMatchObject({ applied: true, conflict: null, record: { collection: box.ref.collection, key: 'theme', value, version: 1 } })
    expect(first.record.id).toMatch(/^rec_/)
    expect(first.record).toMatchObject({ deletedAt: null, expiresAt: null })
    expect(timeOf(first.record.updatedAt)).toBeGreaterThanOrEqual(startedAt)
    expect(await box.get('theme')).toMatchObject({ ...first.record, owner: { id: ann.id } })
    const second = await box.put('theme', 'dark')
    expect(second).toMatchObject({ applied: true, record: { id: first.record.id, value: 'dark', version: 2 } })
    expect((await ann.run(readNode, { id: first.record.id })).node).toMatchObject({ id: first.record.id, value: 'dark', owner: { id: ann.id } })
    const collectionId = (await box.get('theme'))?.collectionId ?? ''
    expect((await ann.run(readNode, { id: collectionId })).node).toEqual({ id: collectionId, name: box.ref.collection, recordCount: 1 })
    expect(await box.get('other')).toBeNull()
  })

  test.each([null, true, false, 0, -1.5, 9007199254740991, '', '10.5', 'null', [], {}, [[]], { a: null }])(
    'gives the value %j back as it was',
    async value => {
      const box = fresh()
      await box.put('k', value)
      expect((await box.get('k'))?.value).toEqual(value)
      expect((await box.page()).nodes[0]?.value).toEqual(value)
    },
  )

  test('keeps keys that differ apart, whatever they look like', async () => {
    const box = fresh()
    const keys = [
      'a',
      'A',
      ' ',
      '%',
      'a b',
      '__proto__',
      'constructor',
      'é',
      'e\u0301',
      "'; drop table records; --",
      '🌊'.repeat(128),
      'x'.repeat(256),
    ]
    for (const key of keys) await box.put(key, key)
    for (const key of keys) expect((await box.get(key))?.value).toBe(key)
    expect((await box.listed())?.recordCount).toBe(keys.length)
  })

  describe('under LAST_WRITE_WINS', () => {
    test('an earlier write loses and is told the winner; a tie and a later one win', async () => {
      const box = fresh()
      const now = Date.now() - 5_000
      const { record } = await box.put('k', 'now', { updatedAt: iso(now) })
      const lost = await box.put('k', 'late', { updatedAt: iso(now - 1) })
      expect(lost).toEqual({ applied: false, record, conflict: { existing: record, reason: 'The stored record was written later.' } })
      expect(await box.get('k')).toMatchObject(record)
      expect(await box.put('k', 'tie', { updatedAt: iso(now) })).toMatchObject({ applied: true, record: { value: 'tie', version: 2 } })
      expect(await box.put('k', 'later', { updatedAt: iso(now + 1) })).toMatchObject({
        applied: true,
        record: { value: 'later', version: 3, updatedAt: iso(now + 1) },
      })
    })

    test('instants are compared, and not how they are written', async () => {
      const box = fresh()
      await box.put('k', 'noon', { updatedAt: '2026-01-31T12:00:00.500Z' })
      expect((await box.put('k', 'before', { updatedAt: '2026-01-31T23:00:00.499+11:00' })).applied).toBe(false)
      expect((await box.put('k', 'before', { updatedAt: '2026-01-31T12:00:00Z' })).applied).toBe(false)
      expect(await box.put('k', 'same', { updatedAt: '2026-01-31T10:00:00.500-02:00' })).toMatchObject({
        applied: true,
        record: { updatedAt: '2026-01-31T12:00:00.500Z' },
      })
      expect((await box.put('k', 'after', { updatedAt: '2026-01-31T04:00:00.501-08:00' })).applied).toBe(true)
    })

    test('a write without a time is as new as the server', async () => {
      const box = fresh()
      await box.put('k', 1, { updatedAt: iso(Date.now() - 1_000) })
      expect((await box.put('k', 2)).applied).toBe(true)
      expect((await box.put('k', 3, { updatedAt: iso(Date.now() - 1_000) })).applied).toBe(false)
    })
  })

  test('under SERVER_TIME every write applies, with the server’s time', async () => {
    const box = fresh()
    await box.put('k', 'ahead', { updatedAt: iso(Date.now() + 50_000) })
    const before = Date.now()
    for (const updatedAt of ['1999-01-01T00:00:00Z', '2999-01-01T00:00:00Z', null]) {
      const { applied, record } = await box.put('k', updatedAt, { conflictPolicy: 'SERVER_TIME', updatedAt })
      expect(applied).toBe(true)
      expect(timeOf(record.updatedAt)).toBeGreaterThanOrEqual(before)
      expect(timeOf(record.updatedAt)).toBeLessThanOrEqual(Date.now())
    }
  })

  describe('under MAX_NUMERIC', () => {
    const conflictPolicy = 'MAX_NUMERIC'
    test('the greater number stays, whenever it was written', async () => {
      const box = fresh()
      const now = Date.now() - 1_000
      await box.put('k', 5, { conflictPolicy, updatedAt: iso(now) })
      for (const value of [5, 4, -1]) {
        expect(await box.put('k', value, { conflictPolicy })).toMatchObject({
          applied: false,
          record: { value: 5, version: 1 },
          conflict: { existing: { value: 5 }, reason: 'The stored number is as great or greater.' },
        })
      }
      expect(await box.put('k', 5.5, { conflictPolicy, updatedAt: iso(now - 60_000) })).toMatchObject({
        applied: true,
        record: { value: 5.5, version: 2, updatedAt: iso(now - 60_000) },
      })
    })

    test('where either is no number, the later write stays', async () => {
      const now = Date.now() - 1_000
      for (const [stored, incoming] of [
        [9, '10'],
        ['9', 10],
        [9, null],
        [[1], 2],
      ]) {
        const box = fresh()
        await box.put('k', stored, { updatedAt: iso(now) })
        expect((await box.put('k', incoming, { conflictPolicy, updatedAt: iso(now - 1) })).applied).toBe(false)
        expect((await box.put('k', incoming, { conflictPolicy, updatedAt: iso(now) })).applied).toBe(true)
      }
    })

    test('a deleted record has no number', async () => {
      const box = fresh()
      const now = Date.now() - 1_000
      await box.put('k', 9, { updatedAt: iso(now - 10) })
      await box.remove('k', { updatedAt: iso(now) })
      expect(await box.put('k', 100, { conflictPolicy, updatedAt: iso(now - 1) })).toMatchObject({
        applied: false,
        conflict: { reason: 'The record was deleted later than this was written.' },
      })
      expect(await box.put('k', 1, { conflictPolicy, updatedAt: iso(now) })).toMatchObject({ applied: true, record: { value: 1, version: 3 } })
    })
  })

  describe('deleted', () => {
    test('is gone for readers, and stays as a tombstone that competes', async () => {
      const box = fresh()
      const { record } = await box.put('k', 'v')
      const gone = await box.remove('k')
      expect(gone).toMatchObject({ applied: true, conflict: null, record: { id: record.id, key: 'k', value: null, version: 2 } })
      expect(timeOf(gone.record.deletedAt)).toBeGreaterThanOrEqual(timeOf(record.updatedAt))
      expect(gone.record.updatedAt).toBe(gone.record.deletedAt)
      expect(await box.get('k')).toBeNull()
      expect((await ann.run(readNode, { id: record.id })).node).toBeNull()
      expect((await box.page()).nodes).toEqual([])
      expect((await box.page({ includeDeleted: true })).nodes).toEqual([gone.record])
      expect((await box.listed())?.recordCount).toBe(0)
      const lost = await box.put('k', 'old', { updatedAt: iso(timeOf(record.updatedAt) - 1) })
      expect(lost).toMatchObject({
        applied: false,
        record: gone.record,
        conflict: { existing: gone.record, reason: 'The record was deleted later than this was written.' },
      })
      expect(await box.put('k', 'back')).toMatchObject({ applied: true, record: { id: record.id, value: 'back', version: 3, deletedAt: null } })
    })

    test('without a time it goes even if its writer’s clock was ahead, and stands against that write', async () => {
      const box = fresh()
      const ahead = iso(Date.now() + 50_000)
      await box.put('k', 'v', { updatedAt: ahead })
      expect(await box.remove('k')).toMatchObject({ applied: true, record: { updatedAt: ahead, deletedAt: ahead } })
      expect((await box.put('k', 'again', { updatedAt: iso(timeOf(ahead) - 1) })).applied).toBe(false)
    })

    test('at a time of its own it may lose to what was written later', async () => {
      const box = fresh()
      const now = Date.now() - 1_000
      const { record } = await box.put('k', 'v', { updatedAt: iso(now) })
      expect(await box.remove('k', { updatedAt: iso(now - 1) })).toEqual({
        applied: false,
        record,
        conflict: { existing: record, reason: 'The stored record was written later.' },
      })
      expect(await box.remove('k', { updatedAt: iso(now) })).toMatchObject({ applied: true, record: { deletedAt: iso(now), version: 2 } })
    })

    test('again, nothing changes and nothing is told; what never was is not found', async () => {
      const box = fresh()
      await box.put('k', 'v')
      const { record } = await box.remove('k')
      await using feed = await box.follow(servers.one.wsUrl)
      expect(await box.remove('k')).toEqual({ applied: false, record, conflict: null })
      expect(await box.remove('k', { updatedAt: '2020-01-01T00:00:00Z' })).toEqual({ applied: false, record, conflict: null })
      expect(await box.removeRefusal('never')).toEqual({ code: 'NOT_FOUND' })
      await box.put('end', 1)
      expect(shortOf(await feed.got(2))).toEqual([['PUT', 'end', 1, 1]])
    })

    test('by a put, it goes by the put’s policy and leaves a tombstone even where nothing was', async () => {
      const box = fresh()
      const now = Date.now() - 1_000
      expect(await box.put('k', undefined, { delete: true, updatedAt: iso(now) })).toMatchObject({
        applied: true,
        record: { value: null, version: 1, deletedAt: iso(now), updatedAt: iso(now) },
      })
      expect((await box.put('k', 'old', { updatedAt: iso(now - 1) })).applied).toBe(false)
      await box.put('k', 7, { updatedAt: iso(now + 1) })
      expect((await box.put('k', null, { delete: true, updatedAt: iso(now) })).applied).toBe(false)
      expect((await box.put('k', null, { delete: true, updatedAt: iso(now), conflictPolicy: 'MAX_NUMERIC' })).applied).toBe(false)
      expect(await box.put('k', null, { delete: true, conflictPolicy: 'SERVER_TIME' })).toMatchObject({ applied: true, record: { version: 3 } })
    })
  })

  test('a time to live holds until the next put that gives none', async () => {
    const box = fresh()
    const before = Date.now()
    const { record } = await box.put('k', 1, { ttlSeconds: 3600 })
    const expiresAt = timeOf(record.expiresAt)
    expect(expiresAt).toBeGreaterThanOrEqual(before + 3_600_000)
    expect(expiresAt).toBeLessThanOrEqual(Date.now() + 3_600_000)
    expect((await box.put('k', 2)).record.expiresAt).toBeNull()
    expect((await box.put('k', 3, { ttlSeconds: 2_147_483_647 })).record.expiresAt).not.toBeNull()
    expect((await box.remove('k')).record.expiresAt).toBeNull()
  })

  test('a retry with the same key takes effect once and gets the first answer, whatever came between', async () => {
    const box = fresh()
    const [putKey, lostKey, removeKey] = [randomUUID(), randomUUID(), randomUUID()]
    const updatedAt = iso(Date.now() - 1_000)
    const first = await box.put('k', { a: [1] }, { idempotencyKey: putKey, ttlSeconds: 900 })
    const lost = await box.put('k', 'x', { idempotencyKey: lostKey, updatedAt })
    expect(lost.applied).toBe(false)
    const removed = await box.remove('k', { idempotencyKey: removeKey })
    await box.put('k', 'since')
    expect(await box.put('k', { a: [1] }, { idempotencyKey: putKey, ttlSeconds: 900 })).toEqual(first)
    expect(await box.put('k', 'x', { idempotencyKey: lostKey, updatedAt })).toEqual(lost)
    expect(await box.remove('k', { idempotencyKey: removeKey })).toEqual(removed)
    expect(await box.get('k')).toMatchObject({ value: 'since', version: 3 })
    expect(await box.putRefusal('k', 'other', { idempotencyKey: putKey })).toEqual({ code: 'IDEMPOTENCY_MISMATCH', field: 'input.idempotencyKey' })
    expect(await box.putRefusal('k', 1, { idempotencyKey: 'short' })).toEqual({ code: 'BAD_USER_INPUT', field: 'input.idempotencyKey' })
  })

  test('retries sent at once take effect once', async () => {
    const box = fresh()
    const idempotencyKey = randomUUID()
    const answers = await Promise.all(Array.from({ length: 12 }, () => box.put('k', 'v', { idempotencyKey })))
    expect(new Set(answers.map(answer => JSON.stringify(answer))).size).toBe(1)
    expect((await box.get('k'))?.version).toBe(1)
  })

  describe('is refused', () => {
    const bad = (field: string) => ({ code: 'BAD_USER_INPUT', field })
    const nested = (depth: number): unknown => JSON.parse('['.repeat(depth) + ']'.repeat(depth))

    test('with a name or a key that is none', async () => {
      const box = fresh()
      for (const text of ['', 'x'.repeat(257), 'a\0b', '\ud800', 'x\udc00y']) {
        expect(await box.putRefusal(text, 1), JSON.stringify(text)).toEqual(bad('input.key'))
        expect(await collectionOf(ann, text).putRefusal('k', 1), JSON.stringify(text)).toEqual(bad('input.collection'))
        expect(await box.removeRefusal(text)).toEqual(bad('input.key'))
        expect(await collectionOf(ann, text).removeRefusal('k')).toEqual(bad('input.collection'))
        expect(await collectionOf(ann, text).pageRefusal()).toEqual(bad('collection'))
        await expect(collectionOf(ann, text).follow(servers.one.wsUrl)).rejects.toThrow('BAD_USER_INPUT')
        expect(await codeOf(box.get(text))).toBe('BAD_USER_INPUT')
      }
      expect(await collectionOf(ann, box.ref.collection, 'a\0b').putRefusal('k', 1)).toEqual(bad('input.owner'))
      expect(await collectionOf(ann, box.ref.collection, '\ud800').pageRefusal()).toEqual(bad('owner'))
    })

    test('with a value that is none, too deep or too large', async () => {
      const box = fresh()
      expect(await box.putRefusal('k', undefined)).toEqual(bad('input.value'))
      for (const value of ['a\0b', ['\ud800'], { '\0': 1 }, 2 ** 60, nested(65)]) expect(await box.putRefusal('k', value)).toEqual(bad('input.value'))
      for (const literal of ['1e999', '{"__proto__":1}', '-0', '9007199254740993']) {
        const body = `{"query":"mutation($input: PutRecordInput!) { putRecord(input: $input) { applied } }","variables":{"input":{"collection":"c","key":"k","value":${literal}}}}`
        expect(await codeOf(ann.post(body)), literal).toBe('BAD_USER_INPUT')
      }
      expect((await box.put('deep', nested(64))).applied).toBe(true)
      expect(await box.putRefusal('k', 'x'.repeat(256 * 1024 - 1))).toEqual({ code: 'PAYLOAD_TOO_LARGE', field: 'input.value' })
      expect((await box.put('large', 'x'.repeat(256 * 1024 - 2))).applied).toBe(true)
      expect(await box.get('k')).toBeNull()
    })

    test('with a time that can’t be, or a time to live that is none', async () => {
      const box = fresh()
      expect(await box.putRefusal('k', 1, { updatedAt: iso(Date.now() + 61_500) })).toEqual({ code: 'CLOCK_SKEW', field: 'input.updatedAt' })
      expect((await box.put('k', 1, { updatedAt: iso(Date.now() + 55_000) })).applied).toBe(true)
      expect(await box.removeRefusal('k', { updatedAt: iso(Date.now() + 61_500) })).toEqual({ code: 'CLOCK_SKEW', field: 'input.updatedAt' })
      for (const updatedAt of ['1969-12-31T23:59:59.999Z', '0001-01-01T00:00:00Z', '0000-01-01T00:00:00Z'])
        expect(await box.putRefusal('k', 1, { updatedAt }), updatedAt).toMatchObject({ code: 'BAD_USER_INPUT' })
      for (const updatedAt of ['yesterday', '', '2026-02-30T00:00:00Z', '1700000000'])
        expect((await box.putRefusal('k', 1, { updatedAt }))?.code, updatedAt).toBe('BAD_USER_INPUT')
      expect((await box.put('old', 1, { updatedAt: '1970-01-01T00:00:00Z' })).applied).toBe(true)
      for (const ttlSeconds of [0, -1, -(2 ** 31)]) expect(await box.putRefusal('k', 1, { ttlSeconds })).toEqual(bad('input.ttlSeconds'))
      for (const ttlSeconds of [0.5, 2 ** 31]) expect((await box.putRefusal('k', 1, { ttlSeconds }))?.code).toBe('BAD_USER_INPUT')
    })

    test('when it deletes and puts at the same time, or by a policy that is none', async () => {
      const box = fresh()
      expect(await box.putRefusal('k', 1, { delete: true })).toEqual(bad('input.value'))
      expect(await box.putRefusal('k', undefined, { delete: true, ttlSeconds: 5 })).toEqual(bad('input.ttlSeconds'))
      const query = 'mutation { putRecord(input: { collection: "c", key: "k", value: 1, conflictPolicy: FIRST }) { applied } }'
      expect(await codeOf(ann.post(JSON.stringify({ query })))).toBe('BAD_USER_INPUT')
    })

    test('from whoever is not signed in', async () => {
      const nobody = clientOf(servers.one.url)
      const input = { collection: 'c', key: 'k' }
      expect(await refusalOf(nobody.ask(putRecord, { input: { ...input, value: 1 } }))).toEqual({ code: 'UNAUTHENTICATED' })
      expect(await refusalOf(nobody.ask(deleteRecord, { input }))).toEqual({ code: 'UNAUTHENTICATED' })
    })
  })

  test('a refused put makes no collection', async () => {
    const box = fresh()
    await box.putRefusal('', 1)
    await box.putRefusal('k', 1, { updatedAt: iso(Date.now() + 90_000) })
    expect(await box.listed()).toBeUndefined()
  })
})
