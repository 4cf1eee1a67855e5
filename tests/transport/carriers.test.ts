import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Answer, answerOf } from './ask.ts'
import { openSocket } from './raw-socket.ts'
import { type SmallServer, startSmallServer } from './small-server.ts'

/** An operation, and whoever sends it. */
interface Sent {
  readonly query?: unknown
  readonly variables?: unknown
  readonly operationName?: unknown
  readonly extensions?: unknown
  readonly documentId?: unknown
}

interface Said {
  readonly data?: unknown
  readonly errors?: readonly Record<string, unknown>[]
  readonly extensions?: unknown
}

type Way = (server: SmallServer, sent: Sent, token?: string) => Promise<Said>

const modern = 'application/graphql-response+json'
const bearer = (token?: string): Record<string, string> => (token === undefined ? {} : { authorization: `Bearer ${token}` })

const byPost = (server: SmallServer, sent: Sent, token?: string, accept = modern) =>
  fetch(server.url, { method: 'POST', headers: { 'content-type': 'application/json', accept, ...bearer(token) }, body: JSON.stringify(sent) })

function byAddress(server: SmallServer, sent: Sent, token?: string, accept = modern) {
  const parameters = Object.entries(sent).map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)])
  return fetch(`${server.url}?${new URLSearchParams(parameters)}`, { headers: { accept, ...bearer(token) } })
}

const saidIn = ({ data, errors, extensions }: Said): Said => JSON.parse(JSON.stringify({ data, errors, extensions }))

/** How an operation gets to the server: as a plain post, which has a short way of its own, through yoga, and on a socket. */
const ways: Record<string, Way> = {
  'a plain post': async (...sent) => saidIn((await answerOf(await byPost(...sent))) as Said),
  'an address': async (...sent) => saidIn((await answerOf(await byAddress(...sent))) as Said),
  async 'a stream of events'(server, sent, token) {
    const text = await (await byPost(server, sent, token, 'text/event-stream')).text()
    return saidIn(JSON.parse([...text.matchAll(/^data: (.+)$/gm)].at(-1)?.[1] ?? 'null'))
  },
  async 'a socket'(server, sent, token) {
    using socket = await openSocket(server.wsUrl)
    await socket.init(token === undefined ? undefined : { token })
    socket.send({ id: '1', type: 'subscribe', payload: { query: '', ...sent } })
    const { type, payload } = await socket.next()
    return saidIn(type === 'error' ? { errors: payload as NonNullable<Said['errors']> } : (payload as Said))
  },
}

/** What no two answers have in common. */
const withoutIds = (said: Said): Said => JSON.parse(JSON.stringify(said).replace(/"correlationId":"[\da-f-]{36}"/g, '"correlationId":"…"'))

/** What all of these ways come to, which is one and the same. */
async function sameBy(names: readonly string[], server: SmallServer, sent: Sent, token?: string): Promise<Said> {
  const [first, ...others] = await Promise.all(names.map(async name => withoutIds(await (ways[name] as Way)(server, sent, token))))
  for (const [at, other] of others.entries()) expect([names[at + 1], other]).toEqual([names[at + 1], first])
  return first as Said
}

const all = Object.keys(ways)
const overHttp = all.filter(name => name !== 'a socket')
const codesIn = ({ errors = [] }: Said) => errors.map(({ extensions }) => (extensions as { code: string }).code)
const hashOf = (text: string) => createHash('sha256').update(text).digest('hex')
const pages = 'users(first: $n) { edges { node { friends(first: $n) { edges { node { id } } } } } }'

let server: SmallServer
let closed: SmallServer
let limited: SmallServer
beforeAll(async () => {
  server = await startSmallServer({
    PERSISTED_OPERATIONS: 'on',
    MAX_QUERY_DEPTH: '8',
    MAX_QUERY_ALIASES: '3',
    MAX_QUERY_TOKENS: '300',
    MAX_QUERY_COST: '5000',
    CORS_ORIGINS: 'https://app.example.com',
  })
  limited = await startSmallServer({ READ_RATE_LIMIT_PER_MIN: '2', IP_RATE_LIMIT_PER_MIN: '0', TRUSTED_PROXIES: '127.0.0.0/8' })
  closed = await startSmallServer({
    INTROSPECTION: 'off',
    REQUIRE_SIGNATURES: 'true',
  })
})
afterAll(() => Promise.all([server, closed, limited].map(each => each[Symbol.asyncDispose]())))

