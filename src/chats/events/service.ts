import type { Access } from '../../access/access.ts'
import type { Viewer } from '../../access/viewer.ts'
import { AppError, notFound } from '../../errors.ts'
import type { Change } from '../../feed/change.ts'
import type { Feed } from '../../feed/feed.ts'
import type { FeedSubscription } from '../../feed/subscription.ts'
import { inboxOf } from '../chat.ts'
import type { Standing } from '../members/member.ts'
import type { ChatMembers } from '../members/service.ts'
import { belongingOf, type ChatEvent, rewrites, toChatEvent } from './change.ts'

export interface ChatEventsDeps {
  readonly feed: Feed
  readonly access: Access
  readonly chatMembers: ChatMembers
}

/** What happens in chats, as it is told to their members. */
export function createChatEvents({ feed, access, chatMembers }: ChatEventsDeps) {
  function gather(viewer: Viewer, after: string | null | undefined): Promise<AsyncIterableIterator<object>> {
    const { userId } = viewer
    const indexId = inboxOf(userId)
    const standings = new Map<string, Standing>()

    function toEvent(change: Change, cursor: string): ChatEvent | null {
      const { streamId } = change
      const belonging = streamId === indexId ? belongingOf(change) : null
      if (belonging && 'left' in belonging) return { __typename: 'MemberLeft', cursor, chatId: belonging.left, userId }
      if (streamId === indexId) return null
      const event = toChatEvent(change, cursor, standings.get(streamId) ?? null)
      // That they left themselves is told by the index, since the chat may be closed to them before it says so.
      return event?.__typename === 'MemberLeft' && event.userId === userId ? null : event
    }

    return feed.gather({
      indexId,
      after,
      members: () => chatMembers.inbox(userId),
      belongingOf,
      isLeaving: ({ kind, payload }) => kind === 'left' && (payload as { userId: string }).userId === userId,
      toEvent,
      hold: async end => access.watch(viewer, null, end),
      async holdStream(chatId, end) {
        const { standing, release } = await chatMembers.hold(viewer, chatId, end)
        if (standing) {
          standings.set(chatId, standing)
          return release
        }
        // An administrator of the server may read it, but it is no chat of theirs.
        release()
        throw notFound('chat')
      },
    })
  }

  return {
    subscribe(viewer: Viewer, chatId: string, after: string | null | undefined): Promise<FeedSubscription> {
      let standing: Standing | null = null
      return feed.subscribe({
        streamId: chatId,
        after,
        toEvent: change => toChatEvent(change, feed.cursors.encode(chatId, change.seq), standing),
        async hold(end) {
          const held = await chatMembers.hold(viewer, chatId, end)
          standing = held.standing
          return held.release
        },
        audience: () => (standing && standing.hiddenNumber > 0 ? `from ${standing.joinedSeq}` : ''),
        rewrites,
      })
    },

    /** All chats of the viewer in one feed. */
    async subscribeInbox(viewer: Viewer, after: string | null | undefined): Promise<AsyncIterableIterator<object>> {
      try {
        return await gather(viewer, after)
      } catch (error) {
        if (!(error instanceof AppError) || error.code !== 'NOT_FOUND') throw error
        // Who never was in a chat has none yet.
        await feed.transact(tx => feed.open(tx, inboxOf(viewer.userId), 'inbox'))
        return gather(viewer, after)
      }
    },
  }
}
