import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { expect } from 'vitest'
import { answerOf, codesOf } from '../../transport/ask.ts'
import { type Attacks, secret, statusesOf, type Target } from './target.ts'

const operation = JSON.stringify({ query: '{ __typename }' })
const bomb = JSON.stringify({ query: '{ __typename }', padding: 'x'.repeat(4 * 1024 * 1024) })

/** A body that is packed is not unpacked, so it is no JSON, or of a kind that is refused. */
const packed =
  (encoding: string, pack: (text: string) => Buffer, type = 'application/json') =>
  async ({ at, attacker }: Target) => {
    const authorization = `Bearer ${attacker.accessToken}`
    const headers = { 'content-type': type, 'content-encoding': encoding, 'graphql-require-preflight': '1', authorization }
    const response = await at('/graphql', { method: 'POST', headers, body: new Uint8Array(pack(bomb)) })
    expect([400, 413, 415]).toContain(response.status)
    expect(await response.text()).not.toContain('__typename":')
  }

const body = 'GET /health HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n'
const post = (lines: string, content: string) => `POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n${lines}\r\n\r\n${content}`

/** One request is one request: what hides in its body is never answered. */
const notSmuggled =
  (bytes: string) =>
  async ({ raw }: Target) => {
    const answer = await raw(bytes)
    expect(statusesOf(answer).length, answer.slice(0, 300)).toBeGreaterThan(0)
    expect(answer).not.toContain('"status":"ok"')
  }

const rejected =
  (bytes: string, statuses: readonly number[] = [400]) =>
  async ({ raw }: Target) => {
    const answer = await raw(bytes)
    expect(statuses, answer.slice(0, 200)).toContain(statusesOf(answer)[0])
  }

