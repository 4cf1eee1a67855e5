import { once } from 'node:events'
import { type ClientOptions, WebSocket } from 'ws'

export interface Frame {
  readonly type: string
  readonly id?: string
  readonly payload?: unknown
}

/** A socket without a client library's manners, to send what none would. */
export interface RawSocket extends Disposable {
  readonly socket: WebSocket
  send(frame: unknown): void
  /** The next frame that was not read yet. */
  next(): Promise<Frame>
  /** Opens the protocol; the answer is the first frame. */
  init(payload?: unknown): Promise<Frame>
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>
}

export async function openSocket(url: string, options: ClientOptions = {}, protocols = ['graphql-transport-ws']): Promise<RawSocket> {
  const socket = new WebSocket(url, protocols, options)
  const frames: Frame[] = []
  const waiting: ((frame: Frame) => void)[] = []
  const closed = Promise.withResolvers<{ code: number; reason: string }>()
  socket.on('message', data => {
    const frame = JSON.parse(String(data)) as Frame
    const reader = waiting.shift()
    if (reader) reader(frame)
    else frames.push(frame)
  })
  socket.on('close', (code, reason) => closed.resolve({ code, reason: String(reason) }))
  await once(socket, 'open')
  socket.on('error', () => {})
  const next = () => {
    const frame = frames.shift()
    return frame ? Promise.resolve(frame) : new Promise<Frame>(resolve => waiting.push(resolve))
  }
  const send = (frame: unknown) => socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame))
  return {
    socket,
    send,
    next,
    init(payload) {
      send({ type: 'connection_init', ...(payload === undefined ? {} : { payload }) })
      return next()
    },
    closed: closed.promise,
    [Symbol.dispose]: () => socket.terminate(),
  }
}

/** Status of the answer to an upgrade that is refused. */
export async function refusedUpgrade(url: string, options: ClientOptions = {}): Promise<number> {
  const socket = new WebSocket(url, 'graphql-transport-ws', options)
  socket.on('error', () => {})
  const [, response] = await once(socket, 'unexpected-response')
  socket.terminate()
  return response.statusCode
}
