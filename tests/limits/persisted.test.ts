import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ApolloClient, ApolloLink, HttpLink, InMemoryCache } from '@apollo/client'
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries'
import { generate } from '@graphql-codegen/cli'
import { parse } from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { linkOperations } from '../../src/transport/graphiql/link-operations.ts'
import { type Answer, answerOf, codesOf } from '../transport/ask.ts'
import { openSocket } from '../transport/raw-socket.ts'
import { type SmallServer, startSmallServer } from '../transport/small-server.ts'

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const known = 'query Known($name: String) { hello(name: $name) }'
const feed = 'subscription Feed { count(to: 1) }'
const secret = 'mutation Secret { secret(password: "p") }'
const unknown = '{ hello }'

const folder = mkdtempSync(join(tmpdir(), 'tidemark-persisted-'))
const fileOf = (name: string, operations: unknown) => {
  const path = join(folder, name)
  writeFileSync(path, typeof operations === 'string' ? operations : JSON.stringify(operations))
  return path
}
const file = fileOf('trusted.json', { [sha256(known)]: known, [`sha256:${sha256(feed)}`]: feed, [sha256(secret)]: secret })
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const modes = ['off', 'on', 'only'] as const
const servers = {} as Record<(typeof modes)[number], SmallServer>
beforeAll(async () => {
  for (const mode of modes) servers[mode] = await startSmallServer({ PERSISTED_OPERATIONS: mode, PERSISTED_OPERATIONS_FILE: file })
})
afterAll(async () => {
  for (const mode of modes) await servers[mode][Symbol.asyncDispose]()
})

const apollo = (hash: unknown, version: unknown = 1) => ({ extensions: { persistedQuery: { version, sha256Hash: hash } } })
const byId = (hash: string) => ({ documentId: `sha256:${hash}` })

const post = async (server: SmallServer, body: object, accept = 'application/json') =>
  answerOf(await fetch(server.url, { method: 'POST', headers: { 'content-type': 'application/json', accept }, body: JSON.stringify(body) }))

async function get(server: SmallServer, body: Readonly<Record<string, unknown>>): Promise<Answer> {
  const url = new URL(server.url)
  for (const [name, value] of Object.entries(body)) url.searchParams.set(name, typeof value === 'string' ? value : JSON.stringify(value))
  return answerOf(await fetch(url, { headers: { accept: 'application/json' } }))
}

async function overSocket(server: SmallServer, payload: object): Promise<Answer> {
  using socket = await openSocket(server.wsUrl)
  await socket.init()
  socket.send({ id: '1', type: 'subscribe', payload })
  const frame = (await socket.next()) as { type: string; payload: object }
  return (frame.type === 'error' ? { errors: frame.payload } : frame.payload) as Answer
}

const carriers = [
  ['POST', post],
  ['GET', get],
  ['a socket', overSocket],
] as const

describe.each(['on', 'only'] as const)('trusted operations, %s', mode => {
  describe.each(carriers)('by %s', (_, send) => {
    it.each([
      ['documentId', byId(sha256(known))],
      ['documentId without its prefix', { documentId: sha256(known) }],
      ['the extension of Apollo', apollo(sha256(known))],
      ['both', { ...byId(sha256(known)), ...apollo(sha256(known)) }],
      ['text', { query: known }],
      ['text and hash', { query: known, ...apollo(sha256(known)) }],
    ])('run by %s', async (_, request) => {
      expect(await send(servers[mode], { ...request, variables: { name: 'Ada' } })).toMatchObject({ data: { hello: 'Hello, Ada' } })
    })

    it.each([
      ['a hash that nobody knows', apollo(sha256('{ whoAmI }')), 'PERSISTED_QUERY_NOT_FOUND'],
      ['an id that nobody knows', byId(sha256('{ whoAmI }')), 'PERSISTED_QUERY_NOT_FOUND'],
      ['a hash of another text', { query: '{ whoAmI }', ...apollo(sha256(known)) }, 'BAD_USER_INPUT'],
      ['an id of another text', { query: '{ whoAmI }', ...byId(sha256(known)) }, 'BAD_USER_INPUT'],
      ['two names for two operations', { ...byId(sha256(known)), ...apollo(sha256(feed)) }, 'BAD_USER_INPUT'],
      ['another version', apollo(sha256(known), 2), 'BAD_USER_INPUT'],
      ['a hash in capitals', apollo(sha256(known).toUpperCase()), 'BAD_USER_INPUT'],
      ['a hash that is a property of objects', apollo('__proto__'), 'BAD_USER_INPUT'],
      ['another kind of hash', { documentId: `md5:${'0'.repeat(32)}` }, 'BAD_USER_INPUT'],
      ['a number', apollo(42), 'BAD_USER_INPUT'],
    ])('refuse %s', async (_, request, code) => {
      const answer = await send(servers[mode], request)
      expect([codesOf(answer), answer.data ?? null]).toEqual([[code], null])
      if (code === 'PERSISTED_QUERY_NOT_FOUND') expect(answer.errors?.[0]?.message).toBe('PersistedQueryNotFound')
    })
  })

  it('stream by server-sent events and on sockets', async () => {
    expect((await post(servers[mode], byId(sha256(feed)), 'text/event-stream')).text).toContain('{"data":{"count":1}}')
    expect(await overSocket(servers[mode], apollo(sha256(feed)))).toEqual({ data: { count: 1 } })
  })

  it('change nothing by GET', async () => {
    const answer = await get(servers[mode], byId(sha256(secret)))
    expect([answer.status, answer.data ?? null]).toEqual([405, null])
    expect(await post(servers[mode], byId(sha256(secret)))).toMatchObject({ data: { secret: true } })
  })
})

