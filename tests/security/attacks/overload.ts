import { expect } from 'vitest'
import { codesOf } from '../../transport/ask.ts'
import { openSocket } from '../../transport/raw-socket.ts'
import type { Answer, Attacks, Target } from './target.ts'

const times = (count: number, text: (at: number) => string) => Array.from({ length: count }, (_, at) => text(at)).join(' ')
const page = (first: string, inner: string) => `documents(first: ${first}) { nodes { ${inner} } }`

/** Refused before anything is executed. */
const refused =
  (query: string | (() => string), variables?: unknown, code = 'QUERY_TOO_COMPLEX') =>
  async ({ ask, attacker }: Target) => {
    const answer = await ask(typeof query === 'string' ? query : query(), variables, attacker)
    expect([...new Set(codesOf(answer))], answer.text.slice(0, 500)).toEqual([code])
    expect(answer.data ?? null).toBeNull()
  }

/** The same over a socket. */
const refusedBySocket =
  (query: string, variables?: object) =>
  async ({ server, attacker }: Target) => {
    using socket = await openSocket(server.wsUrl)
    await socket.init({ token: attacker.accessToken })
    socket.send({ id: '1', type: 'subscribe', payload: { query, ...(variables && { variables }) } })
    const { type, payload } = await socket.next()
    expect([type, new Set(codesOf({ errors: payload as NonNullable<Answer['errors']> }))]).toEqual(['error', new Set(['QUERY_TOO_COMPLEX'])])
  }

const deep = `{ viewer { ...F0 } } ${times(20, at => `fragment F${at} on User { ... on User { ...F${at + 1} } }`)} fragment F20 on User { id }`
const nested = (depth: number) => `{ folders { ${'parent { '.repeat(depth)}id${' }'.repeat(depth)} } }`
const bombOf = (levels: number, leaf: string) =>
  `{ viewer { ...F0 } } ${times(levels, at => `fragment F${at} on User { ...F${at + 1} ...F${at + 1} }`)} fragment F${levels} on User { ${leaf} }`
const jsonOf = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`

async function postRaw({ server, attacker }: Target, body: string): Promise<{ status: number; text: string }> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${attacker.accessToken}` }
  const response = await fetch(server.url, { method: 'POST', headers, body })
  return { status: response.status, text: await response.text() }
}

