import fc from 'fast-check'
import { createClient } from 'graphql-ws'
import { beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { follow, type Person, signUp, useServers } from '../harness/client.ts'
import { modes } from '../harness/modes.ts'
import { createDocument, createSnapshot, readDocument, restoreSnapshot } from '../harness/operations.ts'

const nested = (depth: number, [open, close]: readonly [string, string] = ['[', ']']) => open.repeat(depth) + close.repeat(depth)

/** JSON as text, so that nothing of it is lost before it is sent; and the same as a literal of GraphQL where there is one. */
type Sample = readonly [name: string, json: string, literal?: string]
const kept: readonly Sample[] = [
  ['null', 'null', 'null'],
  ['booleans', '[true,false]', '[true, false]'],
  ['text that looks like a number', '"10.5"', '"10.5"'],
  ['text that looks like JSON', '["null","true","{}","[]","\\"x\\""]', '["null", "true", "{}", "[]", "\\"x\\""]'],
  ['no text', '""', '""'],
  [
    'text with quotes, line breaks and control characters',
    '"\\" \\\\ / \\b\\f\\n\\r\\t\\u0001\\u001f\\u007f\\u2028"',
    '"\\" \\\\ / \\b\\f\\n\\r\\t\\u0001\\u001f\\u007f\\u2028"',
  ],
  ['Unicode', '"é e\\u0301 😀 \\uffff ﷽ مرحبا"', '"é e\\u0301 😀 \\uffff ﷽ مرحبا"'],
  ['a whole surrogate pair', '"\\ud83d\\ude00"', '"\\ud83d\\ude00"'],
  ['integers', '[0,1,-1,2147483648,-9007199254740991,9007199254740991]', '[0, 1, -1, 2147483648, -9007199254740991, 9007199254740991]'],
  [
    'fractions',
    '[0.1,1.5,-0.30000000000000004,1e-7,5e-324,123456789.12345679]',
    '[0.1, 1.5, -0.30000000000000004, 1e-7, 5e-324, 123456789.12345679]',
  ],
  ['numbers with an exponent', '[1e3,1.5E+2,25e-1]', '[1e3, 1.5E+2, 25e-1]'],
  ['nothing in it', '[{},[],[[]],{"a":{}}]', '[{}, [], [[]], {a: {}}]'],
  ['an empty key', '{"":{"":1}}'],
  [
    'keys that objects have already',
    '{"constructor":{"prototype":1},"toString":null,"hasOwnProperty":[],"valueOf":"x"}',
    '{constructor: {prototype: 1}, toString: null, hasOwnProperty: [], valueOf: "x"}',
  ],
  ['keys that look like indices', '{"1":"a","0":"b","-1":"c","01":"d"}'],
  ['keys of any characters', '{"a.b":1," ":2,"\\n":3,"😀":4,"é":5,"e\\u0301":6}'],
  ['keys that are told apart by an escape', '[{"h":[],"\\\\":0},{"h":1,"\\"":2},{"h":1,"\\n":2},{"C:\\\\":0},{"C:\\\\Windows":0}]'],
  ['64 levels of lists', nested(64), nested(64)],
  ['64 levels of objects', `${'{"a":'.repeat(63)}{}${'}'.repeat(63)}`, `${'{a:'.repeat(63)}{}${'}'.repeat(63)}`],
  ['a long list', JSON.stringify(Array.from({ length: 5_000 }, (_, index) => index))],
]

const text = fc.string({
  unit: fc.oneof(fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }), fc.constantFrom('"', '\\', '\n', '\u0001', '\u2028', '/', '😀')),
})
const storable = text.filter(each => !each.includes('\0') && each.isWellFormed() && each !== '__proto__')
const number = fc.oneof(fc.maxSafeInteger(), fc.double({ noNaN: true, noDefaultInfinity: true }))
const { any: value } = fc.letrec(tie => ({
  any: fc.oneof(
    { depthSize: 'small' },
    fc.constant(null),
    fc.boolean(),
    number.filter(each => !Object.is(each, -0) && (!Number.isInteger(each) || Number.isSafeInteger(each))),
    storable,
    fc.array(tie('any')),
    fc.dictionary(storable, tie('any')),
  ),
}))
const path = storable.filter(each => each.length > 0)

