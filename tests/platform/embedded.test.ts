import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as delay, setImmediate as turn } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { afterEach, expect, test } from 'vitest'
import { loadConfig } from '../../src/config.ts'
import { DatabaseLostError, openDatabase } from '../../src/platform/database.ts'
import { createDatabase } from '../../src/platform/embedded/template.ts'
import { createLogger } from '../../src/platform/logger.ts'
import { environmentOf } from '../harness/modes.ts'
import { childrenOf, isRunning } from '../harness/processes.ts'
import { until } from '../harness/wait.ts'

const started: ChildProcess[] = []
const folders: string[] = []
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL')
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

const dataDir = async () => (await environmentOf('embedded')).env.DATA_DIR ?? ''
const open = (folder: string) => openDatabase(loadConfig({ DATA_DIR: folder }), createLogger('silent'))

/** A process that has the folder open; its socket lies in a folder for temporary files of its own. */
function start(folder: string, ...parameters: string[]) {
  const temporary = mkdtempSync(join(tmpdir(), 'own-'))
  folders.push(temporary)
  const child = spawn(process.execPath, [join(import.meta.dirname, 'database-process.ts'), ...parameters], {
    env: { PATH: process.env.PATH, DATA_DIR: folder, TMPDIR: temporary },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  started.push(child)
  const lines: string[] = []
  createInterface(child.stdout).on('line', line => lines.push(line))
  const ended = once(child, 'close')
  return {
    child,
    lines,
    ended,
    temporary,
    opened: () => until('it opens', () => lines.includes('open'), 50_000),
    engine: () => childrenOf(child.pid ?? 0)[0]?.pid ?? Number.NaN,
  }
}

test('a folder that another server uses is refused, and free again as soon as that one was killed', async () => {
  const folder = await dataDir()
  const first = start(folder)
  await first.opened()
  const fault = await open(folder).catch(error => error)
  expect(fault.name).toBe('StartError')
  expect(fault.message).toBe(`DATA_DIR: another server is using ${folder}. Stop it, or give this one a folder of its own.`)
  const engine = first.engine()
  first.child.kill('SIGKILL')
  await using database = await open(folder)
  await database.ping()
  await until('the engine has ended', () => !isRunning(engine))
})

test('what was acknowledged is there after kill -9 of the server, or of its engine', async () => {
  const folder = await dataDir()
  const rows: number[] = []
  for (const victim of ['server', 'engine', 'both']) {
    const writer = start(folder, 'write')
    await until('it writes', () => writer.lines.length > 100, 50_000)
    const engine = writer.engine()
    if (victim !== 'server') process.kill(engine, 'SIGKILL')
    if (victim !== 'engine') writer.child.kill('SIGKILL')
    await writer.ended
    await until('the engine has ended', () => !isRunning(engine))
    rows.push(...writer.lines.map(Number).filter(Number.isInteger))
    expect(readdirSync(folder).sort()).toEqual(expect.arrayContaining(['database', 'database.lock']))
  }
  await using database = await open(folder)
  const { rows: stored } = await database.db.execute<{ id: number }>(sql`SELECT id FROM written`)
  const found = new Set(stored.map(row => row.id))
  expect(rows.filter(id => !found.has(id))).toEqual([])
})

test('an engine that dies is started again, and the server goes on', async () => {
  const before = new Set(enginesOfThisProcess())
  await using database = await open(await dataDir())
  await database.db.execute(sql`CREATE TABLE kept AS SELECT 1 AS id`)
  const [engine] = enginesOfThisProcess().filter(pid => !before.has(pid))
  process.kill(engine ?? Number.NaN, 'SIGKILL')
  await until('it is noticed', () =>
    database.ping().then(
      () => false,
      () => true,
    ),
  )
  await until('it is back', () =>
    database.ping().then(
      () => true,
      () => false,
    ),
  )
  expect((await database.db.execute(sql`SELECT id FROM kept`)).rows).toEqual([{ id: 1 }])
})

const enginesOfThisProcess = () =>
  childrenOf(process.pid)
    .filter(({ command }) => command.includes('embedded/child.ts'))
    .map(({ pid }) => pid)

test('a query without an end costs its own connection; the next one starts afresh, prepared statements and locks included', async () => {
  const deadlines = { connectMs: 10_000, statementMs: 200, answerMs: 300, pingMs: 5_000 }
  await using database = await openDatabase(loadConfig({ DATA_DIR: await dataDir() }), createLogger('silent'), deadlines)
  const session = () => database.db.execute(sql`SELECT current_setting('own.mark', true) AS mark`).then(({ rows }) => rows[0]?.mark || null)
  const prepared = () => database.db.select({ one: sql<number>`1` }).from(sql`(SELECT) AS nothing`).prepare('one').execute()
  await database.db.execute(sql`SET own.mark = 'here'`)
  expect([await prepared(), await prepared(), await session()]).toEqual([[{ one: 1 }], [{ one: 1 }], 'here'])
  await expect(database.transact(tx => tx.execute(sql`SELECT pg_sleep(2)`))).rejects.toBeInstanceOf(DatabaseLostError)
  await until('the engine is free', () =>
    database.ping().then(
      () => true,
      () => false,
    ),
  )
  expect([await prepared(), await session()]).toEqual([[{ one: 1 }], null])
})

test('Ctrl-C, which reaches the engine as well, lets the server finish first; an orderly end leaves no socket behind', async () => {
  const server = start(await dataDir())
  await server.opened()
  const engine = server.engine()
  process.kill(engine, 'SIGINT')
  process.kill(engine, 'SIGTERM')
  await delay(200)
  expect(isRunning(engine)).toBe(true)
  expect(readdirSync(server.temporary).filter(name => name.startsWith('tidemark-'))).toHaveLength(1)
  server.child.kill('SIGTERM')
  expect(await server.ended).toEqual([0, null])
  expect(isRunning(engine)).toBe(false)
  expect(readdirSync(server.temporary).filter(name => name.startsWith('tidemark-'))).toEqual([])
})

test('a first start that was killed leaves nothing that keeps the next one from starting', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'first-'))
  folders.push(folder)
  const first = start(folder)
  const engine = await until('its engine runs', () => childrenOf(first.child.pid ?? 0)[0]?.pid, 50_000)
  // It is whole within a tenth of a second: no time for a timer.
  while (!existsSync(join(folder, 'database.new'))) await turn()
  process.kill(engine, 'SIGKILL')
  first.child.kill('SIGKILL')
  await first.ended
  expect(existsSync(join(folder, 'database'))).toBe(false)
  await using database = await open(folder)
  await database.ping()
  expect(statSync(join(folder, 'database')).isDirectory()).toBe(true)
})

