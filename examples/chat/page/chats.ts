import type { Chat, ChatData, ChatEvent, Message, MessagePage, Pending } from './types.ts'

/** What the page knows of the viewer’s chats. Events may be told again: what they say is then known already. */
export function createChats(viewerId: string) {
  const chats = new Map<string, Chat>()

  const merge = ({ id, title, unreadCount, lastMessage, members }: ChatData) => {
    const known = chats.get(id)
    const chat: Chat = {
      ...(known ?? { id, typing: new Set(), messages: null, earlier: null }),
      title,
      unreadCount,
      lastMessage,
      members: new Map(members.map(({ user }) => [user.id, user])),
      lastRead: new Map(members.flatMap(({ user, lastRead }) => (lastRead ? [[user.id, lastRead.id]] : []))),
    }
    chats.set(id, chat)
    return chat
  }

  const change = (chat: Chat, id: string, to: (message: Message) => Message) => {
    const apply = (message: Message) => (message.id === id ? to(message) : message)
    chat.messages = chat.messages?.map(apply) ?? null
    if (chat.lastMessage) chat.lastMessage = apply(chat.lastMessage)
  }

  const append = (chat: Chat, message: Message) => {
    if (chat.lastMessage === null || chat.lastMessage.createdAt <= message.createdAt) chat.lastMessage = message
    const { messages } = chat
    if (messages === null || messages.some(({ id }) => id === message.id)) return
    // Told again, it may be from before the page that was read.
    const [oldest] = messages
    if (chat.earlier !== null && oldest && message.createdAt < oldest.createdAt) return
    chat.messages = [...messages, message]
  }

  return {
    all: () => [...chats.values()].sort((one, other) => lastTime(other).localeCompare(lastTime(one))),
    get: (id: string) => chats.get(id),
    merge,

    /** The page of messages that comes before those that are there. */
    prepend(chat: Chat, { nodes, pageInfo }: MessagePage): void {
      const known = new Set(chat.messages?.map(({ id }) => id))
      chat.messages = [...nodes.filter(({ id }) => !known.has(id)), ...(chat.messages ?? [])]
      chat.earlier = pageInfo.hasPreviousPage ? pageInfo.startCursor : null
    },

    /** False: the event is of a chat that is not known. */
    apply(event: Exclude<ChatEvent, { readonly __typename: 'FeedReady' }>): boolean {
      const chat = chats.get(event.chatId)
      if (!chat) return false
      switch (event.__typename) {
        case 'MessageSent':
          append(chat, event.message)
          break
        case 'MessageEdited':
          change(chat, event.message.id, () => event.message)
          break
        case 'MessageDeleted':
          change(chat, event.messageId, message => ({ ...message, content: null, deletedAt: message.deletedAt ?? message.createdAt }))
          break
        case 'MessageRead':
          chat.lastRead.set(event.receipt.user.id, event.receipt.messageId)
          break
        case 'MemberJoined':
          chat.members.set(event.member.user.id, event.member.user)
          break
        case 'MemberLeft':
          chat.members.delete(event.userId)
          chat.typing.delete(event.userId)
          if (event.userId === viewerId) chats.delete(chat.id)
          break
        case 'ChatUpdated':
          chat.title = event.chat.title
          break
      }
      return true
    },
  }
}

const lastTime = ({ lastMessage }: Chat) => lastMessage?.createdAt ?? '~'

/** Who of the others has read this far. */
export function readersOf(chat: Chat, viewerId: string): ReadonlyMap<string, number> {
  const places = new Map(chat.messages?.map(({ id }, index) => [id, index]))
  return new Map(
    [...chat.lastRead].filter(([userId]) => userId !== viewerId && chat.members.has(userId)).map(([userId, id]) => [userId, places.get(id) ?? -1]),
  )
}

export const isPending = (message: Message | Pending): message is Pending => 'refusal' in message
