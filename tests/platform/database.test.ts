import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadConfig } from '../../src/config.ts'
import { type Database, openDatabase } from '../../src/platform/database.ts'
import { createLogger } from '../../src/platform/logger.ts'
import { sqlStateOf } from '../../src/platform/sql-state.ts'
import { type Environment, environmentOf } from '../harness/modes.ts'

const logger = createLogger('silent')

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
})
