import { graphql } from '../generated/index.ts'

export const signaturesRegister = graphql(/* GraphQL */ `
  mutation SignaturesRegister($input: RegisterInput!) {
    register(input: $input) {
      accessToken
      refreshToken
      signingKey
    }
  }
`)

export const signaturesLogin = graphql(/* GraphQL */ `
  mutation SignaturesLogin($input: LoginInput!) {
    login(input: $input) {
      accessToken
      refreshToken
      signingKey
    }
  }
`)

export const signaturesRefresh = graphql(/* GraphQL */ `
  mutation SignaturesRefresh($input: RefreshSessionInput!) {
    refreshSession(input: $input) {
      accessToken
      signingKey
    }
  }
`)

export const signaturesChangePassword = graphql(/* GraphQL */ `
  mutation SignaturesChangePassword($input: ChangePasswordInput!) {
    changePassword(input: $input) {
      accessToken
      signingKey
    }
  }
`)

export const signaturesCreate = graphql(/* GraphQL */ `
  mutation SignaturesCreate($input: CreateDocumentInput!) {
    createDocument(input: $input) {
      document {
        id
        name
      }
    }
  }
`)

export const signaturesList = graphql(/* GraphQL */ `
  query SignaturesList {
    documents {
      nodes {
        name
      }
    }
  }
`)

export const signaturesIssue = graphql(/* GraphQL */ `
  mutation SignaturesIssue($input: IssueTokenInput!) {
    issueToken(input: $input) {
      token
      signingKey
    }
  }
`)