describe('whatever carries it, an operation', () => {
  it.each<[string, Sent, unknown]>([
    ['without anything else', { query: '{ hello }' }, { hello: 'Hello, you' }],
    ['with variables', { query: 'query ($name: String) { hello(name: $name) }', variables: { name: 'Zoë 🐟' } }, { hello: 'Hello, Zoë 🐟' }],
    ['that is one of several', { query: 'query A { ip } query B { hello }', operationName: 'B' }, { hello: 'Hello, you' }],
    [
      'with nulls for what it does not need',
      { query: '{ __typename }', variables: null, operationName: null, extensions: null },
      { __typename: 'Query' },
    ],
  ])('%s gets the same data', async (_, sent, data) => {
    const names = Object.values(sent).includes(null) ? all.filter(name => name !== 'an address') : all
    expect(await sameBy(names, server, sent)).toEqual({ data })
  })

  it('hears the same of its cost', async () => {
    const said = await sameBy(all, server, { query: `query ($n: Int) { ${pages} }`, variables: { n: 3 }, extensions: { cost: true } })
    expect(said.extensions).toEqual({ cost: { requested: expect.any(Number), limit: 5000 } })
  })

  it.each<[string, Sent, readonly string[]]>([
    ['is no GraphQL', { query: '{ hello' }, ['BAD_USER_INPUT']],
    ['is empty', { query: '' }, ['BAD_USER_INPUT']],
    ['has faults', { query: '{ nothing hello(name: 3) }' }, ['BAD_USER_INPUT', 'BAD_USER_INPUT']],
    ['is one of several, and unnamed', { query: 'query A { hello } query B { hello }' }, ['BAD_USER_INPUT']],
    ['is named, and is not there', { query: 'query A { hello }', operationName: 'B' }, ['BAD_USER_INPUT']],
    [
      'has variables of other types',
      { query: 'query ($input: EchoInput!) { echo(input: $input) }', variables: { input: { text: 1, other: 2 } } },
      ['BAD_USER_INPUT', 'BAD_USER_INPUT'],
    ],
    ['lacks a variable', { query: 'query ($input: EchoInput!) { echo(input: $input) }' }, ['BAD_USER_INPUT']],
    ['fails in a field', { query: '{ hello fail(code: "RATE_LIMITED") }' }, ['RATE_LIMITED']],
    ['fails as nobody expected', { query: '{ hello fail }' }, ['INTERNAL_SERVER_ERROR']],
    ['is too deep', { query: `${'{ self '.repeat(8)}{ hello }${' }'.repeat(8)}` }, ['QUERY_TOO_COMPLEX']],
    ['has too many aliases', { query: '{ a: ip b: ip c: ip d: ip }' }, ['QUERY_TOO_COMPLEX']],
    ['has too many tokens', { query: `{ ${'hello '.repeat(400)} }` }, ['QUERY_TOO_COMPLEX']],
    ['costs too much by its variables', { query: `query ($n: Int) { ${pages} }`, variables: { n: 200 } }, ['QUERY_TOO_COMPLEX']],
    [
      'is named by a hash that nobody knows',
      { extensions: { persistedQuery: { version: 1, sha256Hash: hashOf('{ unknown }') } } },
      ['PERSISTED_QUERY_NOT_FOUND'],
    ],
    [
      'is named by the hash of another',
      { query: '{ hello }', extensions: { persistedQuery: { version: 1, sha256Hash: hashOf('{ ip }') } } },
      ['BAD_USER_INPUT'],
    ],
    ['is named by no hash', { documentId: 'hello' }, ['BAD_USER_INPUT']],
    [
      'is signed by somebody else',
      { query: '{ hello }', extensions: { signature: { value: 'x', timestamp: 'now', nonce: '' } } },
      ['SIGNATURE_INVALID'],
    ],
  ])('that %s is refused with the same errors', async (_, sent, codes) => {
    // A socket has a key of its own, so it has something else to say about signatures.
    const names = codes[0] === 'SIGNATURE_INVALID' ? overHttp : sent.query === '' ? all.filter(name => name !== 'an address') : all
    for (let round = 0; round < 2; round += 1) expect(codesIn(await sameBy(names, server, sent))).toEqual(codes)
  })

  it('that was sent with its hash is found by it', async () => {
    const query = '{ hello(name: "again") }'
    const persistedQuery = { version: 1, sha256Hash: hashOf(query) }
    const expected = { data: { hello: 'Hello, again' } }
    for (const sent of [{ query, extensions: { persistedQuery } }, { extensions: { persistedQuery } }, { documentId: `sha256:${hashOf(query)}` }])
      expect(await sameBy(all, server, sent)).toEqual(expected)
  })

  it.each(['TOKEN_EXPIRED', 'TOKEN_REVOKED', 'UNAUTHENTICATED'])('is refused with %s when its token is', async code => {
    expect(codesIn(await sameBy(overHttp, server, { query: '{ hello }' }, `!${code}`))).toEqual([code])
  })

  it('speaks for whoever sends it, and only for them', async () => {
    for (const viewer of ['ann', 'bob', undefined, 'ann'])
      expect((await sameBy(all, server, { query: '{ whoAmI }' }, viewer)).data).toEqual({ whoAmI: viewer ?? null })
  })

  it('is not run unsigned where it has to be signed, and says nothing of the schema where it must not', async () => {
    expect(codesIn(await sameBy(overHttp, closed, { query: '{ hello }' }, 'ann'))).toEqual(['SIGNATURE_REQUIRED'])
    expect(codesIn(await sameBy(overHttp, closed, { query: '{ __schema { types { __typename } } }' }))).toEqual(['BAD_USER_INPUT', 'BAD_USER_INPUT'])
  })
})

