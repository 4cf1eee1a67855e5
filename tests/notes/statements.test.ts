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
import { setAccess } from '../harness/operations.ts'
import { listenToStatements } from '../harness/statements.ts'
import { vaultOf } from '../vaults/world.ts'
import { noteWith, put } from './listing-world.ts'
import { publishNote, updateNote } from './operations.ts'
import { plansNested, statementsAttach } from './plans-operations.ts'

const listening = listenToStatements()
/** All but what is asked about the caller, which the server remembers for a while. */
const counted =
  /^(?!.*\bsessions\b).*\b(notes|folders|notebooks|note_revisions|attachments|attachment_chunks|publications|memberships|records|collections|documents|snapshots|document_fields|document_clocks|users|chats|chat_members|messages)\b/s

const few = 10
const many = 50

/** Makes so many notes that somebody else may read, with something in every field. */
async function fill(person: Person, friend: Person, count: number): Promise<void> {
  const client = clientOf(person.url, person.accessToken)
  const notes = Array.from({ length: count }, () => noteWith({ title: 'before', tags: ['tag'] }))
  await put(client, { notes })
  for (const { id } of notes) {
    await client.run(updateNote, { input: { id, title: 'after' } })
    await client.run(publishNote, { input: { id, title: 'public', content: 'text' } })
    await client.run(statementsAttach, { input: { noteId: id, mimeType: 'image/png', encryptedData: 'AAAA', iv: 'iv', salt: 'salt' } })
    await client.run(setAccess, { input: { resourceId: id, userId: friend.id, access: 'READ' } })
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
