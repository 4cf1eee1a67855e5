import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'

/** Where the frames of one socket go. */
export interface FrameSink {
  send(frame: string): void
  /** What was sent and has not left this process: how far behind the reader is. */
  bufferedBytes(): number
}

export interface Frames extends FrameSink {
  /** Resolves when the frame has left; a closed socket swallows it. */
  deliver(frame: string): Promise<void>
}

/** Frames that are sent in one turn of the event loop leave in one write. `sent` counts them. */
export function createFrames(socket: WebSocket, carrier: Duplex, sent: { messages: number }): Frames {
  let isCorked = false

  function cork(): void {
    if (isCorked) return
    isCorked = true
    carrier.cork()
    setImmediate(() => {
      isCorked = false
      carrier.uncork()
    })
  }

  return {
    send(frame) {
      if (socket.readyState !== socket.OPEN) return
      cork()
      sent.messages += 1
      socket.send(frame)
    },
    deliver(frame) {
      // Not at once: a source that always has something would never let the news through that the socket is closed.
      if (socket.readyState !== socket.OPEN) return new Promise(resolve => setImmediate(resolve))
      cork()
      sent.messages += 1
      // A failed write is followed by `close`, which ends whatever this socket was doing.
      return new Promise(resolve => socket.send(frame, () => resolve()))
    },
    bufferedBytes: () => socket.bufferedAmount,
  }
}
