import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'

/** Pings peers and drops those that do not answer before their next ping. */
export interface Heartbeat {
  /** Looks after a peer until the answer is called. */
  watch(socket: WebSocket, carrier: Carrier): () => void
}

type Carrier = Duplex & { readonly bytesWritten?: number }

interface Peer {
  readonly carrier: Carrier
  isAlive: boolean
  takenAtPing: number
  dueAtMs: number
}

const looksPerInterval = 30

/** One timer looks after all; each peer has its own time, so that thousands are not pinged at once. */
export function createHeartbeat(intervalMs: number): Heartbeat {
  const peers = new Map<WebSocket, Peer>()
  let timer: NodeJS.Timeout | null = null

  const waiting = ({ carrier }: Peer) => carrier.writableLength
  const taken = (peer: Peer) => (peer.carrier.bytesWritten ?? 0) - waiting(peer)

  function look(): void {
    const nowMs = performance.now()
    for (const [socket, peer] of peers) if (peer.dueAtMs <= nowMs) beat(socket, peer, nowMs)
  }

  function beat(socket: WebSocket, peer: Peer, nowMs: number): void {
    // A reader that is slow, with our pings queued behind its frames, is not dead as long as it takes something.
    const isCatchingUp = waiting(peer) > 0 && taken(peer) > peer.takenAtPing
    if (!peer.isAlive && !isCatchingUp) {
      socket.terminate()
      return
    }
    peer.isAlive = false
    peer.takenAtPing = taken(peer)
    peer.dueAtMs = nowMs + intervalMs
    if (socket.readyState === socket.OPEN) socket.ping()
  }

  function onPong(this: WebSocket): void {
    const peer = peers.get(this)
    if (peer) peer.isAlive = true
  }

  return {
    watch(socket, carrier) {
      peers.set(socket, { carrier, isAlive: true, takenAtPing: 0, dueAtMs: performance.now() + intervalMs })
      socket.on('pong', onPong)
      // After a pause of this process, pongs that have arrived meanwhile are read before the verdict.
      timer ??= setInterval(() => setImmediate(look), Math.max(1, intervalMs / looksPerInterval)).unref()
      return () => {
        peers.delete(socket)
        if (peers.size > 0 || !timer) return
        clearInterval(timer)
        timer = null
      }
    },
  }
}
