import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { Client } from 'graphql-ws'
import { expect } from 'vitest'
import { type Answer, ask, connect, createDocument, type Person, signUp } from '../harness/people.ts'
import { until } from '../harness/wait.ts'

interface Item {
  readonly __typename: string
  readonly cursor: string
  readonly writes?: readonly { readonly path: string; readonly value: unknown; readonly deleted: boolean }[]
}

export interface LoadOptions {
  /** Where a new connection of the client with this number goes. */
  readonly urlOf: (client: number) => string
  readonly clients: number
  readonly documents: number
  /** Pushes that one client has under way at once. */
  readonly underWay: number
  /** Pushes of all clients together, as far as `release` lets them; without it they go on until `finish`. */
  readonly pushes?: number
}

/** Clients that push to documents and follow them, and keep an account of what they were told. */
export interface Load extends AsyncDisposable {
  readonly person: Person
  readonly documents: readonly string[]
  readonly acknowledged: number
  /** What went wrong on the way and was tried again, by code. */
  readonly troubles: ReadonlyMap<string, number>
  readonly closeCodes: readonly number[]
  /** Lets the clients go on until they have sent so many pushes in all. */
  release(total: number): void
  /** Waits for so many more acknowledgements. */
  more(count: number, timeoutMs?: number): Promise<void>
  /** Waits until each client was told that something of its own is done: they are all connected. */
  everybody(): Promise<void>
  /** Ends the pushing and holds everything against the log, as the server at `url` shows it. */
  finish(url: string): Promise<{ readonly changes: number }>
}

const pushDelta = 'mutation ($input: PushDeltaInput!) { pushDelta(input: $input) { applied delta { cursor } } }'
const changesFeed = `subscription ($id: ID!, $after: Cursor) { documentChanges(documentId: $id, after: $after) {
  __typename cursor ... on DocumentDelta { writes { path value deleted } } } }`

/** Refusals that say nothing about the push itself: it is sent again, with its key. */
const passing: ReadonlySet<string> = new Set(['INTERNAL_SERVER_ERROR', 'SHUTTING_DOWN'])

export async function startLoad({ urlOf, clients, documents: documentCount, underWay, pushes }: LoadOptions): Promise<Load> {
  const home = urlOf(0).replace(/^ws/, 'http')
  const person = await signUp(home)
  const documents: string[] = []
  for (let count = 0; count < documentCount; count++) documents.push(await createDocument(home, person))
  const connections = Array.from({ length: clients }, (_, number) => connect(() => urlOf(number), person))
  /** Value → cursor that the acknowledgement named, for each document. */
  const acknowledged = new Map(documents.map(id => [id, new Map<string, string>()]))
  const troubles = new Map<string, number>()
  const note = (trouble: string) => troubles.set(trouble, (troubles.get(trouble) ?? 0) + 1)
  let started = 0
  let done = 0
  const doneBy = new Map<string, number>()
  let isStopping = false
  let released = pushes === undefined ? Number.POSITIVE_INFINITY : 0
  let proceed = Promise.withResolvers<void>()

  const followers = connections.map(({ client }, number) => follow(client, documents[number % documentCount] as string, note))
  await until('the feeds', () => followers.every(follower => follower.isReady()), 30_000)
  const pushing = connections.map(({ client }, number) => pushAll(client, `client-${number}`))
  const failure = Promise.all(pushing).then(() => undefined)
  failure.catch(() => undefined)

  async function pushAll(client: Client, clientId: string): Promise<void> {
    let counter = 0
    const worker = async () => {
      while (!isStopping && started !== pushes) {
        if (started >= released) {
          await proceed.promise
          continue
        }
        started += 1
        counter += 1
        await pushOne(client, clientId, counter, documents[counter % documentCount] as string)
      }
    }
    await Promise.all(Array.from({ length: underWay }, worker))
  }

  async function pushOne(client: Client, clientId: string, counter: number, documentId: string): Promise<void> {
    const value = `${clientId} ${counter}`
    // One path that nobody else writes, so that every push enters the log, and one that all of them fight for.
    const writes = [`${clientId}/${counter}`, 'contended'].map(path => ({ path, value }))
    const input = { documentId, clientId, clock: { [clientId]: counter }, writes, idempotencyKey: randomUUID() }
    for (;;) {
      const { data, errors } = await over<{ pushDelta: { applied: boolean; delta: { cursor: string } } }>(client, pushDelta, { input })
      if (data?.pushDelta) {
        expect(data.pushDelta.applied).toBe(true)
        acknowledged.get(documentId)?.set(value, data.pushDelta.delta.cursor)
        done += 1
        doneBy.set(clientId, (doneBy.get(clientId) ?? 0) + 1)
        return
      }
      const code = String(errors?.[0]?.extensions?.['code'])
      note(`push ${code}`)
      if (!passing.has(code)) throw new Error(`A push was refused: ${JSON.stringify(errors)}`)
      await delay(30 + Math.random() * 50)
    }
  }

  const load: Load = {
    person,
    documents,
    get acknowledged() {
      return done
    },
    troubles,
    get closeCodes() {
      return connections.flatMap(({ closeCodes }) => closeCodes)
    },
    release(total) {
      released = total
      proceed.resolve()
      proceed = Promise.withResolvers()
    },
    async more(count, timeoutMs = 60_000) {
      const target = done + count
      await Promise.race([until(`${target} acknowledged pushes`, () => done >= target, timeoutMs), failure.then(() => new Promise(() => {}))])
    },
    async everybody() {
      const before = new Map(doneBy)
      const isThere = (_: unknown, number: number) => (doneBy.get(`client-${number}`) ?? 0) > (before.get(`client-${number}`) ?? 0)
      await Promise.race([until('all clients to get on', () => connections.every(isThere), 60_000), failure.then(() => new Promise(() => {}))])
    },
    async finish(url) {
      if (pushes === undefined) isStopping = true
      else load.release(pushes)
      await failure
      let changes = 0
      for (const documentId of documents) {
        const log = await readLog(url, person, documentId)
        changes += log.length
        const byValue = new Map(
          log.flatMap(({ writes, cursor }) => writes?.filter(({ path }) => path !== 'contended').map(({ value }) => [value, cursor]) ?? []),
        )
        expect(byValue.size, 'no push is in the log twice').toBe(log.length)
        expect(byValue, 'the log holds what was acknowledged, in the place that was told').toEqual(acknowledged.get(documentId))
        expect(await readFields(url, person, documentId), 'the fields are what the log amounts to').toEqual(replay(log))
        for (const follower of followers.filter(({ documentId: followed }) => followed === documentId)) {
          await until('a follower', () => follower.cursors.length >= log.length, 15_000).catch(() => undefined)
          expect(follower.cursors, 'a follower saw every change once, in order').toEqual(log.map(({ cursor }) => cursor))
          expect(follower.faults).toEqual([])
        }
      }
      return { changes }
    },
    async [Symbol.asyncDispose]() {
      isStopping = true
      proceed.resolve()
      for (const follower of followers) follower.stop()
      await Promise.all(connections.map(connection => connection[Symbol.asyncDispose]()))
    },
  }
  return load
}

