import { graphql } from '../generated/index.ts'

export const logIn = graphql(/* GraphQL */ `
  mutation ImportTestLogin($input: LoginInput!) {
    login(input: $input) {
      accessToken
    }
  }
`)

export const importedNote = graphql(/* GraphQL */ `
  query ImportTestNote($id: ID!) {
    note(id: $id) {
      folder {
        id
        name
        color
        position
        parent {
          id
          name
        }
      }
      type
      title
      content
      encryptedContent
      iv
      tags
      starred
      archived
      hidden
      trashedAt
      createdAt
      updatedAt
    }
  }
`)

export const importedNotes = graphql(/* GraphQL */ `
  query ImportTestNotes($filter: NoteFilter, $after: String) {
    notes(filter: $filter, first: 500, after: $after) {
      nodes {
        id
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`)

export const importedFolders = graphql(/* GraphQL */ `
  query ImportTestFolders {
    folders {
      id
      name
    }
  }
`)

export const importedRecord = graphql(/* GraphQL */ `
  query ImportTestRecord($collection: String!, $key: String!) {
    record(collection: $collection, key: $key) {
      value
      updatedAt
      deletedAt
    }
  }
`)

export const importedRecords = graphql(/* GraphQL */ `
  query ImportTestRecords($collection: String!, $after: String) {
    records(collection: $collection, includeDeleted: true, first: 500, after: $after) {
      nodes {
        key
        version
        updatedAt
        deletedAt
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`)
