import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Person, sharedServers, signUp } from '../harness/client.ts'
import { environmentOf, modes } from '../harness/modes.ts'
import { freePort } from '../harness/places.ts'
import { startServer } from '../harness/server.ts'
import { changesOf, collectionOf, foldOf, iso, newName, shortOf } from './world.ts'

const range = (count: number) => Array.from({ length: count }, (_, index) => index)

describe.each(modes)('many writers at once on %s', mode => {
  const servers = sharedServers(mode)
  let ann: Person
  let atOther: typeof ann
  beforeAll(async () => {
    ann = await signUp(servers.one.url, 'ann')
    atOther = { ...ann, ...ann.at(servers.other.url), accessToken: ann.accessToken }
  })
  /** The same collection at both nodes, by turns. */
  function fresh() {
    const name = newName()
    const [one, other] = [collectionOf(ann, name), collectionOf(atOther, name)]
    return { one, at: (number: number) => (number % 2 ? other : one) }
  }

  test('of one key: the greatest number stays, versions have no holes, and the feed has what applied, in order', async () => {
    const { one, at } = fresh()
    await using feed = await one.follow(servers.other.wsUrl)
    const perWriter = 6
    const answers = await Promise.all(
      range(32).map(async writer => {
        const mine = []
        for (const turn of range(perWriter)) {
          const value = ((writer * 17 + turn * 29) % 193) + turn
          mine.push(await at(writer).put('counter', value, { conflictPolicy: 'MAX_NUMERIC', updatedAt: iso(Date.now() - value) }))
        }
        return mine
      }),
    )
    const all = answers.flat()
    const applied = all.filter(answer => answer.applied).toSorted((a, b) => a.record.version - b.record.version)
    const greatest = Math.max(...range(32).flatMap(writer => range(perWriter).map(turn => ((writer * 17 + turn * 29) % 193) + turn)))
    expect(await one.get('counter')).toMatchObject({ value: greatest, version: applied.length })
    expect(applied.map(({ record }) => record.version)).toEqual(range(applied.length).map(number => number + 1))
    const values = applied.map(({ record }) => record.value as number)
    expect(values).toEqual(values.toSorted((a, b) => a - b))
    expect(all.filter(answer => !answer.applied).every(({ conflict }) => conflict !== null)).toBe(true)
    const items = await feed.got(applied.length + 1)
    expect(changesOf(items).map(({ record }) => record)).toEqual(applied.map(({ record }) => record))
  })

  test('of many keys, one by one, in batches and deleting: the feed ends with what the list shows', async () => {
    const { one, at } = fresh()
    await using feed = await one.follow(servers.one.wsUrl)
    await Promise.all(
      range(24).map(async writer => {
        for (const turn of range(5)) {
          const box = at(writer)
          const key = `k${(writer + turn) % 7}`
          if (turn === 3) await box.remove(key).catch(() => null)
          else if (turn === 1) await box.putAll(range(5).map(number => box.input(`k${(writer + number) % 7}`, `${writer} ${number}`)))
          else await box.put(key, `${writer} ${turn}`)
        }
      }),
    )
    const head = (await one.page()).cursor
    await feed.got(24 * 5)
    while (feed.items.at(-1)?.cursor !== head) await feed.got(feed.items.length + 1)
    expect(new Map([...foldOf(feed.items)].sort())).toEqual(
      new Map((await one.all({ includeDeleted: true })).map(record => [record.key, record] as const).sort()),
    )
    for (const [key, changes] of Map.groupBy(changesOf(feed.items), ({ record }) => record.key))
      expect(
        changes.map(({ record }) => record.version),
        key,
      ).toEqual(range(changes.length).map(number => number + 1))
  })

  test('of a collection that is not there yet make it once', async () => {
    const { one, at } = fresh()
    await Promise.all(
      range(16).map(writer => (writer % 4 ? at(writer).put(`k${writer}`, 1) : at(writer).putAll([at(writer).input(`k${writer}`, 1)]))),
    )
    expect(await one.listed()).toMatchObject({ recordCount: 16 })
  })

  test('whose batches name the same collections in other orders all get through', async () => {
    const names = range(6).map(newName)
    await Promise.all(
      range(12).map(writer => {
        const boxes = names.map(name => collectionOf(writer % 2 ? ann : atOther, name))
        const inOrder = writer % 3 ? boxes : boxes.toReversed()
        return boxes[0]?.putAll(inOrder.flatMap(box => [box.input('k', writer), box.input(`of ${writer}`, 1)]))
      }),
    )
    for (const name of names) expect((await collectionOf(ann, name).listed())?.recordCount).toBe(13)
  })

  test('with one key for all of a batch, on both nodes: it takes effect once', async () => {
    const { one, at } = fresh()
    const idempotencyKey = randomUUID()
    const answers = await Promise.all(range(10).map(number => at(number).putAll([one.input('a', 1), one.input('a', 2)], idempotencyKey)))
    expect(new Set(answers.map(answer => JSON.stringify(answer))).size).toBe(1)
    expect(await one.get('a')).toMatchObject({ version: 2 })
  })
})

test.each([
  { mode: 'postgres', kills: 6 },
  { mode: 'embedded', kills: 4 },
] as const)(
  'kill -9 of the server in the midst of batches: each is there as a whole or not at all, and its retry does it once, $mode',
  async ({ mode, kills }) => {
    await using environment = await environmentOf(mode)
    const env = { ...environment.env, PORT: String(await freePort()) }
    let server = await startServer(env)
    try {
      const ann = await signUp(server.url, 'ann')
      const box = collectionOf(ann, 'records')
      await box.put('first', 1)
      const batchOf = (name: string) => range(1_500).map(number => box.input(`${name} ${number}`, number))
      const startedAt = Date.now()
      await box.putAll(batchOf('measured'))
      const batchMs = Date.now() - startedAt
      for (const round of range(kills)) {
        const idempotencyKey = randomUUID()
        const items = batchOf(String(round))
        const answer = box.putAll(items, idempotencyKey).then(
          () => true,
          () => false,
        )
        // From before the batch is read until after it is answered.
        await delay((round / (kills - 1)) * 1.5 * batchMs)
        await server.kill()
        const isAnswered = await answer
        server = await startServer(env)
        const found = (await box.listed())?.recordCount ?? 0
        const before = 1 + (round + 1) * items.length
        expect([before, before + items.length]).toContain(found)
        if (isAnswered) expect(found).toBe(before + items.length)
        const again = await box.putAll(items, idempotencyKey)
        expect(again.every(({ applied, record }) => applied && record.version === 1)).toBe(true)
        expect((await box.listed())?.recordCount).toBe(before + items.length)
      }
      const collection = await box.listed()
      await box.put('end', 1)
      await using feed = await box.follow(server.wsUrl, collection?.cursor ?? null)
      expect(shortOf(await feed.got(2))).toEqual([['PUT', 'end', 1, 1]])
    } finally {
      await server.kill()
    }
  },
  300_000,
)
