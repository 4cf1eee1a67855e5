import { createClient } from 'graphql-ws'
import { WebSocket } from 'ws'
import type { SealedLog, WrappedKey } from './crypto.ts'

export interface StoredLog extends SealedLog {
  readonly id: string
  readonly sequence: number
  readonly cursor: string
}

export interface StoredKey extends WrappedKey {
  readonly encryptedName: string | null
  readonly version: number
}

export interface LogPage {
  readonly nodes: readonly StoredLog[]
  readonly hasMore: boolean
  readonly endSequence: number | null
  readonly endCursor: string
}

/** What the server said no with. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly code: string

  constructor(message: string, code: string) {
    super(message)
    this.code = code
  }
}

type Errors = readonly { readonly message: string; readonly extensions?: { readonly code?: unknown } }[]

const apiError = ([first]: Errors) => new ApiError(first?.message ?? 'The server refused.', String(first?.extensions?.code))

const logFields = 'id sequence cursor encryptedData nonce haexTimestamp deviceId'
const keyFields = 'encryptedVaultKey salt nonce encryptedName version'

export type Api = ReturnType<typeof createApi>

/** What a device asks of the server, in the name of one user. */
export function createApi(url: string, token: string | null) {
  async function ask<T>(query: string, variables: Record<string, unknown>): Promise<T> {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token !== null && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify({ query, variables }),
    })
    const { data, errors } = (await response.json()) as { data: T; errors?: Errors }
    if (errors) throw apiError(errors)
    return data
  }

  return {
    async register(input: { readonly email: string; readonly password: string }): Promise<string> {
      const query = 'mutation ($input: RegisterInput!) { register(input: $input) { accessToken } }'
      return (await ask<{ register: { accessToken: string } }>(query, { input })).register.accessToken
    },

    async storeKey(input: WrappedKey & { readonly vaultId: string; readonly encryptedName: string }): Promise<void> {
      await ask('mutation ($input: StoreVaultKeyInput!) { storeVaultKey(input: $input) { vaultKey { version } } }', { input })
    },

    async rotateKey(input: WrappedKey & { readonly vaultId: string; readonly expectedVersion: number }): Promise<number> {
      const query = 'mutation ($input: RotateVaultKeyInput!) { rotateVaultKey(input: $input) { vaultKey { version } } }'
      return (await ask<{ rotateVaultKey: { vaultKey: { version: number } } }>(query, { input })).rotateVaultKey.vaultKey.version
    },

    /** Null: there is no such vault. */
    async readKey(vaultId: string): Promise<{ readonly key: StoredKey; readonly createdAt: string } | null> {
      const query = `query ($vaultId: ID!) { vault(id: $vaultId) { createdAt key { ${keyFields} } } }`
      return (await ask<{ vault: { key: StoredKey; createdAt: string } | null }>(query, { vaultId })).vault
    },

    /** Sent again, it changes nothing: the server knows the logs by their nonces and times. */
    async push(vaultId: string, deviceId: string, logs: readonly SealedLog[]): Promise<void> {
      const sent = logs.map(({ encryptedData, nonce, haexTimestamp }) => ({ encryptedData, nonce, haexTimestamp }))
      await ask('mutation ($input: PushVaultLogsInput!) { pushVaultLogs(input: $input) { headSequence } }', {
        input: { vaultId, deviceId, logs: sent },
      })
    },

    async readLogs(vaultId: string, afterSequence: number, excludeDeviceId: string | null) {
      const query = `query ($vaultId: ID!, $afterSequence: BigInt, $excludeDeviceId: ID) {
        vault(id: $vaultId) {
          createdAt
          logs(afterSequence: $afterSequence, first: 500, excludeDeviceId: $excludeDeviceId) {
            nodes { ${logFields} } hasMore endSequence endCursor
          }
        }
      }`
      const variables = { vaultId, afterSequence, excludeDeviceId }
      return (await ask<{ vault: { createdAt: string; logs: LogPage } | null }>(query, variables)).vault
    },

    /** Logs behind `after` as they come, until the connection breaks or `signal` says enough. @throws ApiError when the server ends it */
    async *follow(vaultId: string, after: string, signal: AbortSignal): AsyncGenerator<StoredLog> {
      const socket = createClient({
        url: url.replace(/^http/, 'ws'),
        webSocketImpl: WebSocket,
        connectionParams: { token },
        retryAttempts: 0,
      })
      const stop = () => socket.terminate()
      signal.addEventListener('abort', stop)
      try {
        const query = `subscription ($vaultId: ID!, $after: Cursor) { vaultLogs(vaultId: $vaultId, after: $after) { ... on VaultLog { ${logFields} } } }`
        const variables = { vaultId, after }
        for await (const { data, errors } of socket.iterate<{ vaultLogs: Partial<StoredLog> }>({ query, variables })) {
          if (errors) throw apiError(errors as Errors)
          if (data?.vaultLogs.id !== undefined) yield data.vaultLogs as StoredLog
        }
      } catch (error) {
        throw Array.isArray(error) ? apiError(error as Errors) : error
      } finally {
        signal.removeEventListener('abort', stop)
        await socket.dispose()
      }
    },
  }
}
