import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hashOf } from '../../src/audit/entry.ts'
import { readEntries } from '../../src/audit/store.ts'
import { verifyChain } from '../../src/audit/verify.ts'
import type { Database } from '../../src/platform/database.ts'
import { codeOf, type Node, signUp, startNode, startWorld } from '../accounts/world.ts'
import { modes } from '../harness/modes.ts'
import { runVerify } from './verify-run.ts'

const dayMs = 86_400_000
type World = Awaited<ReturnType<typeof startWorld>>

const record = (node: Node, target: string, details: Record<string, unknown> = {}) =>
  node.services.feed.transact(tx => node.services.audit.record(tx, { userId: null, ip: '192.0.2.1' }, 'deleted', { target, details }))
const rowsOf = ({ database }: Node) => readEntries(database.db, 0, 100_000)
const seqsOf = async (node: Node) => (await rowsOf(node)).map(({ seq }) => seq)

/** What somebody with the database in their hands may do to it; each is undone by going back. */
const tamperings: Readonly<Record<string, readonly [what: string, fault: RegExp]>> = {
  'a changed action': [`update audit_entries set action = 'sign-in' where seq = 4`, /^entry 4 \(aud_.*was changed/],
  'a changed target': [`update audit_entries set target = 'user_b' where seq = 4`, /^entry 4 .*was changed/],
  'another actor': [`update audit_entries set actor_id = 'user_b' where seq = 4`, /^entry 4 .*was changed/],
  'another address': [`update audit_entries set ip = null where seq = 4`, /^entry 4 .*was changed/],
  'another time': [`update audit_entries set at = at + interval '1 millisecond' where seq = 4`, /^entry 4 .*was changed/],
  'other details': [`update audit_entries set details = '{"n": 1}' where seq = 4`, /^entry 4 .*was changed/],
  'another id': [`update audit_entries set id = 'aud_0' where seq = 4`, /^entry 4 .*was changed/],
  'a changed hash': [`update audit_entries set hash = repeat('a', 64) where seq = 4`, /^entry 4 .*was changed/],
  'a changed previous hash': [`update audit_entries set previous_hash = repeat('a', 64) where seq = 4`, /^entry 4 .*was changed/],
  'a row that is missing': ['delete from audit_entries where seq = 4', /^entry 4 is missing before entry 5 \(aud_/],
  'the oldest rows missing': ['delete from audit_entries where seq < 3', /^entries 1 to 2 are missing before entry 3/],
  'the newest row missing': ['delete from audit_entries where seq = 8', /^entry 8 is missing at the end/],
  'all rows missing': ['delete from audit_entries', /^entries 1 to 8 are missing at the end/],
  'two rows in each other’s place': [
    'update audit_entries set seq = -seq where seq in (4, 5); update audit_entries set seq = 9 + seq where seq < 0',
    /^entry 4 .*was changed/,
  ],
  'a row that was put in at the end': [
    `insert into audit_entries select 9, 'aud_x', at, actor_id, actor_by, action, target, ip, details, hash, hash from audit_entries where seq = 8`,
    /^entry 9 .*was changed/,
  ],
  'an anchor that was made up': [`insert into audit_anchors values (3, repeat('a', 64), now())`, /^entry 4 .*does not follow/],
}

describe.each(modes)('the chain on %s', mode => {
  let node: World
  beforeAll(async () => {
    node = await startWorld(mode, { AUDIT_LOG_TTL_DAYS: '30', FEED_MAX_CHANGES: '3' })
    for (let index = 1; index <= 8; index++) await record(node, `doc_${index}`, { text: 'é"\n\u202e', list: [1, { b: 2, a: null }], nul: '\0\ud800' })
  })
  afterAll(() => node[Symbol.asyncDispose]())

  /** As it would be found after these statements, which never come to be. */
  async function verdictAfter(
    statements: string,
    known: Parameters<typeof verifyChain>[1] = null,
    tamper?: (tx: Parameters<Parameters<Database['transact']>[0]>[0]) => Promise<void>,
  ) {
    const undo = new Error('undo')
    let fault: string | null = 'none was looked for'
    await node.database
      .transact(async tx => {
        for (const statement of statements.split(';').filter(text => text.trim() !== '')) await tx.execute(sql.raw(statement))
        await tamper?.(tx)
        // It reads in the transaction that holds the changes, which can't be frozen any more.
        const inside = new Proxy(tx, { get: (target, name) => (name === 'execute' ? executeIn(target) : Reflect.get(target, name)) })
        fault = (await verifyChain({ transact: work => work(inside) }, known)).fault
        throw undo
      })
      .catch(error => {
        if (error !== undo) throw error
      })
    return fault
  }

  test('holds, with text of every kind in it', async () => {
    expect(await verifyChain(node.database)).toMatchObject({ held: 8, fault: null })
    const [entry] = await rowsOf(node)
    expect(entry?.details).toEqual({ text: 'é"\ufffd\ufffd', list: [1, { b: 2, a: null }], nul: '\ufffd\ufffd' })
  })

  test.each(Object.entries(tamperings))('shows %s', async (_, [what, fault]) => {
    expect(await verdictAfter(what)).toMatch(fault)
  })

  test('shows an entry that was changed with its own hash, by the one behind it', async () => {
    const fault = await verdictAfter('', null, async tx => {
      const [fourth] = await readEntries(tx, 3, 1)
      const changed = { ...fourth!, target: 'user_b' }
      await tx.execute(sql`update audit_entries set target = 'user_b', hash = ${hashOf(changed)} where seq = 4`)
    })
    expect(fault).toMatch(/^entry 5 .*does not follow/)
  })

  test('that was written anew as a whole is shown by a hash that was noted earlier', async () => {
    const rows = await rowsOf(node)
    const known = { seq: 6, hash: rows[5]!.hash }
    const rewrite: Parameters<typeof verdictAfter>[2] = async tx => {
      let previousHash = rows[2]!.hash
      for (const row of rows.slice(3)) {
        const changed = { ...row, target: 'user_b', previousHash }
        await tx.execute(
          sql`update audit_entries set target = 'user_b', previous_hash = ${previousHash}, hash = ${hashOf(changed)} where seq = ${row.seq}`,
        )
        previousHash = hashOf(changed)
      }
    }
    expect(await verdictAfter('', null, rewrite)).toBeNull()
    expect(await verdictAfter('', known, rewrite)).toMatch(/^entry 6 .*another hash than was noted/)
    expect(await verdictAfter('', known)).toBeNull()
    expect(await verdictAfter('', { seq: 9, hash: known.hash })).toMatch(/^entry 9 is missing at the end/)
  })

  test('goes on from its anchor when what is older than is kept goes, whoever sweeps at the same time', async () => {
    await using other = mode === 'embedded' ? null : await startNode(node.env)
    const before = await rowsOf(node)
    node.clock.forward(20 * dayMs)
    await record(node, 'doc_9')
    node.clock.forward(11 * dayMs)
    other?.clock.forward(31 * dayMs)
    await Promise.all([node, node, other ?? node, other ?? node].map(({ services }) => services.sweep()))
    expect(await seqsOf(node)).toEqual([9])
    expect(await verifyChain(node.database)).toMatchObject({ held: 1, fault: null, last: { seq: 9 } })
    expect(await verifyChain(node.database, { seq: 8, hash: before[7]!.hash })).toMatchObject({ fault: null, outlivesNote: false })
    expect(await verifyChain(node.database, { seq: 7, hash: before[6]!.hash })).toMatchObject({ fault: null, outlivesNote: true })
    expect((await verifyChain(node.database, { seq: 8, hash: before[6]!.hash })).fault).toMatch(/another hash than was noted/)
    expect(await verdictAfter('delete from audit_anchors')).toMatch(/^entries 1 to 8 are missing before entry 9/)
    expect(await verdictAfter(`update audit_anchors set hash = repeat('a', 64)`)).toMatch(/^entry 9 .*does not follow/)

    // Nothing is left, and what comes still follows on what is gone.
    node.clock.forward(20 * dayMs)
    await node.services.sweep()
    expect(await seqsOf(node)).toEqual([])
    expect(await verifyChain(node.database)).toMatchObject({ held: 0, fault: null, last: { seq: 9 } })
    await record(node, 'doc_10')
    expect(await verifyChain(node.database)).toMatchObject({ held: 1, fault: null, last: { seq: 10 } })
  })

  test('is no shorter for it when the feed keeps less; who would go on from there is told', async () => {
    const { audit } = node.services
    for (let index = 0; index < 5; index++) await record(node, 'doc_11')
    await node.services.sweep()
    expect(await seqsOf(node)).toEqual([10, 11, 12, 13, 14, 15])
    expect(await verifyChain(node.database)).toMatchObject({ held: 6, fault: null })
    expect(await codeOf(audit.subscribe(null, audit.cursorOf({ seq: 10 })))).toBe('RESYNC_REQUIRED')
    const page = { first: 10, after: audit.cursorOf({ seq: 13 }), actorId: null, action: null }
    expect((await audit.list(page)).rows.map(({ seq }) => seq)).toEqual([12, 11, 10])
    const reader = await audit.subscribe(null, audit.cursorOf({ seq: 13 }))
    expect([await reader.next(), await reader.next()].map(({ value }) => value)).toEqual([{ seq: 14 }, { seq: 15 }])
    await reader.return()
  })

  test('has an entry if and only if what it tells of was done, and lets nobody wait in a circle', async () => {
    const { feed, audit } = node.services
    const head = (await seqsOf(node)).at(-1)!
    await expect(
      feed.transact(async tx => {
        await audit.record(tx, { userId: null, ip: null }, 'deleted', { target: 'never' })
        throw new Error('not done')
      }),
    ).rejects.toThrow('not done')
    await feed.transact(tx => feed.open(tx, 'contended', 'test'))
    const change = { kind: 'test', payload: {}, actorId: null, clientId: null, clientCounter: null }
    // Each tells of what it does before it does it; the lock of the log is taken last all the same.
    await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        feed.transact(async tx => {
          if (index % 2 === 0) await audit.record(tx, { userId: null, ip: null }, 'deleted', { target: `even_${index}` })
          await feed.append(tx, 'contended', [change])
          await audit.record(tx, { userId: null, ip: null }, 'deleted', { target: `all_${index}` })
        }),
      ),
    )
    expect(await seqsOf(node)).toEqual(Array.from({ length: head - 9 + 60 }, (_, index) => 10 + index))
    expect((await rowsOf(node)).some(({ target }) => target === 'never')).toBe(false)
    expect(await verifyChain(node.database)).toMatchObject({ fault: null })
  })

  test('keeps entries for good with AUDIT_LOG_TTL_DAYS=0', async () => {
    if (mode === 'embedded') return
    const count = (await seqsOf(node)).length
    await using forever = await startNode({ ...node.env, AUDIT_LOG_TTL_DAYS: '0' })
    forever.clock.forward(10_000 * dayMs)
    await forever.services.audit.sweep()
    expect(await seqsOf(node)).toHaveLength(count)
  })
})

