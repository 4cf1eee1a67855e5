import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'

/** Pings peers and drops those that do not answer before their next ping. */
export interface Heartbeat {
  /** Looks after a peer, for as long as it is among all. */
  watch(peer: Beating): void
}

/** A peer, as far as its life is looked after. */
export interface Beating {
  readonly socket: WebSocket
  readonly carrier: Carrier
  isAlive: boolean
  /** Of what was written for it, when it was last pinged. */
  takenAtPing: number
  /** When it is pinged next, in whole milliseconds. */
  pingDueAtMs: number
}

type Carrier = Duplex & { readonly bytesWritten?: number }

const looksPerInterval = 30

/** One timer looks after all; each peer has its own time, so that thousands are not pinged at once. */
export function createHeartbeat(intervalMs: number, all: ReadonlyMap<WebSocket, Beating>): Heartbeat {
  let timer: NodeJS.Timeout | null = null

  const waiting = ({ carrier }: Beating) => carrier.writableLength
  const taken = (peer: Beating) => (peer.carrier.bytesWritten ?? 0) - waiting(peer)
  const due = () => Math.floor(performance.now() + intervalMs)

  function look(): void {
    const nowMs = performance.now()
    for (const peer of all.values()) if (peer.pingDueAtMs <= nowMs) beat(peer)
    if (all.size > 0 || !timer) return
    clearInterval(timer)
    timer = null
  }

  function beat(peer: Beating): void {
    const { socket } = peer
    // A reader that is slow, with our pings queued behind its frames, is not dead as long as it takes something.
    const isCatchingUp = waiting(peer) > 0 && taken(peer) > peer.takenAtPing
    if (!peer.isAlive && !isCatchingUp) {
      socket.terminate()
      return
    }
    peer.isAlive = false
    peer.takenAtPing = taken(peer)
    peer.pingDueAtMs = due()
    if (socket.readyState === socket.OPEN) socket.ping()
  }

  function onPong(this: WebSocket): void {
    const peer = all.get(this)
    if (peer) peer.isAlive = true
  }

  return {
    watch(peer) {
      peer.pingDueAtMs = due()
      peer.socket.on('pong', onPong)
      // After a pause of this process, pongs that have arrived meanwhile are read before the verdict.
      timer ??= setInterval(() => setImmediate(look), Math.max(1, intervalMs / looksPerInterval)).unref()
    },
  }
}
