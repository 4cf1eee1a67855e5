import { graphql } from '../generated/index.ts'

export const plansNested = graphql(/* GraphQL */ `
  query PlansNested($filter: NoteFilter, $first: Int!) {
    notes(filter: $filter, first: $first) {
      nodes {
        id
        cursor
        viewerAccess
        owner {
          id
        }
        folder {
          id
          noteCount
          parent {
            id
          }
          children {
            id
          }
        }
        attachments {
          id
          sizeBytes
        }
        publication {
          slug
        }
        revisions(first: 2) {
          nodes {
            id
            version
          }
        }
        members(first: 3) {
          nodes {
            access
            user {
              id
            }
          }
        }
      }
    }
  }
`)

export const plansFolders = graphql(/* GraphQL */ `
  query PlansFolders {
    folders {
      id
      noteCount
      parent {
        id
      }
      children {
        id
      }
    }
  }
`)

export const plansCollections = graphql(/* GraphQL */ `
  query PlansCollections {
    collections {
      name
      recordCount
      cursor
      viewerAccess
      owner {
        id
      }
      members(first: 3) {
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

export const plansRecords = graphql(/* GraphQL */ `
  query PlansRecords($collection: String!, $first: Int!, $after: String, $includeDeleted: Boolean, $updatedSince: DateTime) {
    records(collection: $collection, first: $first, after: $after, includeDeleted: $includeDeleted, updatedSince: $updatedSince) {
      nodes {
        key
        value
        owner {
          id
        }
      }
      pageInfo {
        endCursor
      }
    }
  }
`)

export const plansDocuments = graphql(/* GraphQL */ `
  query PlansDocuments($first: Int!) {
    documents(first: $first) {
      nodes {
        id
        fields
        a: field(path: "a") {
          value
        }
        never: field(path: "b") {
          value
        }
        clock
        viewerAccess
        members(first: 3) {
          nodes {
            user {
              id
            }
          }
        }
        snapshots(first: 3) {
          nodes {
            id
            fields
          }
          pageInfo {
            hasNextPage
          }
        }
        awareness {
          state
        }
      }
    }
  }
`)

export const statementsAttach = graphql(/* GraphQL */ `
  mutation StatementsAttach($input: AddAttachmentInput!) {
    addAttachment(input: $input) {
      attachment {
        id
      }
    }
  }
`)
