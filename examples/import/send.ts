import { createHash } from 'node:crypto'
import { RefusedError } from './api.ts'
import type { Item, Kind } from './convert.ts'
import type { People, Person } from './people.ts'
import type { Refusals } from './refusals.ts'
import type { Counts } from './state.ts'

/** An item on its way, and the row it was. */
export interface Entry {
  readonly item: Item
  readonly file: string
  readonly row: number
  /** Of the input as JSON. */
  readonly bytes: number
}

const queries: Readonly<Record<Kind, string>> = {
  record: 'mutation ImportRecords($input: PutRecordsInput!) { answer: putRecords(input: $input) { results { applied } } }',
  folder: 'mutation ImportFolders($input: ImportNotebookInput!) { answer: importNotebook(input: $input) { skippedIds } }',
  note: 'mutation ImportNotes($input: ImportNotebookInput!) { answer: importNotebook(input: $input) { skippedIds } }',
}
const listOf: Readonly<Record<Kind, string>> = { record: 'items', folder: 'folders', note: 'notes' }
const mostItems: Readonly<Record<Kind, number>> = { record: 2_000, folder: 1_000, note: 1_000 }
/** What one call writes to. */
const mostCollections = 100
/** Of a message, for what is around the items. */
const spareBytes = 4 * 1024

/** Divides what is one user's and of one kind, in its order, into what one message holds. */
function* inBatches(entries: readonly Entry[], maxBytes: number): Generator<readonly Entry[]> {
  let batch: Entry[] = []
  let bytes = spareBytes
  let collections = new Set<unknown>()
  for (const entry of entries) {
    const { kind, input } = entry.item
    const isNewCollection = kind === 'record' && !collections.has(input['collection'])
    if (batch.length === mostItems[kind] || bytes + entry.bytes + 1 > maxBytes || (isNewCollection && collections.size === mostCollections)) {
      if (batch.length > 0) yield batch
      batch = []
      bytes = spareBytes
      collections = new Set()
    }
    batch.push(entry)
    bytes += entry.bytes + 1
    if (kind === 'record') collections.add(input['collection'])
  }
  if (batch.length > 0) yield batch
}

/** Sends one batch. What the server names as bad is taken out, and the rest goes again; it is all or nothing each time. */
async function send(person: Person, batch: readonly Entry[], counts: Counts, refusals: Refusals): Promise<void> {
  let rest = batch
  for (let first = rest[0]; first; first = rest[0]) {
    const { kind } = first.item
    const input = { [listOf[kind]]: rest.map(entry => entry.item.input) }
    // The same items get the same key, whichever run they are sent by.
    const idempotencyKey = createHash('sha256').update(JSON.stringify(input)).digest('base64url')
    try {
      const { answer } = await person.ask<{ answer: { results?: { applied: boolean }[]; skippedIds?: string[] } }>(queries[kind], {
        input: { ...input, idempotencyKey },
      })
      const passedBy = kind === 'record' ? (answer.results ?? []).filter(result => !result.applied).length : (answer.skippedIds ?? []).length
      counts[kind].imported += rest.length - passedBy
      counts[kind].skipped += passedBy
      return
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error
      const { code, field, message } = error
      const index = /^input\.(?:items|folders|notes)\.(\d+)(?:\.|$)/.exec(field)?.[1]
      const bad = index === undefined ? undefined : rest[Number(index)]
      if (bad) {
        refusals.add(bad, bad.item, code, `${field.split('.').slice(3).join('.') || 'it'}: ${message}`)
        rest = rest.filter(entry => entry !== bad)
      } else if (code === 'PAYLOAD_TOO_LARGE' && rest.length > 1) {
        const middle = Math.ceil(rest.length / 2)
        await send(person, rest.slice(0, middle), counts, refusals)
        rest = rest.slice(middle)
      } else {
        for (const entry of rest) refusals.add(entry, entry.item, code, message)
        return
      }
    }
  }
}

/** Calls under way at once. */
const width = 4

export interface Delivery {
  readonly people: People
  readonly counts: Counts
  readonly refusals: Refusals
  readonly maxMessageBytes: number
}

/** One after the other for each user and kind, since folders stand on folders and later records on earlier ones. */
export async function sendAll(entries: readonly Entry[], { people, counts, refusals, maxMessageBytes }: Delivery): Promise<void> {
  const chains = [...Map.groupBy(entries, ({ item }) => `${item.kind} ${item.userId}`).values()]
  async function sendChain(chain: readonly Entry[]): Promise<void> {
    const { astray = [], sent = [] } = Object.groupBy(chain, ({ item }) => (refusals.isAstray(item) ? 'astray' : 'sent'))
    for (const entry of astray) refusals.add(entry, entry.item, 'NOT_FOUND', 'The folder it is in was refused, or is nowhere.')
    const person = await people.of(chain[0]?.item.userId ?? '').catch((error: unknown) => {
      if (!(error instanceof RefusedError)) throw error
      for (const entry of sent) refusals.add(entry, entry.item, error.code, error.message)
      return null
    })
    if (person) for (const batch of inBatches(sent, maxMessageBytes)) await send(person, batch, counts, refusals)
  }
  await Promise.all(
    Array.from({ length: width }, async () => {
      for (let chain = chains.shift(); chain; chain = chains.shift()) await sendChain(chain)
    }),
  )
}
