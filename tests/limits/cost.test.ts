import { createClient } from 'graphql-ws'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { sharedServers, signUp } from '../harness/client.ts'
import { createDocument, pushDelta } from '../harness/operations.ts'
import { answerOf } from '../transport/ask.ts'
import { openSocket } from '../transport/raw-socket.ts'
import { type SmallServer, startSmallServer } from '../transport/small-server.ts'

const query = 'query ($n: Int) { users(first: $n) { edges { node { id } } } }'
const asking = { cost: true }

describe('the cost of an operation', () => {
  let server: SmallServer
  beforeAll(async () => {
    server = await startSmallServer({ MAX_QUERY_COST: '5000' })
  })
  afterAll(() => server[Symbol.asyncDispose]())

  const post = async (body: object, accept = 'application/json') =>
    answerOf(await fetch(server.url, { method: 'POST', headers: { 'content-type': 'application/json', accept }, body: JSON.stringify(body) }))
  const costOf = (answer: unknown) => (answer as { extensions?: { cost?: unknown } }).extensions?.cost

  it('is told to whoever asks, by POST and by GET, as its variables make it', async () => {
    expect(costOf(await post({ query, variables: { n: 10 }, extensions: asking }))).toEqual({ requested: 31, limit: 5000 })
    expect(costOf(await post({ query, variables: { n: 100 }, extensions: asking }))).toEqual({ requested: 301, limit: 5000 })
    const address = new URL(server.url)
    for (const [name, value] of Object.entries({ query, variables: '{"n":10}', extensions: JSON.stringify(asking) }))
      address.searchParams.set(name, value)
    expect(costOf(await answerOf(await fetch(address, { headers: { accept: 'application/json' } })))).toEqual({ requested: 31, limit: 5000 })
  })

  it.each([[undefined], [null], [{}], [{ cost: false }], [{ cost: 'true' }], [{ cost: { deep: true } }]])(
    'is told to nobody else: %j',
    async extensions => {
      expect(await post({ query: '{ hello }', extensions })).not.toHaveProperty('extensions')
    },
  )

  it('is told along with errors, and with the refusal of what costs too much', async () => {
    expect(costOf(await post({ query: '{ fail }', extensions: asking }))).toEqual({ requested: 1, limit: 5000 })
    const refused = await post({ query, variables: { n: 500 }, extensions: asking })
    expect(refused.data).toEqual(expect.anything())
    const deep = 'query ($n: Int) { users(first: $n) { edges { node { friends(first: $n) { edges { node { id } } } } } } }'
    expect((await post({ query: deep, variables: { n: 200 }, extensions: asking })).errors?.[0]?.extensions).toMatchObject({
      limit: 5000,
      actual: 120601,
    })
  })

  it('is told with each event over server-sent events, and with answers on sockets', async () => {
    const { text } = await post({ query: 'subscription { count(to: 2) }', extensions: asking }, 'text/event-stream')
    const events = [...text.matchAll(/^data: (\{.*\})$/gm)].map(([, json = '']) => JSON.parse(json))
    expect(events).toEqual([1, 2].map(count => ({ data: { count }, extensions: { cost: { requested: 1, limit: 5000 } } })))
    using socket = await openSocket(server.wsUrl)
    await socket.init()
    socket.send({ id: '1', type: 'subscribe', payload: { query: '{ hello }', extensions: asking } })
    expect((await socket.next()).payload).toEqual({ data: { hello: 'Hello, you' }, extensions: { cost: { requested: 1, limit: 5000 } } })
  })
})

describe('the cost of a feed', () => {
  const servers = sharedServers('embedded')

  it('is told to the reader who asks, and not to one beside who does not', async () => {
    const ada = await signUp(servers.one.url, 'ada')
    const { id } = (await ada.run(createDocument, { input: { name: 'Tides' } })).createDocument.document
    const client = createClient({ url: servers.one.wsUrl, webSocketImpl: WebSocket, connectionParams: { token: ada.accessToken }, lazy: true })
    const feed = 'subscription ($id: ID!) { documentChanges(documentId: $id) { __typename } }'
    const readers = [{}, { extensions: asking }].map(more => client.iterate({ query: feed, variables: { id }, ...more }))
    const first = await Promise.all(readers.map(reader => reader.next()))
    const write = { documentId: id, clientId: 'laptop', clock: { laptop: 1 }, writes: [{ path: 'high', value: '06:12' }] }
    await ada.run(pushDelta, { input: write })
    const second = await Promise.all(readers.map(reader => reader.next()))
    for (const events of [first, second]) {
      const [plain, told] = events.map(({ value }) => value)
      expect(plain).toMatchObject({ data: { documentChanges: {} } })
      expect(plain).not.toHaveProperty('extensions')
      expect(told).toEqual({ ...plain, extensions: { cost: { requested: 2, limit: 25_000 } } })
    }
    for (const reader of readers) await reader.return?.()
    await client.dispose()
  })
})
