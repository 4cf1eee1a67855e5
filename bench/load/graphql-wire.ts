import { openWire, type Wire } from './wire.ts'

const protocol = 'graphql-transport-ws'

/** What is asked of a server. */
export interface Operation {
  readonly operationName?: string
  readonly query: string
  readonly variables: Readonly<Record<string, unknown>>
}

/** A socket that the server has acknowledged. */
export async function openGraphqlWire(port: number, token: string | null): Promise<Wire> {
  const wire = await openWire(port, '/graphql', protocol)
  const { promise, resolve, reject } = Promise.withResolvers<Wire>()
  wire.onClose = () => reject(new Error('The socket was closed before it was acknowledged.'))
  wire.onMessage = (data, start, end) => {
    const text = data.toString('latin1', start, end)
    if (!text.includes('"connection_ack"')) return
    wire.onClose = () => {}
    resolve(wire)
  }
  wire.send(JSON.stringify({ type: 'connection_init', payload: token === null ? {} : { token } }))
  return promise
}

export const started = (id: string, payload: Operation) => JSON.stringify({ id, type: 'subscribe', payload })

/** graphql-ws of some servers asks, as a message, whether one is still there. @returns whether it was that */
export function answeredPing(wire: Wire, data: Buffer, start: number, end: number): boolean {
  if (end - start > 40 || !data.toString('latin1', start, end).includes('"ping"')) return false
  wire.send('{"type":"pong"}')
  return true
}
