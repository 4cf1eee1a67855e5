import { setTimeout as delay } from 'node:timers/promises'
import { print } from 'graphql'
import { expect, test } from 'vitest'
import { createApp } from '../../src/app.ts'
import { loadConfig } from '../../src/config.ts'
import { createLogger } from '../../src/platform/logger.ts'
import { signUp } from '../harness/client.ts'
import { environmentOf, modes } from '../harness/modes.ts'
import { createDocument, documentChanges } from '../harness/operations.ts'
import { isBesides, listenToStatements } from '../harness/statements.ts'
import { until } from '../harness/wait.ts'
import { openStrictSocket } from '../transport/strict-frames.ts'

/** Longer than whatever a server might do by the clock, but for the sweep of a minute. */
const idleMs = 4_000
const healMs = 500

const { during } = listenToStatements()

test.each(modes)('a server whose readers wait asks the database nothing but how far their streams are, on %s', async mode => {
  await using environment = await environmentOf(mode)
  await using app = await createApp(loadConfig({ ...environment.env, HEAL_INTERVAL_MS: String(healMs) }), createLogger('silent'))
  const url = `${new URL(app.url).origin}/graphql`
  const ann = await signUp(url, 'ann')
  using socket = await openStrictSocket(url.replace('http', 'ws'), ann.accessToken)
  const ids = await Promise.all(
    ['1', '2', '3'].map(async id => [id, (await ann.run(createDocument, { input: {} })).createDocument.document.id] as const),
  )
  for (const [id, documentId] of ids)
    socket.send({ id, type: 'subscribe', payload: { query: print(documentChanges), variables: { id: documentId } } })
  await until('all to be ready', () => ids.every(([id]) => socket.messages().some(message => message.id === id)))
  // What an access and a session are remembered for, and what a start leaves to do.
  await delay(idleMs)
  const { statements } = await during(/./, () => delay(idleMs))
  const texts = new Map(
    [
      ...Map.groupBy(
        statements.filter(one => !isBesides(one)),
        ({ text }) => text,
      ),
    ].map(([text, all]) => [text, all.length]),
  )
  expect([...texts.keys()]).toEqual([expect.stringMatching(/^select .*"head".* from "streams"/)])
  expect([...texts.values()][0]).toBeLessThanOrEqual(idleMs / healMs + 1)
})
