import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import type { FrameSink } from '../../feed/fan-out.ts'
import { framesOf, type Message, mostHeaderBytes, writeFrame } from './frame.ts'

/** Where the messages of one socket go. */
export interface Frames extends FrameSink {
  sendText(text: string): void
  deliverText(text: string): Promise<void>
  /** Writes what was sent in this turn at once: before anything that has to come behind it. And when the socket is gone. */
  flush(): void
}

/** The messages of all sockets: those of one turn of the event loop leave in one write per socket, and all sockets are written to together. */
export interface Outbox {
  /** The socket must have no compression, so that the library as well writes its frames to the carrier at once and whole. */
  framesTo(socket: WebSocket, carrier: Duplex): Frames
  flush(): void
}

export interface OutboxOptions {
  /** What may wait for one reader. */
  readonly maxBytes: number
  /** What may wait for all readers together. */
  readonly maxTotalBytes: number
  /** Counts the messages. */
  readonly sent: { messages: number }
}

/** What waits for one socket. */
interface Queue {
  readonly socket: WebSocket
  readonly carrier: Duplex
  messages: Message[]
  /** Of `messages`. */
  bytes: number
  onLeft: (() => void)[]
  /** What the carrier still had when it was last looked at. */
  heldBytes: number
}

/** What most writes fit in. A stalled reader may keep one for as long as it is stalled. */
const scratchBytes = 16 * 1024
/** A turn that has more to say writes in between. */
const maxTurnBytes = 16 * 1024 * 1024
const lookIntervalMs = 10
const nothing = new Uint8Array()

export function createOutbox({ maxBytes, maxTotalBytes, sent }: OutboxOptions): Outbox {
  /** Written to and handed over again and again, for as long as sockets take all of it at once. */
  let scratch = Buffer.allocUnsafeSlow(scratchBytes)
  let filled: Queue[] = []
  let turnBytes = 0
  /** Those that did not take all at once, and what all of them held, or more. */
  const slow = new Set<Queue>()
  let heldBytes = 0
  let lookedAtMs = 0

  function put(queue: Queue, message: Message): void {
    if (queue.socket.readyState !== queue.socket.OPEN) return
    const bytes = message.head.length + message.body.length
    sent.messages += 1
    if (queue.messages.length === 0) {
      if (filled.length === 0) setImmediate(flush)
      filled.push(queue)
    }
    queue.messages.push(message)
    queue.bytes += bytes
    turnBytes += bytes
    if (turnBytes > maxTurnBytes) flush()
  }

  function flush(): void {
    const queues = filled
    filled = []
    turnBytes = 0
    for (const queue of queues) flushOne(queue)
  }

  function flushOne(queue: Queue): void {
    if (queue.messages.length === 0) return
    const { messages, bytes, onLeft } = queue
    queue.messages = []
    queue.bytes = 0
    let whenLeft: (() => void) | undefined
    if (onLeft.length > 0) {
      queue.onLeft = []
      whenLeft = () => {
        for (const resolve of onLeft) resolve()
      }
    }
    // Behind the library's close frame nothing may follow.
    if (queue.socket.readyState === queue.socket.OPEN) write(queue, messages, bytes + mostHeaderBytes * messages.length, whenLeft)
    else whenLeft?.()
  }

  function write(queue: Queue, messages: readonly Message[], mostBytes: number, whenLeft: (() => void) | undefined): void {
    const { carrier } = queue
    if (mostBytes <= scratchBytes && carrier.writableLength === 0) {
      let end = 0
      for (const message of messages) end = writeFrame(scratch, end, message)
      carrier.write(scratch.subarray(0, end), whenLeft)
      // As long as something of it waits, it is read from.
      if (carrier.writableLength > 0) scratch = Buffer.allocUnsafeSlow(scratchBytes)
    } else {
      const pieces = framesOf(messages)
      const last = pieces.pop() ?? nothing
      carrier.cork()
      for (const piece of pieces) carrier.write(piece)
      carrier.write(last, whenLeft)
      carrier.uncork()
    }
    if (carrier.writableLength > 0 || queue.heldBytes > 0) look(queue)
  }

  function look(queue: Queue): void {
    const { carrier } = queue
    const waiting = carrier.destroyed ? 0 : carrier.writableLength
    heldBytes += waiting - queue.heldBytes
    queue.heldBytes = waiting
    if (waiting > 0) slow.add(queue)
    else slow.delete(queue)
  }

  function isFull(): boolean {
    if (heldBytes <= maxTotalBytes) return false
    const nowMs = performance.now()
    if (nowMs - lookedAtMs > lookIntervalMs) {
      lookedAtMs = nowMs
      for (const queue of slow) look(queue)
    }
    return heldBytes > maxTotalBytes
  }

  return {
    flush,
    framesTo(socket, carrier) {
      const queue: Queue = { socket, carrier, messages: [], bytes: 0, onLeft: [], heldBytes: 0 }
      const deliver: Frames['deliver'] = (head, body) =>
        new Promise(resolve => {
          // Not at once: a source that always has something would never let the news through that the socket is closed.
          if (socket.readyState !== socket.OPEN) return void setImmediate(resolve)
          // First, since a turn that has too much to say is written at once.
          queue.onLeft.push(resolve)
          put(queue, { head, body })
        })
      return {
        send: (head, body) => put(queue, { head, body }),
        sendText: text => put(queue, { head: nothing, body: Buffer.from(text) }),
        deliver,
        deliverText: text => deliver(nothing, Buffer.from(text)),
        isIdle() {
          if (queue.heldBytes > 0) look(queue)
          return queue.heldBytes === 0
        },
        isBehind() {
          // Nothing is asked of the carrier as long as it takes what it is given: this runs for every event and reader.
          if (queue.heldBytes > 0) look(queue)
          return queue.heldBytes + queue.bytes > maxBytes || (queue.heldBytes > 0 && isFull())
        },
        hasDrained() {
          look(queue)
          return queue.heldBytes + queue.bytes <= maxBytes / 2 && (queue.heldBytes === 0 || !isFull())
        },
        flush() {
          flushOne(queue)
          if (queue.heldBytes > 0) look(queue)
        },
      }
    },
  }
}