describe('trusted operations alone', () => {
  it.each(carriers)('are run by %s, and no other text is', async (_, send) => {
    for (const request of [
      { query: unknown },
      { query: `${known} ` },
      { query: unknown, ...apollo(sha256(unknown)) },
      { query: '{ __schema { types { name } } }' },
    ]) {
      const answer = await send(servers.only, request)
      expect([codesOf(answer), answer.data ?? null]).toEqual([['FORBIDDEN'], null])
    }
    expect(codesOf(await send(servers.only, apollo(sha256(unknown)))), 'what was sent along was not kept').toEqual(['PERSISTED_QUERY_NOT_FOUND'])
  })

  it('refuse other texts as streams too', async () => {
    expect((await post(servers.only, { query: 'subscription { count(to: 2) }' }, 'text/event-stream')).text).toContain('FORBIDDEN')
  })

  it('leave GraphiQL out, and let the links in mails work', async () => {
    const page = (path: string) => fetch(new URL(path, servers.only.url), { headers: { accept: 'text/html' } })
    const graphiql = await page('/graphql')
    expect([graphiql.status, await graphiql.text()]).toEqual([403, expect.stringContaining('PERSISTED_OPERATIONS=only')])
    expect((await page('/verify-email')).status).toBe(200)
    // The small server has no such field, and says so: the text itself was let through.
    expect(codesOf(await post(servers.only, { query: linkOperations.verifyEmail }))).not.toContain('FORBIDDEN')
  })
})

describe('automatic persisted queries', () => {
  const clientOf = (server: SmallServer) => {
    const sent: unknown[] = []
    const watch: typeof fetch = (input, init) => {
      sent.push('query' in JSON.parse(String(init?.body)))
      return fetch(input, init)
    }
    const link = ApolloLink.from([new PersistedQueryLink({ sha256 }), new HttpLink({ uri: server.url, fetch: watch })])
    return { sent, client: new ApolloClient({ cache: new InMemoryCache(), link, defaultOptions: { query: { fetchPolicy: 'no-cache' } } }) }
  }
  const query = parse('query Greeting($name: String) { hello(name: $name) }')

  it('of Apollo Client send a text once, and its hash from then on', async () => {
    const { client, sent } = clientOf(servers.on)
    for (const name of ['Ada', 'Bob']) expect((await client.query({ query, variables: { name } })).data).toEqual({ hello: `Hello, ${name}` })
    expect(sent).toEqual([false, true, false])
    client.stop()
  })

  it('are given up by Apollo Client where there are none', async () => {
    const { client, sent } = clientOf(servers.off)
    for (const name of ['Ada', 'Bob']) expect((await client.query({ query, variables: { name } })).data).toEqual({ hello: `Hello, ${name}` })
    expect(sent).toEqual([false, true, true])
    client.stop()
  })

  it('keep what was sent last, and forget nothing that is trusted', async () => {
    const text = (at: number) => `{ hello(name: "${at}${'x'.repeat(30_000)}") }`
    const first = text(0)
    expect(await post(servers.on, { query: first, ...apollo(sha256(first)) })).toHaveProperty('data')
    expect(await post(servers.on, apollo(sha256(first)))).toHaveProperty('data')
    for (let at = 1; at <= 300; at += 1) await post(servers.on, { query: text(at), ...apollo(sha256(text(at))) })
    expect(codesOf(await post(servers.on, apollo(sha256(first))))).toEqual(['PERSISTED_QUERY_NOT_FOUND'])
    expect(await post(servers.on, apollo(sha256(text(300))))).toHaveProperty('data')
    expect(await post(servers.on, apollo(sha256(known)))).toHaveProperty('data')
  })
})

describe('a file of trusted operations', () => {
  it('from graphql-codegen works as it is', async () => {
    const documents = ['query Fields { viewer { ...Name } } fragment Name on User { id displayName }']
    const files = await generate(
      {
        schema: 'schema/schema.graphql',
        documents,
        silent: true,
        generates: { [`${folder}/`]: { preset: 'client', presetConfig: { persistedDocuments: { hashAlgorithm: 'sha256' } } } },
      },
      false,
    )
    const { content = '{}' } = files.find(({ filename }: { filename: string }) => filename.endsWith('persisted-documents.json')) ?? {}
    const [[name = '', text] = []] = Object.entries(JSON.parse(content))
    expect(text).toContain('viewer')
    await using server = await startSmallServer({ PERSISTED_OPERATIONS: 'only', PERSISTED_OPERATIONS_FILE: fileOf('generated.json', content) })
    // Found, parsed and held against the schema, which in the small server has other fields.
    expect((await post(server, { documentId: name })).errors?.[0]?.message).toMatch(/^Cannot query field/)
  })

  it.each([
    ['is no JSON', '{', ['trusted.json can’t be read'.replace('trusted', 'bad')]],
    ['is no object', '[]', ['holds no JSON object']],
    [
      'has several faults',
      { [sha256('x')]: known, abc: known, [sha256('{')]: '{', [sha256('1')]: 1 },
      ['4 fault(s)', sha256('x'), 'abc is not', 'is no GraphQL', 'names no text'],
    ],
  ])('that %s keeps the server from starting, and all its faults are told', async (_, content, expected) => {
    const failure = await startSmallServer({ PERSISTED_OPERATIONS: 'on', PERSISTED_OPERATIONS_FILE: fileOf('bad.json', content) }).catch(
      error => error,
    )
    for (const part of expected) expect(String(failure)).toContain(part)
  })
})