test('a folder with a long name does as well', async () => {
  const folder = join(await dataDir(), 'deep'.repeat(30), 'deeper'.repeat(20))
  const server = start(folder)
  await server.opened()
  server.child.kill('SIGTERM')
  expect(await server.ended).toEqual([0, null])
})

test('tidying renews what plans are made by, and takes back the space of what is gone', async () => {
  await using database = await open(await dataDir())
  await database.db.execute(sql`create table tides (at int, height text)`)
  await database.db.execute(sql`insert into tides select n, repeat('x', 500) from generate_series(1, 20000) n`)
  const stateOf = async () => {
    const { rows } = await database.db.execute<{ estimate: number; pages: number }>(
      sql`select reltuples::int as estimate, pg_relation_size('tides')::int / 8192 as pages from pg_class where relname = 'tides'`,
    )
    return rows[0]
  }
  expect((await stateOf())?.estimate).toBe(-1)
  await database.db.execute(sql`delete from tides where at > 10`)
  const before = await stateOf()
  await database.tidy()
  const after = await stateOf()
  expect(after?.estimate).toBe(10)
  expect(after?.pages).toBeLessThan((before?.pages ?? 0) / 10)
})

test('without what an install prepared, the first start makes the same database itself', async () => {
  const [folder, copied] = [await dataDir(), await dataDir()]
  await createDatabase(join(folder, 'database'), join(folder, 'nowhere'))
  const tablesOf = async (each: string) => {
    await using database = await open(each)
    const columns = sql`SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2`
    return (await database.db.execute(columns)).rows
  }
  const tables = await tablesOf(folder)
  expect(tables).not.toEqual([])
  expect(await tablesOf(copied)).toEqual(tables)
})
