/** The part of Tidemark's API that is measured, in the same words. */
export const typeDefs = /* GraphQL */ `
  interface FeedItem {
    cursor: String!
  }
  type DocumentDelta implements FeedItem {
    cursor: String!
    writes: [DocumentField!]!
  }
  type DocumentField {
    path: ID!
    value: String
  }
  type User {
    id: ID!
    email: String
    displayName: String
    role: String!
  }
  type Folder {
    id: ID!
    name: String!
  }
  type Note {
    id: ID!
    title: String
    folder: Folder
  }
  type NoteConnection {
    nodes: [Note!]!
  }
  type Query {
    viewer: User
    notes(first: Int): NoteConnection!
  }
  type Mutation {
    publish(value: String!): Boolean!
  }
  type Subscription {
    documentChanges(documentId: ID!): FeedItem!
  }
`

/** Nobody signs in here: it is the same person each time, out of memory. */
export const viewer = { id: 'usr_00000000-0000-7000-8000-000000000000', email: 'reader0@example.org', displayName: 'reader0', role: 'USER' }
