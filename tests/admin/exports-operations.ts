import { graphql } from '../generated/index.ts'

export const createExport = graphql(/* GraphQL */ `
  mutation ExportsCreate($input: CreateExportInput!) {
    createExport(input: $input) {
      export {
        id
        kind
        format
        status
        progress
        downloadUrl
        userId
        since
        createdBy {
          id
        }
      }
    }
  }
`)

export const exportOf = graphql(/* GraphQL */ `
  query ExportsOne($id: ID!) {
    export(id: $id) {
      id
      status
      progress
      rowCount
      sizeBytes
      downloadUrl
      error
      expiresAt
    }
  }
`)

export const exportNode = graphql(/* GraphQL */ `
  query ExportsNode($id: ID!) {
    node(id: $id) {
      id
      ... on Export {
        kind
        status
      }
    }
  }
`)

export const exports = graphql(/* GraphQL */ `
  query ExportsList($first: Int, $after: String) {
    exports(first: $first, after: $after) {
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

export const exportProgress = graphql(/* GraphQL */ `
  subscription ExportsProgress($id: ID!) {
    exportProgress(id: $id) {
      id
      status
      progress
      rowCount
      downloadUrl
      error
    }
  }
`)

export const auditOf = graphql(/* GraphQL */ `
  query ExportsAudit($action: String!) {
    auditLog(action: $action, first: 20) {
      nodes {
        action
        target
        details
        ip
      }
    }
  }
`)
