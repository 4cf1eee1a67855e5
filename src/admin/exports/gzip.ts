import { promisify } from 'node:util'
import { constants, crc32, deflateRaw, inflateRaw } from 'node:zlib'

const deflate = promisify(deflateRaw)
const inflate = promisify(inflateRaw)

// Made of one member: browsers read the first member of an answer, and leave out what comes behind it.

/** What a gzip file begins with (RFC 1952): DEFLATE, without a name or a time. */
export const gzipHead = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff)

/** What it ends with: an empty last block, the checksum and the size modulo 2^32. */
export function gzipEnd(crc: number, sizeBytes: number): Uint8Array {
  const end = Buffer.alloc(10)
  end.writeUInt16BE(0x0300, 0)
  end.writeUInt32LE(crc, 2)
  end.writeUInt32LE(sizeBytes % 2 ** 32, 6)
  return end
}

export const gzipFrameBytes = 20

/** Compressed so that more can follow. */
export const compress = (data: Uint8Array): Promise<Uint8Array> => deflate(data, { finishFlush: constants.Z_SYNC_FLUSH })

export const decompress = (part: Uint8Array): Promise<Uint8Array> => inflate(part, { finishFlush: constants.Z_SYNC_FLUSH })

/** The checksum of everything, from that of all before. */
export const addToCrc = (crc: number, data: Uint8Array): number => crc32(data, crc)

/** Whether an answer may be compressed, by its `accept-encoding` (RFC 9110 §12.5.3). */
export function acceptsGzip(header: string | readonly string[] | undefined): boolean {
  const weights = new Map<string, number>()
  for (const part of String(header ?? '')
    .toLowerCase()
    .split(',')) {
    const [name = '', ...parameters] = part.split(';').map(text => text.trim())
    const weight = parameters.find(text => text.startsWith('q='))
    weights.set(name, weight === undefined ? 1 : Number(weight.slice(2)))
  }
  return (weights.get('gzip') ?? weights.get('x-gzip') ?? weights.get('*') ?? 0) > 0
}
