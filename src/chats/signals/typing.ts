import type { Access } from '../../access/access.ts'
import type { Viewer } from '../../access/viewer.ts'
import { AppError } from '../../errors.ts'
import type { Logger } from '../../platform/logger.ts'
import type { Holder } from '../../signals/holdings.ts'
import type { Signals } from '../../signals/signals.ts'
import type { ChatMembers } from '../members/service.ts'

export interface TypingDeps {
  readonly signals: Signals
  readonly access: Access
  readonly chatMembers: ChatMembers
  readonly logger: Logger
  /** TYPING_TIMEOUT_MS */
  readonly timeoutMs: number
}

/** All clients of a user that do not keep a socket. */
const withoutSocket = ''

export const typingTopicOf = (chatId: string): string => `typing:${chatId}`

/** Who is typing in which chat. */
export function createTyping({ signals, access, chatMembers, logger, timeoutMs }: TypingDeps) {
  /** For each socket the chats that somebody types in over it, with when that ends by itself. */
  const chatsOf = new Map<string, Map<string, number>>()

  const ttlSeconds = timeoutMs / 1_000

  function noteError(error: unknown): void {
    logger.debug({ err: error }, 'typing could not be ended, and ends by itself')
  }

  function endWith(socket: Holder, owner: string, chatId: string): void {
    const known = chatsOf.get(socket.id)
    const chats = known ?? new Map<string, number>()
    const now = performance.now()
    for (const [id, endsAtMs] of chats) if (endsAtMs < now) chats.delete(id)
    chats.set(chatId, now + timeoutMs)
    if (known) return
    chatsOf.set(socket.id, chats)
    socket.onClose(() => {
      chatsOf.delete(socket.id)
      for (const [id, endsAtMs] of chats)
        if (endsAtMs >= performance.now()) signals.set(typingTopicOf(id), { owner, client: socket.id }, null, { ttlSeconds }).catch(noteError)
    })
  }

  return {
    /** Over a socket it ends with that at the latest. @throws NOT_FOUND, NOT_PARTICIPANT, FORBIDDEN without WRITE access */
    async set(viewer: Viewer, { chatId, isTyping }: { chatId: string; isTyping: boolean }, socket: Holder | null): Promise<void> {
      const [standing] = await Promise.all([chatMembers.standingOf(viewer, chatId), access.require(viewer, chatId, 'WRITE')])
      if (!standing) throw new AppError('NOT_PARTICIPANT', 'Only members type in a chat.')
      const key = { owner: viewer.userId, client: socket?.id ?? withoutSocket }
      await signals.set(typingTopicOf(chatId), key, isTyping || null, { ttlSeconds })
      if (socket && isTyping) endWith(socket, viewer.userId, chatId)
    },

    /** Whoever has sent what they typed types no more, on none of their devices. */
    end(chatId: string, userId: string): void {
      signals.clear(typingTopicOf(chatId), { owner: userId }).catch(noteError)
    },

    /** The ids of those who type. Whoever asks has checked that the viewer may read the chat. */
    async list(chatId: string): Promise<string[]> {
      return [...new Set((await signals.list(typingTopicOf(chatId))).map(({ key }) => key.owner))]
    },
  }
}
