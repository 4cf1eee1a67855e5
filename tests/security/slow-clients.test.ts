import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { WebSocket } from 'ws'
import { until } from '../harness/wait.ts'
import { openSocket } from '../transport/raw-socket.ts'
import { type SmallServer, startSmallServer } from '../transport/small-server.ts'

const timeoutMs = 400
/** Less often than that a client would not be slow but gone. */
const trickleMs = 40

let server: SmallServer
beforeAll(async () => {
  server = await startSmallServer({ REQUEST_TIMEOUT_MS: String(timeoutMs), WS_AUTH_TIMEOUT_MS: '2000' })
})
afterAll(() => server[Symbol.asyncDispose]())

interface Slow extends Disposable {
  readonly socket: Socket
  readonly received: () => string
  /** Waits until the server has hung up. */
  readonly ended: () => Promise<string>
}

/** Sends `start` at once and then a byte now and again, for as long as it is let. */
async function trickle(start: string, more = 'x', { port } = server): Promise<Slow> {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  let received = ''
  socket.on('data', bytes => (received += bytes))
  socket.on('error', () => {})
  socket.write(start)
  const timer = more === '' ? undefined : setInterval(() => socket.write(more), trickleMs)
  return {
    socket,
    received: () => received,
    async ended() {
      await until('the end of the connection', () => socket.closed || socket.readableEnded)
      return received
    },
    [Symbol.dispose]() {
      clearInterval(timer)
      socket.destroy()
    },
  }
}

const post = (headers: string, body = '') => `POST /graphql HTTP/1.1\r\nhost: a\r\n${headers}\r\n\r\n${body}`
const json = 'content-type: application/json\r\ncontent-length: 100000'
const part = (name: string, value: string, more = '') => `--x\r\ncontent-disposition: form-data; name="${name}"${more}\r\n\r\n${value}\r\n`
const beginning =
  part('operations', '{"query":"mutation ($file: Upload!) { take(file: $file) }","variables":{"file":null}}') +
  part('map', '{"0":["variables.file"]}') +
  part('0', 'begin', '; filename="f"').trimEnd()
const upload = (user: string, body = beginning, length = 9_000_000) =>
  post(
    `authorization: Bearer ${user}\r\ncontent-type: multipart/form-data; boundary=x\r\ngraphql-require-preflight: 1\r\ncontent-length: ${length}`,
    body,
  )

describe('a connection is ended, though its client sends a byte now and again, when', () => {
  test.each([
    ['nothing comes at all', '', '', 'HTTP/1.1 408'],
    ['its headers do not come to an end', 'GET /health HTTP/1.1\r\nx: ', 'x', 'HTTP/1.1 408'],
    ['its body does not come to an end', post(json), ' ', 'HTTP/1.1 408'],
    ['a body comes that was refused from the start', post('content-type: text/plain\r\ncontent-length: 100000'), 'x', 'HTTP/1.1 415'],
    ['a body comes for a page that takes none', 'POST /health HTTP/1.1\r\nhost: a\r\ncontent-length: 100000\r\n\r\n', 'x', 'HTTP/1.1 405'],
    [
      'the chunks of its body do not come to an end',
      post('content-type: application/json\r\ntransfer-encoding: chunked'),
      '1\r\n \r\n',
      'HTTP/1.1 408',
    ],
    ['its upload does not get anywhere', upload('ann'), 'x', 'HTTP/1.1 400'],
  ])('%s', async (_, start, more, answer) => {
    using slow = await trickle(start, more)
    expect(await slow.ended()).toContain(answer)
  })
})

describe('uploads', () => {
  test('that come slowly but steadily are taken', async () => {
    // Twice the least pace, for several of the times in which it has to be kept.
    using slow = await trickle(upload('ann'), 'x'.repeat((16 * 1024 * trickleMs) / 1000))
    const { socket } = slow
    await until('three times the time to have passed', () => socket.bytesWritten > 3 * 16 * 1024 * (timeoutMs / 1000))
    expect(slow.received()).toBe('')
  })

  test('of one address leave places for others, whoever sends them', async () => {
    await using patient = await startSmallServer()
    const slow: Slow[] = []
    for (const user of ['ann', 'ben', 'cleo']) for (let count = 0; count < 10; count++) slow.push(await trickle(upload(user), '', patient))
    const isRefused = ({ received }: Slow) => received().includes('TOO_MANY_CONNECTIONS')
    await until('five to be refused', () => slow.filter(isRefused).length === 5)
    for (const each of slow) each[Symbol.dispose]()
    const whole = `${beginning}\r\n--x--\r\n`
    await until('a place', async () => {
      using next = await trickle(upload('cleo', whole, whole.length), '', patient)
      await until('an answer', () => next.received() !== '')
      return next.received().includes('"take":"5 ')
    })
  })
})

test('a connection whose client asks and asks, and reads nothing, is ended', async () => {
  const body = JSON.stringify({ query: 'query ($input: EchoInput!) { echo(input: $input) }', variables: { input: { text: 'x'.repeat(900_000) } } })
  using slow = await trickle('', '')
  slow.socket.pause()
  for (let count = 0; count < 30; count++) slow.socket.write(post(`content-type: application/json\r\ncontent-length: ${body.length}`, body))
  await until('the end of the connection', () => slow.socket.closed)
})

describe('a socket that nobody vouches for yet', () => {
  const largest = 1024 * 1024

  async function send(frames: (socket: WebSocket) => void): Promise<number> {
    using opened = await openSocket(server.wsUrl)
    frames(opened.socket)
    return (await opened.closed).code
  }

  test.each<[string, (socket: WebSocket) => void]>([
    ['one frame', socket => socket.send(JSON.stringify({ type: 'connection_init', payload: { token: 'x'.repeat(100_000) } }))],
    ['fragments of a message', socket => Array.from({ length: 50 }, () => socket.send('x'.repeat(1_000), { fin: false }))],
    ['messages', socket => Array.from({ length: 2_000 }, () => socket.send('{"type":"ping"}'))],
    ['pings of the protocol', socket => Array.from({ length: 500 }, () => socket.ping('x'.repeat(100)))],
  ])('is closed when it says too much, in %s', async (_, frames) => {
    expect(await send(frames)).toBe(1009)
  })

  test('is closed before a large frame is there', async () => {
    using opened = await openSocket(server.wsUrl)
    const { socket } = opened
    const carrier = (socket as unknown as { _socket: Socket })._socket
    // The header of a frame of a mebibyte, masked with zeros, and a twentieth of its content.
    carrier.write(Buffer.concat([Buffer.from([0x81, 0xff, 0, 0, 0, 0, 0, 0x10, 0, 0, 0, 0, 0, 0]), Buffer.alloc(largest / 20, 'x')]))
    expect((await opened.closed).code).toBe(1009)
  })

  test('may say as much as everybody once it is let in', async () => {
    using opened = await openSocket(server.wsUrl)
    await opened.init({ token: 'ann', more: 'x'.repeat(8_192) })
    const query = `{ hello } # ${'x'.repeat(largest - 1_000)}`
    opened.send({ id: '1', type: 'subscribe', payload: { query } })
    expect(await opened.next()).toMatchObject({ id: '1', type: 'next', payload: { data: { hello: 'Hello, you' } } })
  })
})