export const overload: Attacks = {
  'fields nested seventeen deep': refused(nested(16)),
  'fields nested seventeen deep through fragments': refused(
    `{ folders { ...F0 } } ${times(16, at => `fragment F${at} on Folder { parent { ...F${at + 1} } }`)} fragment F16 on Folder { id }`,
  ),
  'fields nested seventeen deep over a socket': refusedBySocket(nested(16)),
  'a hundred thousand brackets': refused(() => `${'{ a '.repeat(900)}${'}'.repeat(900)}`),
  'fifty-one root fields': refused(`{ ${times(51, () => '__typename')} }`),
  'fifty-one root fields from fragments': refused(`{ ...A ...A ...A } fragment A on Query { ${times(17, () => '__typename')} }`),
  'fifty-one aliases': refused(`{ ${times(51, at => `a${at}: __typename`)} }`),
  'fifty-one aliases from fragments': refused(`{ viewer { ...A ...A ...A } } fragment A on User { ${times(17, at => `a${at}: id`)} }`),
  'fifty-one aliases over a socket': refusedBySocket(`{ ${times(51, at => `a${at}: __typename`)} }`),
  'fifty-one directives': refused(`{ viewer { id ${times(51, () => '@skip(if: false)')} } }`),
  'fifty-one directives that there are not': refused(`{ viewer { id ${times(51, at => `@d${at}`)} } }`),
  'directives on the operation itself': refused(`query ${times(51, at => `@d${at}`)} { viewer { id } }`),
  'two thousand tokens': refused(`{ viewer { ${times(2_001, () => 'id')} } }`),
  'tokens of variables that nobody uses': refused(`query (${times(700, at => `$v${at}: Int`)}) { viewer { id } }`),
  'fragments that spread themselves': refused('{ viewer { ...A } } fragment A on User { id ...A }', undefined, 'BAD_USER_INPUT'),
  'fragments that spread each other in a circle': refused(
    `{ viewer { ...F0 } } ${times(30, at => `fragment F${at} on User { ...F${(at + 1) % 30} }`)}`,
    undefined,
    'BAD_USER_INPUT',
  ),
  'fragments that double two hundred times, each with an alias': refused(bombOf(200, 'a: id')),
  'fragments that double forty times, without any alias': refused(bombOf(40, 'id email')),
  'fragments that double in a subscription': refusedBySocket(
    `subscription { inboxEvents { ...F0 } } ${times(60, at => `fragment F${at} on FeedReady { ...F${at + 1} ...F${at + 1} }`)} fragment F60 on FeedReady { a: cursor }`,
  ),
  'pages of five hundred in pages of five hundred': refused(`{ ${page('500', 'members(first: 500) { nodes { access } }')} }`),
  'pages whose size a variable says': refused(`query ($n: Int) { ${page('$n', 'members(first: $n) { nodes { access } }')} }`, { n: 500 }),
  'pages whose size a default of a variable says': refused(`query ($n: Int = 500) { ${page('$n', 'members(first: $n) { nodes { access } }')} }`),
  'pages of five hundred over a socket': refusedBySocket(`{ ${page('500', 'members(first: 500) { nodes { access } }')} }`),
  'one page under fifty names': refused(`{ ${times(50, at => `a${at}: ${page('500', 'id')}`)} }`),
  'a page of a million': refused('{ documents(first: 1000000) { nodes { id } } }', undefined, 'BAD_USER_INPUT'),
  'a page of minus one': refused('{ documents(first: -1) { nodes { id } } }', undefined, 'BAD_USER_INPUT'),
  'a hundred and one nodes': refused(`{ nodes(ids: [${times(101, () => '"doc_x"')}]) { id } }`, undefined, 'BAD_USER_INPUT'),
  'presence of a hundred and one users': refused(`{ presence(userIds: [${times(101, at => `"u${at}"`)}]) { online } }`, undefined, 'BAD_USER_INPUT'),
  'fragments twenty deep that add nothing, which cost no more than their text': async ({ ask, attacker }) => {
    const answer = await ask(deep, undefined, attacker)
    expect(answer.data?.['viewer'] ?? codesOf(answer)).toEqual({ id: attacker.id })
  },
  'comments instead of an operation': refused('#'.repeat(200_000), undefined, 'BAD_USER_INPUT'),
  'a name of a hundred thousand letters, which is not repeated to everybody': async ({ ask }) => {
    const answer = await ask(`{ ${'a'.repeat(100_000)} }`)
    expect(codesOf(answer)).toEqual(['BAD_USER_INPUT'])
  },
  'a body above the limit': async target => {
    expect((await postRaw(target, JSON.stringify({ query: `{ viewer { id } } #${'x'.repeat(1024 * 1024)}` }))).status).toBe(413)
  },
  'variables nested a hundred thousand deep': async target => {
    const body = `{"query":"query ($f: JSON) { viewer { id } }","variables":{"f":${jsonOf(100_000)}}}`
    const { status, text } = await postRaw(target, body)
    expect(status).toBeLessThan(500)
    expect(text).not.toContain('INTERNAL_SERVER_ERROR')
  },
  'a value nested sixty-five deep, which would be stored': refused(
    'mutation ($f: JSON) { createDocument(input: { fields: $f }) { document { id } } }',
    { f: JSON.parse(jsonOf(66)) },
    'BAD_USER_INPUT',
  ),
  'a value nested a thousand deep as a literal': refused(
    `mutation { createDocument(input: { fields: ${'{a:'.repeat(400)}1${'}'.repeat(400)} }) { document { id } } }`,
    undefined,
    'BAD_USER_INPUT',
  ),
  'extensions nested a hundred thousand deep': async target => {
    const { status, text } = await postRaw(target, `{"query":"{ viewer { id } }","extensions":${jsonOf(100_000)}}`)
    expect(status).toBeLessThan(500)
    expect(text).not.toContain('INTERNAL_SERVER_ERROR')
  },
  'a batch of operations': async target => {
    const { status, text } = await postRaw(target, JSON.stringify(new Array(10).fill({ query: '{ viewer { id } }' })))
    expect([status, text.includes('BAD_USER_INPUT')]).toEqual([400, true])
  },
  'a batch over a socket': async ({ server, attacker }) => {
    using socket = await openSocket(server.wsUrl)
    await socket.init({ token: attacker.accessToken })
    socket.send([{ id: '1', type: 'subscribe', payload: { query: '{ viewer { id } }' } }])
    expect((await socket.closed).code).toBe(4400)
  },
}
