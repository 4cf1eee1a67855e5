import { importSigningKey, type SentOperation, type SigningKey, type SigningOptions, signatureOf } from './signature.ts'

/** What browsers and the package `ws` have in common. */
interface Socket {
  send(message: string): void
  close(code?: number, reason?: string): void
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void
}

/**
 * Signs what graphql-ws sends, each connection with the key that it was given: `createClient({ webSocketImpl: signingSocket(WebSocket) })`.
 * It signs when a message leaves, so whatever is sent again after a reconnect gets a signature of its own.
 */
export const signingSocket = <Implementation extends new (...parameters: never[]) => Socket>(
  implementation: Implementation,
  options: SigningOptions = {},
): Implementation =>
  new Proxy(implementation, {
    construct(target, parameters, newTarget) {
      const socket = Reflect.construct(target, parameters, newTarget) as InstanceType<Implementation>
      signMessages(socket, options)
      return socket
    },
  })

function signMessages(socket: Socket, options: SigningOptions): void {
  const send = socket.send.bind(socket)
  const close = socket.close.bind(socket)
  /** Of null: it could not be imported. */
  let key: Promise<SigningKey | null> | null = null
  /** Signing takes a moment, in which nothing may overtake. */
  let last = Promise.resolve()
  /** Whatever becomes of one, the next has its turn. */
  const inTurn = (work: () => void | Promise<void>) => {
    last = last.then(work, work)
  }

  socket.addEventListener('message', ({ data }) => {
    const given = key === null ? signingKeyIn(String(data)) : null
    if (given !== null)
      key = Promise.resolve(given)
        .then(importSigningKey)
        .catch(() => null)
  })
  socket.send = message => {
    const signingKey = key
    if (signingKey) inTurn(async () => send(await signed(message, await signingKey, options)))
    else send(message)
  }
  socket.close = (code, reason) => {
    if (key) inTurn(() => close(code, reason))
    else close(code, reason)
  }
}

function signingKeyIn(text: string): string | null {
  const { type, payload } = JSON.parse(text) as { type: string; payload?: { signingKey?: string } | null }
  return (type === 'connection_ack' && payload?.signingKey) || null
}

async function signed(text: string, key: SigningKey | null, options: SigningOptions): Promise<string> {
  const message = JSON.parse(text) as { type: string; payload?: SentOperation }
  if (message.type !== 'subscribe' || !message.payload || !key) return text
  try {
    const signature = await signatureOf(message.payload, key, options)
    return JSON.stringify({ ...message, payload: { ...message.payload, extensions: { ...message.payload.extensions, signature } } })
  } catch {
    // It can't be signed. The server says so to whoever waits for it.
    return text
  }
}
