import type { Access } from '../../access/access.ts'
import type { Viewer } from '../../access/viewer.ts'
import { AppError, notFound } from '../../errors.ts'
import type { Feed } from '../../feed/feed.ts'
import { createLane } from '../../feed/lane.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database, Tx } from '../../platform/database.ts'
import { changeOf, type ReadReceipt } from '../events/change.ts'
import { findMessages } from '../messages/store.ts'
import { type Reading, receiptOf } from './reading.ts'
import { countUnread, listReadings, lockReadings, storeReadings } from './store.ts'

export interface ReceiptsDeps {
  readonly database: Database
  readonly feed: Feed
  readonly access: Access
  readonly clock: Clock
}

interface Mark {
  readonly viewer: Viewer
  readonly messageId: string
}

/** Who has read up to where. */
export function createReceipts({ database, feed, access, clock }: ReceiptsDeps) {
  /** Those that come together for one chat go in together. */
  const marks = createLane<Mark, ReadReceipt>((chatId, batch) =>
    feed.transact(async tx => {
      const userIds = new Set(batch.map(({ viewer }) => viewer.userId))
      const before = new Map((await lockReadings(tx, chatId, [...userIds])).map(reading => [reading.userId, reading]))
      const found = await findMessages(
        tx,
        batch.map(({ messageId }) => messageId),
      )
      const after = new Map(before)
      const errors = new Map<Mark, Error>()
      for (const mark of batch) {
        const { userId } = mark.viewer
        const reading = after.get(userId)
        const message = found.get(mark.messageId)
        if (!reading) errors.set(mark, await refusal(tx, mark.viewer, chatId))
        else if (message?.chatId !== chatId || message.number <= reading.hiddenNumber)
          errors.set(mark, new AppError('NOT_FOUND', 'There is no such message in this chat.', { field: 'input.messageId' }))
        else if (message.number > reading.lastReadNumber)
          after.set(userId, { ...reading, lastReadNumber: message.number, lastReadMessageId: message.id })
      }
      const now = clock.now()
      const moved = [...after.values()].filter(reading => before.get(reading.userId) !== reading)
      if (moved.length > 0) await storeReadings(tx, chatId, moved, now)
      await feed.append(
        tx,
        chatId,
        moved.map(({ userId, lastReadMessageId, lastReadNumber }) =>
          changeOf('read', userId, { messageId: lastReadMessageId ?? '', number: lastReadNumber, readAt: now.toISOString() }),
        ),
      )
      for (const reading of moved) after.set(reading.userId, { ...reading, readAt: now })
      return batch.map(mark => errors.get(mark) ?? receiptOf(after.get(mark.viewer.userId)) ?? notFound('chat'))
    }),
  )

  async function refusal(tx: Tx, viewer: Viewer, chatId: string): Promise<AppError> {
    return (await access.levelOf(viewer, chatId, tx)) === null
      ? notFound('chat')
      : new AppError('NOT_PARTICIPANT', 'Only members read the messages of a chat as theirs.')
  }

  const unreadCounts = (userId: string, chatIds: readonly string[]): Promise<Map<string, number>> => countUnread(database.db, chatIds, userId)

  return {
    unreadCounts,

    /** Moves forward where the viewer has read up to, never back. */
    async mark(viewer: Viewer, { chatId, messageId }: { chatId: string; messageId: string }) {
      const receipt = await marks.submit(chatId, { viewer, messageId })
      return { receipt, unreadCount: (await unreadCounts(viewer.userId, [chatId])).get(chatId) ?? 0 }
    },

    /** Of several chats, where those who read have read up to. */
    async list(chatIds: readonly string[]): Promise<Map<string, Reading[]>> {
      return Map.groupBy(await listReadings(database.db, chatIds), reading => reading.chatId)
    },
  }
}
