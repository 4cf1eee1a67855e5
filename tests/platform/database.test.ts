import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadConfig } from '../../src/config.ts'
import { type Database, DatabaseLostError, openDatabase, type Tx } from '../../src/platform/database.ts'
import { createLogger } from '../../src/platform/logger.ts'
import { sqlStateOf } from '../../src/platform/sql-state.ts'
import { statement } from '../../src/platform/statement.ts'
import { type Environment, environmentOf } from '../harness/modes.ts'
import { listenToStatements } from '../harness/statements.ts'

const logger = createLogger('silent')
const listening = listenToStatements()

describe.each(['embedded', 'postgres'] as const)('the database, %s', mode => {
  let environment: Environment
  let database: Database
  beforeAll(async () => {
    environment = await environmentOf(mode)
    database = await openDatabase(loadConfig(environment.env), logger)
    await database.db.execute(sql`CREATE TABLE things (id int PRIMARY KEY, value jsonb, at timestamptz DEFAULT now())`)
  })
  afterAll(async () => {
    await database?.[Symbol.asyncDispose]()
    await environment?.[Symbol.asyncDispose]()
  })
  const ids = async () => (await database.db.execute<{ id: number }>(sql`SELECT id FROM things ORDER BY id`)).rows.map(row => row.id)

  test('answers, and says which kind it is', async () => {
    await database.ping()
    expect(database.mode).toBe(mode)
  })

  test('takes parameters, arrays, JSON and times', async () => {
    const texts = ['plain', 'with "quotes", {braces} and \\', '', 'ü🌊']
    const at = new Date('2026-01-02T03:04:05.678Z')
    const { rows } = await database.db.execute(
      sql`SELECT array_agg(t) AS texts, ${JSON.stringify({ a: ['10.5', null] })}::jsonb AS json, ${at.toISOString()}::timestamptz AS at FROM unnest(${sql.param(texts)}::text[]) t`,
    )
    expect(rows[0]).toMatchObject({ texts, json: { a: ['10.5', null] } })
    expect(new Date(String(rows[0]?.at))).toEqual(at)
  })

  test('commits all of a transaction or nothing', async () => {
    await database.transact(tx => tx.execute(sql`INSERT INTO things (id) SELECT generate_series(1, 1000)`))
    const failed = database.transact(async tx => {
      await tx.execute(sql`INSERT INTO things (id) VALUES (2000)`)
      await tx.execute(sql`INSERT INTO things (id) VALUES (1)`)
    })
    expect(sqlStateOf(await failed.catch(error => error))).toBe('23505')
    await expect(
      database.transact(tx => tx.execute(sql`INSERT INTO things (id) VALUES (3000)`).then(() => Promise.reject(new RangeError('mine')))),
    ).rejects.toThrow(new RangeError('mine'))
    expect(await ids()).toHaveLength(1000)
  })

  test('refuses what would wait for its own transaction for ever', async () => {
    await expect(database.transact(() => database.transact(async () => {}))).rejects.toThrow('inside `transact`')
    const inside = await database.transact(() => database.db.execute(sql`SELECT 1`)).catch(error => error)
    expect(String(inside.cause)).toContain('inside `transact`')
    await database.ping()
  })

  test('may be used by what a transaction left running when it ended', async () => {
    let later: Promise<unknown> | undefined
    let go = () => {}
    const ended = new Promise<void>(resolve => {
      go = resolve
    })
    await database.transact(async () => {
      later = ended.then(() => database.db.execute(sql`SELECT 1`))
    })
    go()
    await expect(later).resolves.toBeDefined()
  })

  test('serves many transactions at once', async () => {
    await database.db.execute(sql`INSERT INTO things (id, value) VALUES (-1, '0')`)
    const bump = () => database.transact(tx => tx.execute(sql`UPDATE things SET value = to_jsonb(value::int + 1) WHERE id = -1`))
    await Promise.all(Array.from({ length: 200 }, bump))
    expect((await database.db.execute(sql`SELECT value FROM things WHERE id = -1`)).rows).toEqual([{ value: 200 }])
  })

  test('does a transaction again that was rolled back for the sake of another', async () => {
    let attempts = 0
    const result = await database.transact(async tx => {
      attempts++
      await tx.execute(sql`INSERT INTO things (id) VALUES (${5000 + attempts})`)
      if (attempts < 3) await tx.execute(sql`DO $$ BEGIN RAISE EXCEPTION 'as if' USING ERRCODE = '40001'; END $$`)
      return 'done'
    })
    expect([result, attempts]).toEqual(['done', 3])
    expect((await ids()).filter(id => id > 5000)).toEqual([5003])
  })

  test('plans what goes by keys once, whatever comes with it', async () => {
    const find = statement<{ id: number }>('find things', 'SELECT id FROM things WHERE id = any($1::int[]) ORDER BY id')
    const plans = await database.transact(
      async tx => {
        await tx.execute(sql`INSERT INTO things (id) SELECT generate_series(6001, 6008)`)
        for (const ids of [[6001], [6001, 6002, 6003], [6004], [6005], [6006], [6007], [6008]])
          expect(await find(tx, ids)).toEqual(ids.map(id => ({ id })))
        const { rows } = await tx.execute(sql`SELECT generic_plans, custom_plans FROM pg_prepared_statements WHERE name = 'find things'`)
        await tx.execute(sql`DELETE FROM things WHERE id > 6000`)
        return rows
      },
      { isByKey: true },
    )
    expect(plans).toEqual([{ generic_plans: '7', custom_plans: '0' }])
  })

  describe('when it is told what is asked last', () => {
    const insert = statement<{ id: number }>('insert a thing', 'INSERT INTO things (id) VALUES ($1::int) RETURNING id')
    const insertOnce = statement('insert once', 'INSERT INTO once (id) VALUES ($1::int)')
    const raise = statement('raise', 'SELECT raised($1::text)')
    beforeAll(async () => {
      await database.db.execute(sql`CREATE TABLE once (id int UNIQUE DEFERRABLE INITIALLY DEFERRED)`)
      await database.db.execute(
        sql`CREATE FUNCTION raised(state text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'as if' USING ERRCODE = state; END $$`,
      )
    })
    const stored = async () => (await ids()).filter(id => id >= 7000)
    const failureOf = (last: (tx: Tx) => Promise<unknown>) =>
      database
        .commitWith(async tx => {
          await insert(tx, 7100)
          return () => last(tx)
        })
        .catch(error => error)

    test('commits with it, in one flight where the database takes one', async () => {
      const { result, statements } = await listening.during(/things|commit/i, () =>
        database.commitWith(async tx => {
          await insert(tx, 7000)
          return () => Promise.all([insert(tx, 7001), insert(tx, 7002)])
        }),
      )
      expect(result).toEqual([[{ id: 7001 }], [{ id: 7002 }]])
      expect(statements.map(({ text, behind }) => [text.split(' ')[0], behind])).toEqual([
        ['INSERT', 0],
        ['INSERT', 0],
        ['INSERT', mode === 'postgres' ? 1 : 0],
        ['commit', mode === 'postgres' ? 2 : 0],
      ])
      expect(await stored()).toEqual([7000, 7001, 7002])
    })

    test.each(['first', 'last'])('acknowledges and keeps nothing when one of it fails, the %s', async which => {
      const before = await stored()
      const error = await failureOf(tx =>
        Promise.all(which === 'first' ? [raise(tx, '23505'), insert(tx, 7101)] : [insert(tx, 7101), insert(tx, 7102), raise(tx, '23505')]),
      )
      expect(sqlStateOf(error)).toBe('23505')
      expect(await stored()).toEqual(before)
    })

    test('acknowledges and keeps nothing when it is COMMIT that fails', async () => {
      const before = await stored()
      expect(sqlStateOf(await failureOf(tx => Promise.all([insertOnce(tx, 1), insertOnce(tx, 1)])))).toBe('23505')
      expect(await stored()).toEqual(before)
      expect((await database.db.execute(sql`SELECT FROM once`)).rowCount).toBe(0)
    })

    test('keeps nothing when it is not asked to its end', async () => {
      const before = await stored()
      const broken = async (tx: Tx) => {
        await Promise.all([insert(tx, 7101), Promise.resolve().then(() => Promise.reject(new RangeError('mine')))])
      }
      expect(await failureOf(broken)).toEqual(new RangeError('mine'))
      const unfit = {
        toJSON() {
          throw new RangeError('unfit')
        },
      }
      expect(await failureOf(tx => Promise.all([insert(tx, 7101), insert(tx, unfit)]))).toEqual(new RangeError('unfit'))
      expect(await stored()).toEqual(before)
    })

    test('takes nothing that comes later: it would be outside', async () => {
      const before = await stored()
      const error = await failureOf(async tx => {
        await insert(tx, 7101)
        await insert(tx, 7102)
      })
      expect(error instanceof DatabaseLostError ? error.cause : error).toEqual(new Error('This transaction has been asked to end.'))
      // Where the end was on its way already, nobody is to take it for something that can be done again.
      expect(error instanceof DatabaseLostError).toBe(mode === 'postgres')
      expect(await stored()).toEqual(mode === 'postgres' ? [...before, 7100, 7101] : before)
      await database.db.execute(sql`DELETE FROM things WHERE id > 7099`)
    })

    test('does all of it again that was rolled back for the sake of another', async () => {
      let attempts = 0
      const result = await database.commitWith(async tx => {
        attempts++
        await insert(tx, 7200 + attempts)
        return async () => {
          await Promise.all([insert(tx, 7300 + attempts), ...(attempts < 3 ? [raise(tx, '40001')] : [])])
          return 'done'
        }
      })
      expect([result, attempts]).toEqual(['done', 3])
      expect((await stored()).filter(id => id > 7200)).toEqual([7203, 7303])
    })

    // The embedded database has no session that could be ended.
    if (mode === 'postgres')
      test('says that it can’t know when the connection breaks there', async () => {
        const before = await stored()
        const end = statement('end myself', 'SELECT pg_terminate_backend(pg_backend_pid()), $1::int')
        expect(await failureOf(tx => Promise.all([insert(tx, 7101), end(tx, 1), insert(tx, 7102)]))).toBeInstanceOf(DatabaseLostError)
        expect(await stored()).toEqual(before)
      })
  })
})
