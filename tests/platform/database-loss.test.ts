import { sql } from 'drizzle-orm'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadConfig } from '../../src/config.ts'
import { DatabaseLostError, type Deadlines, openDatabase } from '../../src/platform/database.ts'
import { createLogger } from '../../src/platform/logger.ts'
import { freshDatabase } from '../harness/modes.ts'
import { type Service, startPostgres } from '../harness/postgres.ts'
import { startProxy } from '../harness/proxy.ts'
import { until } from '../harness/wait.ts'

const logger = createLogger('silent')
const open = (url: string, ...rest: [] | [Deadlines]) => openDatabase(loadConfig({ DATABASE_URL: url, DATABASE_POOL_SIZE: '5' }), logger, ...rest)

describe('PostgreSQL that goes away', () => {
  let postgres: Service
  beforeAll(async () => {
    postgres = await startPostgres()
  })
  afterAll(() => postgres?.[Symbol.asyncDispose]())

  test('keeps what was acknowledged and says what is in doubt, while connections are cut under load', async () => {
    await using database = await open(postgres.url)
    await database.db.execute(sql`CREATE TABLE acknowledged (id int PRIMARY KEY)`)
    const acknowledged: number[] = []
    const faults: unknown[] = []
    let next = 0
    let going = true
    const writer = async () => {
      while (going) {
        const id = next++
        await database
          .transact(tx => tx.execute(sql`INSERT INTO acknowledged VALUES (${id})`))
          .then(
            () => acknowledged.push(id),
            error => faults.push(error),
          )
      }
    }
    const writers = Array.from({ length: 8 }, writer)
    const killer = new Client(postgres.url)
    await killer.connect()
    for (let round = 0; round < 20; round++) {
      await killer.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'tidemark'`)
      await until('more is written', () => acknowledged.length > (round + 1) * 20)
    }
    await killer.end()
    going = false
    await Promise.all(writers)
    const stored = new Set((await database.db.execute<{ id: number }>(sql`SELECT id FROM acknowledged`)).rows.map(row => row.id))
    expect(acknowledged.filter(id => !stored.has(id))).toEqual([])
    expect(faults.length).toBeGreaterThan(0)
    expect(faults.filter(fault => !(fault instanceof DatabaseLostError))).toEqual([])
  })

  test('is used again once it is back, with everything in it', async () => {
    await using database = await open(postgres.url)
    await database.db.execute(sql`CREATE TABLE kept AS SELECT 1 AS id`)
    for (const end of [postgres.stop, postgres.kill]) {
      await end()
      await expect(database.ping()).rejects.toThrow()
      await expect(database.transact(async () => {})).rejects.toBeInstanceOf(DatabaseLostError)
      await postgres.restart()
      await database.ping()
      expect((await database.db.execute(sql`SELECT id FROM kept`)).rows).toEqual([{ id: 1 }])
    }
  })

  test('does not hold anybody for ever when its link goes silent', async () => {
    await using proxy = await startProxy(postgres.port)
    await using database = await open(proxy.through(postgres.url), { connectMs: 500, statementMs: 250, answerMs: 300, pingMs: 200 })
    await database.ping()
    proxy.swallow()
    await expect(database.ping()).rejects.toThrow('within 200 ms')
    await expect(database.transact(tx => tx.execute(sql`SELECT 1`))).rejects.toBeInstanceOf(DatabaseLostError)
    proxy.flow()
    proxy.cut()
    await until('it is back', () =>
      database.ping().then(
        () => true,
        () => false,
      ),
    )
  })

  test('gives up on a statement that runs too long, and has the connection back', async () => {
    await using database = await open(postgres.url, { connectMs: 500, statementMs: 100, answerMs: 5_000, pingMs: 200 })
    const slow = await database.transact(tx => tx.execute(sql`SELECT pg_sleep(10)`)).catch(error => error)
    expect(String(slow.cause)).toContain('statement timeout')
    await database.ping()
  })
})

describe('at start', () => {
  test('ten nodes migrate an empty database at once', async () => {
    const { url, drop } = await freshDatabase()
    const databases = await Promise.all(Array.from({ length: 10 }, () => open(url)))
    const tables = await databases[0]?.db.execute(sql`SELECT count(*)::int AS count FROM drizzle.__drizzle_migrations`)
    expect(tables?.rows[0]?.count).toBeGreaterThan(0)
    const locks = await databases[0]?.db.execute(sql`SELECT count(*)::int AS count FROM pg_locks WHERE locktype = 'advisory'`)
    expect(locks?.rows).toEqual([{ count: 0 }])
    await Promise.all(databases.map(database => database[Symbol.asyncDispose]()))
    await drop()
  })

  const sentence = async (url: string) => {
    const fault = await open(url).then(
      () => null,
      error => error,
    )
    expect(fault?.name).toBe('StartError')
    return fault.message as string
  }

  test('says what to do about a database that is not there, without the password', async () => {
    const message = await sentence('postgres://someone:hidden-word@127.0.0.1:1/tidemark')
    expect(message).toMatch(/^DATABASE_URL: Nothing usable answers at 127\.0\.0\.1:1 \(.*ECONNREFUSED.*\)\. Start PostgreSQL/)
    expect(message).not.toContain('hidden-word')
    expect(await sentence('postgres://nobody.invalid/tidemark')).toContain('Nothing usable answers at nobody.invalid:5432')
  })

  test('says what to do about a missing database, a refused user and missing rights', async () => {
    await using postgres = await startPostgres()
    const client = new Client(postgres.url)
    await client.connect()
    await client.query('CREATE ROLE guest LOGIN')
    await client.query('CREATE ROLE locked')
    await client.end()
    const url = (user: string, database: string) => `postgres://${user}@127.0.0.1:${postgres.port}/${database}`
    expect(await sentence(url('postgres', 'nothing'))).toContain('has no database "nothing". Create it')
    expect(await sentence(url('locked', 'postgres'))).toContain('refuses the user "locked"')
    expect(await sentence(url('guest', 'postgres'))).toContain('The user "guest" may not create tables')
  })
})
