import { setTimeout as delay } from 'node:timers/promises'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Person, signUp, useServers } from '../harness/client.ts'
import { modes } from '../harness/modes.ts'
import { until } from '../harness/wait.ts'
import { readNode } from './operations.ts'
import { changesOf, collectionOf, iso, newName, shortOf, timeOf } from './world.ts'

describe.each(modes)('an expired record on %s', mode => {
  const swept = useServers(mode, { nodes: 2, env: { CLEANUP_INTERVAL_MS: '200' } })
  /** Never swept while the tests run. */
  const unswept = useServers(mode, { env: { CLEANUP_INTERVAL_MS: '3600000' } })
  let ann: Person
  let bob: Person
  beforeAll(async () => {
    ann = await signUp(swept.one.url, 'ann')
    bob = await signUp(unswept.one.url, 'bob')
  })
  const hasPassed = (expiresAt: string | null | undefined) => until('the expiry', () => Date.now() > timeOf(expiresAt))

  test('is a deletion at the time it expired, told once by whichever node sweeps', async () => {
    const box = collectionOf(ann, newName())
    await using one = await box.follow(swept.one.wsUrl)
    await using other = await box.follow(swept.other.wsUrl)
    const items = Array.from({ length: 40 }, (_, number) => box.input(`k${number}`, number, { ttlSeconds: 1 }))
    const results = await box.putAll([...items, box.input('stays', 1), box.input('longer', 1, { ttlSeconds: 3600 })])
    const expiresAt = results[0]?.record.expiresAt ?? ''
    await one.got(43 + 40)
    await other.got(43 + 40)
    // Whatever would come twice has come by the time these have.
    await until('further sweeps', () => Date.now() > timeOf(expiresAt) + 1_000)
    await box.put('end', 1)
    await one.got(84)
    await other.got(84)
    for (const reader of [one, other]) {
      const expiries = changesOf(reader.items).filter(({ operation }) => operation === 'EXPIRED')
      expect(expiries).toHaveLength(40)
      expect(new Set(expiries.map(({ record }) => record.key)).size).toBe(40)
      for (const { record, by } of expiries)
        expect({ ...record, by }).toMatchObject({ value: null, version: 2, updatedAt: expiresAt, deletedAt: expiresAt, expiresAt: null, by: null })
    }
    expect((await box.all()).map(({ key }) => key).sort()).toEqual(['end', 'longer', 'stays'])
    expect(await box.all({ includeDeleted: true })).toHaveLength(43)
    expect((await box.listed())?.recordCount).toBe(3)
  })

  test('that was put again in time stays', async () => {
    const box = collectionOf(ann, newName())
    const { record } = await box.put('k', 1, { ttlSeconds: 1 })
    await box.put('k', 2)
    await hasPassed(record.expiresAt)
    await delay(500)
    expect(await box.get('k')).toMatchObject({ value: 2, version: 2, expiresAt: null })
  })

  test('is nowhere to be read even before it is swept', async () => {
    const box = collectionOf(bob, newName())
    const { record } = await box.put('k', 'secret', { ttlSeconds: 1 })
    await box.put('stays', 1)
    expect(await box.get('k')).not.toBeNull()
    await hasPassed(record.expiresAt)
    expect(await box.get('k')).toBeNull()
    expect((await bob.run(readNode, { id: record.id })).node).toBeNull()
    expect((await box.page()).nodes.map(({ key }) => key)).toEqual(['stays'])
    expect((await box.page({ includeDeleted: true })).nodes.map(({ key }) => key)).toEqual(['stays'])
    expect((await box.listed())?.recordCount).toBe(1)
  })

  test('competes as a tombstone of the time it expired, and what comes over it tells of the expiry first', async () => {
    const box = collectionOf(bob, newName())
    await using feed = await box.follow(unswept.one.wsUrl)
    const keys = ['lost', 'tie', 'number', 'removed', 'batch']
    const results = await box.putAll(keys.map(key => box.input(key, 100, { ttlSeconds: 1 })))
    const expiresAt = results[0]?.record.expiresAt ?? ''
    await hasPassed(expiresAt)
    const tombstone = { value: null, version: 2, updatedAt: expiresAt, deletedAt: expiresAt, expiresAt: null }
    expect(await box.put('lost', 1, { updatedAt: iso(timeOf(expiresAt) - 1) })).toMatchObject({
      applied: false,
      record: tombstone,
      conflict: { existing: tombstone, reason: 'The record was deleted later than this was written.' },
    })
    expect(await box.put('tie', 2, { updatedAt: expiresAt })).toMatchObject({ applied: true, record: { value: 2, version: 3 } })
    expect(await box.put('number', 3, { conflictPolicy: 'MAX_NUMERIC' })).toMatchObject({ applied: true, record: { value: 3, version: 3 } })
    expect(await box.remove('removed')).toMatchObject({ applied: false, conflict: null, record: tombstone })
    expect(await box.putAll([box.input('batch', 4), box.input('batch', 5)])).toMatchObject([{ record: { version: 3 } }, { record: { version: 4 } }])
    expect(shortOf(await feed.got(6 + 9)).slice(5)).toEqual([
      ['EXPIRED', 'lost', null, 2],
      ['EXPIRED', 'tie', null, 2],
      ['PUT', 'tie', 2, 3],
      ['EXPIRED', 'number', null, 2],
      ['PUT', 'number', 3, 3],
      ['EXPIRED', 'removed', null, 2],
      ['EXPIRED', 'batch', null, 2],
      ['PUT', 'batch', 4, 3],
      ['PUT', 'batch', 5, 4],
    ])
    for (const { operation, by } of changesOf(feed.items).slice(5)) expect(by?.id ?? null).toBe(operation === 'EXPIRED' ? null : bob.id)
  })

  test('fares alike against later writes, whether or not the sweep came first', async () => {
    async function fate(box: ReturnType<typeof collectionOf>, wsUrl: string, isSwept: boolean) {
      await using feed = await box.follow(wsUrl)
      const { record } = await box.put('k', 1, { ttlSeconds: 1 })
      await hasPassed(record.expiresAt)
      if (isSwept) await feed.got(3)
      const expiresAt = timeOf(record.expiresAt)
      const results = []
      for (const [value, after] of [
        ['early', -1],
        ['late', 1],
        ['between', 0],
      ] as const) {
        const { applied, record, conflict } = await box.put('k', value, { updatedAt: iso(expiresAt + after) })
        results.push([applied, record.value, record.version, timeOf(record.updatedAt) - expiresAt, conflict?.reason])
      }
      return { results, told: shortOf(await feed.got(4)) }
    }
    const [early, late] = await Promise.all([
      fate(collectionOf(ann, newName()), swept.one.wsUrl, true),
      fate(collectionOf(bob, newName()), unswept.one.wsUrl, false),
    ])
    expect(early.results.map(([applied]) => applied)).toEqual([false, true, false])
    expect(late).toEqual(early)
  })

  test('whose writer’s clock was ahead gives way to nothing older than it', async () => {
    const box = collectionOf(bob, newName())
    const ahead = Date.now() + 50_000
    const { record } = await box.put('k', 1, { ttlSeconds: 1, updatedAt: iso(ahead) })
    await hasPassed(record.expiresAt)
    expect(await box.put('k', 'older', { updatedAt: iso(ahead - 1) })).toMatchObject({ applied: false, record: { deletedAt: record.expiresAt } })
  })
})
