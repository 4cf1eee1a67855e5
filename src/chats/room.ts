import type { Clock } from '../platform/clock.ts'
import { exportSourceOf } from '../platform/keyset.ts'
import { createChatEvents } from './events/service.ts'
import { chatTables } from './export-store.ts'
import { type ChatMembersDeps, createChatMembers } from './members/service.ts'
import { createMessages } from './messages/service.ts'
import { createReceipts } from './receipts/service.ts'
import { createChats } from './service.ts'
import { type ChatSignalsDeps, createChatSignals } from './signals/service.ts'
import { createTyping } from './signals/typing.ts'

export interface ChatsRoomDeps extends ChatMembersDeps, Omit<ChatSignalsDeps, 'chatMembers'> {
  readonly clock: Clock
  /** TYPING_TIMEOUT_MS */
  readonly typingTimeoutMs: number
}

export type ChatsRoom = ReturnType<typeof createChatsRoom>

/** All that belongs to chats. */
export function createChatsRoom({ typingTimeoutMs, ...ground }: ChatsRoomDeps) {
  const chatMembers = createChatMembers(ground)
  const base = { ...ground, chatMembers }
  const typing = createTyping({ ...base, timeoutMs: typingTimeoutMs })
  return {
    chats: createChats(base),
    chatMembers,
    chatEvents: createChatEvents(base),
    messages: createMessages({ ...base, onSent: typing.end }),
    receipts: createReceipts(base),
    typing,
    chatSignals: createChatSignals(base),
    chatExport: exportSourceOf(base.database, chatTables),
  }
}
