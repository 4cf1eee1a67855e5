import { graphql } from '../generated/index.ts'

/** What there is of an attachment but its bytes and links. */
graphql(/* GraphQL */ `
  fragment AttachmentState on Attachment {
    id
    encryptedName
    mimeType
    sizeBytes
    iv
    salt
    createdAt
  }
`)

export const addAttachment = graphql(/* GraphQL */ `
  mutation AttachmentsAdd($input: AddAttachmentInput!) {
    addAttachment(input: $input) {
      attachment {
        ...AttachmentState
      }
    }
  }
`)

export const uploadAttachment = graphql(/* GraphQL */ `
  mutation AttachmentsUpload($input: UploadAttachmentInput!) {
    uploadAttachment(input: $input) {
      attachment {
        ...AttachmentState
      }
    }
  }
`)

export const removeAttachment = graphql(/* GraphQL */ `
  mutation AttachmentsRemove($input: RemoveAttachmentInput!) {
    removeAttachment(input: $input) {
      removedId
    }
  }
`)

export const listAttachments = graphql(/* GraphQL */ `
  query AttachmentsList($id: ID!) {
    note(id: $id) {
      version
      updatedAt
      attachments {
        ...AttachmentState
      }
    }
    notebook {
      usedBytes
      quotaBytes
    }
  }
`)

export const readAttachment = graphql(/* GraphQL */ `
  query AttachmentsRead($id: ID!) {
    node(id: $id) {
      ... on Attachment {
        ...AttachmentState
        encryptedData
      }
    }
  }
`)

export const linkAttachment = graphql(/* GraphQL */ `
  query AttachmentsLink($id: ID!, $ttlSeconds: Int! = 300) {
    node(id: $id) {
      ... on Attachment {
        downloadUrl(ttlSeconds: $ttlSeconds)
      }
    }
  }
`)

export const followNote = graphql(/* GraphQL */ `
  subscription AttachmentsFollow($id: ID!) {
    noteChanges(noteId: $id) {
      __typename
      cursor
      ... on NoteChange {
        operation
        changedFields
        note {
          version
          attachments {
            id
            downloadUrl
          }
        }
      }
    }
  }
`)

export const listWithAttachments = graphql(/* GraphQL */ `
  query AttachmentsOfNotes($first: Int!) {
    notes(first: $first) {
      nodes {
        id
        attachments {
          id
          sizeBytes
          encryptedData
          downloadUrl
        }
      }
    }
  }
`)
