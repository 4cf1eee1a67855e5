import { all, members, type Row, signedIn } from './outcomes.ts'

/** What everybody gets of chats. */
export const chatRows: Readonly<Record<string, Row>> = {
  'Query.chat': {
    call: ({ chat }) =>
      `chat(id: "${chat.id}") { id members { access } messages { nodes { content readBy { messageId } } } lastMessage { content } }`,
    outcomes: members.lookers,
  },
  'Query.chats': { call: () => 'chats { nodes { id } }', outcomes: signedIn('ok') },
  'Query.node (chat)': { call: ({ chat }) => `node(id: "${chat.id}") { id }`, outcomes: members.lookers },
  'Query.node (message)': { call: ({ chat }) => `node(id: "${chat.messageId}") { id }`, outcomes: members.lookers },

  'Mutation.createChat': {
    call: ({ chat }) => `createChat(input: { memberIds: ["${chat.memberId}"] }) { chat { id } }`,
    outcomes: signedIn('ok'),
  },
  'Mutation.createChat (foreign id)': {
    call: ({ chat }) => `createChat(input: { id: "${chat.id}", memberIds: ["${chat.memberId}"] }) { chat { id } }`,
    outcomes: signedIn('ALREADY_EXISTS'),
  },
  'Mutation.updateChat': {
    call: ({ chat, word }) => `updateChat(input: { id: "${chat.id}", title: "${word}" }) { chat { id } }`,
    outcomes: members.admins,
  },
  'Mutation.addChatMembers': {
    call: ({ chat }) => `addChatMembers(input: { chatId: "${chat.id}", userIds: ["${chat.memberId}"] }) { chat { id } }`,
    outcomes: members.admins,
  },
  'Mutation.removeChatMember': {
    call: ({ chat, foreign }) => `removeChatMember(input: { chatId: "${chat.id}", userId: "${foreign.userId}" }) { removedUserId }`,
    // Of those who may, each is told that this user is no member.
    outcomes: all('UNAUTHENTICATED', 'NOT_FOUND', 'FORBIDDEN', 'FORBIDDEN', 'NOT_PARTICIPANT', 'NOT_PARTICIPANT'),
  },
  'Mutation.removeChatMember (leaving)': {
    call: ({ chat, own }) => `removeChatMember(input: { chatId: "${chat.id}", userId: "${own.userId}" }) { removedUserId }`,
    outcomes: all('UNAUTHENTICATED', 'NOT_FOUND', 'ok', 'ok', 'ok', 'NOT_PARTICIPANT'),
  },
  'Mutation.sendMessage': {
    call: ({ chat, word }) => `sendMessage(input: { chatId: "${chat.id}", content: "${word}", replyToId: "${chat.messageId}" }) { message { id } }`,
    outcomes: all('UNAUTHENTICATED', 'NOT_FOUND', 'FORBIDDEN', 'ok', 'ok', 'NOT_PARTICIPANT'),
  },
  'Mutation.editMessage': {
    call: ({ chat, word }) => `editMessage(input: { id: "${chat.messageId}", content: "${word}" }) { message { id } }`,
    outcomes: all('UNAUTHENTICATED', 'NOT_FOUND', 'FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN'),
  },
  'Mutation.deleteMessage': { call: ({ chat }) => `deleteMessage(input: { id: "${chat.messageId}" }) { deletedId }`, outcomes: members.admins },
  'Mutation.markRead': {
    call: ({ chat }) => `markRead(input: { chatId: "${chat.id}", messageId: "${chat.messageId}" }) { unreadCount }`,
    outcomes: all('UNAUTHENTICATED', 'NOT_FOUND', 'ok', 'ok', 'ok', 'NOT_PARTICIPANT'),
  },

  'Subscription.chatEvents': { call: ({ chat }) => `chatEvents(chatId: "${chat.id}") { __typename }`, outcomes: members.readers },
  'Subscription.inboxEvents': { call: () => 'inboxEvents { __typename }', outcomes: signedIn('ok') },
}
