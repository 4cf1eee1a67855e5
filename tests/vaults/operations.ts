import { graphql } from '../generated/index.ts'

export const storeVaultKey = graphql(/* GraphQL */ `
  mutation VaultStoreKey($input: StoreVaultKeyInput!) {
    storeVaultKey(input: $input) {
      vaultKey {
        ...VaultKeyState
      }
    }
  }
  fragment VaultKeyState on VaultKey {
    vaultId
    encryptedVaultKey
    salt
    nonce
    encryptedName
    version
    createdAt
    updatedAt
  }
`)

export const rotateVaultKey = graphql(/* GraphQL */ `
  mutation VaultRotateKey($input: RotateVaultKeyInput!) {
    rotateVaultKey(input: $input) {
      vaultKey {
        ...VaultKeyState
      }
    }
  }
`)

export const deleteVault = graphql(/* GraphQL */ `
  mutation VaultDelete($input: DeleteVaultInput!) {
    deleteVault(input: $input) {
      deletedId
    }
  }
`)

export const pushVaultLogs = graphql(/* GraphQL */ `
  mutation VaultPush($input: PushVaultLogsInput!) {
    pushVaultLogs(input: $input) {
      headSequence
      logs {
        ...VaultLogState
      }
    }
  }
  fragment VaultLogState on VaultLog {
    cursor
    id
    sequence
    encryptedData
    nonce
    haexTimestamp
    deviceId
    createdAt
  }
`)

export const readVault = graphql(/* GraphQL */ `
  query VaultRead($id: ID!) {
    vault(id: $id) {
      id
      headSequence
      logBytes
      cursor
      createdAt
      key {
        ...VaultKeyState
      }
    }
  }
`)

export const listVaults = graphql(/* GraphQL */ `
  query VaultList($first: Int) {
    vaults {
      id
      headSequence
      logs(first: $first) {
        hasMore
        endSequence
        nodes {
          haexTimestamp
        }
      }
    }
  }
`)

export const readLogs = graphql(/* GraphQL */ `
  query VaultReadLogs($id: ID!, $afterSequence: BigInt, $first: Int, $excludeDeviceId: ID) {
    vault(id: $id) {
      logs(afterSequence: $afterSequence, first: $first, excludeDeviceId: $excludeDeviceId) {
        hasMore
        endSequence
        endCursor
        nodes {
          ...VaultLogState
        }
      }
    }
  }
`)

export const vaultLogs = graphql(/* GraphQL */ `
  subscription VaultFeed($vaultId: ID!, $after: Cursor) {
    vaultLogs(vaultId: $vaultId, after: $after) {
      __typename
      cursor
      ... on VaultLog {
        ...VaultLogState
      }
    }
  }
`)
