import { once } from 'node:events'
import { request } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { until } from '../harness/wait.ts'
import { answerOf, ask, codesOf } from './ask.ts'
import { type SmallServer, startSmallServer } from './small-server.ts'

let server: SmallServer
beforeAll(async () => {
  server = await startSmallServer({ MAX_MESSAGE_BYTES: '2048', REQUEST_TIMEOUT_MS: '1000' })
})
afterAll(() => server[Symbol.asyncDispose]())

const json = { 'content-type': 'application/json' }
const post = async (body: RequestInit['body'], headers: Record<string, string> = json) =>
  answerOf(await fetch(server.url, { method: 'POST', headers, body: body as never }))

/** As it goes over the wire. */
const raw = (body: string, more = '') =>
  `POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n${more}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`

describe('the body of a post', () => {
  it.each<[string, string, string]>([
    ['nothing', '', 'The body is no JSON.'],
    ['half of an object', '{"query":', 'The body is no JSON.'],
    ['text', '"{ hello }"', 'The body is no JSON object.'],
    ['null', 'null', 'The body is no JSON object.'],
    ['a number', '3', 'The body is no JSON object.'],
    ['a batch', '[{"query":"{ hello }"}]', 'Batching is not supported.'],
    ['an empty batch', '[]', 'Batching is not supported.'],
    ['an empty object', '{}', 'Must provide query string.'],
    ['a query that is a number', '{"query":3}', 'Expected "query" param to be a string, but given number.'],
    ['a query that is a list', '{"query":["{ hello }"]}', 'Expected "query" param to be a string, but given array.'],
    ['variables that are a list', '{"query":"{ hello }","variables":[]}', 'Expected "variables" param to be empty or an object, but given array.'],
    ['variables that are text', '{"query":"{ hello }","variables":"{}"}', 'Expected "variables" param to be empty or an object, but given string.'],
    [
      'extensions that are a number',
      '{"query":"{ hello }","extensions":1}',
      'Expected "extensions" param to be empty or an object, but given number.',
    ],
    ['a parameter of another name', '{"query":"{ hello }","nonsense":1}', 'Unexpected parameter "nonsense" in the request body.'],
    ['a name that is a number', '{"query":"query A { hello }","operationName":1}', 'Could not determine what operation to execute.'],
    ['a name of every object', '{"query":"{ hello }","operationName":"__proto__"}', 'Could not determine what operation to execute.'],
  ])('that is %s is refused, and says so to all who ask', async (_, body, message) => {
    for (const accept of ['application/json', 'application/graphql-response+json', 'text/event-stream']) {
      const { status, text } = await post(body, { ...json, accept })
      expect([accept, status, text]).toEqual([
        accept,
        message.startsWith('Must') && accept !== 'application/graphql-response+json' ? 200 : 400,
        expect.stringContaining(JSON.stringify(message)),
      ])
      expect(text).toContain('"code":"BAD_USER_INPUT"')
    }
  })

  it.each(['application/json', 'application/json; charset=utf-8', 'application/json;charset=UTF-8', 'Application/JSON; charset="utf-8"'])(
    'is taken as %s',
    async type => {
      expect((await post('{"query":"{ hello(name: \\"Zoë\\") }"}', { 'content-type': type })).data).toEqual({ hello: 'Hello, Zoë' })
    },
  )

  it.each([
    ['in another charset', { 'content-type': 'application/json; charset=latin1' }],
    ['as another type', { 'content-type': 'application/jsonp' }],
    ['packed', { ...json, 'content-encoding': 'gzip' }],
    ['packed twice', { ...json, 'content-encoding': 'identity, gzip' }],
  ])('is refused %s', async (_, headers) => {
    const body = 'content-encoding' in headers ? gzipSync('{"query":"{ hello }"}') : '{"query":"{ hello }"}'
    const answer = await post(body as never, headers as never)
    expect([answer.status, codesOf(answer)]).toEqual([415, ['BAD_USER_INPUT']])
  })

  it('may come byte by byte, and must not stay away', async () => {
    const body = '{"query":"{ hello(name: \\"🐟\\") }"}'
    const socket = connect(server.port, '127.0.0.1')
    const [head = '', rest = ''] = raw(body, 'connection: close\r\n').split('\r\n\r\n')
    socket.write(`${head}\r\n\r\n`)
    for (const byte of Buffer.from(rest)) if (!socket.write(Buffer.of(byte))) await once(socket, 'drain')
    expect(await text(socket)).toContain('{"data":{"hello":"Hello, 🐟"}}')
    const late = connect(server.port, '127.0.0.1')
    late.write(raw(body).slice(0, -5))
    expect(await text(late)).toMatch(/^HTTP\/1.1 408 /)
  })
})

