import { randomBytes } from 'node:crypto'
import { setTimeout as delay, setImmediate as turn } from 'node:timers/promises'
import { Client } from 'pg'
import { v7 } from 'uuid'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Viewer } from '../../src/access/viewer.ts'
import { DatabaseLostError } from '../../src/platform/database.ts'
import { newId } from '../../src/platform/ids.ts'
import type { Services } from '../../src/services.ts'
import { outcomeOf, startServices, viewerOf } from '../feed/service-node.ts'
import { type Environment, environmentOf } from '../harness/modes.ts'
import { listenToStatements, type Statement } from '../harness/statements.ts'
import { until } from '../harness/wait.ts'

const listening = listenToStatements()
const range = (count: number) => Array.from({ length: count }, (_, index) => index)

describe.each(['embedded', 'postgres'] as const)('pushes that come together on %s', mode => {
  let environment: Environment
  /** Two where the database takes more than one. */
  const nodes: Services[] = []
  let ann: Viewer
  let bob: Viewer
  let people = 0
  const register = async (node: Services, name: string) => {
    const { user } = await node.accounts.register(
      { email: `${name}.${++people}@example.org`, password: 'correct horse battery' },
      { ip: '127.0.0.1', userAgent: null },
    )
    return viewerOf(user.id)
  }
  const at = (index: number) => nodes.at(index) as Services
  beforeAll(async () => {
    environment = await environmentOf(mode)
    for (let count = mode === 'embedded' ? 1 : 2; count > 0; count--)
      nodes.push(await startServices({ ...environment.env, HEAL_INTERVAL_MS: '3600000', CLEANUP_INTERVAL_MS: '3600000' }))
    ann = await register(at(0), 'ann')
    bob = await register(at(0), 'bob')
  })
  afterAll(async () => {
    for (const node of nodes) await node[Symbol.asyncDispose]()
    await environment?.[Symbol.asyncDispose]()
  })

  const newDocuments = async (count: number) => {
    const ids: string[] = []
    for (let left = count; left > 0; left--) ids.push((await at(0).documents.create(ann, {})).id)
    return ids
  }
  const inputOf = (documentId: string, more = {}) => ({ documentId, clientId: 'c', clock: { c: 1 }, writes: [{ path: 'x', value: 1 }], ...more })
  const push = (documentId: string, more = {}, by = ann, node = at(0)) => outcomeOf(node.documents.push(by, inputOf(documentId, more)))
  /** What is in the log of a document: values in their order. */
  const logOf = async (documentId: string) => {
    const [page] = await at(0).documents.catchUp([{ id: documentId, after: null, since: null, first: 100_000 }], 16 * 1024 ** 2)
    if (!page || page instanceof Error) throw new Error('The log is too heavy, or pruned.', { cause: page })
    return page.rows.flatMap(({ writes }) => writes.map(({ value }) => value))
  }

  test('take as many statements for fifty documents as for one', async () => {
    const ids = await newDocuments(50)
    const statementsOf = async (documentIds: readonly string[], key?: string) => {
      const more = (id: string) => (key === undefined ? {} : { idempotencyKey: `${key} ${id}` })
      const { statements } = await listening.during(/./, () => Promise.all(documentIds.map(id => push(id, more(id)))))
      return statements.filter(({ text }) => /documents|document_|streams|memberships|idempotency|begin|commit/i.test(text))
    }
    const textsOf = (statements: readonly Statement[]) => statements.map(({ text }) => text)
    const one = await statementsOf(ids.slice(0, 1))
    expect(one.length).toBeGreaterThan(3)
    const all = await statementsOf(ids)
    expect(textsOf(all)).toEqual(textsOf(one))
    for (const id of ids) expect((await logOf(id)).at(-1)).toBe(1)
    if (mode === 'embedded') return
    // What is sent while nothing is unanswered begins a flight.
    const flightsOf = (statements: readonly Statement[]) => statements.filter(({ behind }) => behind === 0).map(({ text }) => text.split(' ')[0])
    expect(flightsOf(all)).toEqual(['begin;', 'with'])
    expect(flightsOf(await statementsOf(ids, 'a key for each'))).toEqual(['begin;', 'with', 'insert'])
  })

  test('of which some are bad fail alone, each as if it had come alone', async () => {
    const ids = await newDocuments(50)
    const [mine = '', deleted = '', readable = '', usedKey = ''] = ids
    const foreign = (await at(0).documents.create(bob, {})).id
    await at(0).documents.remove(ann, { id: deleted })
    await at(0).members.set(ann, { resourceId: readable, userId: bob.userId, access: 'READ' })
    const idempotencyKey = `key ${v7()}`
    await push(usedKey, { idempotencyKey })
    const ahead = new Date(Date.now() + 120_000)
    const bad: readonly (readonly [code: string, work: () => Promise<unknown>])[] = [
      ['NOT_FOUND', () => push(foreign)],
      ['NOT_FOUND', () => push(newId('doc'))],
      ['FORBIDDEN', () => push(readable, {}, bob)],
      ['CONFLICT', () => push(deleted)],
      ['IDEMPOTENCY_MISMATCH', () => push(usedKey, { idempotencyKey, clientId: 'other', clock: { other: 1 } })],
      ['IDEMPOTENCY_MISMATCH', () => push(mine, { idempotencyKey })],
      ['CLOCK_SKEW', () => push(mine, { writes: [{ path: 'x', value: 2, timestamp: ahead }] })],
      ['BAD_USER_INPUT', () => push(mine, { writes: [{ path: 'x', value: '\ud800' }] })],
      ['BAD_USER_INPUT', () => push(mine, { writes: [{ path: '\0', value: 1 }] })],
      ['BAD_USER_INPUT', () => push(mine, { idempotencyKey: 'short' })],
    ]
    const good = ids.filter(id => id !== deleted)
    const works = [...good.map(id => () => push(id, { clientId: 'good', clock: { good: 1 } })), ...bad.map(([, work]) => work)]
    // Bad ones between good ones.
    const order = range(works.length).toSorted((a, b) => ((a * 7) % works.length) - ((b * 7) % works.length))
    const outcomes = new Map<number, unknown>()
    await Promise.all(order.map(async index => outcomes.set(index, await works[index]?.())))
    expect(bad.map((_, index) => outcomes.get(good.length + index))).toEqual(bad.map(([code]) => code))
    for (const [index, id] of good.entries()) {
      expect(outcomes.get(index)).toMatchObject({ documentId: id, applied: true })
      expect(await logOf(id)).toEqual(id === usedKey ? [1, 1] : [1])
    }
    expect(await logOf(deleted)).toEqual([])
  })

  test('keep the order of each document, and repeat within the batch what has the same key', async () => {
    const ids = await newDocuments(10)
    const idempotencyKey = `key ${v7()}`
    const outcomes = await Promise.all(
      range(100).flatMap(count => [
        push(ids[count % 10] ?? '', { clock: { c: count + 1 }, writes: [{ path: 'x', value: count }] }),
        push(ids[0] ?? '', { clientId: 'keyed', clock: { keyed: 1 }, writes: [{ path: 'y', value: 'once' }], idempotencyKey }),
      ]),
    )
    expect(outcomes.every(outcome => typeof outcome !== 'string' && outcome.applied)).toBe(true)
    for (const [index, id] of ids.entries())
      expect((await logOf(id)).filter(value => value !== 'once')).toEqual(range(10).map(round => round * 10 + index))
    expect((await logOf(ids[0] ?? '')).filter(value => value === 'once')).toHaveLength(1)
  })

  test('with one key for two documents are answered as if one had come after the other, whichever is refused', async () => {
    const [first = '', second = '', deleted = ''] = await newDocuments(3)
    await at(0).documents.remove(ann, { id: deleted })
    const [blocker, taken, mismatch] = await Promise.all([
      push(first),
      ...[first, second].map(id => push(id, { clientId: 'k', clock: { k: 1 }, idempotencyKey: 'for two documents' })),
    ])
    expect([blocker, taken]).toMatchObject([{ applied: true }, { applied: true }])
    expect(mismatch).toBe('IDEMPOTENCY_MISMATCH')
    // A refusal uses no key up.
    const outcomes = await Promise.all([push(first), ...[deleted, second].map(id => push(id, { idempotencyKey: 'refused for one of them' }))])
    expect(outcomes.slice(1)).toMatchObject(['CONFLICT', { applied: true }])
  })

  test('of which one is large keep the order of its document', async () => {
    const [id = '', other = ''] = await newDocuments(2)
    const large = range(400).map(index => ({ path: `p${index}`, value: 'large' }))
    await Promise.all([
      push(other),
      push(id, { writes: [{ path: 'x', value: 'before' }] }),
      push(id, { clock: { c: 2 }, writes: large }),
      push(id, { clock: { c: 3 }, writes: [{ path: 'x', value: 'after' }] }),
    ])
    expect(await logOf(id)).toEqual(['before', ...large.map(({ value }) => value), 'after'])
  })

  test('keep it as well where the next ones come while the batch with the large one is under way', async () => {
    const [id = '', other = ''] = await newDocuments(2)
    const large = range(400).map(index => ({ path: `p${index}`, value: 'large' }))
    const first = [push(other), push(id, { writes: large })]
    await turn()
    await Promise.all([...first, push(id, { clock: { c: 2 }, writes: [{ path: 'x', value: 'after' }] })])
    expect(await logOf(id)).toEqual([...large.map(({ value }) => value), 'after'])
  })

  test('leave out one with few writes that are heavy, or with a heavy clock', async () => {
    const [light = '', other = '', valued = '', clocked = ''] = await newDocuments(4)
    const clock = { c: 1, ...Object.fromEntries(range(1_000).map(index => [`another client, ${'long'.repeat(10)} ${index}`, 1])) }
    const { statements } = await listening.during(/into document_fields/, () =>
      Promise.all([push(light), push(other), push(valued, { writes: [{ path: 'x', value: 'v'.repeat(100_000) }] }), push(clocked, { clock })]),
    )
    expect(statements.map(({ values }) => values[1])).toEqual(expect.arrayContaining([[light, other], [valued], [clocked]]))
    for (const id of [light, other, valued, clocked]) expect(await logOf(id)).toHaveLength(1)
  })

  const isReadingValues = /^with recursive/
  const old = new Date('2026-01-01')
  const kib = 1024

  test('are told the values they lose to whole, however large, and of others none is read', async () => {
    const [id = ''] = await newDocuments(1)
    const large = 'v'.repeat(256 * kib - 2)
    const values = {
      large,
      noise: randomBytes(100 * kib).toString('hex'),
      small: 1.5,
      nothing: null,
      nested: { a: [large.slice(0, 9 * kib)] },
      numeral: '10.5',
    }
    const paths = Object.keys(values)
    await push(id, { writes: [...Object.entries(values).map(([path, value]) => ({ path, value })), { path: 'gone', delete: true }] })
    const losing = (names: readonly string[]) => ({
      clientId: 'late',
      clock: { late: 1 },
      writes: names.map(path => ({ path, value: 'late', timestamp: old })),
    })
    const told = await push(id, losing([...paths, 'gone']))
    expect(told).toMatchObject({ applied: false })
    const superseded = typeof told === 'string' ? [] : told.superseded
    expect(Object.fromEntries(superseded.map(({ path, value }) => [path, value]))).toEqual({ ...values, gone: null })
    expect(superseded.every(({ deleted, path, clientId }) => deleted === (path === 'gone') && clientId === 'c')).toBe(true)

    const { statements } = await listening.during(isReadingValues, () =>
      Promise.all([push(id, losing(['small', 'gone'])), push(id, { clock: { c: 2 }, writes: [{ path: 'large', value: 'later' }] })]),
    )
    expect(statements.map(({ values }) => values[1])).toEqual([['small']])
  })

  test('with one stamp for two values leave the same one behind, whichever came first', async () => {
    const ids = await newDocuments(2)
    const timestamp = new Date()
    const values = [{ text: 'b'.repeat(10 * kib) }, { text: 'a'.repeat(20 * kib) }]
    for (const [index, id] of ids.entries()) {
      const order = index === 0 ? values : values.toReversed()
      for (const value of order) await push(id, { writes: [{ path: 'x', value, timestamp }] })
      expect((await at(0).documents.readSingleFields([{ id, path: 'x' }]))[0]?.value).toEqual(values[0])
    }
  })

  test('of which one loses to more than an answer may hold are each taken, but for that one', async () => {
    const ids = await newDocuments(8)
    const [heavy = ''] = ids
    const writes = range(70).map(index => ({ path: `p${index}`, value: 'v'.repeat(256 * kib - 2) }))
    for (const part of [writes.slice(0, 35), writes.slice(35)]) expect(await push(heavy, { writes: part })).toMatchObject({ applied: true })
    const losing = (count: number) => ({
      clientId: 'late',
      clock: { late: 1 },
      writes: writes.slice(0, count).map(({ path }) => ({ path, value: 1, timestamp: old })),
    })
    const outcomes = await Promise.all([...ids.map(id => push(id, { clock: { c: 3 }, writes: [{ path: 'y', value: id }] })), push(heavy, losing(70))])
    expect(outcomes.slice(0, -1)).toMatchObject(ids.map(() => ({ applied: true })))
    expect(outcomes.at(-1)).toBe('QUERY_TOO_COMPLEX')
    const told = await push(heavy, losing(50))
    expect(typeof told === 'string' ? told : told.superseded.map(({ value }) => String(value).length)).toEqual(range(50).map(() => 256 * kib - 2))
  })

  test('that repeat calls with heavy outcomes are answered as before, though not in one', async () => {
    const ids = await newDocuments(6)
    const losing = (id: string) => ({
      clientId: 'late',
      clock: { late: 1 },
      writes: [{ path: 'x', value: 1, timestamp: old }],
      idempotencyKey: `heavy outcome of ${id}`,
    })
    const values = ids.map(() => randomBytes(60 * kib).toString('hex'))
    for (const [index, id] of ids.entries()) {
      await push(id, { writes: [{ path: 'x', value: values[index] }] })
      expect(await push(id, losing(id))).toMatchObject({ superseded: [{ value: values[index] }] })
      await push(id, { clock: { c: 2 }, writes: [{ path: 'x', value: 'another' }] })
    }
    expect(await Promise.all(ids.map(id => push(id, losing(id))))).toMatchObject(values.map(value => ({ superseded: [{ value }] })))
  })

  // The embedded database is one connection: nobody else holds a lock there, comes from another node, or is cut off.
  if (mode !== 'postgres') return

  test.each(['documents', 'streams'])('wait for a row of %s that is locked elsewhere only if they need it, and keep their order', async table => {
    const [locked = '', ...free] = await newDocuments(20)
    const elsewhere = new Client({ connectionString: environment.env['DATABASE_URL'] ?? '' })
    await elsewhere.connect()
    try {
      await elsewhere.query('begin')
      await elsewhere.query(`select from ${table} where id = $1 for update`, [locked])
      const settled: unknown[] = []
      const waiting = range(5).map(async count => {
        settled.push(await push(locked, { clock: { c: count + 1 }, writes: [{ path: 'x', value: count }] }))
      })
      for (const round of range(5))
        expect(await Promise.all(free.map(id => push(id, { clock: { c: round + 1 } })))).toMatchObject(free.map(() => ({ applied: true })))
      expect(settled).toEqual([])
      await elsewhere.query('rollback')
      await Promise.all(waiting)
      expect(settled).toMatchObject(range(5).map(() => ({ applied: true })))
      expect(await logOf(locked)).toEqual(range(5))
    } finally {
      await elsewhere.end()
    }
  })

  test('from two nodes, to many documents in opposite orders, are each answered, with no deadlock', async () => {
    const ids = await newDocuments(30)
    const database = new Client({ connectionString: environment.env['DATABASE_URL'] ?? '' })
    await database.connect()
    const deadlocks = async () => {
      await database.query('select pg_stat_clear_snapshot()')
      return (await database.query('select deadlocks::int from pg_stat_database where datname = current_database()')).rows[0]?.deadlocks as number
    }
    const before = await deadlocks()
    const rounds = 12
    const pushAll = async (node: Services, clientId: string, order: readonly string[]) => {
      for (let round = 1; round <= rounds; round++) {
        const outcomes = await Promise.all(
          order.map(id =>
            push(id, { clientId, clock: { [clientId]: round }, writes: [{ path: clientId, value: `${clientId} ${round}` }] }, ann, node),
          ),
        )
        expect(outcomes).toMatchObject(order.map(() => ({ applied: true })))
      }
    }
    await Promise.all([
      pushAll(at(0), 'a', ids),
      pushAll(at(1), 'b', ids.toReversed()),
      pushAll(at(0), 'c', ids.toReversed()),
      pushAll(at(1), 'd', ids),
    ])
    for (const id of ids) {
      const log = await logOf(id)
      for (const clientId of ['a', 'b', 'c', 'd'])
        expect(log.filter(value => String(value).startsWith(clientId))).toEqual(range(rounds).map(round => `${clientId} ${round + 1}`))
    }
    await until('statistics', async () => (await deadlocks()) >= before)
    expect(await deadlocks()).toBe(before)
    const { rows } = await database.query(
      'select id from streams s where kind = $1 and head - floor <> (select count(*) from changes where stream_id = s.id)',
      ['document'],
    )
    expect(rows).toEqual([])
    await database.end()
  })

  test('whose connections are cut in the middle lose nothing that was acknowledged, and take effect once when they come again', async () => {
    const ids = await newDocuments(12)
    const database = new Client({ connectionString: environment.env['DATABASE_URL'] ?? '' })
    await database.connect()
    let cuts = 0
    const cutting = (async () => {
      for (const deadline = Date.now() + 20_000; cuts < 12 && Date.now() < deadline; await delay(20 + Math.random() * 150)) {
        const { rowCount } = await database.query(
          "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'tidemark' and xact_start is not null",
        )
        cuts += rowCount ?? 0
      }
    })()
    let lost = 0
    const pushUntilDone = async (documentId: string, value: number, node: Services) => {
      const more = {
        clientId: `c${value}`,
        clock: { [`c${value}`]: 1 },
        writes: [{ path: `p${value}`, value }],
        idempotencyKey: `key ${documentId} ${value}`,
      }
      for (;;) {
        try {
          return await node.documents.push(ann, inputOf(documentId, more))
        } catch (error) {
          if (!(error instanceof DatabaseLostError)) throw error
          lost += 1
        }
      }
    }
    const values: number[] = []
    // On a slow machine less gets through between two cuts, and it goes on for longer.
    for (let isOver = false; !isOver; isOver = cuts >= 12 && lost > 0) {
      const round = range(20).map(value => values.length + value)
      values.push(...round)
      const outcomes = await Promise.all(ids.flatMap(id => round.map(value => pushUntilDone(id, value, at(value % 2)))))
      expect(outcomes.every(({ applied }) => applied)).toBe(true)
    }
    await cutting
    await database.end()
    for (const id of ids) expect((await logOf(id)).toSorted((a, b) => Number(a) - Number(b))).toEqual(values)
  }, 60_000)
})
