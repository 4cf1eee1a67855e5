import { graphql } from '../generated/index.ts'

export const serverStats = graphql(/* GraphQL */ `
  query StatsNow {
    serverStats {
      at
      version
      uptimeSeconds
      nodes
      connections
      authenticatedConnections
      subscriptions
      messagesPerSecond
      operationsPerSecond
      latencyP50Ms
      latencyP99Ms
      users
      documents
      records
      notes
      chats
      vaults
      databaseBytes
      countedAt
    }
  }
`)

export const followStats = graphql(/* GraphQL */ `
  subscription StatsFollow($intervalMs: Int) {
    serverStats(intervalMs: $intervalMs) {
      at
      nodes
      connections
    }
  }
`)

export const connectionsByUser = graphql(/* GraphQL */ `
  query StatsConnections($first: Int) {
    connectionsByUser(first: $first) {
      user {
        id
        email
      }
      deviceCount
    }
  }
`)
