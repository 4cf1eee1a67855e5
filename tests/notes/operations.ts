import { graphql } from '../generated/index.ts'

/** What of a note changes by its own changes alone. */
graphql(/* GraphQL */ `
  fragment NoteState on Note {
    id
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
    createdAt
    updatedAt
    folder {
      id
    }
  }
`)

export const createNote = graphql(/* GraphQL */ `
  mutation NotesCreate($input: CreateNoteInput!) {
    createNote(input: $input) {
      note {
        ...NoteState
        cursor
      }
    }
  }
`)

export const updateNote = graphql(/* GraphQL */ `
  mutation NotesUpdate($input: UpdateNoteInput!) {
    updateNote(input: $input) {
      note {
        ...NoteState
      }
    }
  }
`)

export const trashNote = graphql(/* GraphQL */ `
  mutation NotesTrash($input: TrashNoteInput!) {
    trashNote(input: $input) {
      note {
        ...NoteState
      }
    }
  }
`)

export const restoreNote = graphql(/* GraphQL */ `
  mutation NotesRestore($input: RestoreNoteInput!) {
    restoreNote(input: $input) {
      note {
        ...NoteState
      }
    }
  }
`)

export const deleteNote = graphql(/* GraphQL */ `
  mutation NotesDelete($input: DeleteNoteInput!) {
    deleteNote(input: $input) {
      deletedId
    }
  }
`)

export const emptyTrash = graphql(/* GraphQL */ `
  mutation NotesEmptyTrash($input: EmptyTrashInput) {
    emptyTrash(input: $input) {
      deletedIds
    }
  }
`)

export const readNote = graphql(/* GraphQL */ `
  query NotesRead($id: ID!) {
    note(id: $id) {
      ...NoteState
      cursor
    }
  }
`)

export const readSharing = graphql(/* GraphQL */ `
  query NotesSharing($id: ID!, $first: Int, $after: String) {
    note(id: $id) {
      viewerAccess
      owner {
        id
      }
      members(first: $first, after: $after) {
        nodes {
          access
          user {
            id
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
`)

export const readRevisions = graphql(/* GraphQL */ `
  query NotesRevisions($id: ID!, $first: Int, $after: String) {
    note(id: $id) {
      revisions(first: $first, after: $after) {
        edges {
          cursor
          node {
            id
            version
            title
            content
            encryptedTitle
            encryptedContent
            iv
            salt
            createdAt
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

export const readRevision = graphql(/* GraphQL */ `
  query NotesRevision($id: ID!) {
    node(id: $id) {
      id
      ... on NoteRevision {
        version
        title
      }
    }
  }
`)

export const listNotes = graphql(/* GraphQL */ `
  query NotesList($filter: NoteFilter, $first: Int, $after: String) {
    notes(filter: $filter, first: $first, after: $after) {
      nodes {
        ...NoteState
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`)

export const publishNote = graphql(/* GraphQL */ `
  mutation NotesPublish($input: PublishNoteInput!) {
    publishNote(input: $input) {
      publicNote {
        slug
      }
    }
  }
`)

export const noteChanges = graphql(/* GraphQL */ `
  subscription NotesChanges($noteId: ID!, $after: Cursor) {
    noteChanges(noteId: $noteId, after: $after) {
      __typename
      cursor
      ... on NoteChange {
        operation
        noteId
        changedFields
        at
        by {
          id
        }
        note {
          ...NoteState
        }
      }
    }
  }
`)

export const notebookChanges = graphql(/* GraphQL */ `
  subscription NotesNotebook($after: Cursor) {
    notebookChanges(after: $after) {
      __typename
      cursor
      ... on NoteChange {
        operation
        noteId
        changedFields
        at
        by {
          id
        }
        note {
          ...NoteState
        }
      }
      ... on FolderChange {
        operation
        folderId
        changedFields
      }
    }
  }
`)
