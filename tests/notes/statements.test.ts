import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type App, createApp } from '../../src/app.ts'
import { loadConfig } from '../../src/config.ts'
import { newId } from '../../src/platform/ids.ts'
import { createLogger } from '../../src/platform/logger.ts'
import { createChat, sendMessage } from '../chats/operations.ts'
import { putRecords } from '../collections/operations.ts'
import { type Client, clientOf, type Person, signUp } from '../harness/client.ts'
import { type Environment, environmentOf, modes } from '../harness/modes.ts'
import { createDocument, createSnapshot, setAccess } from '../harness/operations.ts'
import { listenToStatements } from '../harness/statements.ts'
import { vaultOf } from '../vaults/world.ts'
import { folderWith, noteWith, put } from './listing-world.ts'
import { publishNote, updateNote } from './operations.ts'
import { plansChats, plansCollections, plansDocuments, plansFolders, plansNested, plansRecords, statementsAttach } from './plans-operations.ts'

const listening = listenToStatements()
/** All but what is asked about the caller, which the server remembers for a while. */
const counted =
  /^(?!.*\bsessions\b).*\b(notes|folders|notebooks|note_revisions|attachments|attachment_chunks|publications|memberships|records|collections|documents|snapshots|document_fields|document_clocks|users|chats|chat_members|messages)\b/s

const few = 10
const many = 50

/** Makes so many of everything that lists show, with something in every field. */
async function fill(person: Person, friend: Person, count: number): Promise<void> {
  const client = clientOf(person.url, person.accessToken)
  const top = folderWith({ name: 'top' })
  const folders = Array.from({ length: count }, (_, index) => folderWith({ name: `folder ${index}`, parentId: top.id }))
  const notes = folders.map(folder => noteWith({ title: 'before', folderId: folder.id, tags: ['tag'] }))
  await put(client, { folders: [top, ...folders], notes })
  const items = notes.map((_, index) => ({ collection: `collection ${index}`, key: 'k', value: index }))
  await client.run(putRecords, { input: { items: [...items, ...items.map((item, index) => ({ ...item, collection: 'one', key: `k${index}` }))] } })
  for (const [index, { id }] of notes.entries()) {
    await client.run(updateNote, { input: { id, title: 'after' } })
    await client.run(publishNote, { input: { id, title: 'public', content: 'text' } })
    await client.run(statementsAttach, { input: { noteId: id, mimeType: 'image/png', encryptedData: 'AAAA', iv: 'iv', salt: 'salt' } })
    await client.run(setAccess, { input: { resourceId: id, userId: friend.id, access: 'READ' } })
    const { document } = (await client.run(createDocument, { input: { name: `document ${index}`, fields: { a: 1 } } })).createDocument
    await client.run(createSnapshot, { input: { documentId: document.id } })
    const { chat } = (await client.run(createChat, { input: { memberIds: [friend.id] } })).createChat
    await client.run(sendMessage, { input: { chatId: chat.id, content: 'text' } })
  }
}

