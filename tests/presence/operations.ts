import { graphql } from '../generated/index.ts'

export const readPresence = graphql(/* GraphQL */ `
  query PresenceRead($userIds: [ID!]!) {
    presence(userIds: $userIds) {
      online
      lastSeenAt
      user {
        id
      }
    }
  }
`)

export const presenceChanges = graphql(/* GraphQL */ `
  subscription PresenceChanges($userIds: [ID!]!) {
    presenceChanges(userIds: $userIds) {
      online
      lastSeenAt
      user {
        id
      }
    }
  }
`)

export const memberPresence = graphql(/* GraphQL */ `
  query PresenceOfMembers($chatId: ID!) {
    chat(id: $chatId) {
      members {
        presence {
          online
          lastSeenAt
          user {
            id
          }
        }
      }
    }
  }
`)

export const deleteAccount = graphql(/* GraphQL */ `
  mutation PresenceDeleteAccount($input: DeleteAccountInput!) {
    deleteAccount(input: $input) {
      deletedId
    }
  }
`)

export const logout = graphql(/* GraphQL */ `
  mutation PresenceLogout($input: LogoutInput!) {
    logout(input: $input) {
      endedSessions
    }
  }
`)

export const setTyping = graphql(/* GraphQL */ `
  mutation SignalsSetTyping($input: SetTypingInput!) {
    setTyping(input: $input) {
      isTyping
    }
  }
`)

export const chatSignals = graphql(/* GraphQL */ `
  subscription SignalsOfChat($chatId: ID!) {
    chatSignals(chatId: $chatId) {
      ... on Typing {
        chatId
        isTyping
        user {
          id
        }
      }
      ... on Presence {
        online
        lastSeenAt
        user {
          id
        }
      }
    }
  }
`)

export const readTyping = graphql(/* GraphQL */ `
  query SignalsTyping($chatId: ID!) {
    chat(id: $chatId) {
      cursor
      typing {
        id
      }
    }
  }
`)
