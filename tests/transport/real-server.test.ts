import { getIntrospectionQuery } from 'graphql'
import { serverAudits } from 'graphql-http'
import { describe, expect, it } from 'vitest'
import { signUp, useServers } from '../harness/client.ts'
import { environmentOf } from '../harness/modes.ts'
import { failToStart } from '../harness/server.ts'
import { ask } from './ask.ts'
import { openSocket } from './raw-socket.ts'

describe('the server as it is started', () => {
  const servers = useServers('postgres', { env: { HEAL_INTERVAL_MS: '3600000' } })

  it('passes every audit of graphql-http', async () => {
    const results = await Promise.all(serverAudits({ url: servers.one.url }).map(audit => audit.fn()))
    expect(results.length).toBeGreaterThan(50)
    expect(results.filter(({ status }) => status !== 'ok').map(({ name, ...rest }) => [name, rest.status, 'reason' in rest && rest.reason])).toEqual(
      [],
    )
  })

  it('lets tools ask for the whole schema, as deep as they do', async () => {
    const query = getIntrospectionQuery({
      inputValueDeprecation: true,
      specifiedByUrl: true,
      directiveIsRepeatable: true,
      schemaDescription: true,
      oneOf: true,
    })
    const { errors, data } = await ask(servers.one.url, query)
    expect(errors).toBeUndefined()
    expect(data).toHaveProperty('__schema.subscriptionType.name', 'Subscription')
  })

  it('lets people page through lists in lists with the pages that are usual', async () => {
    const person = await signUp(servers.one.url)
    const query = `{ documents { edges { cursor node { id name viewerAccess clock createdAt members(first: 10) { edges { node { access user { id displayName } } } } } } pageInfo { hasNextPage endCursor } } }`
    const catchUp = `{ document(id: "doc_01890a5d-ac96-774b-bcce-b302099a8057") { changes(first: 500) { edges { node { cursor clientId clock at writes { path value deleted timestamp clientId counter } } } } } }`
    for (const text of [query, catchUp])
      expect((await ask(servers.one.url, text, undefined, { authorization: `Bearer ${person.accessToken}` })).errors).toBeUndefined()
  })

  it('closes the sockets and streams of a session when it ends, before any look at the log', async () => {
    const person = await signUp(servers.one.url)
    const headers = { authorization: `Bearer ${person.accessToken}` }
    const { data } = await ask(servers.one.url, 'mutation { createDocument(input: { name: "x" }) { document { id } } }', undefined, headers)
    const documentId = (data as { createDocument: { document: { id: string } } }).createDocument.document.id
    using socket = await openSocket(servers.one.wsUrl)
    await socket.init(headers)
    const query = 'subscription ($documentId: ID!) { documentChanges(documentId: $documentId) { __typename } }'
    socket.send({ id: '1', type: 'subscribe', payload: { query, variables: { documentId } } })
    expect(await socket.next()).toMatchObject({ id: '1', payload: { data: { documentChanges: { __typename: 'FeedReady' } } } })
    const stream = ask(servers.one.url, query, { documentId }, { ...headers, accept: 'text/event-stream' })
    await expect.poll(async () => (await fetch(new URL('/metrics', servers.one.url))).text()).toContain('tidemark_subscriptions{carrier="sse"} 1')
    expect((await ask(servers.one.url, 'mutation { logout { __typename } }', undefined, headers)).errors).toBeUndefined()
    expect(await socket.closed).toEqual({ code: 4403, reason: 'TOKEN_REVOKED' })
    expect((await stream).text).toContain('"code":"TOKEN_REVOKED"')
  })

  it('logs no token and no password', async () => {
    const person = await signUp(servers.one.url)
    using socket = await openSocket(servers.one.wsUrl)
    await socket.init({ token: person.accessToken })
    await ask(servers.one.url, 'mutation ($i: LoginInput!) { login(input: $i) { __typename } }', {
      i: { email: person.email, password: 'not the right one' },
    })
    const text = JSON.stringify(servers.one.logs)
    for (const secret of [person.accessToken, person.refreshToken, 'not the right one']) expect(text).not.toContain(secret)
  })

  it('says what to do when its port is taken', async () => {
    await using environment = await environmentOf('postgres')
    const { code, output } = await failToStart({ ...environment.env, PORT: String(servers.one.port) })
    expect([code, output]).toEqual([1, expect.stringContaining(`Something else listens on port ${servers.one.port}; set PORT to another one`)])
    expect(output).not.toMatch(/^\s+at /m)
  })
})