describe.each(modes)('on %s', mode => {
  let environment: Environment
  let app: App
  const people = new Map<number, Person>()
  const clientWith = (count: number): Client => {
    const person = people.get(count)
    if (!person) throw new Error(`Nobody has ${count} of each.`)
    return person
  }

  beforeAll(async () => {
    environment = await environmentOf(mode)
    app = await createApp(loadConfig({ ...environment.env, CLEANUP_INTERVAL_MS: '3600000', HEAL_INTERVAL_MS: '3600000' }), createLogger('silent'))
    const url = `${new URL(app.url).origin}/graphql`
    const friend = await signUp(url, 'friend')
    for (const count of [few, many]) {
      const person = await signUp(url, `with.${count}`)
      people.set(count, person)
      await fill(person, friend, count)
    }
    people.set(0, friend)
  }, 240_000)
  afterAll(async () => {
    await app?.[Symbol.asyncDispose]()
    await environment?.[Symbol.asyncDispose]()
  })

  /** What is shown, and how many statements that took, for few and for many rows. */
  async function costs(read: (client: Client, count: number) => Promise<readonly unknown[]>) {
    const found = []
    for (const count of [few, many]) {
      const { result, statements } = await listening.during(counted, () => read(clientWith(count), count))
      found.push({ rows: result.length, texts: statements.map(({ text }) => text.replace(/\$\d+(?:, \$\d+)*/g, '$')).sort() })
    }
    return found as [(typeof found)[number], (typeof found)[number]]
  }

  const lists: [string, number, (client: Client, count: number) => Promise<readonly unknown[]>][] = [
    [
      'notes with folders, attachments, revisions, publications and members',
      0,
      async (client, count) => {
        const { nodes } = (await client.run(plansNested, { first: count })).notes
        for (const note of nodes) {
          expect(note).toMatchObject({
            viewerAccess: 'ADMIN',
            publication: { slug: expect.any(String) },
            folder: { noteCount: 1, parent: { id: expect.any(String) } },
          })
          expect([note.attachments.length, note.revisions.nodes.length, note.members.nodes.length]).toEqual([1, 1, 2])
        }
        return nodes
      },
    ],
    ['folders with parents, children and counts', 4, async client => (await client.run(plansFolders, {})).folders],
    ['collections with counts and members', 1, async client => (await client.run(plansCollections, {})).collections],
    ['records', 0, async (client, count) => (await client.run(plansRecords, { collection: 'one', first: count })).records.nodes],
    [
      'documents with fields, members and snapshots',
      0,
      async (client, count) => {
        const { nodes } = (await client.run(plansDocuments, { first: count })).documents
        for (const document of nodes)
          expect(document).toMatchObject({ fields: { a: 1 }, a: { value: 1 }, never: null, snapshots: { nodes: [{ fields: { a: 1 } }] } })
        return nodes
      },
    ],
    [
      'chats with members, messages and who read them',
      0,
      async (client, count) => {
        const { nodes } = (await client.run(plansChats, { first: count })).chats
        for (const chat of nodes) expect([chat.members.length, chat.messages.nodes.length, chat.lastMessage?.id]).toEqual([2, 1, expect.any(String)])
        return nodes
      },
    ],
  ]

  test.each(lists)('%s', async (_, besides, read) => {
    const [ten, fifty] = await costs(read)
    expect([ten.rows, fifty.rows]).toEqual([few + besides, many + besides])
    expect(ten.texts.length).toBeGreaterThan(0)
    expect(fifty.texts).toEqual(ten.texts)
  })

  const kinds: [string, string][] = [
    ['notes', '{ found: notes(first: $count) { nodes { id } } }'],
    ['revisions', '{ found: notes(first: $count) { nodes { of: revisions(first: 1) { nodes { id } } } } }'],
    ['attachments', '{ found: notes(first: $count) { nodes { of: attachments { id } } } }'],
    ['folders', '{ found: folders { id } }'],
    ['collections', '{ found: collections { id } }'],
    ['records', '{ found: records(collection: "one", first: $count) { nodes { id } } }'],
    ['documents', '{ found: documents(first: $count) { nodes { id } } }'],
    ['chats', '{ found: chats(first: $count) { nodes { id } } }'],
    ['messages', '{ found: chats(first: $count) { nodes { of: messages(first: 1) { nodes { id } } } } }'],
  ]
  test.each(kinds)('nodes that are %s', async (_, query) => {
    const cost = async (count: number) => {
      const client = clientWith(count)
      const head = query.includes('$count') ? 'query ($count: Int)' : 'query'
      const { data } = await client.post(JSON.stringify({ query: `${head} ${query}`, variables: { count } }))
      const ids = [...JSON.stringify(data).matchAll(/"id":"([^"]+)"/g)].map(match => match[1]).slice(0, count)
      expect(ids).toHaveLength(count)
      const asked = { query: 'query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }', variables: { ids } }
      const { result, statements } = await listening.during(counted, () => client.post(JSON.stringify(asked)))
      expect(result.data?.['nodes']).toMatchObject(ids.map(id => ({ id })))
      return statements.length
    }
    const ofFew = await cost(few)
    expect(ofFew).toBeGreaterThan(0)
    expect(await cost(many)).toBe(ofFew)
  })

  test('notes that others share', async () => {
    const friend = clientWith(0)
    const cost = async (first: number) => {
      const { result, statements } = await listening.during(counted, () => friend.run(plansNested, { first, filter: { shared: true } }))
      expect(result.notes.nodes.length).toBe(first)
      return statements.length
    }
    expect(await cost(many)).toBe(await cost(few))
  })

  /** Of what writes touch; begin and commit come on top. */
  const written = /\b(records|collections|vaults|vault_logs|vault_usage|chats|messages|memberships|streams|changes|idempotency_keys)\b/
  const textsOf = async (work: () => Promise<unknown>) => (await listening.during(written, work)).statements.map(({ text }) => text)

  const key = () => randomUUID()
  const bulk: [string, (client: Client) => Promise<(count: number) => Promise<unknown>>][] = [
    [
      'records',
      async client => {
        const collection = key()
        const put = (keys: string[]) => client.run(putRecords, { input: { items: keys.map(key => ({ collection, key, value: key })) } })
        await put(['first'])
        return count => put(Array.from({ length: count }, key))
      },
    ],
    [
      'records over what is there',
      async client => {
        const collection = key()
        const put = (count: number) =>
          client.run(putRecords, {
            input: { items: Array.from({ length: count }, (_, index) => ({ collection, key: `key ${index}`, value: key() })) },
          })
        await put(500)
        return put
      },
    ],
    [
      'logs of a vault',
      async client => {
        const vault = vaultOf(client)
        await vault.store()
        return count => vault.pushNew(count)
      },
    ],
  ]
  test.each(bulk)('%s that are written', async (_, writerOf) => {
    const write = await writerOf(clientWith(0))
    const one = await textsOf(() => write(1))
    expect(one.length).toBeGreaterThan(0)
    expect(await textsOf(() => write(500))).toEqual(one)
  })

  test('a message that is sent', async () => {
    const friend = clientWith(0)
    const { chat } = (await friend.run(createChat, { input: { memberIds: [people.get(few)?.id ?? ''] } })).createChat
    const send = (more: { id?: string; idempotencyKey?: string } = {}) =>
      friend.run(sendMessage, { input: { chatId: chat.id, content: 'text', ...more } })
    // Its chat is locked, what it meets is read, and it is stored with what tells of it.
    expect(await textsOf(() => send())).toHaveLength(3)
    expect(await textsOf(() => send({ id: newId('msg') }))).toHaveLength(3)
    // That it was not sent before is looked up, and that it was is remembered.
    expect(await textsOf(() => send({ idempotencyKey: key() }))).toHaveLength(5)
  })
})
