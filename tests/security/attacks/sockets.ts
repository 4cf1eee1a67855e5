import { randomBytes } from 'node:crypto'
import { connect } from 'node:net'
import { expect } from 'vitest'
import { openSocket, type RawSocket } from '../../transport/raw-socket.ts'
import { type Attacks, statusesOf, type Target } from './target.ts'

const query = '{ __typename }'
const subscribe = (id: unknown, payload: unknown = { query }) => ({ id, type: 'subscribe', payload })

/** Others are served as before. */
async function expectServing({ ask, attacker }: Target): Promise<void> {
  expect((await ask('{ viewer { id } }', undefined, attacker)).data).toEqual({ viewer: { id: attacker.id } })
}

/** Closes the socket with one of these codes. */
const closedWith =
  (codes: readonly number[], abuse: (socket: RawSocket, target: Target) => Promise<void> | void, isOpened = true) =>
  async (target: Target) => {
    using socket = await openSocket(target.server.wsUrl)
    if (isOpened) await socket.init({ token: target.attacker.accessToken })
    await abuse(socket, target)
    expect(codes).toContain((await socket.closed).code)
    await expectServing(target)
  }
const sends = (frame: unknown) => (socket: RawSocket) => socket.send(frame)

/** Nothing but what it is meant to be comes of it. */
const survived = (abuse: (socket: RawSocket, target: Target) => Promise<void> | void) => async (target: Target) => {
  using socket = await openSocket(target.server.wsUrl)
  await socket.init({ token: target.attacker.accessToken })
  await abuse(socket, target)
  await expectServing(target)
}

/** Bytes after the handshake of a socket. */
const frames = (bytes: Buffer) => async (target: Target) => {
  const text = await new Promise<string>(resolve => {
    const raw = connect(target.server.port, '127.0.0.1')
    const parts: Buffer[] = []
    const done = () => {
      raw.destroy()
      resolve(Buffer.concat(parts).toString('latin1'))
    }
    raw.on('error', done).on('close', done)
    raw.setTimeout(5_000, done)
    raw.on('data', part => {
      if (parts.push(part) === 1) raw.write(bytes)
    })
    raw.write(
      `GET /graphql HTTP/1.1\r\nhost: a\r\nconnection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: ${randomBytes(16).toString('base64')}\r\nsec-websocket-protocol: graphql-transport-ws\r\n\r\n`,
    )
  })
  expect(statusesOf(text)).toEqual([101])
  // A close frame, or the end.
  expect(text.split('\r\n\r\n').slice(1).join('').length).toBeLessThan(130)
  await expectServing(target)
}

/** A frame as a client sends it. */
function frame(opcode: number, payload: string, { isFinal = true, isMasked = true, length = payload.length, bits = 0 } = {}): Buffer {
  const head = [(isFinal ? 0x80 : 0) | bits | opcode]
  if (length < 126) head.push((isMasked ? 0x80 : 0) | length)
  else head.push((isMasked ? 0x80 : 0) | 127, 0, 0, 0, 0, (length >>> 24) & 255, (length >>> 16) & 255, (length >>> 8) & 255, length & 255)
  return Buffer.concat([Buffer.from(head), isMasked ? Buffer.alloc(4) : Buffer.alloc(0), Buffer.from(payload)])
}

const refusedHandshake =
  (lines: string, statuses: readonly number[], method = 'GET') =>
  async (target: Target) => {
    const answer = await target.raw(`${method} /graphql HTTP/1.1\r\nhost: a\r\n${lines}\r\n\r\n`)
    expect(statuses, answer.slice(0, 200)).toContain(statusesOf(answer)[0])
    expect(answer).not.toContain('101 Switching')
    await expectServing(target)
  }
const key = 'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ=='

