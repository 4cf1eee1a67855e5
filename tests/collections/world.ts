import type {
  CollectionsChangesSubscription,
  CollectionsRecordFragment,
  CollectionsRecordsQueryVariables,
  DeleteRecordInput,
  PutRecordInput,
} from '../generated/graphql.ts'
import { type Client, refusalOf } from '../harness/client.ts'
import { followFeed, type Reader } from '../harness/follow.ts'
import { deleteRecord, putRecord, putRecords, readCollections, readRecord, readRecords, recordChanges } from './operations.ts'

export type Stored = CollectionsRecordFragment
export type Item = CollectionsChangesSubscription['recordChanges']
export type ItemOf<Name extends Item['__typename']> = Extract<Item, { __typename: Name }>

let collections = 0
/** A name that no other test has. */
export const newName = (): string => `collection ${collections++}`

export const iso = (time: number): string => new Date(time).toISOString()
export const timeOf = (text: string | null | undefined): number => Date.parse(text ?? '')

/** What tests do with one collection, as one caller. */
export function collectionOf(caller: Client, collection: string, owner?: string) {
  const ref = { collection, ...(owner !== undefined && { owner }) }
  const input = (key: string, value: unknown, more: Partial<PutRecordInput> = {}): PutRecordInput => ({ ...ref, key, value, ...more })
  const deletion = (key: string, more: Partial<DeleteRecordInput> = {}): DeleteRecordInput => ({ ...ref, key, ...more })
  const page = async (more: Partial<CollectionsRecordsQueryVariables> = {}) => (await caller.run(readRecords, { ...ref, ...more })).records
  return {
    ref,
    input,
    put: async (...given: Parameters<typeof input>) => (await caller.run(putRecord, { input: input(...given) })).putRecord,
    putRefusal: (...given: Parameters<typeof input>) => refusalOf(caller.ask(putRecord, { input: input(...given) })),
    putAll: async (items: readonly PutRecordInput[], idempotencyKey?: string) =>
      (await caller.run(putRecords, { input: { items: [...items], ...(idempotencyKey && { idempotencyKey }) } })).putRecords.results,
    putAllRefusal: (items: readonly PutRecordInput[]) => refusalOf(caller.ask(putRecords, { input: { items: [...items] } })),
    remove: async (...given: Parameters<typeof deletion>) => (await caller.run(deleteRecord, { input: deletion(...given) })).deleteRecord,
    removeRefusal: (...given: Parameters<typeof deletion>) => refusalOf(caller.ask(deleteRecord, { input: deletion(...given) })),
    get: async (key: string) => (await caller.run(readRecord, { ...ref, key })).record ?? null,
    page,
    pageRefusal: (more: Partial<CollectionsRecordsQueryVariables> = {}) => refusalOf(caller.ask(readRecords, { ...ref, ...more })),
    /** All records there are, page by page. */
    async all(more: Partial<CollectionsRecordsQueryVariables> = {}): Promise<Stored[]> {
      const found: Stored[] = []
      for (let after: string | null = null; ; ) {
        const { nodes, pageInfo } = await page({ ...more, after })
        found.push(...nodes)
        if (!pageInfo.hasNextPage) return found
        after = pageInfo.endCursor ?? null
      }
    },
    follow: (wsUrl: string, after: string | null = null): Promise<Reader<Item>> =>
      followFeed(wsUrl, caller.accessToken, recordChanges, { ...ref, after }, data => data.recordChanges),
    /** The collection as its list shows it. */
    listed: async () =>
      (await caller.run(readCollections, {})).collections.find(({ name, owner: { id } }) => name === collection && (!owner || id === owner)),
  }
}

export const changesOf = (items: readonly Item[]): ItemOf<'RecordChange'>[] => items.filter(item => item.__typename === 'RecordChange')

/** Operation, key, value and version of each change. */
export const shortOf = (items: readonly Item[]) =>
  changesOf(items).map(({ operation, record }) => [operation, record.key, record.value, record.version])

/** What a reader who puts one change over the other ends with. */
export const foldOf = (items: readonly Item[]): Map<string, Stored> => new Map(changesOf(items).map(({ record }) => [record.key, record]))
