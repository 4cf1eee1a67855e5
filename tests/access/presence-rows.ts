import { all, members, type Row } from './outcomes.ts'

/** Of others one is told something if one shares something with them; not even the server's admin is told more. */
const acquaintances = all('UNAUTHENTICATED', 'null', 'ok', 'ok', 'ok', 'null')

/** What everybody gets of what is of the moment in chats, and of who is there. */
export const presenceRows: Readonly<Record<string, Row>> = {
  'Query.presence': { call: ({ collection }) => `presence(userIds: ["${collection.ownerId}"]) { online }`, outcomes: acquaintances },
  'Mutation.setTyping': {
    call: ({ chat }) => `setTyping(input: { chatId: "${chat.id}", isTyping: true }) { isTyping }`,
    outcomes: all('UNAUTHENTICATED', 'NOT_FOUND', 'FORBIDDEN', 'ok', 'ok', 'NOT_PARTICIPANT'),
  },
  'Subscription.chatSignals': { call: ({ chat }) => `chatSignals(chatId: "${chat.id}") { __typename }`, outcomes: members.readers },
  'Subscription.presenceChanges': {
    call: ({ collection }) => `presenceChanges(userIds: ["${collection.ownerId}"]) { online }`,
    outcomes: acquaintances,
  },
}
