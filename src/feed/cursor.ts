import { LRUCache } from 'lru-cache'
import { parse, stringify } from 'uuid'
import { badInput } from '../errors.ts'
import type { Keys } from '../platform/secrets.ts'
import { createSigner } from '../platform/signer.ts'

/** A place in a feed that gathers several streams: in its index, and in each stream that belongs to it. */
export interface Places {
  readonly index: number
  /** Stream id → sequence. The ids have one prefix and a UUID each. */
  readonly streams: ReadonlyMap<string, number>
}

/** Reads and writes positions in feeds as clients carry them: opaque, and signed, so that nobody can make one up. */
export interface Cursors {
  encode(streamId: string, seq: number): string
  /** The sequence a cursor stands at. @throws BAD_USER_INPUT for anything this server did not give out for this very stream */
  decode(cursor: string, streamId: string, field?: string): number
  encodePlaces(indexId: string, places: Places): string
  /** As `decode`, for a feed that gathers streams. */
  decodePlaces(cursor: string, indexId: string, field?: string): Places
}

const version = 'c1'
const gatheredVersion = 'g1'
const signatureBytes = 12
const uuidBytes = 16
const seqBytes = 6
/** Where the readers of the busiest streams are: each group of them asks for the cursors of the same changes. */
const rememberedCursors = 1_000

export function createCursors(keys: Keys): Cursors {
  const { sign, isSigned } = createSigner(keys, signatureBytes)
  const remembered = new LRUCache<string, string>({ max: rememberedCursors })
  const signed = (position: Buffer) => Buffer.concat([sign(position), position]).toString('base64url')

  /** What was signed. */
  function open(cursor: string, field: string): Buffer {
    const bytes = Buffer.from(cursor, 'base64url')
    const position = bytes.subarray(signatureBytes)
    const genuine = bytes.length > signatureBytes && isSigned(position, bytes.subarray(0, signatureBytes)) && bytes.toString('base64url') === cursor
    if (!genuine) throw badInput(field, 'This is no cursor of this server.')
    return position
  }

  return {
    encode(streamId, seq) {
      const position = `${version} ${streamId} ${seq}`
      const cursor = remembered.get(position) ?? signed(Buffer.from(position))
      remembered.set(position, cursor)
      return cursor
    },
    decode(cursor, streamId, field = 'after') {
      const [tag, stream, seq] = open(cursor, field).toString().split(' ')
      if (tag !== version || seq === undefined || stream !== streamId) throw badInput(field, 'This cursor belongs to another feed.')
      return Number(seq)
    },
    encodePlaces(indexId, { index, streams }) {
      const [first = ''] = streams.keys()
      const prefix = first.slice(0, first.indexOf('_') + 1)
      return signed(Buffer.concat([Buffer.from(`${gatheredVersion} ${indexId} ${index} ${prefix}\n`), ...[...streams].map(pack)]))
    },
    decodePlaces(cursor, indexId, field = 'after') {
      const position = open(cursor, field)
      const end = position.indexOf('\n')
      const [tag, stream, index, prefix = ''] = position.subarray(0, Math.max(0, end)).toString().split(' ')
      if (tag !== gatheredVersion || stream !== indexId) throw badInput(field, 'This cursor belongs to another feed.')
      const streams = new Map<string, number>()
      for (let at = end + 1; at < position.length; at += uuidBytes + seqBytes) {
        const seq = position.readUIntBE(at + uuidBytes, seqBytes)
        streams.set(prefix + stringify(position.subarray(at, at + uuidBytes)), seq)
      }
      return { index: Number(index), streams }
    },
  }
}

/** A stream and its sequence in as few bytes as are simple: somebody may be in hundreds of chats. */
function pack([streamId, seq]: readonly [string, number]): Buffer {
  const packed = Buffer.alloc(uuidBytes + seqBytes)
  packed.set(parse(streamId.slice(streamId.indexOf('_') + 1)))
  packed.writeUIntBE(seq, uuidBytes, seqBytes)
  return packed
}
