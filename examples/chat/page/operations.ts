const user = 'id displayName email'
const message = `id chatId content createdAt editedAt deletedAt sender { ${user} }`
const member = `user { ${user} } lastRead { id } presence { user { id } online lastSeenAt }`
const chat = `id title unreadCount lastMessage { ${message} } members { ${member} }`
const session = `accessToken refreshToken expiresAt user { ${user} }`

export const register = `mutation ChatRegister($input: RegisterInput!) { signedIn: register(input: $input) { ${session} } }`
export const login = `mutation ChatLogin($input: LoginInput!) { signedIn: login(input: $input) { ${session} } }`
export const refresh = `mutation ChatRefresh($input: RefreshSessionInput!) { signedIn: refreshSession(input: $input) { ${session} } }`
export const logout = 'mutation ChatLogout { logout { __typename } }'
export const renew = 'mutation ChatRenew($input: RenewConnectionInput!) { renewConnection(input: $input) { expiresAt } }'

export const findUser = `query ChatFindUser($email: String!) { userByEmail(email: $email) { ${user} } }`
export const createChat = `mutation ChatCreate($input: CreateChatInput!) { createChat(input: $input) { chat { ${chat} } } }`
export const chats = `query ChatList { chats(first: 50) { nodes { ${chat} } } }`
export const oneChat = `query ChatOne($id: ID!) { chat(id: $id) { ${chat} } }`
export const counts = 'query ChatCounts($ids: [ID!]!) { nodes(ids: $ids) { ... on Chat { id unreadCount } } }'
export const messages = `query ChatMessages($id: ID!, $last: Int!, $before: String) {
  chat(id: $id) {
    members { ${member} }
    messages(last: $last, before: $before) { nodes { ${message} } pageInfo { hasPreviousPage startCursor } }
  }
}`
export const send = 'mutation ChatSend($input: SendMessageInput!) { sendMessage(input: $input) { message { id } } }'
export const markRead = 'mutation ChatMarkRead($input: MarkReadInput!) { markRead(input: $input) { unreadCount } }'
export const setTyping = 'mutation ChatSetTyping($input: SetTypingInput!) { setTyping(input: $input) { isTyping } }'

export const inboxEvents = `subscription ChatInbox($after: Cursor) {
  inboxEvents(after: $after) {
    __typename
    ... on FeedItem { cursor }
    ... on MessageSent { chatId message { ${message} } }
    ... on MessageEdited { chatId message { ${message} } }
    ... on MessageDeleted { chatId messageId }
    ... on MessageRead { chatId receipt { user { id } messageId } }
    ... on MemberJoined { chatId member { ${member} } }
    ... on MemberLeft { chatId userId }
    ... on ChatUpdated { chatId chat { title } }
  }
}`
export const chatSignals = `subscription ChatSignals($chatId: ID!) {
  chatSignals(chatId: $chatId) {
    ... on Typing { user { id } isTyping }
    ... on Presence { user { id } online lastSeenAt }
  }
}`
export const presenceChanges = `subscription ChatPresence($userIds: [ID!]!) {
  presenceChanges(userIds: $userIds) { user { id } online lastSeenAt }
}`
