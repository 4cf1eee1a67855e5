import type { Access } from '../../access/access.ts'
import type { Viewer } from '../../access/viewer.ts'
import { AppError, badInput, notFound } from '../../errors.ts'
import type { Feed } from '../../feed/feed.ts'
import { callOf, type Repeatable } from '../../feed/idempotency.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database, Tx } from '../../platform/database.ts'
import { isUpload, type Upload } from '../../platform/upload.ts'
import type { NotebookChange } from '../notebook-change.ts'
import type { Notebooks } from '../notebooks.ts'
import { type AttachmentRow, chunkBytes, maxAttachmentsOfNote } from './attachment.ts'
import { type AttachmentInput, checkAttachment, uploadOf } from './attachment-input.ts'
import {
  countAttachments,
  deleteAttachment,
  findAttachments,
  insertAttachment,
  insertChunk,
  listAttachments,
  readAllChunks,
  readChunk,
  takeBytes,
} from './store.ts'

export interface AttachmentsDeps {
  readonly database: Database
  readonly feed: Feed
  readonly access: Access
  readonly notebooks: Notebooks
  readonly clock: Clock
  /** What the attachments in one notebook may weigh together; 0: no limit. */
  readonly quotaBytes: number
}

export interface AddAttachmentInput extends AttachmentInput, Repeatable {
  readonly encryptedData: string
}

export interface UploadAttachmentInput extends AttachmentInput, Repeatable {
  readonly file: unknown
}

export type Attachments = ReturnType<typeof createAttachments>

/** Encrypted files that belong to notes. */
export function createAttachments({ database, feed, access, notebooks, clock, quotaBytes }: AttachmentsDeps) {
  /** Null for what there is not, and for what the viewer may not read. */
  async function find(viewer: Viewer, id: string, db: Database['db'] | Tx = database.db): Promise<AttachmentRow | null> {
    const [attachment] = await findAttachments(db, [id])
    return attachment && (await access.levelOf(viewer, attachment.noteId, db)) ? attachment : null
  }

  async function add(viewer: Viewer, mutation: string, input: AttachmentInput & Repeatable, upload: Upload): Promise<string> {
    const attachment = checkAttachment(input, upload.sizeBytes)
    const { noteId } = attachment
    const { attachmentId } = await feed.once(callOf(viewer, mutation, { ...input, bytes: upload.sha256 }), async tx => {
      const { ownerId } = await notebooks.lockNote(tx, viewer, noteId, 'WRITE')
      await makeRoom(tx, ownerId, attachment)
      if (!(await insertAttachment(tx, { ...attachment, createdAt: clock.now() })))
        throw new AppError('ALREADY_EXISTS', 'There is an attachment with this id.', { field: 'input.id' })
      let index = 0
      for await (const chunk of upload.chunks(chunkBytes)) await insertChunk(tx, attachment.id, index++, chunk)
      await notebooks.append(tx, ownerId, viewer.userId, [changeOf(noteId)])
      return { attachmentId: attachment.id }
    })
    return attachmentId
  }

  /** @throws QUOTA_EXCEEDED */
  async function makeRoom(tx: Tx, ownerId: string, { noteId, sizeBytes }: Pick<AttachmentRow, 'noteId' | 'sizeBytes'>): Promise<void> {
    if ((await countAttachments(tx, noteId)) >= maxAttachmentsOfNote)
      throw new AppError('QUOTA_EXCEEDED', `A note has at most ${maxAttachmentsOfNote} attachments.`, { limit: maxAttachmentsOfNote })
    const full = await takeBytes(tx, ownerId, sizeBytes, quotaBytes)
    if (!full) return
    const { leftBytes } = full
    throw new AppError('QUOTA_EXCEEDED', `The owner of the note has ${leftBytes} bytes left for attachments.`, { limitBytes: quotaBytes, leftBytes })
  }

  return {
    /** By their ids; whether the viewer may read them goes by their notes. */
    async load(ids: readonly string[]): Promise<Map<string, AttachmentRow>> {
      return new Map((await findAttachments(database.db, ids)).map(attachment => [attachment.id, attachment]))
    },

    /** One that must be there. @throws NOT_FOUND */
    async get(viewer: Viewer, id: string): Promise<AttachmentRow> {
      const attachment = await find(viewer, id)
      if (!attachment) throw notFound('attachment')
      return attachment
    },

    /** By note, for who was found to have access. */
    async listByNote(noteIds: readonly string[]): Promise<Map<string, AttachmentRow[]>> {
      return Map.groupBy(await listAttachments(database.db, noteIds), attachment => attachment.noteId)
    },

    /** All bytes of several at once, in base64, for who was found to have access; the caller sees to it that they are not too many. */
    async readBase64(ids: readonly string[]): Promise<Map<string, string>> {
      const chunks = await readAllChunks(database.db, [...new Set(ids)])
      return new Map(Array.from(chunks, ([id, parts]) => [id, Buffer.concat(parts).toString('base64')]))
    },

    /** A part of the bytes, for who was found to have access. @throws NOT_FOUND once it was removed */
    async readChunk(id: string, index: number): Promise<Uint8Array> {
      const chunk = await readChunk(database.db, id, index)
      if (!chunk) throw notFound('attachment')
      return chunk
    },

    /** Gives its id. @throws NOT_FOUND, FORBIDDEN, BAD_USER_INPUT, PAYLOAD_TOO_LARGE, QUOTA_EXCEEDED, ALREADY_EXISTS */
    add: (viewer: Viewer, { encryptedData, ...input }: AddAttachmentInput): Promise<string> =>
      add(viewer, 'addAttachment', input, uploadOf(encryptedData, 'input.encryptedData')),

    /** The same for a file that came with the request. */
    async upload(viewer: Viewer, { file, ...input }: UploadAttachmentInput): Promise<string> {
      if (!isUpload(file)) throw badInput('input.file', 'This is no file that was uploaded.')
      return add(viewer, 'uploadAttachment', input, file)
    },

    async remove(viewer: Viewer, id: string): Promise<void> {
      await feed.transact(async tx => {
        const found = await find(viewer, id, tx)
        if (!found) throw notFound('attachment')
        const { ownerId } = await notebooks.lockNote(tx, viewer, found.noteId, 'WRITE')
        // Again: while the lock was waited for, somebody else may have removed it.
        if ((await findAttachments(tx, [id])).length === 0) throw notFound('attachment')
        await deleteAttachment(tx, id)
        await notebooks.append(tx, ownerId, viewer.userId, [changeOf(found.noteId)])
      })
    },
  }
}

const changeOf = (id: string): NotebookChange => ({ of: 'note', id, operation: 'UPDATED', changedFields: ['attachments'] })
