import { Client as Connection } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type App, createApp } from '../../src/app.ts'
import { loadConfig } from '../../src/config.ts'
import { createLogger } from '../../src/platform/logger.ts'
import { type Person, signUp } from '../harness/client.ts'
import { type Environment, environmentOf } from '../harness/modes.ts'
import { listenToStatements } from '../harness/statements.ts'
import { until } from '../harness/wait.ts'
import { listChatsWhole } from './operations.ts'
import { followInbox, inChat, newChat, peopleOf, shortOf } from './world.ts'

const listening = listenToStatements()
/** Tables that grow with what people do. */
const large = /\b(chats|chat_members|messages|memberships|streams|changes|users)\b/

let environment: Environment
let app: App
let database: Connection
let anna: Person
let graphqlUrl: string
let wsUrl: string

/** The id of the i-th thing of a chat, in SQL. */
const id = (prefix: string, i: string, chat: string) =>
  `'${prefix}_' || lpad(to_hex(${i}), 8, '0') || '-0000-7000-8000-' || lpad(to_hex(${chat}), 12, '0')`
const bigChat = 'chat_00000000-0000-7000-8000-000000000000'

/** One chat of a hundred thousand messages beside 400 others; anna is in half of them, and much else is shared. One message in fifty is deleted, one in twenty hers. */
const fill = (userId: string) => `
  insert into chats (id, history_visible, active_at, created_at) select ${id('chat', 'i', '1')}, true, now() - interval '1 day', now() from generate_series(1, 200000) i;
  create temp table members as select n, case when n = 0 then '${userId}' else ${id('user', 'n', '1')} end as user_id from generate_series(0, 20) n;
  insert into users (id, role, created_at) select user_id, 'USER', now() from members where n > 0;
  insert into users (id, role, created_at) select ${id('user', 'i', '2')}, 'USER', now() from generate_series(1, 20000) i;
  insert into memberships (resource_id, user_id, level, owner, since) select ${id('doc', 'i', '0')}, ${id('user', 'i / 10', '2')}, 'ADMIN', false, now() from generate_series(1, 200000) i;
  create temp table made as select c, ${id('chat', '0', 'c')} as chat_id, case when c = 0 then 100000 else 150 end as things from generate_series(0, 400) c;
  insert into chats (id, title, history_visible, message_count, active_at, created_at) select chat_id, 'c', true, things, now() - c * interval '1 minute', now() from made;
  insert into streams (id, kind, head) select chat_id, 'chat', 21 from made;
  insert into chat_members (chat_id, user_id, joined_seq, joined_number, hidden_number, last_read_number, last_read_message_id, read_at)
    select chat_id, user_id, n + 1, 0, 0, n, case when n > 0 then ${id('msg', 'n', 'c')} end, case when n > 0 then now() end from made, members where n > 0 or c % 2 = 0;
  insert into memberships (resource_id, user_id, level, owner, since) select chat_id, user_id, 'WRITE', false, now() from made, members where n > 0 or c % 2 = 0;
  insert into messages (id, chat_id, number, sender_id, sender_number, content, reply_to_id, deleted_at, created_at)
    select ${id('msg', 'i', 'c')}, chat_id, i, user_id, (i - 1) / 20 + 1, case when i % 50 > 0 then 'message ' || i end,
      case when i % 3 = 0 then ${id('msg', 'i - 1', 'c')} end, case when i % 50 = 0 then now() end, now()
    from made, generate_series(1, things) i, members where n = i % 20`