describe('an answer by yoga and one to a plain post', () => {
  /** All that is said beside the body, but for what is new each time. */
  function headOf({ status, headers }: Answer) {
    const { date, 'x-request-id': requestId, ...rest } = Object.fromEntries(headers)
    expect(requestId).toMatch(/^[\da-f-]{36}$/)
    if (rest['ratelimit']) rest['ratelimit'] = rest['ratelimit'].replace(/r=\d{3,};t=\d+|(?<=t=)\d+/g, '…')
    if (status === 429) rest['retry-after'] = String(Number(rest['retry-after']) > 0)
    // One is written whole, the other as a stream.
    const { 'transfer-encoding': _, 'content-length': __, ...said } = rest
    return { status, ...said }
  }

  const cases: readonly [string, Sent, string?][] = [
    ['data', { query: '{ hello }' }],
    ['an error of a field', { query: '{ fail(code: "NOT_FOUND") }' }],
    ['an error of a field that says when to come again', { query: '{ fail(code: "RATE_LIMITED") }' }],
    ['a fault', { query: '{ nothing }' }],
    ['a syntax error', { query: '{' }],
    ['no operation', { query: 'query A { ip }', operationName: 'B' }],
    ['no text', {}],
    ['variables of another type', { query: 'query ($input: EchoInput!) { echo(input: $input) }', variables: {} }],
    ['a limit', { query: '{ a: ip b: ip c: ip d: ip }' }],
    ['no such hash', { extensions: { persistedQuery: { version: 1, sha256Hash: hashOf('{ unknown }') } } }],
    ['a bad token', { query: '{ hello }' }, '!TOKEN_EXPIRED'],
    ['a database that is away', { query: '{ hello }' }, 'database-is-down'],
  ]

  it.each(cases)('have the same status, the same headers and the same body for %s', async (_, sent, token) => {
    const accepts = [
      modern,
      'application/json',
      '*/*',
      'application/*',
      `${modern}; charset=utf-8, application/json;q=0.9`,
      `application/json, ${modern}`,
      'text/event-stream, application/json',
    ]
    for (const accept of accepts) {
      const [post, yoga] = (await Promise.all([byPost, byAddress].map(async by => answerOf(await by(server, sent, token, accept))))) as [
        Answer,
        Answer,
      ]
      expect([accept, headOf(post), withoutIds(saidIn(post as Said))]).toEqual([accept, headOf(yoga), withoutIds(saidIn(yoga as Said))])
    }
  })

  it('tell the same of limits, and refuse alike, as a socket does', async () => {
    const query = '{ ip }'
    const from = (ip: string) => ({ accept: modern, 'content-type': 'application/json', 'x-forwarded-for': ip })
    const ask: Record<string, () => Promise<Response>> = {
      post: () => fetch(limited.url, { method: 'POST', headers: from('203.0.113.1'), body: JSON.stringify({ query }) }),
      address: () => fetch(`${limited.url}?${new URLSearchParams({ query })}`, { headers: from('203.0.113.2') }),
    }
    const told: Record<string, unknown[]> = { post: [], address: [] }
    for (const [name, way] of Object.entries(ask))
      for (let count = 0; count < 4; count += 1) {
        const answer = await answerOf(await way())
        told[name]?.push([headOf(answer), codesIn(answer as Said)])
      }
    expect(told['post']).toEqual(told['address'])
    expect(told['post']?.[3]).toEqual([
      expect.objectContaining({ status: 429, ratelimit: '"reads";r=0;t=…', 'ratelimit-policy': '"reads";q=2;w=60', 'retry-after': 'true' }),
      ['RATE_LIMITED'],
    ])
    using socket = await openSocket(limited.wsUrl, { headers: from('203.0.113.3') })
    await socket.init()
    const codes: unknown[] = []
    for (let count = 0; count < 4; count += 1) {
      socket.send({ id: String(count), type: 'subscribe', payload: { query } })
      const { type, payload } = await socket.next()
      codes.push(type === 'next' ? 'ok' : codesIn({ errors: payload as NonNullable<Said['errors']> })[0])
      if (type === 'next') await socket.next()
    }
    expect(codes).toEqual(['ok', 'ok', 'RATE_LIMITED', 'RATE_LIMITED'])
  })
})

describe('the metrics', () => {
  it('count operations alike, whichever way they came', async () => {
    await using counted = await startSmallServer()
    for (const by of [byPost, byAddress]) for (const query of ['{ hello }', '{ nothing }', '{ fail }']) await (await by(counted, { query })).text()
    const text = await (await fetch(new URL('/metrics', counted.url))).text()
    for (const [type, outcome] of [
      ['query', 'ok'],
      ['unknown', 'BAD_USER_INPUT'],
      ['query', 'INTERNAL_SERVER_ERROR'],
    ])
      expect(text).toContain(`tidemark_operation_duration_seconds_count{type="${type}",outcome="${outcome}",carrier="http"} 2`)
    expect(text).toContain('tidemark_messages_sent_total 6')
  })
})
