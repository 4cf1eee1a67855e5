import { createHash } from 'node:crypto'
import { AppError, badInput } from '../../errors.ts'
import { chosenId } from '../../platform/ids.ts'
import { checkText } from '../../platform/json.ts'
import { markUpload, type Upload } from '../../platform/upload.ts'
import { type AttachmentRow, maxAttachmentBytes } from './attachment.ts'
import { mediaTypes } from './media-types.ts'

export const maxNameLength = 1_024
export const maxParameterLength = 128

export interface AttachmentInput {
  readonly id?: string | null | undefined
  readonly noteId: string
  readonly mimeType: string
  readonly encryptedName?: string | null | undefined
  readonly iv: string
  readonly salt: string
}

/** What is to be stored of an attachment. @throws BAD_USER_INPUT, PAYLOAD_TOO_LARGE */
export function checkAttachment(input: AttachmentInput, sizeBytes: number): Omit<AttachmentRow, 'createdAt'> {
  const { noteId, mimeType, encryptedName = null, iv, salt } = input
  const id = chosenId('att', input.id)
  if (!mediaTypes.has(mimeType))
    throw badInput('input.mimeType', 'This is none of the types that attachments may have, in lower case and without parameters.')
  if (encryptedName !== null && encryptedName.length > maxNameLength)
    throw badInput('input.encryptedName', `A name has at most ${maxNameLength} characters.`)
  checkParameter(iv, 'input.iv')
  checkParameter(salt, 'input.salt')
  if (sizeBytes > maxAttachmentBytes)
    throw new AppError('PAYLOAD_TOO_LARGE', `An attachment has at most ${maxAttachmentBytes} bytes.`, { limit: maxAttachmentBytes })
  return { id, noteId, mimeType, encryptedName, iv, salt, sizeBytes }
}

function checkParameter(text: string, field: string): void {
  if (text.length < 1 || text.length > maxParameterLength) throw badInput(field, `This has 1 to ${maxParameterLength} characters.`)
  checkText(text, field)
}

/** The bytes of base64 text, as if they had been uploaded. @throws BAD_USER_INPUT for text that would not come back as it was sent */
export function uploadOf(base64: string, field: string): Upload {
  // All but the last four characters stand for whole bytes; of those, bits may be left over that would be lost.
  const end = base64.slice(-4)
  if (Buffer.from(end, 'base64').toString('base64') !== end)
    throw badInput(field, 'The last characters of this base64 hold bits that belong to no byte.')
  const bytes = Buffer.from(base64, 'base64')
  return markUpload({
    sizeBytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('base64'),
    async *chunks(chunkBytes) {
      for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes)
    },
  })
}
