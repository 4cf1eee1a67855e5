import { graphql } from '../generated/index.ts'

export const toManyLogin = graphql(/* GraphQL */ `
  mutation ToManyLogin($input: LoginInput!) {
    login(input: $input) {
      accessToken
    }
  }
`)

export const toManyToken = graphql(/* GraphQL */ `
  mutation ToManyToken($input: IssueTokenInput!) {
    issueToken(input: $input) {
      jti
    }
  }
`)

export const toManyAwareness = graphql(/* GraphQL */ `
  mutation ToManyAwareness($input: SetAwarenessInput!) {
    setAwareness(input: $input) {
      awareness {
        clientId
      }
    }
  }
`)
