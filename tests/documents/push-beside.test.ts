import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Viewer } from '../../src/access/viewer.ts'
import { sqlStateOf } from '../../src/platform/sql-state.ts'
import type { Services } from '../../src/services.ts'
import { outcomeOf, startServices, viewerOf } from '../feed/service-node.ts'
import { type Environment, environmentOf } from '../harness/modes.ts'
import { until } from '../harness/wait.ts'

/** What is done to the database beside the server: the embedded one is one connection. */
let environment: Environment
let services: Services
let database: Client
let ann: Viewer
const password = 'correct horse battery'
const caller = { ip: '127.0.0.1', userAgent: null }
beforeAll(async () => {
  environment = await environmentOf('postgres')
  services = await startServices({ ...environment.env, HEAL_INTERVAL_MS: '3600000', CLEANUP_INTERVAL_MS: '3600000' })
  ann = viewerOf((await services.accounts.register({ email: 'ann@example.org', password }, caller)).user.id)
  database = new Client({ connectionString: environment.env['DATABASE_URL'] ?? '' })
  await database.connect()
})
afterAll(async () => {
  await database?.end()
  await services?.[Symbol.asyncDispose]()
  await environment?.[Symbol.asyncDispose]()
})

const newDocument = async (by = ann) => (await services.documents.create(by, {})).id
const push = (documentId: string, clientId: string, more = {}) =>
  outcomeOf(services.documents.push(ann, { documentId, clientId, clock: { [clientId]: 1 }, writes: [{ path: clientId, value: clientId }], ...more }))

test('pushes of which some fail where they are stored, or only at COMMIT, are acknowledged but for those, of which nothing stays', async () => {
  const ids: string[] = []
  for (let left = 12; left > 0; left--) ids.push(await newDocument())
  const failing = ['fails when stored', 'fails at COMMIT']
  await database.query(`
    create function fail() returns trigger language plpgsql as $$ begin raise exception 'as if' using errcode = '22000'; end $$;
    create trigger early after insert on changes for each row when (new.client_id = '${failing[0]}') execute function fail();
    create constraint trigger late after insert on changes initially deferred for each row when (new.client_id = '${failing[1]}') execute function fail()`)
  const keyIf = (isKeyed: boolean, id: string) => (isKeyed ? { idempotencyKey: `the key for ${id}` } : {})
  const pushOrFail = (index: number) => push(ids[index] ?? '', failing[index % 2] ?? '', keyIf(index > 1, ids[index] ?? ''))
  try {
    const works = ids.flatMap((id, index) => [push(id, 'c'), ...(index < 4 ? [pushOrFail(index).catch(sqlStateOf)] : [])])
    expect((await Promise.all(works)).map(outcome => (typeof outcome === 'object' ? outcome.applied : outcome))).toEqual(
      ids.flatMap((_, index) => (index < 4 ? [true, '22000'] : [true])),
    )
    const { rows } = await database.query('select client_id from changes where stream_id = any($1)', [ids])
    expect(rows).toEqual(ids.map(() => ({ client_id: 'c' })))
    for (const path of failing) expect(await services.documents.readSingleFields(ids.map(id => ({ id, path })))).toEqual(ids.map(() => null))
    await database.query('drop trigger early on changes; drop trigger late on changes')
    // Nothing of them is in the way of the next try, their key neither.
    for (const index of [0, 1, 2, 3]) expect(await pushOrFail(index)).toMatchObject({ applied: true })
  } finally {
    await database.query('drop function fail cascade')
  }
})

test('pushes wait for no snapshot that is under way, of which nothing is left where its document goes meanwhile', async () => {
  const id = await newDocument()
  const waiting = (count: number) =>
    until('those who wait', async () => {
      await database.query('select pg_stat_clear_snapshot()')
      const { rowCount } = await database.query("select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'")
      return rowCount === count
    })
  try {
    await database.query('begin')
    await database.query('lock table snapshots in share mode')
    const snapshot = services.documents.snapshots.create(ann, { documentId: id })
    await waiting(1)
    for (const counter of [1, 2]) expect(await push(id, `${counter}`)).toMatchObject({ applied: true })
    const deletion = services.accounts.deleteAccount(ann, { password }, caller)
    await waiting(2)
    await database.query('rollback')
    expect(await snapshot).toMatchObject({ documentId: id, clock: {} })
    await deletion
    expect((await database.query('select from snapshots where document_id = $1', [id])).rowCount).toBe(0)
  } finally {
    await database.query('rollback')
  }
})
