import type { MemberHooks } from '../../access/members.ts'
import { AppError } from '../../errors.ts'
import type { Feed } from '../../feed/feed.ts'
import { inboxOf } from '../chat.ts'
import { changeOf } from '../events/change.ts'
import { deleteChat, findChats, lockChats, updateChat } from '../store.ts'
import { maxMembers } from './member.ts'
import { countMembers, deleteMember, insertMembers } from './store.ts'

export interface ChatMemberHooksDeps {
  readonly feed: Feed
}

/** What comes of joining and leaving, whichever way somebody came or went: the rows, the word to the chat, and the word to the inbox. */
export const createChatMemberHooks = ({ feed }: ChatMemberHooksDeps): MemberHooks => ({
  lock: lockChats,

  async joined(tx, chatId, members, actorId) {
    const [chat] = await findChats(tx, [chatId], null)
    if (!chat) throw new Error(`There is no chat ${chatId}.`)
    if ((await countMembers(tx, chatId)) + members.length > maxMembers)
      throw new AppError('QUOTA_EXCEEDED', `A chat has at most ${maxMembers} members.`)
    const changes = await feed.append(
      tx,
      chatId,
      members.map(({ userId, level }) => changeOf('joined', actorId, { userId, access: level })),
    )
    const joined = members.map(({ userId }, index) => ({
      userId,
      joinedSeq: changes[index]?.seq ?? 0,
      joinedNumber: chat.messageCount,
      hiddenNumber: chat.historyVisible ? 0 : chat.messageCount,
    }))
    await insertMembers(tx, chatId, joined)
    await updateChat(tx, chatId, { activeAt: changes[0]?.at ?? chat.activeAt })
    await feed.appendEach(
      tx,
      'inbox',
      joined.map(({ userId, joinedSeq }) => ({ ...changeOf('belonging', actorId, { joined: chatId, from: joinedSeq }), streamId: inboxOf(userId) })),
    )
  },

  async levelChanged(tx, chatId, actorId) {
    await feed.append(tx, chatId, [changeOf('updated', actorId, {})])
  },

  async left(tx, chatId, userId, actorId) {
    await deleteMember(tx, chatId, userId)
    await feed.append(tx, chatId, [changeOf('left', actorId, { userId })])
    await feed.appendEach(tx, 'inbox', [{ ...changeOf('belonging', actorId, { left: chatId }), streamId: inboxOf(userId) }])
  },

  async abandoned(tx, chatId) {
    await deleteChat(tx, chatId)
    await feed.remove(tx, chatId)
  },
})