/** Leaves out what makes a transaction see one moment. */
function executeIn(tx: Parameters<Parameters<Database['transact']>[0]>[0]) {
  return (query: Parameters<typeof tx.execute>[0]) =>
    JSON.stringify((query as { queryChunks?: unknown }).queryChunks ?? '').includes('isolation level') ? Promise.resolve() : tx.execute(query)
}

describe('the command that verifies', () => {
  test.each(['embedded', 'postgres'] as const)(
    'reads the database that is configured, and its exit code tells what it found, on %s',
    async mode => {
      const world = await startWorld(mode)
      const env = {
        NODE_ENV: 'test',
        DATA_DIR: world.env['DATA_DIR'] ?? '',
        DATABASE_URL: world.env['DATABASE_URL'] ?? '',
        JWT_SECRET: world.env['JWT_SECRET'] ?? '',
      }
      try {
        await signUp(world)
        await record(world, 'doc_2')
        await record(world, 'doc_3')
        if (mode === 'embedded') await world.services[Symbol.asyncDispose]()
        if (mode === 'embedded') await world.database[Symbol.asyncDispose]()
        const good = await runVerify(env)
        expect(good).toMatchObject({ code: 0, output: expect.stringMatching(/is as it was written: 3 entries, 1 to 3\. .* 3:[\da-f]{64}/) })
        const link = /3:[\da-f]{64}/.exec(good.output)?.[0] ?? ''
        expect(await runVerify(env, link)).toMatchObject({ code: 0 })
        expect(
          await runVerify(
            env,
            link.replace(/.$/, end => (end === '0' ? '1' : '0')),
          ),
        ).toMatchObject({ code: 1, output: expect.stringContaining('entry 3 (aud_') })
        expect(await runVerify(env, 'nonsense')).toMatchObject({ code: 2, output: expect.stringContaining('audit:verify') })
        if (mode === 'embedded') return
        world.clock.forward(40 * dayMs)
        await world.services.sweep()
        expect(await runVerify(env, link.replace('3:', '2:'))).toMatchObject({ code: 2, output: expect.stringContaining('begins behind it') })
        for (const target of ['doc_4', 'doc_5', 'doc_6']) await record(world, target)
        await world.database.db.execute(sql`update audit_entries set target = 'doc_7' where seq = 5`)
        expect(await runVerify(env)).toMatchObject({
          code: 1,
          output: expect.stringMatching(/not as it was written: entry 5 \(aud_.* 1 entry, 4 to 4/),
        })
      } finally {
        await world[Symbol.asyncDispose]()
      }
    },
    180_000,
  )

  test('says so when there is no database to read', async () => {
    expect(await runVerify({ NODE_ENV: 'test', DATA_DIR: '/nowhere/at/all' })).toMatchObject({
      code: 2,
      output: expect.stringContaining('/nowhere/at/all'),
    })
    const away = { NODE_ENV: 'test', DATABASE_URL: 'postgres://127.0.0.1:1/none', JWT_SECRET: `${'x'.repeat(20)}for the tests only` }
    expect(await runVerify(away)).toMatchObject({ code: 2, output: expect.stringContaining('DATABASE_URL') })
  })
})
