import { Client as Connection, escapeLiteral } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type App, createApp } from '../../src/app.ts'
import { loadConfig } from '../../src/config.ts'
import { createLogger } from '../../src/platform/logger.ts'
import type { NoteFilter } from '../generated/graphql.ts'
import { type Client, clientOf, type Person, signUp } from '../harness/client.ts'
import { type Environment, environmentOf } from '../harness/modes.ts'
import { listenToStatements } from '../harness/statements.ts'
import { countNotes, listNotes } from './listing-operations.ts'
import { plansCollections, plansDocuments, plansFolders, plansNested, plansRecords } from './plans-operations.ts'

const listening = listenToStatements()
/** Tables that grow with what people do. */
const large = /\b(notes|folders|note_revisions|attachments|publications|memberships|records|collections|documents|streams|changes)\b/

let environment: Environment
let app: App
let database: Connection
let anna: Person
let client: Client

/** The id of the i-th thing of a user, in SQL; the user who looks is 0. */
const id = (prefix: string, i: string, u: string) => `'${prefix}_' || lpad(to_hex(${i}), 8, '0') || '-0000-7000-8000-' || lpad(to_hex(${u}), 12, '0')`
const folderId = 'fold_00000001-0000-7000-8000-000000000000'

/** A hundred thousand notes and records of one user, beside as many of others. */
const fill = (userId: string) => `
  create temp table owners as select u, case when u = 0 then '${userId}' else ${id('user', 'u', 'u')} end as owner_id, case when u = 0 then 100000 else 500 end as things
    from generate_series(0, 200) u;
  create temp table things as select u, owner_id, i from owners, generate_series(1, things) i;
  insert into notebooks (owner_id, created_at) select owner_id, now() from owners on conflict do nothing;
  insert into streams (id, kind) select 'notebook:' || owner_id, 'notebook' from owners on conflict do nothing;
  insert into streams (id, kind) select ${id('doc', 'i', 'u')}, 'document' from things where i <= 100;
  insert into folders (id, owner_id, parent_id, name, position, is_default, created_at, updated_at)
    select ${id('fold', 'i', 'u')}, owner_id, case when i > 10 then ${id('fold', 'i / 10', 'u')} end, 'F', i, false, now(), now() from things where i <= 300;
  insert into notes (id, owner_id, folder_id, type, title, content, tags, starred, archived, hidden, trashed_at, version, created_at, updated_at)
    select ${id('note', 'i', 'u')}, owner_id, case when i % 3 > 0 then ${id('fold', 'i % 300 + 1', 'u')} end,
      case when i % 100 = 0 then 'CODE'::note_type else 'NOTE' end, 'Title ' || i, 'some words of number ' || i || ' word' || (i % 1000) || repeat(' ' || md5(i::text), 5),
      case when i % 2 = 0 then array['common'] when i % 500 = 1 then array['rare', 'common'] else '{}' end,
      i % 10 = 0, i % 7 = 0, i % 50 = 0, case when i % 20 = 0 then now() end, 1, now(), now() - i * interval '1 second' from things;
  insert into memberships (resource_id, user_id, level, owner, since) select ${id('note', 'i', 'u')}, owner_id, 'ADMIN', true, now() from things;
  insert into memberships (resource_id, user_id, level, owner, since) select ${id('note', 'i', 'u')}, '${userId}', 'READ', false, now() from things where u between 1 and 100 and i <= 20;
  insert into note_revisions (id, note_id, version, title, created_at) select ${id('rev', 'i * 3 + v', 'u')}, ${id('note', 'i', 'u')}, v, 'before', now() from things, generate_series(0, 2) v where i <= 20000;
  insert into attachments (id, note_id, mime_type, iv, salt, size_bytes, created_at) select ${id('att', 'i', 'u')}, ${id('note', 'i', 'u')}, 'image/png', 'iv', 'salt', 10, now() from things where i <= 20000;
  insert into publications (note_id, owner_id, slug, type, title, content, published_at, updated_at)
    select ${id('note', 'i', 'u')}, owner_id, ${id('slug', 'i', 'u')}, 'NOTE', 't', 'c', now(), now() from things where i % 20 = 3 and i <= 1000;
  insert into collections (id, owner_id, name, created_at) select ${id('col', 'i', 'u')}, owner_id, 'c' || i, now() from things where i <= 50;
  insert into memberships (resource_id, user_id, level, owner, since) select ${id('col', 'i', 'u')}, owner_id, 'ADMIN', true, now() from things where i <= 50;
  insert into streams (id, kind) select ${id('col', 'i', 'u')}, 'collection' from things where i <= 50;
  insert into records (id, collection_id, key, value, version, updated_at, deleted_at)
    select ${id('rec', 'i', 'u')}, ${id('col', 'case when i % 2 = 0 then 1 else i % 50 + 1 end', 'u')}, 'k' || i, '{"a": 1}', 1, now() - i * interval '1 second', case when i % 10 = 0 then now() end from things;
  insert into documents (id, name, created_at, updated_at) select ${id('doc', 'i', 'u')}, 'd', now(), now() from things where i <= 100;
  insert into memberships (resource_id, user_id, level, owner, since) select ${id('doc', 'i', 'u')}, owner_id, 'ADMIN', false, now() from things where i <= 100`

