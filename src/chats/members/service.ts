import type { Access } from '../../access/access.ts'
import type { AccessLevel } from '../../access/level.ts'
import type { Members } from '../../access/members.ts'
import type { Viewer } from '../../access/viewer.ts'
import { AppError, badInput, type ErrorCode, notFound } from '../../errors.ts'
import type { Feed } from '../../feed/feed.ts'
import { callOf, once, type Repeatable } from '../../feed/idempotency.ts'
import type { Unsubscribe } from '../../platform/bus.ts'
import type { Database, Db, Tx } from '../../platform/database.ts'
import { lockChat } from '../store.ts'
import { type MemberRow, maxAdded, type Standing } from './member.ts'
import { findStandings, listChatMembers, readInbox } from './store.ts'

export interface ChatMembersDeps {
  readonly database: Database
  readonly feed: Feed
  readonly access: Access
  readonly members: Members
  /** Those of these users who are there; they are until the transaction ends, then. */
  readonly usersExist: (userIds: readonly string[], tx: Tx) => Promise<Set<string>>
}

export type ChatMembers = ReturnType<typeof createChatMembers>

/** Who is in which chat, and what they see of it. */
export function createChatMembers({ database, feed, access, members, usersExist }: ChatMembersDeps) {
  /** Null for an administrator of the server, who may see a chat without being in it. @throws NOT_FOUND for all others who are not in it */
  async function standingOf(viewer: Viewer, chatId: string, db: Db | Tx = database.db): Promise<Standing | null> {
    const standing = (await findStandings(db, chatId, [viewer.userId])).get(viewer.userId)
    if (standing) return standing
    if (await access.levelOf(viewer, chatId, db)) return null
    throw notFound('chat')
  }

  /** Keeps users that are let in, and who lets them in, from going meanwhile. `field` names them. @throws NOT_FOUND, TOKEN_REVOKED */
  async function holdUsers(tx: Tx, viewer: Viewer, userIds: readonly string[], field: string): Promise<void> {
    const known = await usersExist([...userIds, viewer.userId], tx)
    if (!known.has(viewer.userId)) throw new AppError('TOKEN_REVOKED', 'This account is gone.')
    const unknown = userIds.findIndex(id => !known.has(id))
    if (unknown >= 0) throw new AppError('NOT_FOUND', 'There is no such user.', { field: `${field}.${unknown}` })
  }

  return {
    standingOf,
    holdUsers,

    /** The chats somebody is in, and where their inbox stood at that moment. */
    inbox: (userId: string) => readInbox(database.db, userId),

    async list(chatIds: readonly string[]): Promise<Map<string, MemberRow[]>> {
      return Map.groupBy(await listChatMembers(database.db, chatIds), row => row.chatId)
    },

    async add(viewer: Viewer, input: { chatId: string; userIds: readonly string[]; access?: AccessLevel | null | undefined } & Repeatable) {
      checkCount(input.userIds, 'input.userIds')
      await feed.transact(async tx => {
        await access.require(viewer, input.chatId, 'ADMIN', tx)
        await once(tx, callOf(viewer, 'addChatMembers', input), async () => {
          await holdUsers(tx, viewer, input.userIds, 'input.userIds')
          if (!(await lockChat(tx, input.chatId))) throw notFound('chat')
          // Again: while the lock was waited for, it may have been taken away.
          await access.require(viewer, input.chatId, 'ADMIN', tx)
          const added = [...new Set(input.userIds)].map(userId => ({ userId, level: input.access ?? 'WRITE' }))
          await members.join(tx, input.chatId, added, viewer)
          return {}
        })
      })
      return input.chatId
    },

    /** Takes somebody out, or oneself; when nobody is left, the chat goes. */
    async remove(viewer: Viewer, input: { chatId: string; userId: string } & Repeatable): Promise<string> {
      const { chatId, userId } = input
      const needed = userId === viewer.userId ? 'READ' : 'ADMIN'
      await feed.once(callOf(viewer, 'removeChatMember', input), async tx => {
        await lockChat(tx, chatId)
        await access.require(viewer, chatId, needed, tx)
        if (!(await members.leave(tx, { resourceId: chatId, userId }, viewer)))
          throw new AppError('NOT_PARTICIPANT', 'This user is no member of the chat.', { field: 'input.userId' })
        return {}
      })
      return userId
    },

    /** What the viewer sees of a chat, for as long as it is held. `end` is called once when they lose it. @throws NOT_FOUND */
    async hold(viewer: Viewer, chatId: string, end: (code: ErrorCode) => void): Promise<{ standing: Standing | null; release: Unsubscribe }> {
      let stop = () => {}
      let isReleased = false
      const watch = () => {
        stop = access.watch(viewer, chatId, code => {
          if (code === 'FORBIDDEN') void lookAgain()
          else end(code)
        })
      }
      // Watching comes first: who loses the chat during the look is seen by one of the two.
      watch()
      const first = standingOf(viewer, chatId)

      /** Whoever left and came again may hear of the leaving only now; what they hold is not what was taken then. */
      async function lookAgain(): Promise<void> {
        watch()
        const [before, now] = await Promise.allSettled([first, standingOf(viewer, chatId)])
        if (isReleased || before.status === 'rejected') return stop()
        if (now.status === 'fulfilled' && now.value?.joinedSeq === before.value?.joinedSeq) return
        stop()
        end(now.status === 'fulfilled' || now.reason instanceof AppError ? 'FORBIDDEN' : 'RESYNC_REQUIRED')
      }

      const release = () => {
        isReleased = true
        stop()
      }
      try {
        return { standing: await first, release }
      } catch (error) {
        release()
        throw error
      }
    },
  }
}

/** @throws BAD_USER_INPUT */
export function checkCount(userIds: readonly string[], field: string): void {
  if (userIds.length < 1 || userIds.length > maxAdded) throw badInput(field, `These are 1 to ${maxAdded} users.`)
}