function over<T>(client: Client, query: string, variables: Record<string, unknown>): Promise<Answer<T>> {
  return new Promise((resolve, reject) => {
    client.subscribe<T>(
      { query, variables },
      {
        next: answer => resolve(answer as Answer<T>),
        error: error => (Array.isArray(error) ? resolve({ errors: error }) : reject(error)),
        complete: () => {},
      },
    )
  })
}

/** Follows a document as an application does: each connection goes on behind the last change that was handled. */
function follow(client: Client, documentId: string, note: (trouble: string) => void) {
  const variables: { id: string; after?: string } = { id: documentId }
  const cursors: string[] = []
  const faults: string[] = []
  let isReady = false
  let isOver = false
  let leave = () => {}

  function open(): void {
    if (isOver) return
    const again = (why: string) => {
      note(`feed ${why}`)
      setTimeout(open, 30)
    }
    leave = client.subscribe<{ documentChanges: Item }>(
      { query: changesFeed, variables },
      {
        next({ data, errors }) {
          if (!data) {
            faults.push(JSON.stringify(errors))
            return
          }
          const { __typename: type, cursor } = data.documentChanges
          if (type === 'FeedReady') {
            if (isReady && cursor !== variables.after) faults.push('FeedReady stands elsewhere')
            isReady = true
          } else cursors.push(cursor)
          variables.after = cursor
        },
        error: error => again(Array.isArray(error) ? String(error[0]?.extensions?.code) : 'lost'),
        complete: () => isOver || again('completed'),
      },
    )
  }
  open()
  return {
    documentId,
    cursors,
    faults,
    isReady: () => isReady,
    stop() {
      isOver = true
      leave()
    },
  }
}

async function readLog(url: string, person: Person, documentId: string): Promise<Item[]> {
  const query = `query ($id: ID!, $after: Cursor) { document(id: $id) { changes(after: $after, first: 500) {
    nodes { __typename cursor writes { path value deleted } } pageInfo { hasNextPage } } } }`
  const log: Item[] = []
  for (;;) {
    const after = log.at(-1)?.cursor
    type Page = { document: { changes: { nodes: Item[]; pageInfo: { hasNextPage: boolean } } } }
    const { changes } = (await ask<Page>(url, person, query, { id: documentId, ...(after && { after }) })).document
    log.push(...changes.nodes)
    if (!changes.pageInfo.hasNextPage) return log
  }
}

async function readFields(url: string, person: Person, documentId: string): Promise<unknown> {
  return (await ask<{ document: { fields: unknown } }>(url, person, 'query ($id: ID!) { document(id: $id) { fields } }', { id: documentId })).document
    .fields
}

function replay(log: readonly Item[]): Record<string, unknown> {
  const fields = new Map<string, unknown>()
  for (const { writes } of log) {
    for (const { path, value, deleted } of writes ?? []) {
      if (deleted) fields.delete(path)
      else fields.set(path, value)
    }
  }
  return Object.fromEntries(fields)
}
