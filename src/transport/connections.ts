import type { Config } from '../config.ts'
import { AppError } from '../errors.ts'
import { networkOf } from '../platform/addresses.ts'
import type { Places } from '../platform/places.ts'
import type { TransportMetrics } from './metrics.ts'

export type Carrier = 'websocket' | 'sse'

/** Counts what is held open (sockets, and streams of server-sent events): for the whole node, and over all nodes per address and per user. */
export interface Connections {
  /** @throws TOO_MANY_CONNECTIONS when the node is full, or this address or this user has enough */
  enter(carrier: Carrier, ip: string, userId?: string): Promise<void>
  /** Call once for each `enter`, with the same, when what entered is gone. */
  leave(carrier: Carrier, ip: string, userId?: string): void
  /** @throws TOO_MANY_CONNECTIONS when this user has as many as are allowed */
  enterAs(userId: string): Promise<void>
  /** Call once for each `enterAs` when what entered is gone. */
  leaveAs(userId: string): void
}

/** 0: any number. */
export type ConnectionLimits = Pick<Config, 'WS_MAX_CONNECTIONS' | 'WS_MAX_CONNECTIONS_PER_USER' | 'WS_MAX_CONNECTIONS_PER_ADDRESS'>

/** Hears of each connection that a user has, and of the end of each. */
export interface Attendance {
  enter(userId: string): void
  leave(userId: string): void
}

export function createConnections(
  limits: ConnectionLimits,
  places: Pick<Places, 'enter' | 'leave'>,
  metrics: TransportMetrics,
  attendances: readonly Attendance[] = [],
): Connections {
  const most = { ofNode: limits.WS_MAX_CONNECTIONS, ofUser: limits.WS_MAX_CONNECTIONS_PER_USER, ofAddress: limits.WS_MAX_CONNECTIONS_PER_ADDRESS }
  let open = 0
  const placeOfUser = (userId: string) => `user:${userId}`
  const placeOfAddress = (ip: string) => `address:${networkOf(ip)}`

  async function takePlace(subject: string, max: number, refusal: string): Promise<void> {
    if (max > 0 && !(await places.enter(subject, max))) throw new AppError('TOO_MANY_CONNECTIONS', refusal)
  }

  function enterNode(carrier: Carrier): void {
    if (most.ofNode > 0 && open >= most.ofNode)
      throw new AppError('TOO_MANY_CONNECTIONS', 'The server has as many open connections as are allowed; try again later.')
    open += 1
    metrics.connections.inc({ carrier })
  }

  function leaveNode(carrier: Carrier): void {
    open -= 1
    metrics.connections.dec({ carrier })
  }

  const enterAddress = (ip: string) =>
    takePlace(placeOfAddress(ip), most.ofAddress, `One address may have ${most.ofAddress} open connections; close one first.`)

  function leaveAddress(ip: string): void {
    if (most.ofAddress > 0) places.leave(placeOfAddress(ip))
  }

  async function enterAs(userId: string): Promise<void> {
    await takePlace(placeOfUser(userId), most.ofUser, `One user may have ${most.ofUser} open connections; close one first.`)
    for (const attendance of attendances) attendance.enter(userId)
  }

  function leaveAs(userId: string): void {
    for (const attendance of attendances) attendance.leave(userId)
    if (most.ofUser > 0) places.leave(placeOfUser(userId))
  }

  return {
    enterAs,
    leaveAs,
    async enter(carrier, ip, userId) {
      enterNode(carrier)
      try {
        await enterAddress(ip)
        if (userId !== undefined)
          await enterAs(userId).catch(error => {
            leaveAddress(ip)
            throw error
          })
      } catch (error) {
        leaveNode(carrier)
        throw error
      }
    },
    leave(carrier, ip, userId) {
      if (userId !== undefined) leaveAs(userId)
      leaveAddress(ip)
      leaveNode(carrier)
    },
  }
}
