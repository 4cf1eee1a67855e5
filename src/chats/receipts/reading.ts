import type { ReadReceipt } from '../events/change.ts'

/** Up to where a member has read. */
export interface Reading {
  readonly chatId: string
  readonly userId: string
  readonly hiddenNumber: number
  readonly lastReadNumber: number
  readonly lastReadMessageId: string | null
  readonly readAt: Date | null
}

/** Null for who has read nothing yet. */
export function receiptOf(reading: Pick<Reading, 'userId' | 'lastReadMessageId' | 'readAt'> | undefined): ReadReceipt | null {
  if (!reading?.lastReadMessageId || !reading.readAt) return null
  return { userId: reading.userId, messageId: reading.lastReadMessageId, readAt: reading.readAt }
}
