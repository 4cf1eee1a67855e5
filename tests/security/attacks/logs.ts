import { expect } from 'vitest'
import { until } from '../../harness/wait.ts'
import { openSocket } from '../../transport/raw-socket.ts'
import type { Attacks, Target } from './target.ts'

/** What would begin a line of its own, colour a terminal or clear it. */
const forged = '{"level":30,"msg":"forged"}'

/** Every line of the log stays one, and holds no control character; nothing of `text` stands alone. */
async function expectWhole({ server, at }: Target, marker: string): Promise<void> {
  await at(`/end-of-${marker}`)
  await until('the log', () => server.logs.some(line => line['path'] === `/end-of-${marker}`))
  for (const line of server.logs) {
    expect(line.msg === 'forged', JSON.stringify(line)).toBe(false)
    // A line that is no JSON is one of text alone.
    expect(Object.keys(line).length, JSON.stringify(line).slice(0, 200)).toBeGreaterThan(1)
  }
}

const kept = (marker: string, send: (target: Target) => Promise<unknown>) => async (target: Target) => {
  await send(target)
  await expectWhole(target, marker)
}

const withHeader = (name: string, value: string) => (target: Target) =>
  target.raw(Buffer.from(`GET /health HTTP/1.1\r\nhost: a\r\n${name}: ${value}\r\nconnection: close\r\n\r\n`, 'latin1'))

export const logs: Attacks = {
  'a line in a path': kept('path', ({ raw }) => raw(`GET /x%0a${encodeURIComponent(forged)} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n`)),
  'colours in a path': kept('colours', ({ raw }) =>
    raw(Buffer.from('GET /\x1b[31mred\x1b[2J HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n', 'latin1')),
  ),
  'a line in a user agent': kept('agent', withHeader('user-agent', `x\\n${forged}`)),
  'colours in a user agent': kept('agents-colours', withHeader('user-agent', '\x1b[31mred')),
  'a user agent of eight kilobytes': kept('long', withHeader('user-agent', 'x'.repeat(8_000))),
  'a line in an operation’s name': kept('operation', ({ ask }) =>
    ask('query A { viewer { id } }', undefined, null).then(() =>
      ask('{ viewer { id } }', undefined, null, { 'x-apollo-operation-name': `a\\n${forged}` }),
    ),
  ),
  'a line in an operation’s name of a body': kept('name', ({ at }) =>
    at('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: 'query A { viewer { id } }', operationName: `A\n${forged}` }),
    }),
  ),
  'a line in an address for signing in': kept('email', ({ ask }) =>
    ask('mutation ($input: LoginInput!) { login(input: $input) { accessToken } }', {
      input: { email: `a\n${forged}@x.example`, password: `p\n${forged}` },
    }),
  ),
  'a line in a forwarded address': kept('forwarded', withHeader('x-forwarded-for', `1.1.1.1\\n${forged}`)),
  'a line in the id of an operation over a socket': kept('socket', async ({ server }) => {
    using socket = await openSocket(server.wsUrl)
    await socket.init()
    socket.send({ id: `1\n${forged}`, type: 'subscribe', payload: { query: '{ __typename }' } })
    await socket.next()
  }),
  'a line in the reason of a close': kept('close', async ({ server }) => {
    using socket = await openSocket(server.wsUrl)
    await socket.init()
    socket.socket.close(4000, `x\n${forged}`)
    await socket.closed
  }),
  'tokens and passwords that were sent, to be found in the log': async ({ server, attacker, jwtSecret, adminApiKey }) => {
    const text = server.logs.map(line => JSON.stringify(line)).join('\n')
    for (const hidden of [attacker.accessToken, attacker.refreshToken, 'correct horse battery', jwtSecret, adminApiKey])
      expect(text.includes(hidden)).toBe(false)
  },
}
