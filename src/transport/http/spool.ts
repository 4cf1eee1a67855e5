import { createHash, randomUUID } from 'node:crypto'
import { close, openSync, read, rmSync, write } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { AppError } from '../../errors.ts'
import { markUpload, type Upload } from '../../platform/upload.ts'

/** An upload in a file that has no name any more: however this process ends, nothing of it stays. */
export interface SpooledUpload extends Upload, AsyncDisposable {
  /** What stood in its place when the operation was sent, and signed. */
  toJSON(): null
}

const file = { close: promisify(close), read: promisify(read), write: promisify(write) }

/** Writes bytes down as they come. @throws PAYLOAD_TOO_LARGE as soon as they are too many */
export async function spool(source: AsyncIterable<Buffer>, maxBytes: number): Promise<SpooledUpload> {
  const descriptor = openNameless()
  try {
    const hash = createHash('sha256')
    let sizeBytes = 0
    for await (const bytes of source) {
      if (sizeBytes + bytes.length > maxBytes)
        throw new AppError('PAYLOAD_TOO_LARGE', `An uploaded file has at most ${maxBytes} bytes.`, { limit: maxBytes })
      hash.update(bytes)
      const { bytesWritten } = await file.write(descriptor, bytes, 0, bytes.length, sizeBytes)
      if (bytesWritten < bytes.length) throw new Error('There is no room for temporary files.')
      sizeBytes += bytes.length
    }
    return markUpload({
      sizeBytes,
      sha256: hash.digest('base64'),
      async *chunks(chunkBytes: number) {
        const chunk = Buffer.allocUnsafeSlow(Math.min(chunkBytes, sizeBytes))
        for (let at = 0; at < sizeBytes; at += chunkBytes) yield fill(descriptor, chunk.subarray(0, sizeBytes - at), at)
      },
      toJSON: () => null,
      [Symbol.asyncDispose]: () => file.close(descriptor),
    })
  } catch (error) {
    await file.close(descriptor)
    throw error
  }
}

/** At one go, so that hardly anything can come in between. */
function openNameless(): number {
  const path = join(tmpdir(), `tidemark-upload-${randomUUID()}`)
  const descriptor = openSync(path, 'wx+', 0o600)
  rmSync(path)
  return descriptor
}

async function fill(descriptor: number, bytes: Buffer, position: number): Promise<Buffer> {
  for (let length = 0; length < bytes.length; ) {
    const { bytesRead } = await file.read(descriptor, bytes, length, bytes.length - length, position + length)
    if (bytesRead === 0) throw new Error('The temporary file is shorter than what was written to it.')
    length += bytesRead
  }
  return bytes
}