const refused: readonly Sample[] = [
  ['__proto__ as a key', '{"__proto__":{"polluted":1}}', '{__proto__: {polluted: 1}}'],
  ['__proto__ as a key further down', '[{"a":{"__proto__":null}}]', '[{a: {__proto__: null}}]'],
  ['NUL', '"a\\u0000b"', '"a\\u0000b"'],
  ['NUL in a key', '{"a\\u0000":1}'],
  ['half a surrogate pair', '"\\ud800"'],
  ['the other half', '["x\\udc00y"]'],
  ['half a surrogate pair in a key', '{"\\ud83d":1}'],
  ['negative zero', '-0', '-0'],
  ['negative zero as a fraction', '[-0.0]', '[-0.0]'],
  ['2^53 + 1', '9007199254740993', '9007199254740993'],
  ['-2^53 - 1', '-9007199254740993', '-9007199254740993'],
  ['1e400', '1e400', '1e400'],
  ['-1e400', '[-1e400]', '[-1e400]'],
  ['65 levels', nested(65), nested(65)],
  ['65 levels of objects', `${'{"a":'.repeat(64)}{}${'}'.repeat(64)}`, `${'{a:'.repeat(64)}{}${'}'.repeat(64)}`],
  ['5,000 levels', nested(5_000)],
  ['100,000 levels', nested(100_000)],
  ['100,000 levels of objects', `${'{"a":'.repeat(99_999)}{}${'}'.repeat(99_999)}`],
]

const mutation = 'mutation ($input: PushDeltaInput!) { pushDelta(input: $input) { applied delta { writes { value } } } }'