beforeAll(async () => {
  environment = await environmentOf('postgres')
  app = await createApp(loadConfig({ ...environment.env, CLEANUP_INTERVAL_MS: '3600000', HEAL_INTERVAL_MS: '3600000' }), createLogger('silent'))
  anna = await signUp(`${new URL(app.url).origin}/graphql`, 'anna')
  client = clientOf(anna.url, anna.accessToken)
  database = new Connection({ connectionString: environment.env['DATABASE_URL'] })
  await database.connect()
  await database.query(fill(anna.id))
  // As autovacuum does before long.
  await database.query('vacuum analyze')
}, 180_000)
afterAll(async () => {
  await database?.end()
  await app?.[Symbol.asyncDispose]()
  await environment?.[Symbol.asyncDispose]()
})

/** How PostgreSQL goes about each statement that `work` sends to a large table. */
async function plansOf(work: () => Promise<unknown>): Promise<string[]> {
  const { statements } = await listening.during(large, work)
  const plans: string[] = []
  for (const { name, text, values } of statements) {
    plans.push(await explained(text, values))
    if (name !== null) plans.push(await explainedForAll(text, values))
  }
  return plans
}

async function explained(statement: string, values: unknown[] = []): Promise<string> {
  const { rows } = await database.query<{ 'QUERY PLAN': string }>(`explain ${statement}`, values)
  return [statement, ...rows.map(row => row['QUERY PLAN'])].join('\n')
}

/** How PostgreSQL goes about what has a name, whatever the values are. */
async function explainedForAll(text: string, values: unknown[]): Promise<string> {
  await database.query(`set plan_cache_mode = force_generic_plan; prepare kept as ${text}`)
  try {
    return await explained(`execute kept (${values.map(value => escapeLiteral(String(value))).join()})`)
  } finally {
    await database.query('deallocate kept; reset plan_cache_mode')
  }
}

/** A scan of a table from one end to the other; of those that grow. */
const scans = (plan: string) => [...plan.matchAll(/Seq Scan on (\w+)/g)].flatMap(([, table = '']) => (large.test(table) ? [table] : []))

async function expectIndexes(work: () => Promise<unknown>): Promise<void> {
  const plans = await plansOf(work)
  expect(plans.length).toBeGreaterThan(0)
  expect(plans.filter(plan => scans(plan).length > 0)).toEqual([])
}

test('a plan without an index is seen as one', async () => {
  const plans = await plansOf(() => database.query('select count(*) from notes where title like $1', ['%x%']))
  expect(plans.map(scans)).toContainEqual(['notes'])
})

