import type { AccessLevel, ChatsEventFragment, ChatsMessagesQueryVariables } from '../generated/graphql.ts'
import { type Client, type Person, signUp } from '../harness/client.ts'
import { followFeed, type Reader } from '../harness/follow.ts'
import {
  addChatMembers,
  chatEvents,
  createChat,
  deleteMessage,
  editMessage,
  inboxEvents,
  listChats,
  markRead,
  readChat,
  readMessages,
  removeChatMember,
  sendMessage,
} from './operations.ts'

export type Event = ChatsEventFragment

export const peopleOf = async <Name extends string>(url: string, ...names: Name[]): Promise<Record<Name, Person>> =>
  Object.fromEntries(await Promise.all(names.map(async name => [name, await signUp(url, name)]))) as Record<Name, Person>

/** The same person at another node. */
export const atNode = (person: Person, url: string): Person => ({ ...person, ...person.at(url), accessToken: person.accessToken })

/** A chat of the first with the others. */
export async function newChat(maker: Client, others: readonly Person[], more: object = {}): Promise<string> {
  const input = { memberIds: others.map(({ id }) => id), ...more }
  return (await maker.run(createChat, { input })).createChat.chat.id
}

/** What somebody does in a chat. */
export function inChat(person: Person, chatId: string) {
  return {
    send: async (content: string, more: { id?: string; replyToId?: string; idempotencyKey?: string } = {}) =>
      (await person.run(sendMessage, { input: { chatId, content, ...more } })).sendMessage,
    edit: async (id: string, content: string) => (await person.run(editMessage, { input: { id, content } })).editMessage.message,
    remove: async (id: string) => (await person.run(deleteMessage, { input: { id } })).deleteMessage.deletedId,
    read: async (messageId: string) => (await person.run(markRead, { input: { chatId, messageId } })).markRead,
    look: async () => (await person.run(readChat, { id: chatId })).chat ?? null,
    page: async (args: Omit<ChatsMessagesQueryVariables, 'id'> = {}) => {
      const { chat } = await person.run(readMessages, { id: chatId, ...args })
      if (!chat) throw new Error('This chat is not to be read.')
      return chat.messages
    },
    add: async (others: readonly Person[], access?: AccessLevel) =>
      (await person.run(addChatMembers, { input: { chatId, userIds: others.map(({ id }) => id), ...(access && { access }) } })).addChatMembers.chat,
    takeOut: async (other: Person) => (await person.run(removeChatMember, { input: { chatId, userId: other.id } })).removeChatMember.removedUserId,
    leave: async () => (await person.run(removeChatMember, { input: { chatId, userId: person.id } })).removeChatMember.removedUserId,
    follow: (wsUrl: string, after: string | null = null): Promise<Reader<Event>> =>
      followFeed(wsUrl, person.accessToken, chatEvents, { chatId, after }, data => data.chatEvents),
  }
}

export const followInbox = (wsUrl: string, person: Person, after: string | null = null): Promise<Reader<Event>> =>
  followFeed(wsUrl, person.accessToken, inboxEvents, { after }, data => data.inboxEvents)

export const listOf = async (person: Person, args: { first?: number; after?: string | null } = {}) => (await person.run(listChats, args)).chats

export const cursorOf = (event: Event | undefined): string => (event && 'cursor' in event ? event.cursor : '')

/** What happened, in few words. */
export function shortOf(event: Event): string {
  switch (event.__typename) {
    case 'MessageSent':
    case 'MessageEdited':
      return `${event.__typename} ${event.message.content}`
    case 'MessageDeleted':
      return `MessageDeleted ${event.messageId}`
    case 'MessageRead':
      return `MessageRead ${event.receipt.user.id} ${event.receipt.messageId}`
    case 'MemberJoined':
      return `MemberJoined ${event.member.user.id} ${event.member.access}`
    case 'MemberLeft':
      return `MemberLeft ${event.userId}`
    case 'ChatUpdated':
      return `ChatUpdated ${event.chat.title}`
    default:
      return event.__typename
  }
}
