import { connect, type Socket } from 'node:net'

/** Where a message lies in what came in; valid during the call only. */
export type OnMessage = (data: Buffer, start: number, end: number) => void

/** A WebSocket that does as little as can be, so that it is not what is measured. */
export interface Wire {
  send(text: string): void
  /** Several at once are one write. */
  sendAll(texts: readonly string[]): void
  onMessage: OnMessage
  /** The server closed it. */
  onClose: () => void
  /** Reads nothing until it is told to go on. */
  pause(): void
  resume(): void
  close(): void
}

const opcodes = { text: 1, close: 8, ping: 9, pong: 10 }
/** All sockets read into it: what is in there is dealt with before the next one reads. */
const shared = Buffer.allocUnsafe(64 * 1024)

export function openWire(port: number, path: string, protocol: string | null): Promise<Wire> {
  const { promise, resolve, reject } = Promise.withResolvers<Wire>()
  let rest: Buffer | null = null
  let isOpen = false
  const wire: Wire = {
    send: text => void socket.write(frameOf(opcodes.text, Buffer.from(text))),
    sendAll: texts => void socket.write(Buffer.concat(texts.map(text => frameOf(opcodes.text, Buffer.from(text))))),
    onMessage: () => {},
    onClose: () => {},
    pause: () => void socket.pause(),
    resume: () => void socket.resume(),
    close: () => void socket.destroy(),
  }
  const read = (count: number, buffer: Uint8Array): boolean => {
    const fresh = Buffer.from(buffer.buffer, buffer.byteOffset, count)
    let data = rest ? Buffer.concat([rest, fresh]) : fresh
    rest = null
    if (!isOpen) {
      const end = data.indexOf('\r\n\r\n')
      if (end >= 0 && !data.subarray(0, 12).equals(switching)) {
        reject(new Error(data.toString('latin1')))
        socket.destroy()
        return false
      }
      isOpen = end >= 0
      if (isOpen) resolve(wire)
      data = isOpen ? data.subarray(end + 4) : data
    }
    const used = isOpen ? readFrames(data, socket, wire) : 0
    if (used < data.length) rest = Buffer.from(data.subarray(used))
    return true
  }
  const socket: Socket = connect({ port, host: '127.0.0.1', noDelay: true, onread: { buffer: shared, callback: read } })
  socket.on('error', reject)
  socket.on('close', () => {
    reject(new Error('The socket was closed.'))
    wire.onClose()
  })
  socket.write(
    `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n` +
      `Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n${protocol === null ? '' : `Sec-WebSocket-Protocol: ${protocol}\r\n`}\r\n`,
  )
  return promise
}

const switching = Buffer.from('HTTP/1.1 101')

/** Deals with all frames that are there as a whole, and says how many bytes those were. */
function readFrames(data: Buffer, socket: Socket, wire: Wire): number {
  let at = 0
  while (data.length - at >= 2) {
    const short = (data[at + 1] ?? 0) & 127
    const head = short < 126 ? 2 : short === 126 ? 4 : 10
    if (data.length - at < head) break
    const length = short < 126 ? short : short === 126 ? data.readUInt16BE(at + 2) : Number(data.readBigUInt64BE(at + 2))
    const start = at + head
    if (data.length < start + length) break
    const opcode = (data[at] ?? 0) & 15
    if (opcode === opcodes.text) wire.onMessage(data, start, start + length)
    else if (opcode === opcodes.ping) socket.write(frameOf(opcodes.pong, data.subarray(start, start + length)))
    else if (opcode === opcodes.close) socket.end()
    at = start + length
  }
  return at
}

/** With a mask of zeros, as the protocol wants one from clients. */
function frameOf(opcode: number, payload: Buffer): Buffer {
  const head = payload.length < 126 ? 2 : payload.length < 65_536 ? 4 : 10
  const frame = Buffer.alloc(head + 4 + payload.length)
  frame[0] = 128 | opcode
  frame[1] = 128 | (head === 2 ? payload.length : head === 4 ? 126 : 127)
  if (head === 4) frame.writeUInt16BE(payload.length, 2)
  if (head === 10) frame.writeBigUInt64BE(BigInt(payload.length), 2)
  payload.copy(frame, head + 4)
  return frame
}
