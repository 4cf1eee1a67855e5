import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type App, createApp } from '../../src/app.ts'
import { loadConfig } from '../../src/config.ts'
import { createLogger } from '../../src/platform/logger.ts'
import { clientOf, signUp } from '../harness/client.ts'
import { type Environment, environmentOf, modes } from '../harness/modes.ts'
import { addAttachment, listWithAttachments } from './attachments-operations.ts'
import { addInput, newNote } from './attachments-world.ts'

/** Every statement of this process to a database goes through here. */
const query = Client.prototype.query
let statements = 0
beforeAll(() => {
  Client.prototype.query = function (this: Client, ...parameters: Parameters<typeof query>) {
    const [given] = parameters as readonly unknown[]
    const text = typeof given === 'string' ? given : (given as { readonly text?: string }).text
    if (/\battachment/.test(text ?? '')) statements++
    return query.apply(this, parameters)
  } as typeof query
})
afterAll(() => {
  Client.prototype.query = query
})

describe.each(modes)('on %s', mode => {
  let environment: Environment
  let app: App
  beforeAll(async () => {
    environment = await environmentOf(mode)
    app = await createApp(loadConfig(environment.env), createLogger('silent'))
  })
  afterAll(async () => {
    await app?.[Symbol.asyncDispose]()
    await environment?.[Symbol.asyncDispose]()
  })

  test('the attachments of many notes, with bytes and links, are read with as many statements as those of one', async () => {
    const url = `${new URL(app.url).origin}/graphql`
    const ann = await signUp(url, 'ann')
    const client = clientOf(url, ann.accessToken)
    for (let count = 0; count < 20; count++) {
      const noteId = await newNote(client)
      for (let each = 0; each < 3; each++) await client.run(addAttachment, { input: addInput(noteId, `${count} ${each}`) })
    }
    const cost = async (first: number) => {
      const before = statements
      const { notes } = await client.run(listWithAttachments, { first })
      expect(notes.nodes.map(({ attachments }) => attachments.length)).toEqual(Array.from({ length: first }, () => 3))
      return statements - before
    }
    expect([await cost(1), await cost(20)]).toEqual([2, 2])
  })
})
