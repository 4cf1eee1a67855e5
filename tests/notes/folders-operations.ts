import { graphql } from '../generated/index.ts'

export const listFolders = graphql(/* GraphQL */ `
  query FoldersList {
    folders {
      ...FolderState
    }
  }
`)

export const readFolder = graphql(/* GraphQL */ `
  query FoldersRead($id: ID!) {
    folder(id: $id) {
      ...FolderState
      noteCount
      cursor
      children {
        id
      }
    }
  }
`)

/** What of a folder changes by its own changes alone. */
export const folderState = graphql(/* GraphQL */ `
  fragment FolderState on Folder {
    id
    name
    color
    position
    isDefault
    createdAt
    updatedAt
    parent {
      id
    }
  }
`)
