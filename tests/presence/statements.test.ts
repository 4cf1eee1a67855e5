import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type App, createApp } from '../../src/app.ts'
import { loadConfig } from '../../src/config.ts'
import { createLogger } from '../../src/platform/logger.ts'
import { inChat, newChat, peopleOf } from '../chats/world.ts'
import { type Environment, environmentOf, modes } from '../harness/modes.ts'
import { listenToStatements } from '../harness/statements.ts'
import { memberPresence, setTyping } from './operations.ts'
import { deviceOf, untilHeard, untilOnline } from './world.ts'

describe.each(modes)('on %s', mode => {
  const { during } = listenToStatements()
  let environment: Environment
  let app: App
  let server: { readonly url: string; readonly wsUrl: string }
  beforeAll(async () => {
    environment = await environmentOf(mode)
    app = await createApp(loadConfig({ ...environment.env, CLEANUP_INTERVAL_MS: '3600000' }), createLogger('silent'))
    const url = `${new URL(app.url).origin}/graphql`
    server = { url, wsUrl: url.replace('http', 'ws') }
  })
  afterAll(async () => {
    await app?.[Symbol.asyncDispose]()
    await environment?.[Symbol.asyncDispose]()
  })

  test('when people were last seen is read by one statement, however many they are', async () => {
    const { ann, ben, cem, dan, eve } = await peopleOf(server.url, 'ann', 'ben', 'cem', 'dan', 'eve')
    const cost = async (chatId: string) => (await during(/last_seen/, () => ann.run(memberPresence, { chatId }))).statements.length
    expect([await cost(await newChat(ann, [ben])), await cost(await newChat(ann, [ben, cem, dan, eve]))]).toEqual([1, 1])
  })

  test('typing writes nothing, and nobody who hears of it does', async () => {
    const { ann, ben } = await peopleOf(server.url, 'ann', 'ben')
    const chatId = await newChat(ann, [ben])
    await using anns = await deviceOf(server, ann)
    await using bens = await deviceOf(server, ben)
    const heard = bens.signals(chatId)
    await untilHeard(heard, ann, 'online')
    const { statements } = await during(/\b(insert|update|delete)\b/i, async () => {
      await anns.run(setTyping, { input: { chatId, isTyping: true } })
      await untilHeard(heard, ann, 'types')
      await anns.run(setTyping, { input: { chatId, isTyping: false } })
      await untilHeard(heard, ann, 'types no more')
    })
    expect(statements.filter(({ text }) => !/last_seen|for (update|key share)/.test(text))).toEqual([])
  })

  test('when somebody was last seen is written as they go, and neither when they come nor when they say something', async () => {
    const { ann, ben } = await peopleOf(server.url, 'ann', 'ben')
    const chatId = await newChat(ann, [ben])
    const { result: device, statements: coming } = await during(/insert into last_seen/, async () => {
      const made = await deviceOf(server, ben)
      await untilOnline(ann, ben)
      await inChat(ben, chatId).send('here')
      return made
    })
    expect(coming.filter(({ values }) => JSON.stringify(values).includes(ben.id))).toEqual([])
    const { statements: going } = await during(/insert into last_seen/, async () => {
      device.terminate()
      await untilOnline(ann, ben, false)
      // What is still to be written is written before a server ends.
      await app[Symbol.asyncDispose]()
    })
    expect(going.filter(({ values }) => JSON.stringify(values).includes(ben.id))).toHaveLength(1)
  })
})
