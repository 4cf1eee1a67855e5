import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import type { FrameSink } from '../../feed/fan-out.ts'
import { withMethods } from '../../platform/methods.ts'
import { framesOf, type Message, mostHeaderBytes, writeFrames } from './frame.ts'

/** Where the messages of one socket go. */
export interface Frames extends FrameSink {
  sendText(text: string): void
  /** Resolves when it has left; at once, as long as little of this turn is waiting: an answer and its end leave in one write. */
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
  first: Message | null
  last: Message | null
  /** Of these messages, frames included. */
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
/** Of queues where nobody waits, which is nearly all of them: who comes first makes a list of its own. */
const noListeners: (() => void)[] = []

export function createOutbox({ maxBytes, maxTotalBytes, sent }: OutboxOptions): Outbox {
  /** Written to and handed over again and again, for as long as sockets take all of it at once. */
  let scratch = Buffer.allocUnsafeSlow(scratchBytes)
  /** As much of it as was last written: mostly as much is written to the next socket. */
  let written = scratch
  let filled: Queue[] = []
  let turnBytes = 0
  /** Those that did not take all at once, and what all of them held, or more. */
  const slow = new Set<Queue>()
  let heldBytes = 0
  let lookedAtMs = 0

  function put(queue: Queue, head: Uint8Array, body: Uint8Array): void {
    if (queue.socket.readyState !== queue.socket.OPEN) return
    const message = { head, body, next: null }
    const bytes = mostHeaderBytes + head.length + body.length
    sent.messages += 1
    if (queue.last) queue.last.next = message
    else {
      if (filled.length === 0) setImmediate(flush)
      filled.push(queue)
      queue.first = message
    }
    queue.last = message
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
    const { first, bytes, onLeft } = queue
    if (!first) return
    queue.first = null
    queue.last = null
    queue.bytes = 0
    let whenLeft: (() => void) | undefined
    if (onLeft.length > 0) {
      queue.onLeft = noListeners
      whenLeft = () => {
        for (const resolve of onLeft) resolve()
      }
    }
    // Behind the library's close frame nothing may follow.
    if (queue.socket.readyState === queue.socket.OPEN) write(queue, first, bytes, whenLeft)
    else whenLeft?.()
  }

  function write(queue: Queue, first: Message, mostBytes: number, whenLeft: (() => void) | undefined): void {
    const { carrier } = queue
    if (mostBytes <= scratchBytes && carrier.writableLength === 0) {
      const end = writeFrames(scratch, 0, first)
      if (written.length !== end) written = scratch.subarray(0, end)
      carrier.write(written, whenLeft)
      // As long as something of it waits, it is read from.
      if (carrier.writableLength > 0) {
        scratch = Buffer.allocUnsafeSlow(scratchBytes)
        written = scratch
      }
    } else {
      const pieces = framesOf(first)
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

  const methods = {
    send(this: Queue, head: Uint8Array, body: Uint8Array) {
      put(this, head, body)
    },
    sendText(this: Queue, text: string) {
      put(this, nothing, Buffer.from(text))
    },
    deliver,
    async deliverText(this: Queue, text: string): Promise<void> {
      const body = Buffer.from(text)
      const fits = this.heldBytes === 0 && this.bytes + mostHeaderBytes + body.length <= scratchBytes
      if (fits && this.socket.readyState === this.socket.OPEN) put(this, nothing, body)
      else await deliver.call(this, nothing, body)
    },
    isIdle(this: Queue) {
      if (this.heldBytes > 0) look(this)
      return this.heldBytes === 0
    },
    isBehind(this: Queue) {
      // Nothing is asked of the carrier as long as it takes what it is given: this runs for every event and reader.
      if (this.heldBytes > 0) look(this)
      return this.heldBytes + this.bytes > maxBytes || (this.heldBytes > 0 && isFull())
    },
    hasDrained(this: Queue) {
      look(this)
      return this.heldBytes + this.bytes <= maxBytes / 2 && (this.heldBytes === 0 || !isFull())
    },
    flush(this: Queue) {
      flushOne(this)
      if (this.heldBytes > 0) look(this)
    },
  }

  function deliver(this: Queue, head: Uint8Array, body: Uint8Array): Promise<void> {
    return new Promise(resolve => {
      // Not at once: a source that always has something would never let the news through that the socket is closed.
      if (this.socket.readyState !== this.socket.OPEN) return void setImmediate(resolve)
      // First, since a turn that has too much to say is written at once.
      if (this.onLeft.length === 0) this.onLeft = [resolve]
      else this.onLeft.push(resolve)
      put(this, head, body)
    })
  }

  return {
    flush,
    framesTo: (socket, carrier) =>
      withMethods({ socket, carrier, first: null, last: null, bytes: 0, onLeft: noListeners, heldBytes: 0 } satisfies Queue, methods),
  }
}
