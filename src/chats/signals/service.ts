import type { Viewer } from '../../access/viewer.ts'
import { AppError, type ErrorCode } from '../../errors.ts'
import type { Feed } from '../../feed/feed.ts'
import type { Tail } from '../../feed/tail.ts'
import type { Logger } from '../../platform/logger.ts'
import type { PresenceService } from '../../presence/service.ts'
import { createReader, mapped, type SignalReader } from '../../signals/reader.ts'
import type { Signals } from '../../signals/signals.ts'
import { toChatEvent } from '../events/change.ts'
import type { ChatMembers } from '../members/service.ts'
import { type ChatSignal, createRoom, type Room } from './room.ts'
import { typingTopicOf } from './typing.ts'

export interface ChatSignalsDeps {
  readonly feed: Feed
  readonly signals: Signals
  readonly presence: Pick<PresenceService, 'glance' | 'listen'>
  readonly chatMembers: ChatMembers
  readonly logger: Logger
}

export interface ChatSignals {
  /** What is of the moment in a chat, as long as the viewer may read it. @throws NOT_FOUND */
  watch(viewer: Viewer, chatId: string): Promise<AsyncIterableIterator<ChatSignal>>
}

interface Opened {
  readonly room: Room
  close(): void
}

interface Watched {
  /** Readers, those to come included. The last to leave closes it. */
  readerCount: number
  readonly opened: Promise<Opened>
}

export function createChatSignals({ feed, signals, presence, chatMembers, logger }: ChatSignalsDeps): ChatSignals {
  const watched = new Map<string, Watched>()

  async function open(chatId: string): Promise<Opened> {
    const { tail, release } = await feed.tail(chatId)
    const room = createRoom({ chatId, glance: presence.glance, listen: presence.listen })
    let typing: SignalReader | null = null
    const close = () => {
      tail.end()
      release()
      typing?.end()
      room.close()
    }
    try {
      // The chat is listened to by now, so whoever comes or goes during this look is heard of.
      const members = await chatMembers.list([chatId])
      for (const { userId } of members.get(chatId) ?? []) room.join(userId)
      typing = await signals.watch(typingTopicOf(chatId))
      follow(hearTyping(typing, room), chatId)
      follow(hearMembers(tail, room), chatId)
      return { room, close }
    } catch (error) {
      close()
      throw error
    }
  }

  /** What can't be followed any more is opened anew by whoever comes back to it. */
  function follow(work: Promise<void>, chatId: string): void {
    work.catch(error => {
      logger.warn({ err: error, chatId }, 'the signals of a chat broke off')
      const broken = watched.get(chatId)
      watched.delete(chatId)
      void broken?.opened.then(({ room }) => room.failAll(new AppError('RESYNC_REQUIRED', 'Subscribe again.')))
    })
  }

  async function attach(chatId: string, viewer: Viewer, onEnd: () => void): Promise<SignalReader> {
    const target = watched.get(chatId) ?? { readerCount: 0, opened: open(chatId) }
    watched.set(chatId, target)
    target.readerCount++
    const leave = () => {
      if (--target.readerCount > 0) return
      if (watched.get(chatId) === target) watched.delete(chatId)
      void target.opened.then(({ close }) => close()).catch(() => undefined)
    }
    try {
      const { room } = await target.opened
      const reader = createReader(() => {
        room.detach(reader)
        leave()
        onEnd()
      })
      room.attach(viewer.userId, reader)
      return reader
    } catch (error) {
      leave()
      throw error
    }
  }

  return {
    async watch(viewer, chatId) {
      let lost: AppError | null = null
      let fail: ((error: AppError) => void) | null = null
      const { release } = await chatMembers.hold(viewer, chatId, (code: ErrorCode) => {
        lost = new AppError(code, 'You may no longer follow this chat.')
        fail?.(lost)
      })
      const reader = await attach(chatId, viewer, release).catch(error => {
        release()
        throw error
      })
      fail = reader.fail
      if (lost) reader.fail(lost)
      return mapped(reader, ({ state }) => state as ChatSignal)
    },
  }
}

async function hearTyping(reader: SignalReader, room: Room): Promise<void> {
  for await (const signal of reader) room.hearTyping(signal)
}

async function hearMembers(tail: Tail, room: Room): Promise<void> {
  for (let changes = await tail.next(); changes; changes = await tail.next())
    for (const change of changes) {
      const event = toChatEvent(change, '', null)
      if (event?.__typename === 'MemberJoined') room.join(event.member.userId)
      else if (event?.__typename === 'MemberLeft') room.leave(event.userId)
    }
}
