import { maxUploadBytes } from '../../platform/upload.ts'

export const maxAttachmentBytes = maxUploadBytes
export const maxAttachmentsOfNote = 100

/** What goes through memory at a time, on the way in and out. */
export const chunkBytes = 256 * 1024

/** An attachment without its bytes. */
export interface AttachmentRow {
  readonly id: string
  readonly noteId: string
  readonly mimeType: string
  readonly encryptedName: string | null
  readonly iv: string
  readonly salt: string
  readonly sizeBytes: number
  readonly createdAt: Date
}
