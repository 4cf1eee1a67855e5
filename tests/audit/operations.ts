import { graphql } from '../generated/index.ts'

graphql(/* GraphQL */ `
  fragment AuditAll on AuditEntry {
    id
    seq
    at
    actorId
    actorBy
    actor {
      id
      displayName
    }
    action
    target
    ip
    details
    hash
    previousHash
    cursor
  }
`)

export const auditLog = graphql(/* GraphQL */ `
  query AuditRead($first: Int, $after: String, $actorId: ID, $action: String) {
    auditLog(first: $first, after: $after, actorId: $actorId, action: $action) {
      nodes {
        ...AuditAll
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`)

export const auditEvents = graphql(/* GraphQL */ `
  subscription AuditFollow($after: Cursor) {
    auditEvents(after: $after) {
      ...AuditAll
    }
  }
`)

export const auditNode = graphql(/* GraphQL */ `
  query AuditNode($id: ID!) {
    node(id: $id) {
      ... on AuditEntry {
        action
        target
      }
    }
  }
`)

export const login = graphql(/* GraphQL */ `
  mutation AuditLogin($input: LoginInput!) {
    login(input: $input) {
      accessToken
      refreshToken
      session {
        id
        device {
          id
        }
      }
    }
  }
`)
