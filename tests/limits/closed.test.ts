import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { answerOf } from '../transport/ask.ts'
import { openSocket } from '../transport/raw-socket.ts'
import { type SmallServer, startSmallServer } from '../transport/small-server.ts'

const post = async (server: SmallServer, query: string, accept: string) =>
  (
    await answerOf(
      await fetch(server.url, { method: 'POST', headers: { 'content-type': 'application/json', accept }, body: JSON.stringify({ query }) }),
    )
  ).text

const carriers: readonly (readonly [string, (server: SmallServer, query: string) => Promise<string>])[] = [
  ['POST', (server, query) => post(server, query, 'application/json')],
  ['server-sent events', (server, query) => post(server, query, 'text/event-stream')],
  ['GET', async (server, query) => (await answerOf(await fetch(`${server.url}?query=${encodeURIComponent(query)}`))).text],
  [
    'a socket',
    async (server, query) => {
      using socket = await openSocket(server.wsUrl)
      await socket.init()
      socket.send({ id: '1', type: 'subscribe', payload: { query } })
      return JSON.stringify(await socket.next())
    },
  ],
]

const introspections = [
  '{ __schema { types { name } } }',
  '{ __type(name: "Query") { name } }',
  '{ self { ...A } } fragment A on Query { __schema { types { name } } }',
]

describe.each(carriers)('by %s', (_, send) => {
  let production: SmallServer
  let open: SmallServer
  beforeAll(async () => {
    production = await startSmallServer({ NODE_ENV: 'production', JWT_SECRET: 'k2cL0hYwq7Vb1nXz9sJd4fGt6mRp3aEu' })
    open = await startSmallServer({ INTROSPECTION: 'on' })
  })
  afterAll(async () => {
    await production[Symbol.asyncDispose]()
    await open[Symbol.asyncDispose]()
  })

  it.each(introspections)('%s is refused in production, and answered where it is switched on', async query => {
    const refused = await send(production, query)
    expect(refused).toContain('introspection has been disabled')
    expect(refused).not.toContain('"name"')
    expect(await send(open, query)).toContain('"name":"Query"')
  })

  it('no name of the schema is suggested in production', async () => {
    for (const query of ['{ helo }', '{ hello(nam: "x") }', '{ users { edgs } }', '{ echo(input: { txt: "x" }) }']) {
      expect(await send(production, query)).not.toMatch(/did you mean|"hello"|"name"|"edges"|"text"/i)
      expect(await send(open, query)).toMatch(/did you mean/i)
    }
  })
})
