import { expect } from 'vitest'
import { answerOf, codesOf } from '../../transport/ask.ts'
import { openSocket } from '../../transport/raw-socket.ts'
import type { Answer, Attacks, Target } from './target.ts'

const noSchema =
  (query: string) =>
  async ({ ask, attacker }: Target) => {
    const answer = await ask(query, undefined, attacker)
    expect(codesOf(answer)).toContain('BAD_USER_INPUT')
    expect(answer.data).toBeUndefined()
    expect(answer.text).not.toMatch(/"queryType"|"fields":|"kind"/)
  }

const noHint =
  (query: string, variables?: unknown) =>
  async ({ ask, attacker }: Target) => {
    const answer = await ask(query, variables, attacker)
    expect(codesOf(answer)).toContain('BAD_USER_INPUT')
    expect(answer.text).not.toContain('Did you mean')
  }

const nothingInside = /node_modules|\/src\/|\.ts:\d+|at \w+ \(|select |insert |postgres|ioredis|drizzle|pothos/i

const masked = (send: (target: Target) => Promise<Response>) => async (target: Target) => {
  const response = await send(target)
  const text = await response.text()
  expect(response.status).toBeLessThan(500)
  expect(text).not.toMatch(nothingInside)
}

const post = ({ at }: Target, body: string, headers: Record<string, string> = {}) =>
  at('/graphql', { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body })

export const disclosure: Attacks = {
  'the whole schema': noSchema('{ __schema { types { name fields { name } } } }'),
  'the schema under another name': noSchema('{ a: __schema { queryType { name } } }'),
  'the schema from a fragment': noSchema('{ ...A } fragment A on Query { __schema { queryType { name } } }'),
  'the schema from an inline fragment': noSchema('{ ... on Query { __schema { queryType { kind } } } }'),
  'one type': noSchema('{ __type(name: "User") { name fields { name } } }'),
  'the schema of mutations': noSchema('mutation { __schema { mutationType { name } } }'),
  'the schema, skipped by a directive': noSchema('{ viewer { id } __schema @skip(if: true) { queryType { name } } }'),
  'the schema by GET': async ({ at }) => {
    const answer = await answerOf(await at(`/graphql?query=${encodeURIComponent('{ __schema { queryType { name } } }')}`))
    expect(codesOf(answer)).toContain('BAD_USER_INPUT')
    expect(answer.data).toBeUndefined()
  },
  'the schema over a socket': async ({ server }) => {
    using socket = await openSocket(server.wsUrl)
    await socket.init()
    socket.send({ id: '1', type: 'subscribe', payload: { query: '{ __schema { queryType { name } } }' } })
    const { type, payload } = await socket.next()
    expect([type, codesOf({ errors: payload as NonNullable<Answer['errors']> })]).toEqual(['error', ['BAD_USER_INPUT', 'BAD_USER_INPUT']])
  },
  'a hint at the name of a field': noHint('{ viewr { id } }'),
  'a hint at the name of a type': noHint('{ viewer { ... on Usr { id } } }'),
  'a hint at the name of an argument': noHint('{ document(idd: "x") { id } }'),
  'a hint at the name of an input field': noHint('mutation { createDocument(input: { nam: "x" }) { document { id } } }'),
  'a hint at the name of an input field in variables': noHint(
    'mutation ($input: CreateDocumentInput!) { createDocument(input: $input) { document { id } } }',
    { input: { nam: 'x' } },
  ),
  'a hint at a value of an enum': noHint('mutation { createNote(input: { type: NOT }) { note { id } } }'),
  'a hint at a value of an enum in variables': noHint('mutation ($type: NoteType) { createNote(input: { type: $type }) { note { id } } }', {
    type: 'NOT',
  }),
  'a hint at the name of a directive': noHint('{ viewer @skp(if: true) { id } }'),
  'the inside of the server, by broken JSON': masked(target => post(target, '{"query":')),
  'the inside of the server, by a query that is a number': masked(target => post(target, '{"query":7}')),
  'the inside of the server, by variables that are a text': masked(target => post(target, '{"query":"{viewer{id}}","variables":"x"}')),
  'the inside of the server, by an operation name that is an object': masked(target =>
    post(target, '{"query":"query A{viewer{id}}","operationName":{"a":1}}'),
  ),
  'the inside of the server, by a token that is none': masked(target => post(target, '{"query":"{viewer{id}}"}', { authorization: 'Bearer x.y.z' })),
  'the inside of the server, by a cookie': masked(target => post(target, '{"query":"{viewer{id}}"}', { cookie: 'tidemark_admin=%00%ff; a=b' })),
  'which software it is, by headers': async ({ at }) => {
    for (const path of ['/graphql?query={__typename}', '/health', '/nothing']) {
      const { headers } = await at(path)
      expect([headers.get('server'), headers.get('x-powered-by'), headers.get('via')]).toEqual([null, null, null])
    }
  },
  'files of the server’s folder': async ({ at }) => {
    for (const path of ['/package.json', '/.env', '/.git/config', '/src/main.ts', '/data/secret', '/schema/schema.graphql', '/drizzle'])
      expect([path, (await at(path)).status]).toEqual([path, 404])
  },
}
