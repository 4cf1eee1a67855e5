import { TextDecoder } from 'node:util'

/** A frame as it came, read by the letter of RFC 6455 and by no code of the server's. */
export interface ReadFrame {
  readonly opcode: number
  readonly text: string
}

/** Reads what a server may send: whole, unmasked, uncompressed frames with lengths in as few bytes as they fit in. @throws for anything else */
export function createFrameReader() {
  const utf8 = new TextDecoder('utf-8', { fatal: true })
  let rest: Buffer = Buffer.alloc(0)

  return (chunk: Buffer): ReadFrame[] => {
    rest = Buffer.concat([rest, chunk])
    const frames: ReadFrame[] = []
    for (;;) {
      if (rest.length < 2) return frames
      const [first = 0, second = 0] = rest
      if ((first & 0x70) !== 0) throw new Error('A reserved bit is set.')
      if ((first & 0x80) === 0) throw new Error('A message is in parts.')
      if ((second & 0x80) !== 0) throw new Error('A server must not mask.')
      const opcode = first & 0x0f
      const size = second === 126 ? 4 : second === 127 ? 10 : 2
      if (rest.length < size) return frames
      const length = second === 126 ? rest.readUInt16BE(2) : second === 127 ? Number(rest.readBigUInt64BE(2)) : second
      if (size === 4 && length < 126) throw new Error('A short length is written in 16 bits.')
      if (size === 10 && length < 65_536) throw new Error('A length is written in 64 bits that fits in 16.')
      if (opcode > 7 && length > 125) throw new Error('A control frame is too long.')
      if (rest.length < size + length) return frames
      frames.push({ opcode, text: utf8.decode(opcode === 8 ? rest.subarray(size + 2, size + length) : rest.subarray(size, size + length)) })
      rest = rest.subarray(size + length)
    }
  }
}
