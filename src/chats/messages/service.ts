import DataLoader from 'dataloader'
import type { Access } from '../../access/access.ts'
import type { Viewer } from '../../access/viewer.ts'
import { AppError, notFound } from '../../errors.ts'
import type { Feed } from '../../feed/feed.ts'
import { callOf, type Repeatable } from '../../feed/idempotency.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database, Tx } from '../../platform/database.ts'
import { chosenId } from '../../platform/ids.ts'
import type { ChatAt } from '../chat.ts'
import { changeOf } from '../events/change.ts'
import type { ChatMembers } from '../members/service.ts'
import { lockChat } from '../store.ts'
import { checkContent, type MessageAt, type MessageRow } from './message.ts'
import { type PageArgs, pageOf, type Span, spanOf } from './page.ts'
import { createSends } from './send.ts'
import { findMessages, findSpans, updateMessage } from './store.ts'

export interface MessagesDeps {
  readonly database: Database
  readonly feed: Feed
  readonly access: Access
  readonly chatMembers: ChatMembers
  readonly clock: Clock
  readonly onSent: (chatId: string, senderId: string) => void
}

export interface SendMessageInput extends Repeatable {
  readonly id?: string | null | undefined
  readonly chatId: string
  readonly content: string
  readonly replyToId?: string | null | undefined
}

/** What is said in chats. */
export function createMessages({ database, feed, access, chatMembers, clock, onSent }: MessagesDeps) {
  const sends = createSends({ feed, access, clock })

  // Both batch what all readers on this node ask for: those who hear of a message together read it once. Nothing is kept.
  const byId = new DataLoader<string, MessageRow | null>(
    async ids => {
      const found = await findMessages(database.db, [...new Set(ids)])
      return ids.map(id => found.get(id) ?? null)
    },
    { cache: false },
  )
  const bySpan = new DataLoader<Span, readonly MessageRow[]>(spans => findSpans(database.db, spans), { cache: false })

  const seenFrom = (row: MessageRow | null | undefined, hiddenNumber: number): MessageAt | null =>
    row && row.number > hiddenNumber ? { ...row, hiddenNumber } : null

  /** Null for what there is not, and for what the viewer may not read. */
  async function find(viewer: Viewer, id: string): Promise<MessageAt | null> {
    const row = await byId.load(id)
    if (!row) return null
    const standing = await chatMembers.standingOf(viewer, row.chatId).catch(error => {
      if (error instanceof AppError) return undefined
      throw error
    })
    return standing === undefined ? null : seenFrom(row, standing?.hiddenNumber ?? 0)
  }

  /** With its chat locked. @throws NOT_FOUND for what the viewer may not read */
  async function lock(tx: Tx, viewer: Viewer, id: string): Promise<{ message: MessageRow; isMember: boolean }> {
    const chatId = (await findMessages(tx, [id])).get(id)?.chatId
    if (chatId === undefined || !(await lockChat(tx, chatId))) throw notFound('message')
    const message = (await findMessages(tx, [id])).get(id)
    const standing = await chatMembers.standingOf(viewer, chatId, tx).catch(error => {
      throw error instanceof AppError ? notFound('message') : error
    })
    if (!message || !seenFrom(message, standing?.hiddenNumber ?? 0)) throw notFound('message')
    return { message, isMember: standing !== null }
  }

  return {
    /** @throws NOT_FOUND for what the viewer may not read */
    async load(viewer: Viewer, id: string): Promise<MessageAt> {
      const message = await find(viewer, id)
      if (!message) throw notFound('message')
      return message
    },

    /** As somebody sees it to whom messages up to `hiddenNumber` are hidden; null for one of those. */
    loadFor: async (id: string, hiddenNumber: number): Promise<MessageAt | null> => seenFrom(await byId.load(id), hiddenNumber),

    async page(chat: ChatAt, args: PageArgs) {
      const span = spanOf(chat, args)
      const rows = span.to < span.from ? [] : await bySpan.load(span)
      return pageOf(
        chat,
        span,
        rows.map(row => ({ ...row, hiddenNumber: chat.hiddenNumber })),
      )
    },

    async last({ id, hiddenNumber, messageCount }: ChatAt): Promise<MessageAt | null> {
      if (messageCount <= hiddenNumber) return null
      const [row] = await bySpan.load({ chatId: id, from: messageCount, to: messageCount, cutAt: 'start' })
      return seenFrom(row, hiddenNumber)
    },

    async send(viewer: Viewer, input: SendMessageInput): Promise<{ messageId: string; message: MessageAt | null; cursor: string }> {
      const id = chosenId('msg', input.id)
      checkContent(input.content)
      const sending = {
        viewer,
        id,
        isChosen: input.id != null,
        content: input.content,
        replyToId: input.replyToId ?? null,
        call: callOf(viewer, 'sendMessage', input),
      }
      const { messageId, seq, message = null } = await sends.submit(input.chatId, sending)
      onSent(input.chatId, viewer.userId)
      return { messageId, message, cursor: feed.cursors.encode(input.chatId, seq) }
    },

    /** By its sender alone. */
    async edit(viewer: Viewer, input: { id: string; content: string } & Repeatable): Promise<string> {
      checkContent(input.content)
      await feed.once(callOf(viewer, 'editMessage', input), async tx => {
        const { message, isMember } = await lock(tx, viewer, input.id)
        if (message.senderId !== viewer.userId) throw new AppError('FORBIDDEN', 'Only its sender edits a message.')
        if (!isMember) throw new AppError('NOT_PARTICIPANT', 'Only members edit messages of a chat.')
        await access.require(viewer, message.chatId, 'WRITE', tx)
        if (message.deletedAt) throw new AppError('CONFLICT', 'The message is deleted.', { field: 'input.id' })
        await updateMessage(tx, message.id, { content: input.content, editedAt: clock.now() })
        await feed.append(tx, message.chatId, [changeOf('edited', viewer.userId, { messageId: message.id, number: message.number })])
        return {}
      })
      return input.id
    },

    /** Takes away what it says; its place stays. By its sender, and by who may manage the chat. */
    async remove(viewer: Viewer, input: { id: string } & Repeatable): Promise<string> {
      await feed.once(callOf(viewer, 'deleteMessage', input), async tx => {
        const { message } = await lock(tx, viewer, input.id)
        if (message.senderId !== viewer.userId) await access.require(viewer, message.chatId, 'ADMIN', tx)
        if (message.deletedAt) return {}
        await updateMessage(tx, message.id, { content: null, deletedAt: clock.now() })
        await feed.append(tx, message.chatId, [changeOf('deleted', viewer.userId, { messageId: message.id, number: message.number })])
        return {}
      })
      return input.id
    },
  }
}