beforeAll(async () => {
  environment = await environmentOf('postgres')
  const env = { ...environment.env, CLEANUP_INTERVAL_MS: '3600000', HEAL_INTERVAL_MS: '3600000', MAX_QUERY_COST: '1000000' }
  app = await createApp(loadConfig(env), createLogger('silent'))
  graphqlUrl = `${new URL(app.url).origin}/graphql`
  wsUrl = graphqlUrl.replace('http', 'ws')
  anna = await signUp(graphqlUrl, 'anna')
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

interface Plan {
  readonly text: string
  readonly lines: string
  /** What was looked at to answer it, in pages of the database. */
  readonly pages: number
}

/** How PostgreSQL goes about each reading statement that `work` sends to a large table. */
async function plansOf(work: () => Promise<unknown>): Promise<Plan[]> {
  const { statements } = await listening.during(large, work)
  const plans: Plan[] = []
  for (const { text, values } of statements) {
    if (!/^\s*(select|with)\b/i.test(text) || /\b(insert|update|delete)\b/i.test(text)) continue
    const { rows } = await database.query<{ 'QUERY PLAN': string }>(`explain (analyze, buffers) ${text}`, values)
    const lines = rows.map(row => row['QUERY PLAN']).join('\n')
    const [, hit = '0', , read = '0'] = /Buffers: shared hit=(\d+)( read=(\d+))?/.exec(lines) ?? []
    plans.push({ text, lines, pages: Number(hit) + Number(read) })
  }
  return plans
}

/** A scan from one end to the other of a table that grows. */
const isScan = ({ lines }: Plan) => [...lines.matchAll(/Seq Scan on (\w+)/g)].some(([, table = '']) => large.test(table))

async function expectCheap(work: () => Promise<unknown>, mostPages: number): Promise<void> {
  const plans = await plansOf(work)
  expect(plans.length).toBeGreaterThan(0)
  expect(plans.filter(isScan)).toEqual([])
  expect(plans.filter(({ pages }) => pages > mostPages)).toEqual([])
}

test('a plan without an index is seen as one', async () => {
  const plans = await plansOf(() => database.query('select count(*) from messages where content = $1', ['x']))
  expect(plans.map(isScan)).toEqual([true])
})

test('a hundred thousand messages are counted as unread without being read, exactly', async () => {
  const big = inChat(anna, bigChat)
  const unread = async () => (await big.look())?.unreadCount
  const recount = async () => {
    const { rows } = await database.query<{ count: string }>(
      `select count(*) from messages m join chat_members c using (chat_id) where c.chat_id = $1 and c.user_id = $2
       and m.number > greatest(c.joined_number, c.last_read_number) and m.sender_id <> c.user_id and m.deleted_at is null`,
      [bigChat, anna.id],
    )
    return Number(rows[0]?.count)
  }
  // Of the pages most hold the entries of the two thousand that were deleted.
  await expectCheap(unread, 300)
  expect(await unread()).toBe(await recount())
  expect(await unread()).toBeGreaterThan(90_000)
  await big.read((await big.page({ last: 10 })).nodes[3]?.id ?? '')
  expect(await unread()).toBe(await recount())
  await expectCheap(unread, 200)
})

test('pages of messages cost the same wherever they are', async () => {
  const big = inChat(anna, bigChat)
  const cursorAt = (number: number) => Buffer.from(`message ${number}`).toString('base64url')
  const counts: number[] = []
  for (const args of [{ last: 50 }, { first: 50 }, { last: 50, before: cursorAt(50_000) }, { first: 50, after: cursorAt(99_000) }]) {
    await expectCheap(() => big.page(args), 600)
    counts.push((await listening.during(large, () => big.page(args))).statements.length)
  }
  expect(new Set(counts).size).toBe(1)
  const few = (await listening.during(large, () => big.page({ last: 10 }))).statements.length
  expect(counts[0]).toBe(few)
})

test('a list of chats with all that hangs on it takes as many statements for a hundred as for two', async () => {
  const list = (first: number) => anna.run(listChatsWhole, { first })
  await expectCheap(() => list(20), 1_500)
  const [few, many] = [await listening.during(large, () => list(2)), await listening.during(large, () => list(100))]
  expect(many.result.chats.nodes).toHaveLength(100)
  expect(many.statements.length).toBe(few.statements.length)
})

test('what is written looks at little', async () => {
  const big = inChat(anna, bigChat)
  await expectCheap(async () => {
    const { message } = await big.send('one more')
    await big.edit(message.id, 'edited')
    await big.read(message.id)
    await big.remove(message.id)
  }, 100)
})

test('ten who hear of one message in their inboxes cost one reading of it', async () => {
  const names = Array.from({ length: 10 }, (_, index) => `reader${index}`)
  const people = Object.values(await peopleOf(graphqlUrl, ...names))
  const counts: number[] = []
  for (const readers of [people.slice(0, 1), people]) {
    const chat = await newChat(anna, readers)
    const inboxes = await Promise.all(readers.map(reader => followInbox(wsUrl, reader)))
    const { statements } = await listening.during(/from "(messages|users)"/, async () => {
      await inChat(anna, chat).send('heard')
      await until('all to have heard', () => inboxes.every(inbox => inbox.items.map(shortOf).includes('MessageSent heard')))
    })
    counts.push(statements.length)
    for (const inbox of inboxes) await inbox[Symbol.asyncDispose]()
  }
  expect(counts[1]).toBeLessThanOrEqual((counts[0] ?? 0) + 2)
})
