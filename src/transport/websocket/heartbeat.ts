import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'

/**
 * Pings a peer and drops it when it does not answer before the next ping. A reader that is slow, with our pings
 * queued behind its frames, is not dead as long as it takes something.
 */
export function startHeartbeat(socket: WebSocket, carrier: Duplex & { readonly bytesWritten?: number }, intervalMs: number): () => void {
  let isAlive = true
  let takenAtPing = 0
  const waiting = () => carrier.writableLength
  const taken = () => (carrier.bytesWritten ?? 0) - waiting()

  function beat(): void {
    const isCatchingUp = waiting() > 0 && taken() > takenAtPing
    if (!isAlive && !isCatchingUp) {
      socket.terminate()
      return
    }
    isAlive = false
    takenAtPing = taken()
    if (socket.readyState === socket.OPEN) socket.ping()
  }

  socket.on('pong', () => {
    isAlive = true
  })
  // After a pause of this process, pongs that have arrived meanwhile are read before the verdict.
  const timer = setInterval(() => setImmediate(beat), intervalMs).unref()
  return () => clearInterval(timer)
}