describe.each(modes)('JSON on %s', mode => {
  const servers = useServers(mode, { env: { MAX_MESSAGE_BYTES: String(4 * 1024 * 1024) } })
  let ann: Person
  let id: string
  let counter = 0
  beforeAll(async () => {
    ann = await signUp(servers.one.url, 'ann')
    id = (await ann.run(createDocument, { input: {} })).createDocument.document.id
  })

  const asVariable = (path: string, json: string) =>
    ann.post(
      `{"query":${JSON.stringify(mutation)},"variables":{"input":{"documentId":"${id}","clientId":"c","clock":{"c":${++counter}},"writes":[{"path":${JSON.stringify(path)},"value":${json}}]}}}`,
    )
  const asLiteral = (path: string, literal: string) =>
    ann.post(
      JSON.stringify({
        query: `mutation { pushDelta(input: {documentId: "${id}", clientId: "c", clock: {c: ${++counter}}, writes: [{path: ${JSON.stringify(path)}, value: ${literal}}]}) { applied delta { writes { value } } } }`,
      }),
    )
  const valueIn = (answer: Awaited<ReturnType<typeof asVariable>>) =>
    (answer.data?.['pushDelta'] as { delta: { writes: { value: unknown }[] } } | undefined)?.delta.writes[0]?.value

  test.each(kept.map(([name, json, literal]) => ({ name, json, literal })))('comes back as it went in: $name', async ({ name, json, literal }) => {
    const value: unknown = JSON.parse(json)
    const pushed = await asVariable(name, json)
    expect(pushed.errors).toEqual([])
    expect(valueIn(pushed)).toEqual(value)
    if (literal !== undefined) {
      const written = await asLiteral(`${name} as a literal`, literal)
      expect(written.errors).toEqual([])
      expect(valueIn(written)).toEqual(value)
    }
  })

  test.each(refused.map(([name, json, literal]) => ({ name, json, literal })))('is refused: $name', async ({ name, json, literal }) => {
    const answer = await asVariable(name, json)
    expect(answer.errors.map(error => [error.extensions.code, error.extensions.field])).toEqual([['BAD_USER_INPUT', 'input.writes.0.value']])
    if (literal === undefined) return
    const { errors } = await asLiteral(name, literal)
    expect(errors.map(error => error.extensions.code)).toEqual(['BAD_USER_INPUT'])
  })

  test('is refused as a literal: more levels than an operation may have tokens', async () => {
    for (const depth of [900, 5_000, 100_000]) {
      const { errors } = await asLiteral('deep', nested(depth))
      expect(errors.map(error => error.extensions.code)).toEqual([depth < 1_000 ? 'BAD_USER_INPUT' : 'QUERY_TOO_COMPLEX'])
    }
  })

  test('is the same in the document, its feed, a snapshot and what that brings back', async () => {
    const fields = Object.fromEntries(kept.map(([name, json]) => [name, JSON.parse(json) as unknown]))
    const body = `{"query":"mutation ($input: CreateDocumentInput!) { createDocument(input: $input) { document { id fields } } }","variables":{"input":{"fields":{${kept.map(([name, json]) => `${JSON.stringify(name)}:${json}`).join(',')}}}}}`
    const made = (await ann.post(body)).data?.['createDocument'] as { document: { id: string; fields: unknown } }
    expect(made.document.fields).toEqual(fields)
    const documentId = made.document.id
    const { snapshot } = (await ann.run(createSnapshot, { input: { documentId } })).createSnapshot
    expect(snapshot.fields).toEqual(fields)
    expect(snapshot.sizeBytes).toBe(Buffer.byteLength(JSON.stringify(snapshot.fields)))
    const writes = kept.map(([path]) => ({ path, delete: true }))
    const gone = await ann.post(JSON.stringify({ query: mutation, variables: { input: { documentId, clientId: 'c', clock: { c: 1 }, writes } } }))
    expect(gone.errors).toEqual([])
    await using feed = await follow(servers.one.wsUrl, ann.accessToken, documentId)
    const back = await ann.run(restoreSnapshot, { input: { id: snapshot.id, clientId: 'c' } })
    expect(back.restoreSnapshot.document.fields).toEqual(fields)
    const [, delta] = await feed.got(2)
    if (delta?.__typename !== 'DocumentDelta') throw new Error('This is no delta.')
    expect(Object.fromEntries(delta.writes.map(({ path, value }) => [path, value]))).toEqual(fields)
    expect((await ann.run(readDocument, { id: documentId })).document?.fields).toEqual(fields)
  })

  test('is the same by every way of asking, whatever it is', async () => {
    const socket = createClient({ url: servers.one.wsUrl, webSocketImpl: WebSocket, connectionParams: { token: ann.accessToken } })
    const ask = async (query: string, accept: string, method: 'GET' | 'POST') => {
      const headers = { accept, 'content-type': 'application/json', authorization: `Bearer ${ann.accessToken}` }
      const url = method === 'GET' ? `${servers.one.url}?${new URLSearchParams({ query })}` : servers.one.url
      const response = await fetch(url, { method, headers, ...(method === 'POST' && { body: JSON.stringify({ query }) }) })
      const text = await response.text()
      return JSON.parse(accept === 'text/event-stream' ? (/\ndata: ([^\n]*)/.exec(text)?.[1] ?? '') : text) as { data: unknown }
    }
    const ways: ((query: string) => Promise<{ data?: unknown }>)[] = [
      query => ask(query, 'application/json', 'POST'),
      query => ask(query, 'application/graphql-response+json', 'POST'),
      query => ask(query, 'application/json', 'GET'),
      query => ask(query, 'text/event-stream', 'POST'),
      async query => (await socket.iterate({ query }).next()).value,
    ]
    await fc.assert(
      fc.asyncProperty(fc.dictionary(path, value), async given => {
        const fields: unknown = JSON.parse(JSON.stringify(given))
        const created = await ann.run(createDocument, { input: { fields } })
        const documentId = created.createDocument.document.id
        const { snapshot } = (await ann.run(createSnapshot, { input: { documentId } })).createSnapshot
        const query = `{ document(id: "${documentId}") { id fields again: fields } node(id: "${snapshot.id}") { ... on Snapshot { fields id } } }`
        const expected = { document: { id: documentId, fields, again: fields }, node: { fields, id: snapshot.id } }
        for (const way of ways) expect((await way(query)).data).toStrictEqual(expected)
      }),
      // A failure is to be told before the test runs out of time: what is smaller and fails as well is looked for no longer.
      { numRuns: 25, interruptAfterTimeLimit: 60_000 },
    )
    await socket.dispose()
  }, 120_000)

  test('pollutes no object of the server', async () => {
    const { data } = await ann.post(JSON.stringify({ query: '{ viewer { id } }' }))
    expect(JSON.stringify(data)).not.toContain('polluted')
    const { errors } = await ann.post(`{"query":"{ viewer { id } }","variables":{"__proto__":{"polluted":1}},"__proto__":{"polluted":1}}`)
    expect(errors.map(error => error.extensions.code)).toEqual(['BAD_USER_INPUT'])
  })
})
