import { type Client, clientOf } from '../harness/client.ts'
import type { Server } from '../harness/server.ts'
import { openSocket, type RawSocket } from '../transport/raw-socket.ts'

/** Long enough, and no example. */
export const apiKey = 'f2Qd81xWc9uVtR5yLpN3mKzB7hGjE4sA'

/** Whoever has the key of the configuration. */
export const keeperOf = (url: string, headers: Readonly<Record<string, string>> = {}): Client =>
  clientOf(url, null, { 'x-admin-api-key': apiKey, ...headers })

/** A socket that is let in; `closed` tells how it ends. */
export async function openAs(server: Server, accessToken: string): Promise<RawSocket> {
  const socket = await openSocket(server.wsUrl)
  const frame = await socket.init({ token: accessToken })
  if (frame.type !== 'connection_ack') throw new Error(`The socket was not let in: ${JSON.stringify(frame)}`)
  return socket
}

/** How a socket closes when what it stands on is revoked; the client may come back with something else. */
export const revoked = { code: 4403, reason: 'TOKEN_REVOKED' }