const filters: [string, NoteFilter][] = [
  ...(
    [
      {},
      { starred: true },
      { archived: true },
      { hidden: true },
      { hidden: true, archived: true },
      { trashed: true },
      { trashed: true, starred: true },
    ] as NoteFilter[]
  ).map((filter): [string, NoteFilter] => [JSON.stringify(filter), filter]),
  ['a type', { type: 'CODE' }],
  ['a type that is not there', { type: 'SHEET' }],
  ['a type in the trash', { type: 'CODE', trashed: true }],
  ['a common tag', { tag: 'common' }],
  ['a rare tag', { tag: 'rare' }],
  ['no such tag', { tag: 'none' }],
  ['a folder', { folderId }],
  ['a folder with those below it', { folderId, withSubfolders: true }],
  ['a folder, archived and starred', { folderId, archived: true, starred: true }],
  ['a common word', { search: 'words' }],
  ['a rare word', { search: 'word777' }],
  ['several words', { search: 'words number 4711' }],
  ['the beginning of a word', { search: 'wor' }],
  ['no such word', { search: 'xyzzy' }],
  ['a phrase', { search: '"some words"' }],
  ['a word without another', { search: 'word7 -word777' }],
  ['one or another word', { search: 'word1 or word2' }],
  ['a word with a tag', { search: 'word7', tag: 'rare' }],
  ['a word among the archived', { search: 'word7', archived: true }],
  ['a word in a folder', { search: 'words', folderId, withSubfolders: true }],
  ['what is shared', { shared: true }],
  ['what is shared, with a word', { shared: true, search: 'words' }],
  ['what is shared, with a tag', { shared: true, tag: 'common' }],
]

test.each(filters)('notes: %s', async (_, filter) => {
  await expectIndexes(() => client.run(listNotes, { filter }))
})

test('notes: a page far behind', async () => {
  const after = Buffer.from(`${Date.now() - 50_000_000} note_00000001-0000-7000-8000-000000000000`).toString('base64url')
  await expectIndexes(async () => {
    expect((await client.run(listNotes, { after })).notes.nodes.length).toBe(50)
  })
})

test('of a list that is asked again and again each connection keeps the plan, but for what is looked up by word or tag', async () => {
  const namesFor = async (filter: NoteFilter) =>
    (await listening.during(/\bnotes\b/, () => client.run(listNotes, { filter }))).statements.map(({ name }) => name)
  const [plain] = await namesFor({})
  expect(plain).toEqual(expect.any(String))
  expect(await namesFor({})).toEqual([plain])
  const starred = await namesFor({ starred: true })
  expect(starred).toEqual([expect.any(String)])
  expect(starred).not.toEqual([plain])
  expect(await namesFor({ tag: 'rare' })).toEqual([null])
  // Its words are read first.
  expect(new Set(await namesFor({ search: 'words' }))).toEqual(new Set([null]))
})

test('noteCounts, of the notebook and of a folder', async () => {
  await expectIndexes(() => client.run(countNotes, {}))
  await expectIndexes(() => client.run(countNotes, { folderId }))
})

test('notes with their folders, attachments, revisions, publications and members', async () => {
  await expectIndexes(async () => {
    const { notes } = await client.run(plansNested, { first: 50 })
    expect(notes.nodes.some(note => note.attachments.length > 0 && note.revisions.nodes.length > 0)).toBe(true)
    expect(notes.nodes.some(note => note.publication)).toBe(true)
  })
})

test('folders', async () => {
  await expectIndexes(async () => {
    expect((await client.run(plansFolders, {})).folders.length).toBe(300)
  })
})

test('collections', async () => {
  await expectIndexes(async () => {
    expect((await client.run(plansCollections, {})).collections.length).toBe(50)
  })
})

test.each([{}, { includeDeleted: true }, { updatedSince: new Date(Date.now() - 5_000_000).toISOString() }])('records: %j', async more => {
  await expectIndexes(async () => {
    const { records } = await client.run(plansRecords, { collection: 'c1', first: 100, ...more })
    expect(records.nodes.length).toBe(100)
    await client.run(plansRecords, { collection: 'c1', first: 100, after: records.pageInfo.endCursor ?? null, ...more })
  })
})

test('documents', async () => {
  await expectIndexes(async () => {
    expect((await client.run(plansDocuments, { first: 50 })).documents.nodes.length).toBe(50)
  })
})
