import { setTimeout as delay } from 'node:timers/promises'
import { type Client, createClient } from 'graphql-ws'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { type Environment, environmentOf } from '../harness/modes.ts'
import { type Server, startServer } from '../harness/server.ts'
import { until } from '../harness/wait.ts'

interface Person {
  readonly token: string
  readonly id: string
}

interface Heard {
  readonly clientId: string
  readonly user: { readonly id: string }
  readonly state: unknown
  readonly clock: number
}

type Answer = { readonly data?: Record<string, never> | null; readonly errors?: readonly { readonly extensions: Record<string, unknown> }[] }

const setAwareness = `mutation ($input: SetAwarenessInput!) { setAwareness(input: $input) { awareness { clientId user { id } state clock } } }`
const awarenessFeed = `subscription ($id: ID!) { awareness(documentId: $id) { clientId user { id } state clock } }`
const whoIsThere = `query ($id: ID!) { document(id: $id) { awareness { clientId user { id } state clock } } }`
const setAccess = `mutation ($input: SetAccessInput!) { setAccess(input: $input) { member { access } } }`
const removeAccess = `mutation ($input: RemoveAccessInput!) { removeAccess(input: $input) { removedUserId } }`

let people = 0

describe.each(['embedded', 'postgres+redis'] as const)('awareness, %s', { concurrent: false }, mode => {
  let environment: Environment
  let one: Server
  let other: Server
  const clients = new Set<Client>()

  beforeAll(async () => {
    environment = await environmentOf(mode)
    one = await startServer(environment.env)
    other = mode === 'postgres+redis' ? await startServer(environment.env) : one
  })
  afterAll(async () => {
    for (const client of clients) await client.dispose()
    await one?.kill()
    await other?.kill()
    await environment?.[Symbol.asyncDispose]()
  })

  async function post(server: Server, person: Person | null, query: string, variables: object): Promise<Answer> {
    const response = await fetch(server.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(person && { authorization: `Bearer ${person.token}` }) },
      body: JSON.stringify({ query, variables }),
    })
    return (await response.json()) as Answer
  }

  async function ask<T>(server: Server, person: Person | null, query: string, variables: object): Promise<T> {
    const { data, errors } = await post(server, person, query, variables)
    if (errors) throw new Error(JSON.stringify(errors))
    return data as T
  }

  const codeOf = async (answer: Promise<Answer>) => (await answer).errors?.[0]?.extensions['code']

  async function signUp(): Promise<Person> {
    const input = { email: `person${people++}.${mode.length}@example.org`, password: 'correct horse battery' }
    const { register } = await ask<{ register: { accessToken: string; user: { id: string } } }>(
      one,
      null,
      'mutation ($input: RegisterInput!) { register(input: $input) { accessToken user { id } } }',
      { input },
    )
    return { token: register.accessToken, id: register.user.id }
  }

  /** A document, and two who may be in it. */
  async function start() {
    const [ann, bob] = await Promise.all([signUp(), signUp()])
    const made = await ask<{ createDocument: { document: { id: string } } }>(
      one,
      ann,
      'mutation ($input: CreateDocumentInput!) { createDocument(input: $input) { document { id } } }',
      { input: { name: 'plan' } },
    )
    const documentId = made.createDocument.document.id
    await ask(one, ann, setAccess, { input: { resourceId: documentId, userId: bob.id, access: 'READ' } })
    return { ann, bob, documentId }
  }

  function connect(server: Server, person: Person): Client {
    const client = createClient({
      url: server.wsUrl,
      webSocketImpl: WebSocket,
      retryAttempts: 0,
      lazyCloseTimeout: 60_000,
      connectionParams: { token: person.token },
    })
    clients.add(client)
    return client
  }

  function over(client: Client, query: string, variables: Record<string, unknown>): Promise<Answer> {
    return new Promise((resolve, reject) => {
      client.subscribe<Record<string, never>>({ query, variables }, { next: answer => resolve(answer as Answer), error: reject, complete: () => {} })
    })
  }

  /** Resolves once the subscription has heard of somebody who was there before. */
  async function follow(client: Client, documentId: string) {
    const heard: Heard[] = []
    const end = Promise.withResolvers<unknown>()
    client.subscribe<{ awareness: Heard }>(
      { query: awarenessFeed, variables: { id: documentId } },
      {
        next: ({ data, errors }) => {
          if (data) heard.push(data.awareness)
          if (errors) end.resolve(errors[0]?.extensions?.['code'])
        },
        error: error => end.resolve(Array.isArray(error) ? error[0]?.extensions?.code : error),
        complete: () => end.resolve('complete'),
      },
    )
    await until('somebody who was there', () => heard.length > 0)
    return { heard, ended: end.promise }
  }

  const inputOf = (documentId: string, clientId: string, state: unknown, clock: number) => ({ input: { documentId, clientId, state, clock } })

  test('a subscriber gets who is there, then each change, its own included, and null for who leaves', async () => {
    const { ann, bob, documentId } = await start()
    await ask(one, ann, setAwareness, inputOf(documentId, 'laptop', { line: 1 }, 1))
    const socket = connect(other, bob)
    const { heard } = await follow(socket, documentId)
    await over(socket, setAwareness, inputOf(documentId, 'phone', { line: 7 }, 0))
    await until('the own state', () => heard.length === 2)
    await ask(one, ann, setAwareness, inputOf(documentId, 'laptop', null, 2))
    await until('the removal', () => heard.length === 3)
    expect(heard).toEqual([
      { clientId: 'laptop', user: { id: ann.id }, state: { line: 1 }, clock: 1 },
      { clientId: 'phone', user: { id: bob.id }, state: { line: 7 }, clock: 0 },
      { clientId: 'laptop', user: { id: ann.id }, state: null, clock: 2 },
    ])
    const { document } = await ask<{ document: { awareness: Heard[] } }>(one, ann, whoIsThere, { id: documentId })
    expect(document.awareness).toEqual([heard[1]])
  })

  test('an older clock changes nothing and is told what holds', async () => {
    const { ann, documentId } = await start()
    await ask(one, ann, setAwareness, inputOf(documentId, 'laptop', 'new', 5))
    const late = await ask<object>(other, ann, setAwareness, inputOf(documentId, 'laptop', 'old', 4))
    expect(late).toMatchObject({ setAwareness: { awareness: { state: 'new', clock: 5 } } })
  })

  test('neither two users with one client id nor two devices of one user overwrite each other', async () => {
    const { ann, bob, documentId } = await start()
    await ask(one, ann, setAwareness, inputOf(documentId, 'laptop', 'a', 1))
    await ask(other, bob, setAwareness, inputOf(documentId, 'laptop', 'b', 9))
    await ask(other, ann, setAwareness, inputOf(documentId, 'phone', 'c', 1))
    const { document } = await ask<{ document: { awareness: Heard[] } }>(one, ann, whoIsThere, { id: documentId })
    expect(document.awareness.map(({ user, clientId, state }) => [user.id, clientId, state]).sort()).toEqual(
      [
        [ann.id, 'laptop', 'a'],
        [ann.id, 'phone', 'c'],
        [bob.id, 'laptop', 'b'],
      ].sort(),
    )
  })

  test('who disconnects is gone at once, without a word', async () => {
    const { ann, bob, documentId } = await start()
    const bobs = connect(other, bob)
    await over(bobs, setAwareness, inputOf(documentId, 'laptop', 'here', 1))
    const { heard } = await follow(connect(one, ann), documentId)
    const leftAt = performance.now()
    bobs.terminate()
    await until('the removal', () => heard.length === 2)
    expect(performance.now() - leftAt).toBeLessThan(1_000)
    expect(heard[1]).toEqual({ clientId: 'laptop', user: { id: bob.id }, state: null, clock: 1 })
  })

  test('losing access ends the subscription with FORBIDDEN, and takes the member out of the document', async () => {
    const { ann, bob, documentId } = await start()
    const bobs = connect(other, bob)
    await over(bobs, setAwareness, inputOf(documentId, 'laptop', 'here', 1))
    const [annHears, bobHears] = await Promise.all([follow(connect(one, ann), documentId), follow(bobs, documentId)])
    const removedAt = performance.now()
    await ask(one, ann, removeAccess, { input: { resourceId: documentId, userId: bob.id } })
    expect(await bobHears.ended).toBe('FORBIDDEN')
    await until('the removal', () => annHears.heard.at(-1)?.state === null)
    expect(performance.now() - removedAt).toBeLessThan(1_000)
    await ask(one, ann, setAwareness, inputOf(documentId, 'laptop', 'after', 1))
    await until('what came after', () => annHears.heard.at(-1)?.state === 'after')
    expect(bobHears.heard.map(({ state }) => state)).not.toContain('after')
    expect(await codeOf(over(bobs, setAwareness, inputOf(documentId, 'laptop', 'back', 2)))).toBe('NOT_FOUND')
  })

  test('strangers neither see nor say anything', async () => {
    const { documentId } = await start()
    const eve = await signUp()
    expect(await codeOf(post(one, eve, setAwareness, inputOf(documentId, 'laptop', 'x', 1)))).toBe('NOT_FOUND')
    expect(await codeOf(over(connect(one, eve), awarenessFeed, { id: documentId }))).toBe('NOT_FOUND')
    expect(await codeOf(post(one, null, setAwareness, inputOf(documentId, 'laptop', 'x', 1)))).toBe('UNAUTHENTICATED')
  })

  test('what is too large, no JSON to keep, or out of range is refused and named', async () => {
    const { ann, documentId } = await start()
    const refusal = async (clientId: string, state: unknown, clock: number) => {
      const { errors } = await post(one, ann, setAwareness, inputOf(documentId, clientId, state, clock))
      return [errors?.[0]?.extensions['code'], errors?.[0]?.extensions['field']]
    }
    expect(await refusal('laptop', 'x'.repeat(16 * 1024 - 1), 1)).toEqual(['PAYLOAD_TOO_LARGE', 'input.state'])
    expect(await refusal('laptop', '€'.repeat(6 * 1024), 1)).toEqual(['PAYLOAD_TOO_LARGE', 'input.state'])
    expect(await refusal('laptop', 'a\0b', 1)).toEqual(['BAD_USER_INPUT', 'input.state'])
    expect(await refusal('', 'x', 1)).toEqual(['BAD_USER_INPUT', 'input.clientId'])
    expect(await refusal('x'.repeat(129), 'x', 1)).toEqual(['BAD_USER_INPUT', 'input.clientId'])
    expect(await refusal('laptop', 'x', -1)).toEqual(['BAD_USER_INPUT', 'input.clock'])
    expect(await refusal('laptop', 'x'.repeat(16 * 1024 - 2), 1)).toEqual([undefined, undefined])
  })

  test('a subscription that is stopped leaves nothing running, and the next one works', async () => {
    const { ann, documentId } = await start()
    await ask(one, ann, setAwareness, inputOf(documentId, 'laptop', 'here', 1))
    const client = connect(other, ann)
    for (let round = 0; round < 5; round++) {
      const iterator = client.iterate<{ awareness: Heard }>({ query: awarenessFeed, variables: { id: documentId } })
      expect((await iterator.next()).value?.data?.awareness.state).toBe('here')
      await iterator.return?.()
    }
    await delay(50)
    const { heard } = await follow(client, documentId)
    expect(heard[0]?.state).toBe('here')
  })
})
