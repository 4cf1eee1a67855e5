import { graphql } from '../generated/index.ts'

export const createChat = graphql(/* GraphQL */ `
  mutation ChatsCreate($input: CreateChatInput!) {
    createChat(input: $input) {
      chat {
        ...ChatsChat
      }
    }
  }

  fragment ChatsChat on Chat {
    id
    title
    historyVisible
    viewerAccess
    unreadCount
    cursor
    createdAt
    members {
      access
      readAt
      user {
        id
      }
      lastRead {
        id
      }
    }
    lastMessage {
      ...ChatsMessage
    }
  }

  fragment ChatsMessage on Message {
    id
    chatId
    content
    editedAt
    deletedAt
    createdAt
    sender {
      id
      displayName
    }
    replyTo {
      id
      content
      replyTo {
        id
        content
      }
    }
    readBy {
      messageId
      readAt
      user {
        id
      }
    }
  }
`)

export const updateChat = graphql(/* GraphQL */ `
  mutation ChatsUpdate($input: UpdateChatInput!) {
    updateChat(input: $input) {
      chat {
        ...ChatsChat
      }
    }
  }
`)

export const addChatMembers = graphql(/* GraphQL */ `
  mutation ChatsAddMembers($input: AddChatMembersInput!) {
    addChatMembers(input: $input) {
      chat {
        ...ChatsChat
      }
    }
  }
`)

export const removeChatMember = graphql(/* GraphQL */ `
  mutation ChatsRemoveMember($input: RemoveChatMemberInput!) {
    removeChatMember(input: $input) {
      removedUserId
    }
  }
`)

export const sendMessage = graphql(/* GraphQL */ `
  mutation ChatsSend($input: SendMessageInput!) {
    sendMessage(input: $input) {
      cursor
      message {
        ...ChatsMessage
      }
    }
  }
`)

export const editMessage = graphql(/* GraphQL */ `
  mutation ChatsEdit($input: EditMessageInput!) {
    editMessage(input: $input) {
      message {
        ...ChatsMessage
      }
    }
  }
`)

export const deleteMessage = graphql(/* GraphQL */ `
  mutation ChatsDelete($input: DeleteMessageInput!) {
    deleteMessage(input: $input) {
      deletedId
    }
  }
`)

export const markRead = graphql(/* GraphQL */ `
  mutation ChatsMarkRead($input: MarkReadInput!) {
    markRead(input: $input) {
      unreadCount
      receipt {
        messageId
        readAt
        user {
          id
        }
      }
    }
  }
`)

export const readChat = graphql(/* GraphQL */ `
  query ChatsRead($id: ID!) {
    chat(id: $id) {
      ...ChatsChat
    }
  }
`)

export const readMessages = graphql(/* GraphQL */ `
  query ChatsMessages($id: ID!, $first: Int, $after: String, $last: Int, $before: String) {
    chat(id: $id) {
      messages(first: $first, after: $after, last: $last, before: $before) {
        edges {
          cursor
          node {
            id
          }
        }
        nodes {
          ...ChatsMessage
        }
        pageInfo {
          hasNextPage
          hasPreviousPage
          startCursor
          endCursor
        }
      }
    }
  }
`)

export const listChats = graphql(/* GraphQL */ `
  query ChatsList($first: Int, $after: String) {
    chats(first: $first, after: $after) {
      edges {
        cursor
      }
      nodes {
        id
        title
        unreadCount
        lastMessage {
          id
          content
        }
      }
      pageInfo {
        hasNextPage
        hasPreviousPage
        endCursor
      }
    }
  }
`)

export const readNode = graphql(/* GraphQL */ `
  query ChatsNode($id: ID!) {
    node(id: $id) {
      id
      ... on Chat {
        title
      }
      ... on Message {
        content
        chatId
      }
    }
  }
`)

export const chatEvents = graphql(/* GraphQL */ `
  subscription ChatsEvents($chatId: ID!, $after: Cursor) {
    chatEvents(chatId: $chatId, after: $after) {
      ...ChatsEvent
    }
  }

  fragment ChatsEvent on ChatEvent {
    __typename
    ... on FeedItem {
      cursor
    }
    ... on MessageSent {
      chatId
      message {
        ...ChatsMessage
      }
    }
    ... on MessageEdited {
      chatId
      message {
        ...ChatsMessage
      }
    }
    ... on MessageDeleted {
      chatId
      messageId
    }
    ... on MessageRead {
      chatId
      receipt {
        messageId
        readAt
        user {
          id
        }
      }
    }
    ... on MemberJoined {
      chatId
      member {
        access
        user {
          id
        }
      }
    }
    ... on MemberLeft {
      chatId
      userId
    }
    ... on ChatUpdated {
      chatId
      chat {
        id
        title
        historyVisible
        members {
          access
          user {
            id
          }
          lastRead {
            id
            content
          }
        }
        lastMessage {
          id
          content
        }
      }
    }
  }
`)

export const inboxEvents = graphql(/* GraphQL */ `
  subscription ChatsInbox($after: Cursor) {
    inboxEvents(after: $after) {
      ...ChatsEvent
    }
  }
`)

export const listChatsWhole = graphql(/* GraphQL */ `
  query ChatsListWhole($first: Int) {
    chats(first: $first) {
      nodes {
        ...ChatsChat
        messages(last: 3) {
          nodes {
            ...ChatsMessage
          }
        }
      }
    }
  }
`)

export const viewedEvents = graphql(/* GraphQL */ `
  subscription ChatsViewedEvents($chatId: ID!) {
    chatEvents(chatId: $chatId) {
      __typename
      ... on ChatUpdated {
        chat {
          unreadCount
          viewerAccess
        }
      }
    }
  }
`)
