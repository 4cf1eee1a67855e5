import { createHmac, timingSafeEqual } from 'node:crypto'
import { badInput } from '../errors.ts'

/** Reads and writes positions in feeds as clients carry them: opaque, and signed, so that nobody can make one up. */
export interface Cursors {
  encode(streamId: string, seq: number): string
  /** The sequence a cursor stands at. @throws BAD_USER_INPUT for anything this server did not give out for this very stream */
  decode(cursor: string, streamId: string, field?: string): number
}

const version = 'c1'
const signatureBytes = 12

export function createCursors(key: Uint8Array): Cursors {
  const sign = (position: string) => createHmac('sha256', key).update(position).digest().subarray(0, signatureBytes)

  function decode(cursor: string, streamId: string, field = 'after'): number {
    const bytes = Buffer.from(cursor, 'base64url')
    const position = bytes.subarray(signatureBytes).toString()
    const [tag, stream, seq] = position.split(' ')
    const genuine =
      bytes.length > signatureBytes && timingSafeEqual(bytes.subarray(0, signatureBytes), sign(position)) && bytes.toString('base64url') === cursor
    if (!genuine || tag !== version || seq === undefined) throw badInput(field, 'This is no cursor of this server.')
    if (stream !== streamId) throw badInput(field, 'This cursor belongs to another feed.')
    return Number(seq)
  }

  return {
    encode(streamId, seq) {
      const position = `${version} ${streamId} ${seq}`
      return Buffer.concat([sign(position), Buffer.from(position)]).toString('base64url')
    },
    decode,
  }
}
