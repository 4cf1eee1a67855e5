import { randomBytes, randomUUID } from 'node:crypto'

export const rows = 10_000

/** Something of which thousands come in at once. */
export interface Kind {
  readonly name: string
  readonly table: string
  /** How often these rows were written before. */
  readonly turn: number
  /** The column of `table` that holds the id of the stream that tells of it. */
  readonly streamColumn: string
  /** What has to be there before; none where the first batch makes it. */
  readonly prepare: Operation | null
  /** 10,000 rows in as few operations as their limit allows. */
  readonly batches: readonly Operation[]
  /** Names the stream by what is unique to this round, as SQL. */
  readonly streamId: string
}

export interface Operation {
  readonly query: string
  readonly variables: { readonly input: object }
}

const range = (count: number) => Array.from({ length: count }, (_, index) => index)
const inBatches = <Item>(size: number, itemOf: (number: number) => Item): Item[][] =>
  range(rows / size).map(batch => range(size).map(index => itemOf(batch * size + index)))

/** Records of about 100 bytes. */
export function recordsOf(collection: string, turn: number): Kind {
  const query = 'mutation ($input: PutRecordsInput!) { putRecords(input: $input) { results { applied } } }'
  const batches = inBatches(5_000, number => ({ collection, key: `key ${number}`, value: { text: 'x'.repeat(64), number, turn } }))
  return {
    name: turn === 0 ? 'new records' : 'records over what is there',
    table: 'records',
    turn,
    streamColumn: 'collection_id',
    prepare: null,
    batches: batches.map(items => ({ query, variables: { input: { items } } })),
    streamId: `select id from collections where name = '${collection}'`,
  }
}

/** Logs of about 100 bytes, in a vault of their own. */
export function logsOf(): Kind {
  const vaultId = randomUUID()
  // Of the three marks of a vault the salt is the one that only this one has.
  const salt = randomBytes(16).toString('base64')
  const log = () => ({ encryptedData: randomBytes(75).toString('base64'), nonce: randomBytes(12).toString('base64'), haexTimestamp: randomUUID() })
  return {
    name: 'logs of a vault',
    table: 'vault_logs',
    turn: 0,
    streamColumn: 'vault',
    prepare: {
      query: 'mutation ($input: StoreVaultKeyInput!) { storeVaultKey(input: $input) { vaultKey { vaultId } } }',
      variables: { input: { vaultId, encryptedVaultKey: salt, salt, nonce: salt } },
    },
    batches: inBatches(1_000, log).map(logs => ({
      query: 'mutation ($input: PushVaultLogsInput!) { pushVaultLogs(input: $input) { headSequence } }',
      variables: { input: { vaultId, deviceId: 'laptop', logs } },
    })),
    streamId: `select id from vaults where salt = '${salt}'`,
  }
}
