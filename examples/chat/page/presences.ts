import type { Api } from './api.ts'
import * as operations from './operations.ts'
import type { Chat, Presence, Signal } from './types.ts'

const mostPeople = 100

/** Who is there and who types, as far as one can know it now. */
export function createPresences(api: Api, changed: () => void) {
  const known = new Map<string, Presence>()
  let followed = ''
  let stop = () => {}

  return {
    of: (userId: string): Presence | undefined => known.get(userId),

    learn(presences: readonly Presence[]): void {
      for (const presence of presences) if (!known.has(presence.user.id)) known.set(presence.user.id, presence)
    },

    follow(people: readonly string[]): void {
      const userIds = people.slice(0, mostPeople).sort()
      if (userIds.join() === followed) return
      followed = userIds.join()
      const before = stop
      stop =
        userIds.length === 0
          ? () => {}
          : api.follow<{ presenceChanges: Presence }>(operations.presenceChanges, { userIds }, ({ presenceChanges: presence }) => {
              known.set(presence.user.id, presence)
              changed()
            })
      before()
    },

    /** What happens in one chat. */
    listen(chat: Chat): () => void {
      const hear = ({ chatSignals: signal }: { readonly chatSignals: Signal }) => {
        if ('online' in signal) known.set(signal.user.id, signal)
        else if (signal.isTyping) chat.typing.add(signal.user.id)
        else chat.typing.delete(signal.user.id)
        changed()
      }
      let end = () => {}
      const begin = () => {
        end = api.follow(operations.chatSignals, { chatId: chat.id }, hear, ({ code }) => {
          if (code === 'RESYNC_REQUIRED') begin()
        })
      }
      begin()
      return () => {
        end()
        chat.typing.clear()
      }
    },

    forget(): void {
      known.clear()
    },

    close(): void {
      stop()
    },
  }
}