/** Climbing out of where files are served from leads to nothing. */
const climbs =
  (path: string) =>
  async ({ raw }: Target) => {
    const answer = await raw(`GET ${path} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n`)
    expect([400, 401, 403, 404], answer.slice(0, 200)).toContain(statusesOf(answer)[0])
    expect(answer).not.toMatch(/root:|"dependencies"|import \{|tidemark_connections/)
  }

const wrongVerb =
  (
    method: string,
    paths: readonly string[] = ['/graphql', '/health', '/metrics', '/p/none', '/attachments/none', '/graphiql/boot.js', '/admin', '/nothing'],
  ) =>
  async ({ raw }: Target) => {
    for (const path of paths) {
      const answer = await raw(`${method} ${path} HTTP/1.1\r\nhost: a\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`)
      expect([400, 401, 403, 404, 405, 501], `${method} ${path}: ${answer.slice(0, 100)}`).toContain(statusesOf(answer)[0])
    }
  }

const json = (text: string) => async (target: Target) => {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${target.attacker.accessToken}` }
  const answer = await answerOf(await target.at('/graphql', { method: 'POST', headers, body: text }))
  expect(answer.status).toBeLessThan(500)
  expect(answer.text).not.toContain('INTERNAL_SERVER_ERROR')
  return answer
}

const multipart =
  (map: string, operations = '{"query":"mutation ($f: Upload!) { __typename }","variables":{"f":null}}') =>
  async (target: Target) => {
    const lines = ['operations', operations, 'map', map]
    const parts = [0, 2].map(at => `--x\r\ncontent-disposition: form-data; name="${lines[at]}"\r\n\r\n${lines[at + 1]}\r\n`).join('')
    const content = `${parts}--x\r\ncontent-disposition: form-data; name="0"; filename="a"\r\n\r\npolluted\r\n--x--\r\n`
    const headers = {
      'content-type': 'multipart/form-data; boundary=x',
      'graphql-require-preflight': '1',
      authorization: `Bearer ${target.attacker.accessToken}`,
    }
    const response = await target.at('/graphql', { method: 'POST', headers, body: content })
    expect([response.status, codesOf(await answerOf(response))]).toEqual([400, ['BAD_USER_INPUT']])
    const after = await target.ask('{ viewer { id } }', undefined, target.attacker)
    expect(after.data).toEqual({ viewer: { id: target.attacker.id } })
  }

export const requests: Attacks = {
  'a bomb of gzip': packed('gzip', gzipSync),
  'a bomb of deflate': packed('deflate', deflateSync),
  'a bomb of brotli': packed('br', text => brotliCompressSync(text, { params: {} })),
  'a bomb in a bomb': packed('gzip, gzip', text => gzipSync(gzipSync(text))),
  'a bomb in a form': packed('gzip', gzipSync, 'multipart/form-data; boundary=x'),
  'a body that says it is packed and is not': async ({ at }) => {
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' }
    expect((await at('/graphql', { method: 'POST', headers, body: operation })).status).toBeLessThan(500)
  },
  'a header of a hundred kilobytes': rejected(`GET /health HTTP/1.1\r\nhost: a\r\nx: ${'x'.repeat(100_000)}\r\n\r\n`, [431]),
  'five thousand headers': rejected(`GET /health HTTP/1.1\r\nhost: a\r\n${'x: y\r\n'.repeat(5_000)}\r\n`, [431]),
  'an address of a hundred kilobytes': rejected(`GET /${'x'.repeat(100_000)} HTTP/1.1\r\nhost: a\r\n\r\n`, [414, 431]),
  'both a length and chunks': notSmuggled(post(`content-length: ${6 + body.length}\r\ntransfer-encoding: chunked`, `0\r\n\r\nG${body}`)),
  'chunks and then a length': notSmuggled(post(`transfer-encoding: chunked\r\ncontent-length: 4`, `5c\r\n${body}\r\n0\r\n\r\n`)),
  'two lengths': rejected(post('content-length: 5\r\ncontent-length: 6', '{"a":1}')),
  'a length of two numbers': rejected(post('content-length: 5, 6', '{"a":1}')),
  'a length that is negative': rejected(post('content-length: -1', '{}')),
  'a length with a sign': rejected(post('content-length: +2', '{}')),
  'a length in another notation': rejected(post('content-length: 0x2', '{}')),
  'chunks under another name': notSmuggled(post('transfer-encoding: xchunked', `0\r\n\r\n${body}`)),
  'chunks twice': notSmuggled(post('transfer-encoding: chunked\r\ntransfer-encoding: identity', `0\r\n\r\n${body}`)),
  'chunks behind a space': notSmuggled(post('transfer-encoding : chunked', `0\r\n\r\n${body}`)),
  'chunks behind a tab': notSmuggled(post(`content-length: 2\r\ntransfer-encoding:\tchunked`, `0\r\n\r\n${body}`)),
  'chunks behind a line that goes on': notSmuggled(post(`content-length: 2\r\nx: y\r\n transfer-encoding: chunked`, `{}${body}`)),
  'a chunk whose size is too large for numbers': rejected(post('transfer-encoding: chunked', 'fffffffffffffffff\r\n{}\r\n0\r\n\r\n')),
  'a chunk whose size is negative': rejected(post('transfer-encoding: chunked', '-1\r\n{}\r\n0\r\n\r\n')),
  'line ends without a return': notSmuggled(`POST /graphql HTTP/1.1\nhost: a\ncontent-length: 0\n\n${body}`),
  'a header with a line end in its value': rejected('GET /health HTTP/1.1\r\nhost: a\r\nx: a\rGET /health HTTP/1.1\r\n\r\n'),
  'a header with a NUL in its value': rejected('GET /health HTTP/1.1\r\nhost: a\r\nx: a\0b\r\n\r\n'),
  'a header without a name': rejected('GET /health HTTP/1.1\r\nhost: a\r\n: x\r\n\r\n'),
  'no host': rejected('GET /health HTTP/1.1\r\n\r\n'),
  'two hosts': async ({ raw }) =>
    expect([200, 400]).toContain(statusesOf(await raw('GET /health HTTP/1.1\r\nhost: a\r\nhost: b\r\nconnection: close\r\n\r\n'))[0]),
  'a method in small letters': rejected('get /health HTTP/1.1\r\nhost: a\r\n\r\n'),
  'HTTP/2 without being asked': rejected('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
  'HTTP of no version': rejected('GET /health HTTP/9.9\r\nhost: a\r\n\r\n', [400, 505]),
  'no HTTP at all': rejected('\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'),
  'climbing out of /graphiql/': climbs('/graphiql/../../package.json'),
  'climbing out of /graphiql/, encoded': climbs('/graphiql/%2e%2e/%2e%2e/package.json'),
  'climbing out of /graphiql/, encoded slashes': climbs('/graphiql/..%2f..%2fpackage.json'),
  'climbing out of /graphiql/, encoded twice': climbs('/graphiql/%252e%252e%252fpackage.json'),
  'climbing out of /graphiql/, backslashes': climbs('/graphiql/..\\..\\package.json'),
  'climbing out of /graphiql/, overlong UTF-8': climbs('/graphiql/%c0%ae%c0%ae/package.json'),
  'climbing out of /graphiql/, NUL': climbs('/graphiql/boot.js%00.html'),
  'climbing out of /graphiql/, absolute': climbs('/graphiql//etc/passwd'),
  'climbing out of /graphiql/, broken encoding': climbs('/graphiql/%'),
  'climbing out of /p/': climbs('/p/../health'),
  'climbing out of /p/, encoded': climbs('/p/%2e%2e%2fhealth'),
  'climbing out of /p/, NUL': climbs('/p/%00'),
  'climbing out of /p/, broken encoding': climbs('/p/%ff%'),
  'climbing out of /attachments/': climbs('/attachments/../../etc/passwd'),
  'climbing out of /attachments/, NUL': climbs('/attachments/att_%00?user=a&expires=1&signature=a'),
  'climbing out of /admin/': climbs('/admin/../../package.json'),
  'climbing out of /admin/, encoded': climbs('/admin/..%2f..%2fpackage.json'),
  'climbing out of /admin/export/': climbs('/admin/export/..%2f..%2fusers.json'),
  'an address that is no address': climbs('//'),
  'an address of another scheme': climbs('file:///etc/passwd'),
  'an address without a slash': climbs('graphql'),
  'properties of every object as addresses': async ({ at }) => {
    for (const path of ['/__proto__', '/constructor', '/toString', '/p/__proto__', '/graphiql/__proto__', '/attachments/constructor'])
      expect([400, 403, 404], path).toContain((await at(path)).status)
  },
  TRACE: wrongVerb('TRACE'),
  TRACK: wrongVerb('TRACK'),
  CONNECT: async ({ raw }) => expect(statusesOf(await raw('CONNECT a:443 HTTP/1.1\r\nhost: a:443\r\n\r\n'))).not.toContain(200),
  PUT: wrongVerb('PUT'),
  DELETE: wrongVerb('DELETE'),
  PATCH: wrongVerb('PATCH'),
  PROPFIND: wrongVerb('PROPFIND'),
  'POST to what is only read': wrongVerb('POST', ['/health', '/ready', '/metrics', '/setup', '/p/none', '/attachments/none', '/graphiql/boot.js']),
  'a cache that keeps what somebody sees': async ({ at, victim }) => {
    const query = encodeURIComponent(`{ document(id: "${victim.has.doc}") { fields } }`)
    const headers = { authorization: `Bearer ${victim.accessToken}` }
    const response = await at(`/graphql?query=${query}`, { headers })
    expect(await response.text()).toContain(secret)
    expect(response.headers.get('cache-control')).toBe('no-store')
  },
  'a cache that takes an answer for a file': async ({ at, victim }) => {
    const headers = { authorization: `Bearer ${victim.accessToken}` }
    for (const path of ['/graphql/x.css', '/graphql/.js', '/graphql;.css', '/graphql%0a.css', '/graphql%3f.css?query={viewer{id}}']) {
      const response = await at(path, { headers })
      expect([path, response.status, (await response.text()).includes(victim.id)]).toEqual([path, 404, false])
    }
  },
  'a cache that keeps errors': async ({ at }) => {
    for (const path of ['/nothing', '/attachments/none', '/graphql?query=%7B'])
      expect([path, (await at(path)).headers.get('cache-control')]).toEqual([path, 'no-store'])
  },
  'a page in a cache that depends on a header nobody names': async ({ at }) => {
    const plain = await (await at('/p/none')).text()
    const strange = await (await at('/p/none', { headers: { 'x-forwarded-host': 'evil.example', 'x-forwarded-scheme': 'http' } })).text()
    expect(strange).toBe(plain)
  },
  'JSON with one name twice': async target => {
    const answer = await json('{"query":"{ viewer { id } }","query":"{ __typename }"}')(target)
    expect(answer.data).toEqual({ __typename: 'Query' })
  },
  'JSON with numbers beyond numbers': async target =>
    void (await json('{"query":"mutation ($f: JSON) { createDocument(input: { fields: $f }) { document { id } } }","variables":{"f":{"a":1e999}}}')(
      target,
    )),
  'JSON with an integer that loses digits': async target => {
    const answer = await json(
      '{"query":"mutation ($f: JSON) { createDocument(input: { fields: $f }) { document { id } } }","variables":{"f":{"a":9007199254740993}}}',
    )(target)
    expect(codesOf(answer)).toEqual(['BAD_USER_INPUT'])
  },
  'JSON with a byte order mark': async target => void (await json(`\ufeff${operation}`)(target)),
  'JSON with a NUL': async target => void (await json(`${operation}\0`)(target)),
  'JSON that is a number': async target => void (await json('1')(target)),
  'JSON that is a lot of open brackets': async target => void (await json('['.repeat(500_000))(target)),
  'JSON whose prototype is an operation': async target => {
    const answer = await json('{"__proto__":{"query":"{ viewer { id } }"}}')(target)
    expect(answer.data ?? null).toBeNull()
  },
  'a file put into the prototype': multipart('{"0":["variables.__proto__.polluted"]}'),
  'a file put into the constructor': multipart('{"0":["variables.constructor.prototype.polluted"]}'),
  'a file put in place of the query': multipart('{"0":["query"]}'),
  'a file put in place of all variables': multipart('{"0":["variables"]}'),
  'a file put into the length of a list': multipart('{"0":["variables.f.length"]}', '{"query":"{ __typename }","variables":{"f":[]}}'),
  'a file put in two places': multipart('{"0":["variables.f","variables.g"]}'),
  'a map that is a list': multipart('["variables.f"]'),
  'a map of a hundred steps': multipart(`{"0":["variables${'.f'.repeat(100)}"]}`),
  'operations that are a batch': multipart('{"0":["0.variables.f"]}', '[{"query":"{ __typename }","variables":{"f":null}}]'),
}
