import type { Unsubscribe } from '../../platform/bus.ts'
import type { Presence } from '../../presence/presence.ts'
import type { SignalReader } from '../../signals/reader.ts'
import type { Signal } from '../../signals/signal.ts'

/** What is of the moment in one chat, for all readers on this node: who is in it, who of them types, and who is there. */
export interface Room {
  join(userId: string): void
  leave(userId: string): void
  hearTyping(signal: Signal): void
  /** First what is so, then each change; never what the reader says themselves. */
  attach(userId: string, reader: SignalReader): void
  detach(reader: SignalReader): void
  failAll(error: Error): void
  close(): void
}

export interface RoomDeps {
  readonly chatId: string
  readonly glance: (userId: string) => Presence
  readonly listen: (userId: string, listener: (presence: Presence) => void) => Unsubscribe
}

export interface TypingSignal {
  readonly chatId: string
  readonly userId: string
  readonly isTyping: boolean
}

export type ChatSignal = TypingSignal | Presence

export function createRoom({ chatId, glance, listen }: RoomDeps): Room {
  const members = new Map<string, Unsubscribe>()
  /** For each user the clients they type with. */
  const typing = new Map<string, Set<string>>()
  const readers = new Map<SignalReader, string>()

  function offer(reader: SignalReader, userId: string, said: ChatSignal): void {
    if (readers.get(reader) === userId) return
    const kind = 'isTyping' in said ? 'typing' : 'presence'
    reader.offer({ key: { owner: userId, client: kind }, state: said, clock: 0 })
  }

  function tell(userId: string, said: ChatSignal): void {
    if (members.has(userId)) for (const reader of readers.keys()) offer(reader, userId, said)
  }

  const typingOf = (userId: string): TypingSignal => ({ chatId, userId, isTyping: typing.has(userId) })

  return {
    join(userId) {
      if (members.has(userId)) return
      members.set(
        userId,
        listen(userId, presence => tell(userId, presence)),
      )
      const presence = glance(userId)
      if (presence.online) tell(userId, presence)
      if (typing.has(userId)) tell(userId, typingOf(userId))
    },
    leave(userId) {
      if (typing.has(userId)) tell(userId, { chatId, userId, isTyping: false })
      members.get(userId)?.()
      members.delete(userId)
    },
    hearTyping({ key: { owner: userId, client }, state }) {
      const wasTyping = typing.has(userId)
      const clients = typing.get(userId) ?? new Set()
      if (state === null) clients.delete(client)
      else clients.add(client)
      if (clients.size > 0) typing.set(userId, clients)
      else typing.delete(userId)
      if (wasTyping !== typing.has(userId)) tell(userId, typingOf(userId))
    },
    attach(readerId, reader) {
      readers.set(reader, readerId)
      for (const userId of members.keys()) {
        const presence = glance(userId)
        if (presence.online) offer(reader, userId, presence)
        if (typing.has(userId)) offer(reader, userId, typingOf(userId))
      }
    },
    detach: reader => void readers.delete(reader),
    failAll(error) {
      for (const reader of [...readers.keys()]) reader.fail(error)
    },
    close() {
      for (const stop of members.values()) stop()
      members.clear()
    },
  }
}
