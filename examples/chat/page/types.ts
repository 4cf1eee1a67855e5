export interface User {
  readonly id: string
  readonly displayName: string | null
  readonly email: string | null
}

export interface Session {
  readonly accessToken: string
  readonly refreshToken: string
  readonly expiresAt: string
  readonly user: User
}

export interface Message {
  readonly id: string
  readonly chatId: string
  readonly content: string | null
  readonly createdAt: string
  readonly editedAt: string | null
  readonly deletedAt: string | null
  readonly sender: User
}

export interface Presence {
  readonly user: { readonly id: string }
  readonly online: boolean
  readonly lastSeenAt: string | null
}

export interface Member {
  readonly user: User
  readonly lastRead: { readonly id: string } | null
  readonly presence: Presence
}

/** A chat as the server gives it. */
export interface ChatData {
  readonly id: string
  readonly title: string | null
  readonly unreadCount: number
  readonly lastMessage: Message | null
  readonly members: readonly Member[]
}

export interface MessagePage {
  readonly nodes: readonly Message[]
  readonly pageInfo: { readonly hasPreviousPage: boolean; readonly startCursor: string | null }
}

type Event<Name extends string, Fields> = Readonly<{ __typename: Name; cursor: string } & Fields>

export type ChatEvent =
  | Event<'FeedReady', unknown>
  | Event<'MessageSent' | 'MessageEdited', { chatId: string; message: Message }>
  | Event<'MessageDeleted', { chatId: string; messageId: string }>
  | Event<'MessageRead', { chatId: string; receipt: { user: { id: string }; messageId: string } }>
  | Event<'MemberJoined', { chatId: string; member: Member }>
  | Event<'MemberLeft', { chatId: string; userId: string }>
  | Event<'ChatUpdated', { chatId: string; chat: { title: string | null } }>

export type Signal = Presence | { readonly user: { readonly id: string }; readonly isTyping: boolean }

/** A message that the feed has not brought yet. Sent again under its id and key, it is still one message. */
export interface Pending {
  readonly id: string
  readonly chatId: string
  readonly content: string
  readonly createdAt: string
  /** Why the server will not take it. */
  readonly refusal: string | null
}

/** A chat as the page knows it. */
export interface Chat {
  readonly id: string
  title: string | null
  unreadCount: number
  lastMessage: Message | null
  readonly members: Map<string, User>
  /** The last message each member has read. */
  readonly lastRead: Map<string, string>
  readonly typing: Set<string>
  /** Oldest first; null until the chat was opened. */
  messages: readonly Message[] | null
  /** Where the page before these begins; null when there is none. */
  earlier: string | null
}
