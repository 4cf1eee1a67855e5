import { setTimeout as delay } from 'node:timers/promises'
import { createClient } from 'graphql-ws'
import { Client } from 'pg'
import { expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import { environmentOf } from '../harness/modes.ts'
import { type Answer, ask, createDocument, type Person, signUp } from '../harness/people.ts'
import { childrenOf, isRunning } from '../harness/processes.ts'
import { startServer } from '../harness/server.ts'
import { until } from '../harness/wait.ts'
import { startLoad } from './load.ts'

// Most of it is starting servers, which takes long on a machine that is busy.
vi.setConfig({ testTimeout: 150_000 })

const restart = 1012
const pushDelta = 'mutation ($input: PushDeltaInput!) { pushDelta(input: $input) { applied } }'
const push = (documentId: string, number: number) => ({
  input: { documentId, clientId: 'one', clock: { one: number }, writes: [{ path: `path ${number}`, value: number }] },
})

test.each(['embedded', 'postgres'] as const)(
  'SIGTERM under load: nothing acknowledged is lost, clients come back, nothing is left, %s',
  async mode => {
    await using environment = await environmentOf(mode)
    const env = { ...environment.env, MAX_QUERY_COST: '1000000' }
    let server = await startServer(env)
    try {
      await using load = await startLoad({ urlOf: () => server.wsUrl, clients: 4, documents: 2, underWay: 8 })
      for (let count = 0; count < 2; count++) {
        await load.more(100)
        await load.everybody()
        const children = childrenOf(server.pid)
        expect(children.length > 0).toBe(mode === 'embedded')
        const stopping = server
        expect(await stopping.stop()).toEqual({ code: 0, signal: null })
        expect(children.filter(({ pid }) => isRunning(pid))).toEqual([])
        expect(stopping.logs.filter(({ level }) => (level ?? 0) >= 50)).toEqual([])
        server = await startServer(env)
      }
      await load.more(100)
      const { changes } = await load.finish(server.url)
      expect(changes).toBe(load.acknowledged)
      // While the server is away, a connection that does not come about ends as 1006.
      expect(load.closeCodes.filter(code => code === restart).length).toBe(2 * 4)
      expect(new Set(load.closeCodes)).toEqual(new Set([restart, 1006]))
    } finally {
      await server.kill()
    }
  },
)

test('what is under way at SIGTERM is answered before the socket closes: whatever was done is known to be done, all else was not', async () => {
  await using environment = await environmentOf('postgres')
  const server = await startServer(environment.env)
  const person = await signUp(server.url)
  const documentId = await createDocument(server.url, person)
  const closed = Promise.withResolvers<number>()
  const client = clientOf(server.wsUrl, person, closed.resolve)
  const answers = new Map<number, string>()
  const incomplete: number[] = []
  const first = Promise.withResolvers<void>()
  const settled = Array.from(
    { length: 400 },
    (_, index) =>
      new Promise<void>(resolve => {
        client.subscribe(
          { query: pushDelta, variables: push(documentId, index + 1) },
          {
            next(answer) {
              answers.set(index + 1, (answer as Answer<unknown>).errors?.[0]?.extensions?.['code']?.toString() ?? 'done')
              first.resolve()
            },
            // A list of errors is the refusal of what has not begun; what the server had not even read ends with the socket.
            error(error) {
              if (answers.has(index + 1)) incomplete.push(index + 1)
              else answers.set(index + 1, Array.isArray(error) ? error[0]?.extensions?.code : 'unread')
              resolve()
            },
            complete: resolve,
          },
        )
      }),
  )
  await first.promise
  const ended = server.stop()
  await Promise.all(settled)
  expect(await closed.promise).toBe(restart)
  expect(await ended).toEqual({ code: 0, signal: null })
  expect(answers.size).toBe(400)
  expect(incomplete, 'answered, but a client would ask again since it was not told that this is all').toEqual([])
  expect([...new Set(answers.values())].filter(answer => !['done', 'SHUTTING_DOWN', 'unread'].includes(answer))).toEqual([])

  await using again = await startServer(environment.env)
  const { document } = await ask<{ document: { fields: Record<string, number> } }>(
    again.url,
    person,
    'query ($id: ID!) { document(id: $id) { fields } }',
    { id: documentId },
  )
  const done = [...answers].filter(([, answer]) => answer === 'done').map(([number]) => number)
  expect(Object.values(document.fields).toSorted((a, b) => a - b)).toEqual(done.toSorted((a, b) => a - b))
})

test('a push that hangs holds up the end, and a second signal forces it', async () => {
  await using environment = await environmentOf('postgres')
  await using server = await startServer(environment.env)
  const person = await signUp(server.url)
  const documentId = await createDocument(server.url, person)
  const blocker = new Client({ connectionString: environment.env['DATABASE_URL'] as string })
  blocker.on('error', () => {})
  await blocker.connect()
  await blocker.query('begin')
  await blocker.query('select from documents where id = $1 for update', [documentId])
  const client = clientOf(server.wsUrl, person, () => {})
  const hanging = new Promise<unknown>(resolve => {
    client.subscribe({ query: pushDelta, variables: push(documentId, 1) }, { next: resolve, error: resolve, complete: () => {} })
  })
  const waitsForLock = async () =>
    (await blocker.query(`select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`)).rowCount
  await until('the push at the lock', waitsForLock)
  const ended = server.stop()
  await server.waitForLog(({ msg }) => msg?.startsWith('stopping') ?? false)
  await delay(200)
  expect(isRunning(server.pid)).toBe(true)
  await server.stop()
  await until('the word of it', () => server.logs.some(({ msg }) => msg === 'stopping at once'))
  expect(await ended).toEqual({ code: 1, signal: null })
  await hanging
  await blocker.end()
  await client.dispose()
})

function clientOf(url: string, person: Person, onClosed: (code: number) => void) {
  return createClient({
    url,
    webSocketImpl: WebSocket,
    connectionParams: { token: person.token },
    retryAttempts: 0,
    on: { closed: event => onClosed((event as { code: number }).code) },
  })
}
