import { AppError } from '../errors.ts'
import type { Unsubscribe } from '../platform/bus.ts'
import type { TransportMetrics } from './metrics.ts'

export type Carrier = 'websocket' | 'sse'

/** Counts what is held open (sockets, and streams of server-sent events), for the whole node and per user. */
export interface Connections {
  readonly isFull: boolean
  /** @throws TOO_MANY_CONNECTIONS when the node is full, or this user has enough; call the answer when the connection is gone */
  enter(carrier: Carrier, userId?: string): Unsubscribe
  /** @throws TOO_MANY_CONNECTIONS when this user has as many as are allowed; call the answer when it is gone */
  enterAs(userId: string): Unsubscribe
}

export interface ConnectionLimits {
  readonly WS_MAX_CONNECTIONS: number
  readonly WS_MAX_CONNECTIONS_PER_USER: number
}

/** `onConnected` hears of each connection that a user has; its answer is called when that is gone. */
export function createConnections(
  limits: ConnectionLimits,
  metrics: TransportMetrics,
  onConnected: (userId: string) => Unsubscribe = () => () => undefined,
): Connections {
  const perUser = new Map<string, number>()
  let open = 0

  function enterAs(userId: string): Unsubscribe {
    const held = perUser.get(userId) ?? 0
    if (held >= limits.WS_MAX_CONNECTIONS_PER_USER) {
      throw new AppError('TOO_MANY_CONNECTIONS', `One user may have ${limits.WS_MAX_CONNECTIONS_PER_USER} open connections; close one first.`)
    }
    perUser.set(userId, held + 1)
    const disconnected = onConnected(userId)
    return once(() => {
      disconnected()
      const left = (perUser.get(userId) ?? 1) - 1
      if (left === 0) perUser.delete(userId)
      else perUser.set(userId, left)
    })
  }

  return {
    enterAs,
    get isFull() {
      return open >= limits.WS_MAX_CONNECTIONS
    },
    enter(carrier, userId) {
      if (open >= limits.WS_MAX_CONNECTIONS)
        throw new AppError('TOO_MANY_CONNECTIONS', 'The server has as many open connections as are allowed; try again later.')
      const leaveUser = userId === undefined ? () => undefined : enterAs(userId)
      open += 1
      metrics.connections.inc({ carrier })
      return once(() => {
        leaveUser()
        open -= 1
        metrics.connections.dec({ carrier })
      })
    },
  }
}

function once(action: () => void): () => void {
  let isDone = false
  return () => {
    if (isDone) return
    isDone = true
    action()
  }
}
