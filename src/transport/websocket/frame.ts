/** A text message in two parts: what is its reader's own, and what many readers may share. */
export interface Message {
  readonly head: Uint8Array
  readonly body: Uint8Array
  /** The one behind it, to the same reader. */
  next: Message | null
}

export const mostHeaderBytes = 10

/** A body from here on costs less to hand over as it is than to copy for each of its readers. */
const leastSharedBytes = 16 * 1024

const finalText = 0x81
const in16Bits = 126
const in64Bits = 127

/** Writes a message and those behind it as RFC 6455 has a server send them: each in one frame, unmasked, not compressed. Gives where the frames end. */
export function writeFrames(target: Uint8Array, at: number, first: Message): number {
  let end = at
  for (let message: Message | null = first; message; message = message.next) end = writeFrame(target, end, message)
  return end
}

function writeFrame(target: Uint8Array, at: number, message: Message): number {
  const end = writeOpening(target, at, message)
  target.set(message.body, end)
  return end + message.body.length
}

/** The same as pieces to be sent one after the other: large bodies are pieces themselves, and not copied. */
export function framesOf(first: Message): Uint8Array[] {
  let bytes = 0
  for (let message: Message | null = first; message; message = message.next)
    bytes += mostHeaderBytes + message.head.length + (message.body.length < leastSharedBytes ? message.body.length : 0)
  const target = Buffer.allocUnsafeSlow(bytes)
  const pieces: Uint8Array[] = []
  let from = 0
  let at = 0
  for (let message: Message | null = first; message; message = message.next) {
    if (message.body.length < leastSharedBytes) at = writeFrame(target, at, message)
    else {
      at = writeOpening(target, at, message)
      pieces.push(target.subarray(from, at), message.body)
      from = at
    }
  }
  if (at > from) pieces.push(target.subarray(from, at))
  return pieces
}

/** All of a frame but the body of its message. */
function writeOpening(target: Uint8Array, at: number, { head, body }: Message): number {
  const end = writeHeader(target, at, head.length + body.length)
  target.set(head, end)
  return end + head.length
}

function writeHeader(target: Uint8Array, at: number, length: number): number {
  target[at] = finalText
  if (length < in16Bits) {
    target[at + 1] = length
    return at + 2
  }
  const isShort = length < 0x1_0000
  const bytes = isShort ? 2 : 8
  target[at + 1] = isShort ? in16Bits : in64Bits
  for (let index = 0, rest = length; index < bytes; index += 1, rest = Math.floor(rest / 256)) target[at + 1 + bytes - index] = rest % 256
  return at + 2 + bytes
}
