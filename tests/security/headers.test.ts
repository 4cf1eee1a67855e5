import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { describe, expect, test } from 'vitest'
import { loadConfig } from '../../src/config.ts'
import { useServers } from '../harness/client.ts'
import { answerOf, codesOf } from '../transport/ask.ts'

const METRICS_TOKEN = randomBytes(24).toString('base64url')
const ADMIN_API_KEY = randomBytes(24).toString('base64url')
const servers = useServers('embedded', {
  env: {
    NODE_ENV: 'production',
    JWT_SECRET: randomBytes(36).toString('base64'),
    PUBLIC_URL: 'https://tidemark.example.org',
    METRICS_TOKEN,
    ADMIN_API_KEY,
  },
})
const at = (path: string, init: RequestInit = {}) => fetch(new URL(path, servers.one.url), { redirect: 'manual', ...init })

async function raw(bytes: string): Promise<string> {
  const socket = connect(servers.one.port, '127.0.0.1')
  await once(socket, 'connect')
  socket.write(bytes)
  return text(socket)
}

const onEveryAnswer = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'strict-transport-security': 'max-age=31536000',
  'permissions-policy': expect.stringContaining('camera=()'),
  'content-security-policy': expect.stringMatching(/default-src 'none'.*frame-ancestors 'none'/),
  'x-powered-by': undefined,
  server: undefined,
  'access-control-allow-credentials': undefined,
}

describe('what a browser is told', () => {
  test.each([
    ['GET', '/', 302],
    ['GET', '/graphql', 200],
    ['GET', '/graphql?query={', 200],
    ['DELETE', '/graphql', 405],
    ['OPTIONS', '/graphql', 204],
    ['POST', '/graphql', 415],
    ['GET', '/graphiql/boot.js', 200],
    ['GET', '/setup', 200],
    ['GET', '/health', 200],
    ['POST', '/health', 405],
    ['GET', '/ready', 200],
    ['GET', '/metrics', 401],
    ['GET', '/.well-known/jwks.json', 200],
    ['GET', '/p/nothing', 404],
    ['GET', '/attachments/att_none?user=a&expires=b&signature=c', 403],
    ['GET', '/exports/none', 403],
    ['GET', '/admin', 200],
    ['GET', '/nothing', 404],
  ] as const)('%s %s', async (method, path, status) => {
    const accept = path === '/' || path === '/graphql' ? 'text/html' : 'application/json'
    const response = await at(path, { method, headers: { accept, origin: 'https://evil.example' }, ...(method === 'POST' && { body: 'x' }) })
    await response.body?.cancel()
    expect(response.status).toBe(status)
    const told = Object.fromEntries(Object.keys(onEveryAnswer).map(name => [name, response.headers.get(name) ?? undefined]))
    expect(told).toEqual(onEveryAnswer)
    expect(response.headers.get('access-control-allow-origin')).toBeNull()
  })

  test('nothing of HTTPS where clients come by HTTP, and no origin that every sandboxed page has', () => {
    expect(() => loadConfig({ CORS_ORIGINS: 'https://app.example.org,null' })).toThrow('CORS_ORIGINS: `null` is the origin of every sandboxed page')
  })
})

describe('what is no request of HTTP', () => {
  test.each([
    ['is no HTTP', 'hello\r\n\r\n', 400],
    ['names no host', 'GET /health HTTP/1.1\r\n\r\n', 400],
    ['has more headers than anybody needs', `GET /health HTTP/1.1\r\nhost: a\r\nx: ${'x'.repeat(17_000)}\r\n\r\n`, 431],
    ['wants a socket elsewhere', `GET /nothing HTTP/1.1\r\nhost: a\r\n${handshake()}\r\n`, 404],
    ['wants a socket for a page of another origin', `GET /graphql HTTP/1.1\r\nhost: a\r\norigin: https://evil.example\r\n${handshake()}\r\n`, 403],
  ])('and %s is answered, once, and hung up on', async (_, bytes, status) => {
    const answer = await raw(bytes)
    expect(answer.match(/HTTP\/1\.1 \d+/g)).toEqual([`HTTP/1.1 ${status}`])
    expect(answer.toLowerCase()).toContain('connection: close')
  })
})

test('what is no request of HTTP is told so behind one that is, too', async () => {
  const socket = connect(servers.one.port, '127.0.0.1')
  socket.write('GET /health HTTP/1.1\r\nhost: a\r\n\r\n')
  await once(socket, 'readable')
  socket.write('hello\r\n\r\n')
  expect((await text(socket)).match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 400'])
})

describe('metrics', () => {
  const read = (headers: Record<string, string>) => at('/metrics', { headers })

  test.each<[string, Record<string, string>, number, string]>([
    ['nothing', {}, 401, 'UNAUTHENTICATED'],
    ['another token', { authorization: `Bearer ${METRICS_TOKEN}x` }, 401, 'UNAUTHENTICATED'],
    ['the token as a password', { authorization: `Basic ${Buffer.from(`admin:${METRICS_TOKEN}`).toString('base64')}` }, 401, 'UNAUTHENTICATED'],
    ['another key', { 'x-admin-api-key': 'x'.repeat(32) }, 401, 'UNAUTHENTICATED'],
  ])('are not for who sends %s', async (_, headers, status, code) => {
    const answer = await answerOf(await read(headers))
    expect([answer.status, codesOf(answer)]).toEqual([status, [code]])
  })

  test.each<[string, Record<string, string>]>([
    ['the token', { authorization: `Bearer ${METRICS_TOKEN}` }],
    ['the key of administrators', { 'x-admin-api-key': ADMIN_API_KEY }],
  ])('are for who sends %s', async (_, headers) => {
    const response = await read(headers)
    expect([response.status, response.headers.get('cache-control')]).toEqual([200, 'no-store'])
    expect(await response.text()).toContain('tidemark_connections')
  })

  test('are all that their token opens', async () => {
    const headers = { authorization: `Bearer ${METRICS_TOKEN}`, 'content-type': 'application/json' }
    const answer = await answerOf(await at('/graphql', { method: 'POST', headers, body: '{"query":"{ viewer { id } }"}' }))
    expect(codesOf(answer)).toEqual(['UNAUTHENTICATED'])
  })
})

function handshake(): string {
  return 'connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n'
}
