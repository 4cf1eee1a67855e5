import { graphql } from '../generated/index.ts'

export const login = graphql(/* GraphQL */ `
  mutation Login($input: LoginInput!) {
    login(input: $input) {
      session {
        current
        device {
          name
        }
      }
      user {
        email
      }
    }
  }
`)

export const whoAmI = graphql(/* GraphQL */ `
  query WhoAmI {
    viewer {
      id
      email
      role
    }
  }
`)

export const whereAmI = graphql(/* GraphQL */ `
  query WhereAmI {
    sessions {
      id
      current
    }
    devices {
      id
      name
    }
  }
`)

export const nodeTypes = graphql(/* GraphQL */ `
  query NodeTypes($ids: [ID!]!) {
    nodes(ids: $ids) {
      __typename
    }
  }
`)

export const readUser = graphql(/* GraphQL */ `
  query ReadUser($id: ID!) {
    node(id: $id) {
      id
      ... on User {
        email
      }
    }
  }
`)

export const findByEmail = graphql(/* GraphQL */ `
  query FindByEmail($email: String!) {
    userByEmail(email: $email) {
      id
      email
    }
  }
`)

export const verifyToken = graphql(/* GraphQL */ `
  mutation VerifyToken($input: VerifyTokenInput!) {
    verifyToken(input: $input) {
      valid
      reason
      user {
        id
        email
      }
    }
  }
`)

export const logout = graphql(/* GraphQL */ `
  mutation Logout($input: LogoutInput) {
    logout(input: $input) {
      endedSessions
    }
  }
`)

export const revokeSession = graphql(/* GraphQL */ `
  mutation RevokeSession($input: RevokeSessionInput!) {
    revokeSession(input: $input) {
      revokedId
    }
  }
`)

export const deleteAccount = graphql(/* GraphQL */ `
  mutation DeleteAccount($input: DeleteAccountInput!) {
    deleteAccount(input: $input) {
      deletedId
    }
  }
`)

export const membersOf = graphql(/* GraphQL */ `
  query MembersOf($id: ID!) {
    document(id: $id) {
      name
      members {
        nodes {
          user {
            id
          }
        }
      }
    }
  }
`)
