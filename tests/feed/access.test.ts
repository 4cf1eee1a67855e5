import type { Client } from 'graphql-ws'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { environmentOf } from '../harness/modes.ts'
import { ask, connect, createDocument, type Person, signUp } from '../harness/people.ts'
import type { Service } from '../harness/postgres.ts'
import { startRedis } from '../harness/redis.ts'
import { type Server, startServer } from '../harness/server.ts'
import { until } from '../harness/wait.ts'

const healIntervalMs = 1_000
const setAccess = 'mutation ($input: SetAccessInput!) { setAccess(input: $input) { member { access } } }'
const removeAccess = 'mutation ($input: RemoveAccessInput!) { removeAccess(input: $input) { removedUserId } }'
const pushDelta = 'mutation ($input: PushDeltaInput!) { pushDelta(input: $input) { applied delta { cursor } } }'
const documentChanges = `subscription ($id: ID!, $after: Cursor) { documentChanges(documentId: $id, after: $after) {
  __typename cursor ... on DocumentDelta { author { id email } writes { path } } } }`

interface Item {
  readonly __typename: string
  readonly cursor: string
  readonly author?: { readonly id: string; readonly email: string | null }
  readonly writes?: readonly { readonly path: string }[]
}

describe('access that ends on one node', () => {
  const stack = new AsyncDisposableStack()
  let redis: Service
  let one: Server
  let other: Server

  beforeAll(async () => {
    redis = stack.use(await startRedis())
    const { env } = stack.use(await environmentOf('postgres'))
    const both = { ...env, REDIS_URL: redis.url, HEAL_INTERVAL_MS: String(healIntervalMs) }
    one = await startServer(both)
    other = await startServer(both)
  })
  afterAll(async () => {
    await one?.kill()
    await other?.kill()
    await stack.disposeAsync()
  })

  let pushes = 0
  const push = (server: Server, person: Person, documentId: string) => {
    pushes += 1
    const input = { documentId, clientId: person.id, clock: { [person.id]: pushes }, writes: [{ path: `path ${pushes}`, value: pushes }] }
    return ask<{ pushDelta: { delta: { cursor: string } } }>(server.url, person, pushDelta, { input })
  }

  /** Ann's document, which Bob may read; Bob follows it on the other node, over a socket that does not come back. */
  async function start() {
    const [ann, bob] = [await signUp(one.url), await signUp(one.url)]
    const documentId = await createDocument(one.url, ann)
    await ask(one.url, ann, setAccess, { input: { resourceId: documentId, userId: bob.id, access: 'READ' } })
    const socket = stack.use(connect(() => other.wsUrl, bob, { retryAttempts: 0 }))
    const feed = await follow(socket.client, documentId)
    await push(one, ann, documentId)
    await until('the first push', () => feed.items.length === 2)
    return { ann, bob, documentId, socket, feed }
  }

  async function follow(client: Client, documentId: string, after?: string) {
    const items: Item[] = []
    let ended: unknown
    client.subscribe<{ documentChanges: Item }>(
      { query: documentChanges, variables: { id: documentId, ...(after && { after }) } },
      {
        next: ({ data }) => data && items.push(data.documentChanges),
        error(error) {
          ended = Array.isArray(error) ? error[0]?.extensions?.code : 'socket'
        },
        complete() {
          ended ??= 'complete'
        },
      },
    )
    await until('FeedReady, or the end', () => items.length > 0 || ended)
    if (items.length === 0) throw new Error(`The feed did not open: ${ended}`)
    return { items, ended: () => ended }
  }

  const ways: readonly [string, string, (bob: Person, documentId: string, ann: Person) => Promise<unknown>, 'FORBIDDEN' | 'socket'][] = [
    [
      'a member who is removed',
      'loses the feed of that document',
      (bob, documentId, ann) => ask(one.url, ann, removeAccess, { input: { resourceId: documentId, userId: bob.id } }),
      'FORBIDDEN',
    ],
    ['who logs out', 'loses the socket', bob => ask(one.url, bob, 'mutation { logout(input: {}) { endedSessions } }', {}), 'socket'],
    [
      'who ends the session',
      'loses the socket',
      async bob => {
        const { sessions } = await ask<{ sessions: { id: string }[] }>(one.url, bob, '{ sessions { id } }', {})
        await ask(one.url, bob, 'mutation ($input: RevokeSessionInput!) { revokeSession(input: $input) { revokedId } }', {
          input: { id: sessions[0]?.id },
        })
      },
      'socket',
    ],
  ]

  test.each(ways)('%s %s on the other node', async (_, __, take, end) => {
    const { ann, bob, documentId, socket, feed } = await start()
    await take(bob, documentId, ann)
    await until('the end', () => feed.ended())
    expect(feed.ended()).toBe(end)
    expect(socket.closeCodes).toEqual(end === 'socket' ? [4403] : [])
    await push(one, ann, documentId)
    await push(other, ann, documentId)
    await using again = connect(() => other.wsUrl, bob, { retryAttempts: 0 })
    await expect(follow(again.client, documentId)).rejects.toThrow('did not open')
    expect(feed.items).toHaveLength(2)
  })

  test.each(ways)('%s %s on the other node while Redis is away', async (_, __, take, end) => {
    const { ann, bob, documentId, feed } = await start()
    await redis.stop()
    try {
      await take(bob, documentId, ann)
      await until('the end', () => feed.ended())
      expect(feed.ended()).toBe(end)
    } finally {
      await redis.restart()
      await Promise.all([one.waitForReady(), other.waitForReady()])
    }
  })

  test('the feeds of others, and other feeds of the same user, go on', async () => {
    const { ann, bob, documentId, socket, feed } = await start()
    const bobsOwn = await createDocument(one.url, bob)
    const own = await follow(socket.client, bobsOwn)
    const anns = stack.use(connect(() => other.wsUrl, ann))
    const annsFeed = await follow(anns.client, documentId)
    await ask(one.url, ann, removeAccess, { input: { resourceId: documentId, userId: bob.id } })
    await until('the end', () => feed.ended())
    await push(one, bob, bobsOwn)
    await push(one, ann, documentId)
    await until('what comes after', () => own.items.length === 2 && annsFeed.items.length === 2)
  })

  test('a field that depends on who reads is answered for each reader', async () => {
    const [ann, bob, carl] = [await signUp(one.url), await signUp(one.url), await signUp(one.url)]
    const [shared, ofAnnAndCarl] = [await createDocument(one.url, ann), await createDocument(one.url, ann)]
    for (const { id } of [bob, carl]) await ask(one.url, ann, setAccess, { input: { resourceId: shared, userId: id, access: 'WRITE' } })
    await ask(one.url, ann, setAccess, { input: { resourceId: ofAnnAndCarl, userId: carl.id, access: 'READ' } })
    const { pushDelta: first } = await push(one, ann, shared)
    await push(one, carl, shared)
    await ask(one.url, ann, removeAccess, { input: { resourceId: shared, userId: carl.id } })
    const emails = await Promise.all(
      [ann, bob].map(async reader => {
        const socket = stack.use(connect(() => other.wsUrl, reader))
        const { items } = await follow(socket.client, shared, first.delta.cursor)
        await until('Carl’s push', () => items.length === 2)
        expect(items[1]?.author?.id).toBe(carl.id)
        return items[1]?.author?.email
      }),
    )
    expect(emails).toEqual([expect.stringContaining('@example.org'), null])
  })
})
