/** The largest file that is taken. */
export const maxUploadBytes = 10 * 1024 * 1024

/** A file that came with a request, all of it, outside of memory. It is there until the request is answered. */
export interface Upload {
  readonly sizeBytes: number
  /** Of its bytes, in base64. */
  readonly sha256: string
  /** The bytes from the beginning, in parts of this size, each of them good until the next is asked for. They may be read again. */
  chunks(chunkBytes: number): AsyncIterable<Uint8Array>
}

const uploads = new WeakSet<object>()

/** Marks what was really uploaded: nothing that came as JSON passes for it. */
export function markUpload<Marked extends Upload>(upload: Marked): Marked {
  uploads.add(upload)
  return upload
}

export const isUpload = (value: unknown): value is Upload => typeof value === 'object' && value !== null && uploads.has(value)
