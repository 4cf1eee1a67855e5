import { graphql } from '../generated/index.ts'

/** What of a folder changes by its own changes alone. */
graphql(/* GraphQL */ `
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
      children {
        id
      }
    }
  }
`)

export const readFolderNodes = graphql(/* GraphQL */ `
  query FoldersReadNodes($ids: [ID!]!) {
    nodes(ids: $ids) {
      ... on Folder {
        ...FolderState
      }
    }
  }
`)

export const createFolder = graphql(/* GraphQL */ `
  mutation FoldersCreate($input: CreateFolderInput!) {
    createFolder(input: $input) {
      folder {
        ...FolderState
      }
    }
  }
`)

export const updateFolder = graphql(/* GraphQL */ `
  mutation FoldersUpdate($input: UpdateFolderInput!) {
    updateFolder(input: $input) {
      folder {
        ...FolderState
      }
    }
  }
`)

export const reorderFolders = graphql(/* GraphQL */ `
  mutation FoldersReorder($input: ReorderFoldersInput!) {
    reorderFolders(input: $input) {
      folders {
        ...FolderState
      }
    }
  }
`)

export const deleteFolder = graphql(/* GraphQL */ `
  mutation FoldersDelete($input: DeleteFolderInput!) {
    deleteFolder(input: $input) {
      deletedId
    }
  }
`)

export const createNoteIn = graphql(/* GraphQL */ `
  mutation FoldersCreateNote($input: CreateNoteInput!) {
    createNote(input: $input) {
      note {
        id
      }
    }
  }
`)

export const readNote = graphql(/* GraphQL */ `
  query FoldersReadNote($id: ID!) {
    note(id: $id) {
      version
      updatedAt
      folder {
        id
        name
      }
    }
  }
`)

export const notebookChanges = graphql(/* GraphQL */ `
  subscription FoldersNotebook($after: Cursor) {
    notebookChanges(after: $after) {
      __typename
      cursor
      ... on FolderChange {
        operation
        folderId
        changedFields
        at
        by {
          id
        }
        folder {
          ...FolderState
          noteCount
        }
      }
      ... on NoteChange {
        operation
        noteId
        changedFields
        note {
          version
          folder {
            id
          }
        }
      }
    }
  }
`)

export const importIntoFolders = graphql(/* GraphQL */ `
  mutation FoldersImport($input: ImportNotebookInput!) {
    importNotebook(input: $input) {
      importedFolderIds
      importedNoteIds
    }
  }
`)

export const moveNote = graphql(/* GraphQL */ `
  mutation FoldersMoveNote($input: UpdateNoteInput!) {
    updateNote(input: $input) {
      note {
        id
      }
    }
  }
`)

/** What a client shows of the whole tree at once. */
export const readTree = graphql(/* GraphQL */ `
  query FoldersTree {
    folders {
      id
      noteCount
      children {
        id
      }
      parent {
        id
        noteCount
      }
    }
  }
`)

export const countNotes = graphql(/* GraphQL */ `
  query FoldersCounts($id: ID!) {
    noteCounts(folderId: $id) {
      all
    }
    folder(id: $id) {
      noteCount
    }
  }
`)

/** Goes up and down again. */
export const readUpAndDown = graphql(/* GraphQL */ `
  query FoldersUpAndDown($id: ID!) {
    folder(id: $id) {
      children {
        parent {
          children {
            id
          }
        }
      }
    }
  }
`)

export const noteChangesIn = graphql(/* GraphQL */ `
  subscription FoldersNoteChanges($noteId: ID!) {
    noteChanges(noteId: $noteId) {
      __typename
      ... on NoteChange {
        changedFields
        note {
          folder {
            id
          }
        }
      }
    }
  }
`)

/** What happened, without looking at what there is now. */
export const notebookGist = graphql(/* GraphQL */ `
  subscription FoldersGist {
    notebookChanges {
      __typename
      ... on FolderChange {
        operation
        folderId
      }
      ... on NoteChange {
        operation
        noteId
        changedFields
      }
    }
  }
`)
