import { once } from 'node:events'
import { WebSocket } from 'ws'

interface Operation {
  readonly query: string
  readonly variables: Record<string, unknown>
}

interface Frame {
  readonly id?: string
  readonly type: string
  readonly payload?: unknown
}

/** The graphql-transport-ws protocol. Subscribing gives `heard` every event, and resolves with the first. */
export async function overSocket(url: string, token: string) {
  const socket = new WebSocket(url.replace(/^http/, 'ws'), 'graphql-transport-ws', { perMessageDeflate: false })
  const listeners = new Map<string, (text: string, frame: Frame) => void>()
  let ids = 0
  await once(socket, 'open')
  const acknowledged = once(socket, 'message')
  socket.send(JSON.stringify({ type: 'connection_init', payload: { token } }))
  await acknowledged
  socket.on('message', (data: Buffer) => {
    const text = data.toString()
    const frame = JSON.parse(text) as Frame
    if (frame.type === 'ping') socket.send('{"type":"pong"}')
    else listeners.get(frame.id ?? '')?.(text, frame)
  })
  const start = (operation: Operation, listener: (text: string, frame: Frame) => void) => {
    const id = String(ids++)
    listeners.set(id, listener)
    socket.send(JSON.stringify({ id, type: 'subscribe', payload: operation }))
    return id
  }
  return {
    send: (operation: Operation) =>
      new Promise<string>(resolve => {
        const id = start(operation, text => {
          listeners.delete(id)
          resolve(text)
        })
      }),
    subscribe: (operation: Operation, heard: (payload: unknown) => void) =>
      new Promise<void>((resolve, reject) => {
        start(operation, (text, { type, payload }) => {
          if (type !== 'next') return reject(new Error(text))
          resolve()
          heard(payload)
        })
      }),
    async [Symbol.asyncDispose]() {
      socket.terminate()
    },
  }
}
