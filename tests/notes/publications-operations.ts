import { graphql } from '../generated/index.ts'

graphql(/* GraphQL */ `
  fragment PublicationState on PublicNote {
    slug
    title
    content
    type
    authorName
    publishedAt
    updatedAt
  }
`)

export const publishNote = graphql(/* GraphQL */ `
  mutation PublicationsPublish($input: PublishNoteInput!) {
    publishNote(input: $input) {
      publicNote {
        ...PublicationState
      }
    }
  }
`)

export const unpublishNote = graphql(/* GraphQL */ `
  mutation PublicationsUnpublish($input: UnpublishNoteInput!) {
    unpublishNote(input: $input) {
      note {
        id
        version
        publication {
          slug
        }
      }
    }
  }
`)

export const readPublic = graphql(/* GraphQL */ `
  query PublicationsRead($slug: String!) {
    publicNote(slug: $slug) {
      ...PublicationState
    }
  }
`)

export const readPublished = graphql(/* GraphQL */ `
  query PublicationsOfNote($id: ID!) {
    note(id: $id) {
      version
      updatedAt
      publication {
        ...PublicationState
      }
    }
  }
`)

export const createNote = graphql(/* GraphQL */ `
  mutation PublicationsCreate($input: CreateNoteInput!) {
    createNote(input: $input) {
      note {
        id
      }
    }
  }
`)

export const trashNote = graphql(/* GraphQL */ `
  mutation PublicationsTrash($input: TrashNoteInput!) {
    trashNote(input: $input) {
      note {
        id
      }
    }
  }
`)

export const restoreNote = graphql(/* GraphQL */ `
  mutation PublicationsRestore($input: RestoreNoteInput!) {
    restoreNote(input: $input) {
      note {
        publication {
          slug
        }
      }
    }
  }
`)

export const deleteNote = graphql(/* GraphQL */ `
  mutation PublicationsDelete($input: DeleteNoteInput!) {
    deleteNote(input: $input) {
      deletedId
    }
  }
`)

export const emptyTrash = graphql(/* GraphQL */ `
  mutation PublicationsEmptyTrash {
    emptyTrash {
      deletedIds
    }
  }
`)

export const deleteAccount = graphql(/* GraphQL */ `
  mutation PublicationsDeleteAccount($input: DeleteAccountInput!) {
    deleteAccount(input: $input) {
      deletedId
    }
  }
`)

export const noteChanges = graphql(/* GraphQL */ `
  subscription PublicationsNoteChanges($noteId: ID!, $after: Cursor) {
    noteChanges(noteId: $noteId, after: $after) {
      __typename
      cursor
      ... on NoteChange {
        operation
        noteId
        changedFields
        by {
          id
        }
        note {
          version
          publication {
            slug
            title
          }
        }
      }
    }
  }
`)
