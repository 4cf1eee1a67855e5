import { createHash, randomUUID } from 'node:crypto'
import { open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AppError } from '../../errors.ts'
import { markUpload, type Upload } from '../../platform/upload.ts'

/** An upload in a file that has no name any more: however this process ends, nothing of it stays. */
export type SpooledUpload = Upload & AsyncDisposable

/** Writes bytes down as they come. @throws PAYLOAD_TOO_LARGE as soon as they are too many */
export async function spool(source: AsyncIterable<Buffer>, maxBytes: number): Promise<SpooledUpload> {
  const path = join(tmpdir(), `tidemark-upload-${randomUUID()}`)
  const file = await open(path, 'wx+', 0o600)
  try {
    await rm(path)
    const hash = createHash('sha256')
    let sizeBytes = 0
    for await (const bytes of source) {
      if (sizeBytes + bytes.length > maxBytes)
        throw new AppError('PAYLOAD_TOO_LARGE', `An uploaded file has at most ${maxBytes} bytes.`, { limit: maxBytes })
      hash.update(bytes)
      const { bytesWritten } = await file.write(bytes, 0, bytes.length, sizeBytes)
      if (bytesWritten < bytes.length) throw new Error('There is no room for temporary files.')
      sizeBytes += bytes.length
    }
    return markUpload({
      sizeBytes,
      sha256: hash.digest('base64'),
      async *chunks(chunkBytes: number) {
        for (let at = 0; at < sizeBytes; at += chunkBytes) yield readAt(at, Math.min(chunkBytes, sizeBytes - at))
      },
      [Symbol.asyncDispose]: () => file.close(),
    })
  } catch (error) {
    await file.close()
    throw error
  }

  async function readAt(position: number, length: number): Promise<Buffer> {
    const bytes = Buffer.allocUnsafe(length)
    for (let read = 0; read < length; ) {
      const { bytesRead } = await file.read(bytes, read, length - read, position + read)
      if (bytesRead === 0) throw new Error('The spooled file is shorter than what was written to it.')
      read += bytesRead
    }
    return bytes
  }
}