export const sockets: Attacks = {
  'an operation before connection_init': closedWith([4401], sends(subscribe('1')), false),
  'an operation while connection_init is looked at': closedWith(
    [4401],
    (socket, { attacker }) => {
      socket.send({ type: 'connection_init', payload: { token: attacker.accessToken } })
      socket.send(subscribe('1'))
    },
    false,
  ),
  'a second connection_init': closedWith([4429], sends({ type: 'connection_init' })),
  'a second connection_init as somebody else': closedWith([4429], (socket, { victim }) =>
    socket.send({ type: 'connection_init', payload: { token: victim.accessToken } }),
  ),
  'two at once, of which one is somebody else’s': closedWith(
    [4429, 4403],
    (socket, { attacker }) => {
      socket.send({ type: 'connection_init', payload: { token: 'x.y.z' } })
      socket.send({ type: 'connection_init', payload: { token: attacker.accessToken } })
    },
    false,
  ),
  'a token that is an object': closedWith([4400, 4403], sends({ type: 'connection_init', payload: { authorization: { toString: 'x' } } }), false),
  'a payload of connection_init that is a list': closedWith([4400], sends({ type: 'connection_init', payload: [1] }), false),
  'a frame above the limit before connection_init': closedWith(
    [1009],
    sends(`{"type":"connection_init","payload":{"x":"${'x'.repeat(1024 * 1024)}"}}`),
    false,
  ),
  'a frame above the limit afterwards': closedWith([1009], sends(`{"type":"ping","payload":{"x":"${'x'.repeat(1024 * 1024)}"}}`)),
  'a frame that says it has 2 GiB': frames(frame(1, '', { length: 0x7fffffff })),
  'a message of endless parts': frames(
    Buffer.concat([frame(1, 'x'.repeat(100), { isFinal: false }), ...new Array(20_000).fill(frame(0, 'x'.repeat(100), { isFinal: false }))]),
  ),
  'parts of a message that never began': frames(frame(0, 'x')),
  'a frame without a mask': frames(frame(1, '{"type":"connection_init"}', { isMasked: false })),
  'a frame that says it is compressed': frames(frame(1, 'x', { bits: 0x40 })),
  'a frame of a kind that there is not': frames(frame(3, 'x')),
  'a ping of a kilobyte': frames(frame(9, 'x'.repeat(1_000))),
  'a close with a code that there is not': frames(frame(8, '\x00\x01')),
  'text that is no UTF-8': frames(Buffer.concat([Buffer.from([0x81, 0x82, 0, 0, 0, 0]), Buffer.from([0xff, 0xfe])])),
  'bytes instead of text': closedWith([4400], socket => socket.socket.send(randomBytes(64))),
  'an operation in bytes, which is taken for text or not at all': survived(async socket => {
    socket.socket.send(Buffer.from(JSON.stringify(subscribe('1'))))
    expect(['next', 'error']).toContain((await Promise.race([socket.next(), socket.closed.then(() => ({ type: 'error' }))])).type)
  }),
  'no JSON': closedWith([4400], sends('{"type":')),
  'a message of no type': closedWith([4400], sends({ payload: {} })),
  'a message of an unknown type': closedWith([4400], sends({ type: 'start', id: '1', payload: { query } })),
  'a message that only servers send: next': closedWith([4400], sends({ type: 'next', id: '1', payload: {} })),
  'a message that only servers send: connection_ack': closedWith([4400], sends({ type: 'connection_ack' })),
  'a message whose type is in its prototype': closedWith([4400], sends('{"__proto__":{"type":"subscribe"},"id":"1"}')),
  'an id that is a number': closedWith([4400], sends(subscribe(7))),
  'an id that is empty': closedWith([4400], sends(subscribe(''))),
  'an id of a thousand letters': closedWith([4400], sends(subscribe('x'.repeat(1_000)))),
  'an id that is used already': closedWith([4409], (socket, { attacker }) => {
    const payload = { query: `subscription { chatSignals(chatId: "${attacker.has.chat}") { __typename } }` }
    socket.send(subscribe('1', payload))
    socket.send(subscribe('1', payload))
  }),
  'ids that are properties of every object': survived(async socket => {
    for (const id of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
      socket.send(subscribe(id))
      expect(await socket.next()).toEqual({ id, type: 'next', payload: { data: { __typename: 'Query' } } })
      expect(await socket.next()).toEqual({ id, type: 'complete' })
    }
  }),
  'a query that is a number': closedWith([4400], sends(subscribe('1', { query: 7 }))),
  'a query that is missing': survived(async socket => {
    socket.send(subscribe('1', {}))
    expect((await Promise.race([socket.next(), socket.closed.then(() => ({ type: 'error' }))])).type).toBe('error')
  }),
  'variables that are a list': survived(async socket => {
    socket.send(subscribe('1', { query, variables: [1] }))
    expect((await Promise.race([socket.next(), socket.closed.then(() => ({ type: 'closed' }))])).type).toMatch(/next|error|closed/)
  }),
  'an operation name that is an object': closedWith([4400], sends(subscribe('1', { query, operationName: {} }))),
  'ten thousand completes of what never ran': survived(async socket => {
    for (let id = 0; id < 10_000; id++) socket.send({ type: 'complete', id: String(id) })
    socket.send(subscribe('1'))
    expect(await socket.next()).toMatchObject({ id: '1', type: 'next' })
  }),
  'ten thousand pings': survived(async socket => {
    for (let count = 0; count < 10_000; count++) socket.send({ type: 'ping' })
    socket.send(subscribe('1'))
    for (let count = 0; count < 10_000; count++) expect((await socket.next()).type).toBe('pong')
    expect(await socket.next()).toMatchObject({ id: '1', type: 'next' })
  }),
  'ten thousand pings of the protocol': survived(async socket => {
    for (let count = 0; count < 10_000; count++) socket.socket.ping('x')
    socket.send(subscribe('1'))
    expect(await socket.next()).toMatchObject({ id: '1', type: 'next' })
  }),
  'operations that are begun and given up at once': survived(async (socket, { attacker }) => {
    const payload = { query: `subscription { documentChanges(documentId: "${attacker.has.doc}") { __typename } }` }
    for (let id = 0; id < 300; id++) {
      socket.send(subscribe(String(id), payload))
      socket.send({ type: 'complete', id: String(id) })
    }
    socket.send(subscribe('last'))
    for (let next = await socket.next(); next.id !== 'last'; next = await socket.next()) expect(['next', 'complete', 'error']).toContain(next.type)
  }),
  'five hundred and one operations at once': survived(async (socket, { attacker }) => {
    const payload = { query: `subscription { chatSignals(chatId: "${attacker.has.chat}") { __typename } }` }
    for (let id = 0; id < 501; id++) socket.send(subscribe(String(id), payload))
    let refusal = await socket.next()
    while (refusal.type !== 'error') refusal = await socket.next()
    expect(refusal).toMatchObject({ id: '500', payload: [{ extensions: { code: 'QUOTA_EXCEEDED' } }] })
  }),
  'somebody else’s feed over one’s own socket': survived(async (socket, { victim }) => {
    socket.send(subscribe('1', { query: `subscription { documentChanges(documentId: "${victim.has.doc}") { __typename } }` }))
    expect(JSON.stringify(await socket.next())).toContain('NOT_FOUND')
  }),
  'no protocol': refusedByProtocol([]),
  'the protocol of old clients': refusedByProtocol(['graphql-ws']),
  'a handshake by POST': refusedHandshake(
    `connection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n${key}`,
    [400, 405, 404],
    'POST',
  ),
  'a handshake of an old version': refusedHandshake(`connection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 7\r\n${key}`, [400, 426]),
  'a handshake without a key': refusedHandshake('connection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13', [400]),
  'a handshake with a key that is none': refusedHandshake(
    'connection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: x',
    [400],
  ),
  'a handshake to something else': refusedHandshake('connection: Upgrade\r\nupgrade: h2c\r\nhttp2-settings: AAMAAABkAAQAAP__', [400, 404, 426]),
  'a handshake that asks for compression, which would unpack bombs': async ({ raw }) => {
    const answer = await raw(
      `GET /graphql HTTP/1.1\r\nhost: a\r\nconnection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n${key}\r\nsec-websocket-protocol: graphql-transport-ws\r\nsec-websocket-extensions: permessage-deflate; client_max_window_bits\r\n\r\n`,
    )
    expect(answer).toContain('101 Switching')
    expect(answer.toLowerCase()).not.toContain('sec-websocket-extensions')
  },
}

function refusedByProtocol(protocols: string[]) {
  return async (target: Target) => {
    using socket = (await openSocket(target.server.wsUrl, {}, protocols).catch(() => null)) ?? {
      closed: Promise.resolve({ code: 4406 }),
      [Symbol.dispose]: () => {},
    }
    expect((await socket.closed).code).toBe(4406)
    await expectServing(target)
  }
}
