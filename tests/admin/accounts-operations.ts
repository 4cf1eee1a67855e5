import { graphql } from '../generated/index.ts'

export const listUsers = graphql(/* GraphQL */ `
  query AdminUsers($search: String, $first: Int, $after: String) {
    users(search: $search, first: $first, after: $after) {
      nodes {
        id
        email
        displayName
        role
        createdAt
        sessionCount
        sessionsUsedAt
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`)

export const setRole = graphql(/* GraphQL */ `
  mutation AdminSetRole($input: SetRoleInput!) {
    setRole(input: $input) {
      user {
        id
        role
      }
    }
  }
`)

export const sessionsOf = graphql(/* GraphQL */ `
  query AdminSessions($userId: ID) {
    sessions(userId: $userId) {
      id
      current
    }
  }
`)

export const revokeSession = graphql(/* GraphQL */ `
  mutation AdminRevokeSession($input: RevokeSessionInput!) {
    revokeSession(input: $input) {
      revokedId
    }
  }
`)

export const issueToken = graphql(/* GraphQL */ `
  mutation AdminIssueToken($input: IssueTokenInput!) {
    issueToken(input: $input) {
      token
      jti
      scopes
      expiresAt
      user {
        id
        email
        displayName
        role
        emailVerified
      }
    }
  }
`)

export const rotateTokens = graphql(/* GraphQL */ `
  mutation AdminRotateTokens($input: RotateTokensInput!) {
    rotateTokens(input: $input) {
      token
      jti
      scopes
      expiresAt
      user {
        id
      }
    }
  }
`)

export const revokeToken = graphql(/* GraphQL */ `
  mutation AdminRevokeToken($input: RevokeTokenInput!) {
    revokeToken(input: $input) {
      revokedJti
    }
  }
`)

export const issuedTokens = graphql(/* GraphQL */ `
  query AdminIssuedTokens($userId: ID!) {
    issuedTokens(userId: $userId) {
      jti
      scopes
      createdAt
      expiresAt
    }
  }
`)

export const auditOf = graphql(/* GraphQL */ `
  query AdminAudit($action: String) {
    auditLog(action: $action, first: 100) {
      nodes {
        action
        target
        details
        actor {
          id
        }
      }
    }
  }
`)

export const whoAmI = graphql(/* GraphQL */ `
  query AdminWhoAmI {
    viewer {
      id
      role
      sessionCount
    }
  }
`)

export const userNode = graphql(/* GraphQL */ `
  query AdminUserNode($id: ID!) {
    node(id: $id) {
      id
      ... on User {
        email
        sessionCount
      }
    }
  }
`)
