import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect as dial } from 'node:net'
import { TextDecoder } from 'node:util'
import { until } from '../harness/wait.ts'

/** A frame as it came, read by the letter of RFC 6455 and by no code of the server's. */
export interface ReadFrame {
  readonly opcode: number
  readonly text: string
}

/** Reads what a server may send: whole, unmasked, uncompressed frames with lengths in as few bytes as they fit in. @throws for anything else */
export function createFrameReader() {
  const utf8 = new TextDecoder('utf-8', { fatal: true })
  let come: Buffer[] = []
  let bytes = 0
  /** With fewer there is nothing to read; to join all that came with each chunk of a long frame would take seconds. */
  let wanted = 0

  return (chunk: Buffer): ReadFrame[] => {
    come.push(chunk)
    bytes += chunk.length
    const frames: ReadFrame[] = []
    if (bytes < wanted) return frames
    let rest = Buffer.concat(come)
    const waitFor = (least: number) => {
      come = [rest]
      bytes = rest.length
      wanted = least
      return frames
    }
    for (;;) {
      if (rest.length < 2) return waitFor(2)
      const [first = 0, second = 0] = rest
      if ((first & 0x70) !== 0) throw new Error('A reserved bit is set.')
      if ((first & 0x80) === 0) throw new Error('A message is in parts.')
      if ((second & 0x80) !== 0) throw new Error('A server must not mask.')
      const opcode = first & 0x0f
      const size = second === 126 ? 4 : second === 127 ? 10 : 2
      if (rest.length < size) return waitFor(size)
      const length = second === 126 ? rest.readUInt16BE(2) : second === 127 ? Number(rest.readBigUInt64BE(2)) : second
      if (size === 4 && length < 126) throw new Error('A short length is written in 16 bits.')
      if (size === 10 && length < 65_536) throw new Error('A length is written in 64 bits that fits in 16.')
      if (opcode > 7 && length > 125) throw new Error('A control frame is too long.')
      if (rest.length < size + length) return waitFor(size + length)
      frames.push({ opcode, text: utf8.decode(opcode === 8 ? rest.subarray(size + 2, size + length) : rest.subarray(size, size + length)) })
      rest = rest.subarray(size + length)
    }
  }
}

export interface Message {
  readonly type: string
  readonly id?: string
  readonly payload?: { readonly data?: unknown; readonly [name: string]: unknown }
}

export interface StrictSocket extends Disposable {
  /** Everything that came, frame by frame. */
  readonly frames: readonly ReadFrame[]
  /** The same, as they came together. */
  readonly segments: readonly (readonly ReadFrame[])[]
  /** What came as text. */
  messages(): readonly Message[]
  /** Several are one write. */
  send(...messages: readonly object[]): void
  ping(text: string): void
  readonly closed: Promise<unknown>
}

/** A socket made of nothing but TCP, which takes only what is right by the letter. */
export async function openStrictSocket(wsUrl: string, token: string): Promise<StrictSocket> {
  const { hostname, port, pathname } = new URL(wsUrl)
  const socket = dial(Number(port), hostname)
  await once(socket, 'connect')
  const key = randomBytes(16).toString('base64')
  const asked = ['Upgrade: websocket', 'Connection: Upgrade', `Sec-WebSocket-Key: ${key}`, 'Sec-WebSocket-Version: 13']
  socket.write(`GET ${pathname} HTTP/1.1\r\nHost: ${hostname}\r\n${asked.join('\r\n')}\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n`)
  const read = createFrameReader()
  const frames: ReadFrame[] = []
  const segments: (readonly ReadFrame[])[] = []
  let opening: Buffer | null = Buffer.alloc(0)
  let broken: unknown = null
  const closed = once(socket, 'close')
  socket.on('data', chunk => {
    try {
      let rest: Buffer = chunk
      if (opening) {
        opening = Buffer.concat([opening, chunk])
        const end = opening.indexOf('\r\n\r\n')
        if (end < 0) return
        rest = opening.subarray(end + 4)
        opening = null
      }
      const segment = read(rest)
      segments.push(segment)
      frames.push(...segment)
    } catch (error) {
      broken ??= error
    }
  })
  const frameOf = (opcode: number, text: string) => {
    const body = Buffer.from(text)
    const mask = randomBytes(4)
    const length = body.length < 126 ? [body.length] : [126, body.length >> 8, body.length & 0xff]
    return Buffer.concat([
      Buffer.from([0x80 | opcode, 0x80 | (length[0] ?? 0), ...length.slice(1)]),
      mask,
      body.map((byte, at) => byte ^ (mask[at % 4] ?? 0)),
    ])
  }
  const send = (...sent: readonly object[]) => void socket.write(Buffer.concat(sent.map(message => frameOf(1, JSON.stringify(message)))))
  const messages = () => {
    if (broken) throw broken
    return frames.filter(({ opcode }) => opcode === 1).map(({ text }) => JSON.parse(text) as Message)
  }
  send({ type: 'connection_init', payload: { token } })
  await until('to be let in', () => messages().some(({ type }) => type === 'connection_ack'))
  return {
    frames,
    segments,
    messages,
    send,
    ping: text => void socket.write(frameOf(9, text)),
    closed,
    [Symbol.dispose]: () => void socket.destroy(),
  }
}
