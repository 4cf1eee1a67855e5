import { graphql } from '../generated/index.ts'

/** What the tests ask of accounts and documents; whoever needs other fields writes an operation of their own. */
export const register = graphql(/* GraphQL */ `
  mutation Register($input: RegisterInput!) {
    register(input: $input) {
      accessToken
      refreshToken
      expiresAt
      session {
        id
      }
      user {
        id
        email
        role
      }
    }
  }
`)

export const refreshSession = graphql(/* GraphQL */ `
  mutation RefreshSession($input: RefreshSessionInput!) {
    refreshSession(input: $input) {
      accessToken
      refreshToken
      expiresAt
    }
  }
`)

export const claimAdmin = graphql(/* GraphQL */ `
  mutation ClaimAdmin($input: ClaimAdminInput!) {
    claimAdmin(input: $input) {
      user {
        id
        role
      }
    }
  }
`)

export const createDocument = graphql(/* GraphQL */ `
  mutation CreateDocument($input: CreateDocumentInput!) {
    createDocument(input: $input) {
      document {
        id
        name
        fields
        clock
        cursor
        viewerAccess
        createdAt
        updatedAt
        deletedAt
      }
    }
  }
`)

export const readDocument = graphql(/* GraphQL */ `
  query ReadDocument($id: ID!) {
    document(id: $id) {
      id
      name
      fields
      clock
      cursor
      viewerAccess
      createdAt
      updatedAt
      deletedAt
    }
  }
`)

export const readField = graphql(/* GraphQL */ `
  query ReadField($id: ID!, $path: String!) {
    document(id: $id) {
      field(path: $path) {
        path
        value
        deleted
        timestamp
        clientId
        counter
      }
    }
  }
`)

export const listDocuments = graphql(/* GraphQL */ `
  query ListDocuments($first: Int, $after: String, $includeDeleted: Boolean) {
    documents(first: $first, after: $after, includeDeleted: $includeDeleted) {
      edges {
        cursor
        node {
          id
          deletedAt
        }
      }
      nodes {
        id
      }
      pageInfo {
        hasNextPage
        hasPreviousPage
        startCursor
        endCursor
      }
    }
  }
`)

export const deleteDocument = graphql(/* GraphQL */ `
  mutation DeleteDocument($input: DeleteDocumentInput!) {
    deleteDocument(input: $input) {
      deletedId
    }
  }
`)

export const restoreDocument = graphql(/* GraphQL */ `
  mutation RestoreDocument($input: RestoreDocumentInput!) {
    restoreDocument(input: $input) {
      document {
        id
        fields
        deletedAt
      }
    }
  }
`)

export const pushDelta = graphql(/* GraphQL */ `
  mutation PushDelta($input: PushDeltaInput!) {
    pushDelta(input: $input) {
      applied
      delta {
        cursor
        documentId
        clientId
        clock
        at
        author {
          id
        }
        writes {
          path
          value
          deleted
          timestamp
          clientId
          counter
        }
      }
      superseded {
        path
        value
        deleted
        timestamp
        clientId
        counter
      }
      document {
        cursor
        fields
      }
    }
  }
`)

export const readChanges = graphql(/* GraphQL */ `
  query ReadChanges($id: ID!, $after: Cursor, $since: VectorClock, $first: Int) {
    document(id: $id) {
      changes(after: $after, since: $since, first: $first) {
        edges {
          cursor
          node {
            cursor
            clientId
            clock
            writes {
              path
              value
              deleted
              counter
            }
          }
        }
        pageInfo {
          hasNextPage
          hasPreviousPage
          endCursor
        }
      }
    }
  }
`)

export const listMembers = graphql(/* GraphQL */ `
  query ListMembers($id: ID!, $first: Int, $after: String) {
    document(id: $id) {
      members(first: $first, after: $after) {
        edges {
          cursor
        }
        nodes {
          access
          user {
            id
          }
        }
        pageInfo {
          hasNextPage
          hasPreviousPage
          endCursor
        }
      }
    }
  }
`)

export const setAccess = graphql(/* GraphQL */ `
  mutation SetAccess($input: SetAccessInput!) {
    setAccess(input: $input) {
      member {
        access
        since
        user {
          id
        }
      }
    }
  }
`)

export const removeAccess = graphql(/* GraphQL */ `
  mutation RemoveAccess($input: RemoveAccessInput!) {
    removeAccess(input: $input) {
      removedUserId
    }
  }
`)

export const createSnapshot = graphql(/* GraphQL */ `
  mutation CreateSnapshot($input: CreateSnapshotInput!) {
    createSnapshot(input: $input) {
      snapshot {
        id
        documentId
        label
        fields
        clock
        sizeBytes
        createdAt
      }
    }
  }
`)

export const listSnapshots = graphql(/* GraphQL */ `
  query ListSnapshots($id: ID!, $first: Int, $after: String) {
    document(id: $id) {
      snapshots(first: $first, after: $after) {
        nodes {
          id
          label
          fields
          clock
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
`)

export const restoreSnapshot = graphql(/* GraphQL */ `
  mutation RestoreSnapshot($input: RestoreSnapshotInput!) {
    restoreSnapshot(input: $input) {
      document {
        id
        fields
        clock
      }
    }
  }
`)

export const deleteSnapshot = graphql(/* GraphQL */ `
  mutation DeleteSnapshot($input: DeleteSnapshotInput!) {
    deleteSnapshot(input: $input) {
      deletedId
    }
  }
`)

export const documentChanges = graphql(/* GraphQL */ `
  subscription DocumentChanges($id: ID!, $after: Cursor) {
    documentChanges(documentId: $id, after: $after) {
      __typename
      cursor
      ... on DocumentDelta {
        clientId
        clock
        writes {
          path
          value
          deleted
          counter
        }
      }
      ... on DocumentRemoved {
        at
      }
      ... on DocumentRestored {
        at
      }
    }
  }
`)

export const renewConnection = graphql(/* GraphQL */ `
  mutation RenewConnection($input: RenewConnectionInput!) {
    renewConnection(input: $input) {
      expiresAt
    }
  }
`)
