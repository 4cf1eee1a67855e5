import type { Config } from '../config.ts'
import { AppError } from '../errors.ts'
import { networkOf } from '../platform/addresses.ts'
import type { Unsubscribe } from '../platform/bus.ts'
import type { Places } from '../platform/places.ts'
import type { TransportMetrics } from './metrics.ts'

export type Carrier = 'websocket' | 'sse'

/** Counts what is held open (sockets, and streams of server-sent events): for the whole node, and over all nodes per address and per user. */
export interface Connections {
  /** @throws TOO_MANY_CONNECTIONS when the node is full, or this address or this user has enough; call the answer when the connection is gone */
  enter(carrier: Carrier, ip: string, userId?: string): Promise<Unsubscribe>
  /** @throws TOO_MANY_CONNECTIONS when this user has as many as are allowed; call the answer when it is gone */
  enterAs(userId: string): Promise<Unsubscribe>
}

/** 0: any number. */
export type ConnectionLimits = Pick<Config, 'WS_MAX_CONNECTIONS' | 'WS_MAX_CONNECTIONS_PER_USER' | 'WS_MAX_CONNECTIONS_PER_ADDRESS'>

/** `onConnected` hears of each connection that a user has; its answer is called when that is gone. */
export function createConnections(
  limits: ConnectionLimits,
  places: Pick<Places, 'enter' | 'leave'>,
  metrics: TransportMetrics,
  onConnected: (userId: string) => Unsubscribe = () => () => undefined,
): Connections {
  const most = { ofNode: limits.WS_MAX_CONNECTIONS, ofUser: limits.WS_MAX_CONNECTIONS_PER_USER, ofAddress: limits.WS_MAX_CONNECTIONS_PER_ADDRESS }
  let open = 0

  async function takePlace(subject: string, max: number, refusal: string): Promise<Unsubscribe> {
    if (max === 0) return () => undefined
    if (!(await places.enter(subject, max))) throw new AppError('TOO_MANY_CONNECTIONS', refusal)
    return once(() => places.leave(subject))
  }

  const takeAddress = (ip: string) =>
    takePlace(`address:${networkOf(ip)}`, most.ofAddress, `One address may have ${most.ofAddress} open connections; close one first.`)

  async function enterAs(userId: string): Promise<Unsubscribe> {
    const leave = await takePlace(`user:${userId}`, most.ofUser, `One user may have ${most.ofUser} open connections; close one first.`)
    const disconnected = onConnected(userId)
    return once(() => {
      disconnected()
      leave()
    })
  }

  function enterNode(carrier: Carrier): Unsubscribe {
    if (most.ofNode > 0 && open >= most.ofNode)
      throw new AppError('TOO_MANY_CONNECTIONS', 'The server has as many open connections as are allowed; try again later.')
    open += 1
    metrics.connections.inc({ carrier })
    return once(() => {
      open -= 1
      metrics.connections.dec({ carrier })
    })
  }

  return {
    enterAs,
    async enter(carrier, ip, userId) {
      const left: Unsubscribe[] = []
      const leave = () => {
        for (const each of left) each()
      }
      try {
        left.push(enterNode(carrier))
        left.push(await takeAddress(ip))
        if (userId !== undefined) left.push(await enterAs(userId))
        return leave
      } catch (error) {
        leave()
        throw error
      }
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
