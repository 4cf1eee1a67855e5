import { graphql } from '../generated/index.ts'

graphql(/* GraphQL */ `
  fragment CollectionsRecord on Record {
    id
    collection
    key
    value
    version
    updatedAt
    deletedAt
    expiresAt
  }
`)

export const putRecord = graphql(/* GraphQL */ `
  mutation CollectionsPutRecord($input: PutRecordInput!) {
    putRecord(input: $input) {
      applied
      record {
        ...CollectionsRecord
      }
      conflict {
        reason
        existing {
          ...CollectionsRecord
        }
      }
    }
  }
`)

export const putRecords = graphql(/* GraphQL */ `
  mutation CollectionsPutRecords($input: PutRecordsInput!) {
    putRecords(input: $input) {
      results {
        applied
        record {
          ...CollectionsRecord
        }
        conflict {
          reason
          existing {
            ...CollectionsRecord
          }
        }
      }
    }
  }
`)

export const deleteRecord = graphql(/* GraphQL */ `
  mutation CollectionsDeleteRecord($input: DeleteRecordInput!) {
    deleteRecord(input: $input) {
      applied
      record {
        ...CollectionsRecord
      }
      conflict {
        reason
        existing {
          ...CollectionsRecord
        }
      }
    }
  }
`)

export const readRecord = graphql(/* GraphQL */ `
  query CollectionsReadRecord($collection: String!, $key: String!, $owner: ID) {
    record(collection: $collection, key: $key, owner: $owner) {
      ...CollectionsRecord
      collectionId
      owner {
        id
      }
    }
  }
`)

export const readRecords = graphql(/* GraphQL */ `
  query CollectionsRecords($collection: String!, $owner: ID, $updatedSince: DateTime, $includeDeleted: Boolean, $first: Int, $after: String) {
    records(collection: $collection, owner: $owner, updatedSince: $updatedSince, includeDeleted: $includeDeleted, first: $first, after: $after) {
      cursor
      edges {
        cursor
      }
      nodes {
        ...CollectionsRecord
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

export const readCollections = graphql(/* GraphQL */ `
  query CollectionsList {
    collections {
      id
      name
      recordCount
      viewerAccess
      cursor
      createdAt
      owner {
        id
      }
      members {
        nodes {
          access
          user {
            id
          }
        }
      }
    }
  }
`)

export const readNode = graphql(/* GraphQL */ `
  query CollectionsNode($id: ID!) {
    node(id: $id) {
      id
      ... on Record {
        key
        value
        owner {
          id
        }
      }
      ... on Collection {
        name
        recordCount
      }
    }
  }
`)

export const recordChanges = graphql(/* GraphQL */ `
  subscription CollectionsChanges($collection: String!, $owner: ID, $after: Cursor) {
    recordChanges(collection: $collection, owner: $owner, after: $after) {
      __typename
      cursor
      ... on RecordChange {
        operation
        at
        by {
          id
        }
        record {
          ...CollectionsRecord
        }
      }
    }
  }
`)
