import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type App, createApp } from '../../src/app.ts'
import { loadConfig } from '../../src/config.ts'
import { createLogger } from '../../src/platform/logger.ts'
import { type Person, signUp } from '../harness/client.ts'
import { environmentOf } from '../harness/modes.ts'
import { createDocument, pushDelta } from '../harness/operations.ts'
import { listenToStatements } from '../harness/statements.ts'
import { crowdOf } from './crowd.ts'
import { openSocket } from './raw-socket.ts'

/** As many as one address may have. */
const sockets = 1_000
const documents = 20

interface Followed {
  readonly cursor?: string
  readonly writes?: readonly { readonly value: number }[]
}

const query = `subscription ($id: ID!, $after: Cursor) {
  documentChanges(documentId: $id, after: $after) { ... on FeedReady { cursor } ... on DocumentDelta { writes { value } } }
}`

describe('a thousand sockets of a thousand users that come back at once', () => {
  const statements = listenToStatements()
  const stack = new AsyncDisposableStack()
  let app: App
  let owner: Person
  let tokens: readonly string[]
  const starts: { readonly id: string; readonly after: string }[] = []

  beforeAll(async () => {
    const { env } = stack.use(await environmentOf('postgres+redis'))
    const config = loadConfig(env)
    app = stack.use(await createApp(config, createLogger('silent')))
    owner = await signUp(app.url)
    for (let count = 0; count < documents; count++) {
      const { createDocument: made } = await owner.run(createDocument, { input: {} })
      starts.push({ id: made.document.id, after: made.document.cursor })
    }
    tokens = await crowdOf(
      config,
      sockets,
      starts.map(({ id }) => id),
    )
    await push(1)
    await push(2)
  })
  afterAll(() => stack.disposeAsync())

  const push = (value: number) =>
    Promise.all(
      starts.map(({ id }) =>
        owner.run(pushDelta, { input: { documentId: id, clientId: 'writer', clock: { writer: value }, writes: [{ path: 'count', value }] } }),
      ),
    )

  async function open() {
    const socket = stack.adopt(await openSocket(app.url.replace('http', 'ws')), ({ socket }) => socket.terminate())
    const ended = socket.closed.then(end => Promise.reject(new Error(JSON.stringify(end))))
    ended.catch(() => undefined)
    return { ...socket, next: () => Promise.race([ended, socket.next()]) }
  }

  /** What one of them gets until it has the third change. */
  async function follow(socket: Awaited<ReturnType<typeof open>>, index: number): Promise<readonly (number | undefined)[]> {
    const { id, after } = starts[index % documents] ?? { id: '', after: '' }
    socket.send({ id: 'feed', type: 'subscribe', payload: { query, variables: { id, after } } })
    const values: (number | undefined)[] = []
    while (values.at(-1) !== 3) {
      const frame = await socket.next()
      expect(frame, JSON.stringify(frame)).toMatchObject({ type: 'next', payload: { data: {} } })
      const { documentChanges } = (frame.payload as { data: { documentChanges: Followed } }).data
      values.push(documentChanges.writes?.[0]?.value)
    }
    return values
  }

  test('go on where they were, nobody refused and nothing lost, and ask the database together', async () => {
    const opened = await Promise.all(Array.from({ length: sockets }, open))
    const { statements: askedWho } = await statements.during(/\bsessions\b/, async () => {
      for (const [index, socket] of opened.entries()) socket.send({ type: 'connection_init', payload: { token: tokens[index] } })
      for (const socket of opened) expect(await socket.next()).toMatchObject({ type: 'connection_ack' })
    })
    expect(askedWho.length).toBeLessThan(sockets / 5)

    const { result: followed, statements: asked } = await statements.during(/\b(memberships|streams)\b/, async () => {
      const following = Promise.all(opened.map(follow))
      await push(3)
      return following
    })
    for (const values of followed) expect(values).toEqual([undefined, 1, 2, 3])
    expect(asked.length).toBeLessThan(sockets / 5)
  })
})
