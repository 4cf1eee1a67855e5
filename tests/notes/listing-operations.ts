import { graphql } from '../generated/index.ts'

export const importNotebook = graphql(/* GraphQL */ `
  mutation ListingImport($input: ImportNotebookInput!) {
    importNotebook(input: $input) {
      importedFolderIds
      importedNoteIds
      skippedIds
    }
  }
`)

export const listNotes = graphql(/* GraphQL */ `
  query ListingNotes($filter: NoteFilter, $first: Int, $after: String) {
    notes(filter: $filter, first: $first, after: $after) {
      edges {
        cursor
        node {
          id
        }
      }
      nodes {
        id
        title
        updatedAt
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

export const listContents = graphql(/* GraphQL */ `
  query ListingContents($first: Int) {
    notes(first: $first) {
      nodes {
        id
        content
      }
      pageInfo {
        hasNextPage
      }
    }
  }
`)

export const countNotes = graphql(/* GraphQL */ `
  query ListingCounts($folderId: ID) {
    noteCounts(folderId: $folderId) {
      all
      starred
      archived
      hidden
      trashed
      public
    }
  }
`)

export const readNotebook = graphql(/* GraphQL */ `
  query ListingNotebook {
    notebook {
      cursor
      usedBytes
      quotaBytes
    }
  }
`)

export const readImportedNote = graphql(/* GraphQL */ `
  query ListingImportedNote($id: ID!) {
    note(id: $id) {
      folder {
        id
      }
      type
      title
      content
      encryptedTitle
      encryptedContent
      iv
      salt
      tags
      starred
      archived
      hidden
      trashedAt
      version
      viewerAccess
      createdAt
      updatedAt
    }
  }
`)

export const readImportedFolder = graphql(/* GraphQL */ `
  query ListingImportedFolder($id: ID!) {
    folder(id: $id) {
      name
      color
      position
      isDefault
      parent {
        id
      }
      createdAt
      updatedAt
    }
  }
`)

export const listingChanges = graphql(/* GraphQL */ `
  subscription ListingChanges($after: Cursor) {
    notebookChanges(after: $after) {
      __typename
      cursor
      ... on NoteChange {
        operation
        noteId
        changedFields
      }
      ... on FolderChange {
        operation
        folderId
        changedFields
      }
    }
  }
`)
