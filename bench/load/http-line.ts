import { connect, type Socket } from 'node:net'

/** One HTTP connection that stays open, and does as little as can be. Requests go one at a time. */
export interface HttpLine {
  /** Resolves with the body. */
  send(request: Buffer): Promise<string>
  close(): void
}

const shared = Buffer.allocUnsafe(64 * 1024)

export function requestOf(port: number, token: string | null, operation: unknown): Buffer {
  const body = JSON.stringify(operation)
  return Buffer.from(
    `POST /graphql HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: application/json\r\nAccept: application/json\r\n` +
      `${token === null ? '' : `Authorization: Bearer ${token}\r\n`}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )
}

export function openHttpLine(port: number): Promise<HttpLine> {
  const { promise, resolve, reject } = Promise.withResolvers<HttpLine>()
  let rest: Buffer | null = null
  let waiting: PromiseWithResolvers<string> | null = null
  const read = (count: number, buffer: Uint8Array): boolean => {
    const fresh = Buffer.from(buffer.buffer, buffer.byteOffset, count)
    const data = rest ? Buffer.concat([rest, fresh]) : fresh
    const body = bodyOf(data)
    rest = body === null ? Buffer.from(data) : null
    if (body !== null) {
      const answered = waiting
      waiting = null
      answered?.resolve(body)
    }
    return true
  }
  const socket: Socket = connect({ port, host: '127.0.0.1', noDelay: true, onread: { buffer: shared, callback: read } })
  const fail = (error: Error) => {
    reject(error)
    waiting?.reject(error)
  }
  socket.on('error', fail)
  socket.on('close', () => fail(new Error('The connection was closed.')))
  socket.on('connect', () =>
    resolve({
      send(request) {
        waiting = Promise.withResolvers<string>()
        socket.write(request)
        return waiting.promise
      },
      close: () => void socket.destroy(),
    }),
  )
  return promise
}

const headEnd = Buffer.from('\r\n\r\n')
const lastChunk = Buffer.from('\r\n0\r\n\r\n')

/** The body, chunks included as they came, or null while some of it is missing. @throws Error for any status but 200 */
function bodyOf(data: Buffer): string | null {
  const end = data.indexOf(headEnd)
  if (end < 0) return null
  const head = data.toString('latin1', 0, end)
  if (!head.startsWith('HTTP/1.1 200')) throw new Error(data.toString())
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1]
  const isWhole = length === undefined ? data.subarray(-lastChunk.length).equals(lastChunk) : data.length >= end + 4 + Number(length)
  return isWhole ? data.toString('latin1', end + 4) : null
}