describe('a connection that stays open', () => {
  it('gives the answers in the order of the questions, however many come at once', async () => {
    const socket = connect(server.port, '127.0.0.1')
    const questions = [
      raw('{"query":"mutation { slowly(ms: 50) }"}'),
      raw('{"query":"{ hello(name: \\"second\\") }"}'),
      raw('{"query":"{ nothing }"}'),
      'GET /graphql?query={ip} HTTP/1.1\r\nhost: x\r\naccept: application/json\r\n\r\n',
      raw('{"query":"{ hello(name: \\"last\\") }"}', 'connection: close\r\n'),
    ]
    socket.write(questions.join('').replace('{ip}', '%7Bip%7D'))
    const answers = await text(socket)
    const places = ['{"slowly":50}', 'Hello, second', 'Cannot query field', '"ip"', 'Hello, last'].map(part => answers.indexOf(part))
    expect(places).toEqual([...places].sort((a, b) => a - b))
    expect(places).not.toContain(-1)
    expect(answers.match(/HTTP\/1.1 200/g)).toHaveLength(5)
  })

  it('is given up by whoever leaves in the middle of an answer, which harms nobody', async () => {
    const known = server.contexts.length
    const before = server.logs.length
    const leaving = request(server.url, { method: 'POST', headers: json })
    leaving.on('error', () => {})
    leaving.end('{"query":"mutation { slowly(ms: 100) }"}')
    await until('the mutation', () => server.contexts.length > known)
    leaving.destroy()
    await until('its end', () => server.logs.slice(before).some(line => line['msg'] === 'http request' && line['status'] === 200))
    expect((await ask(server.url, '{ hello }')).data).toEqual({ hello: 'Hello, you' })
    expect(server.logs.filter(line => Number(line['level']) >= 50)).toEqual([])
  })

  it('takes no other method with a body', async () => {
    for (const method of ['PUT', 'PATCH', 'DELETE'])
      expect((await fetch(server.url, { method, headers: json, body: '{"query":"{ hello }"}' })).status).toBe(405)
    const head = await fetch(server.url, { method: 'HEAD' })
    expect([head.status, head.headers.get('allow')]).toEqual([405, 'GET, POST'])
  })
})

describe('a subscription in a post', () => {
  it.each(['*/*', 'application/json, text/event-stream'])('is a stream of events for who accepts %s', async accept => {
    const { status, headers, text } = await ask(server.url, 'subscription { count(to: 2) }', undefined, { accept })
    expect([status, headers.get('content-type'), headers.get('cache-control')]).toEqual([200, 'text/event-stream', expect.stringContaining('no-')])
    expect(text).toContain('data: {"data":{"count":2}}')
    expect(headers.get('ratelimit')).toMatch(/^"address";r=\d+;t=\d+, "reads";r=\d+;t=\d+$/)
  })

  it('is refused for whoever accepts nothing that streams', async () => {
    const answer = await ask(server.url, 'subscription { never }', undefined, { accept: 'application/json' })
    expect([answer.status, codesOf(answer)]).toEqual([406, ['BAD_USER_INPUT']])
    expect(server.openSources.size).toBe(0)
  })
})
