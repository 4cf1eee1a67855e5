import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { createClient as createSocketClient, type Client as SocketClient } from 'graphql-ws'
import { WebSocket } from 'ws'
import type { Person } from './api.ts'
import { createReplica, type Replica, type Write } from './replica.ts'
import type { Edit } from './text.ts'

/** Someone who writes, with a network that comes and goes. */
export interface Client {
  readonly name: string
  readonly replica: Replica
  readonly counts: { edits: number; pushes: number; repeats: number; applied: number; superseded: number; reconnects: number }
  /** Which deltas came, in their order, each as `client:counter`. */
  readonly seen: readonly string[]
  readonly isOnline: boolean
  /** What waits to be pushed. */
  readonly waiting: number
  /** Takes effect here at once, and elsewhere when there is a network. */
  edit(edits: readonly Edit[]): void
  goOnline(): void
  /** Cut: the socket goes without a word, as in a tunnel. Otherwise it is closed. */
  goOffline(how: 'cut' | 'closed'): Promise<void>
  /** Rejects when the server refuses something for good. */
  readonly failed: Promise<never>
}

export interface ClientOptions {
  readonly name: string
  readonly url: string
  readonly person: Person
  readonly document: { readonly id: string; readonly cursor: string }
  /** How far this client's clock is off. */
  readonly clockSkewMs: number
}

interface Push {
  readonly clock: Record<string, number>
  readonly writes: readonly Write[]
  readonly idempotencyKey: string
  /** It was sent before, and the answer did not arrive. */
  wasSent: boolean
}

interface Delta {
  readonly clientId: string
  readonly clock: Record<string, number>
  readonly writes: readonly (Omit<Write, 'timestamp' | 'counter'> & { readonly timestamp: string; readonly counter: number | string })[]
}

const feed = `subscription ($id: ID!, $after: Cursor) {
  documentChanges(documentId: $id, after: $after) {
    cursor
    ... on DocumentDelta { clientId clock writes { path value deleted timestamp counter clientId } }
  }
}`
const pushDelta = 'mutation ($input: PushDeltaInput!) { pushDelta(input: $input) { applied superseded { path } } }'
const retryMs = 100
/** What passes by itself. Anything else that the server says is final. */
const passing = new Set(['SHUTTING_DOWN', 'RATE_LIMITED', 'INTERNAL_SERVER_ERROR'])

export function createClient({ name, url, person, document, clockSkewMs }: ClientOptions): Client {
  const clientId = name
  const replica = createReplica()
  const queue: Push[] = []
  const seen: string[] = []
  const clock: Record<string, number> = {}
  const counts = { edits: 0, pushes: 0, repeats: 0, applied: 0, superseded: 0, reconnects: 0 }
  const failure = Promise.withResolvers<never>()
  failure.promise.catch(() => {})
  /** The mark: up to here everything was handled. */
  let cursor = document.cursor
  let session: { readonly socket: SocketClient; cut(): void; isOver: boolean } | null = null
  let wake = () => {}

  function open() {
    let raw: WebSocket | undefined
    const socket = createSocketClient({
      url: url.replace(/^http/, 'ws'),
      webSocketImpl: WebSocket,
      connectionParams: { token: person.token },
      lazy: false,
      onNonLazyError: () => {},
      retryAttempts: 0,
      on: {
        opened: opened => {
          raw = opened as WebSocket
        },
      },
    })
    return { socket, cut: () => raw?.terminate(), isOver: false }
  }

  /** Does something again and again until the session is over, since networks fail. */
  async function persist(current: NonNullable<typeof session>, work: (socket: SocketClient) => Promise<void>): Promise<void> {
    while (!current.isOver) {
      try {
        await work(current.socket)
      } catch (error) {
        if (Array.isArray(error) && !passing.has(error[0]?.extensions?.code)) return failure.reject(new Error(`${name}: ${JSON.stringify(error)}`))
        await delay(retryMs)
      }
    }
  }

  async function follow(socket: SocketClient): Promise<void> {
    for await (const { data, errors } of socket.iterate<{ documentChanges: { cursor: string } & Partial<Delta> }>({
      query: feed,
      variables: { id: document.id, after: cursor },
    })) {
      if (errors || !data) throw errors
      // What an earlier session still had in store is asked for again by the present one, from the mark on.
      if (session?.socket !== socket) return
      const change = data.documentChanges
      if (change.writes) take(change as Delta)
      cursor = change.cursor
    }
  }

  function take(delta: Delta): void {
    const writes = delta.writes.map(write => ({ ...write, timestamp: Date.parse(write.timestamp), counter: Number(write.counter) }))
    replica.merge(writes)
    for (const [client, counter] of Object.entries(delta.clock)) clock[client] = Math.max(counter, clock[client] ?? 0)
    seen.push(`${delta.clientId}:${writes[0]?.counter}`)
  }

  /** Sends what waits, in order. A push leaves the queue when it is answered; what was not answered is sent again under its key. */
  async function flush(socket: SocketClient): Promise<void> {
    const [push] = queue
    if (!push) {
      await new Promise<void>(resolve => {
        wake = resolve
      })
      return
    }
    if (push.wasSent) counts.repeats++
    push.wasSent = true
    const writes = push.writes.map(({ path, value, deleted, timestamp }) => ({
      path,
      ...(deleted ? { delete: true } : { value }),
      timestamp: new Date(timestamp).toISOString(),
    }))
    const { clock, idempotencyKey } = push
    const { pushDelta: answer } = await once<{ pushDelta: { applied: boolean; superseded: unknown[] } }>(socket, pushDelta, {
      input: { documentId: document.id, clientId, clock, writes, idempotencyKey },
    })
    // A session that ended meanwhile leaves it to its successor, which has sent it again.
    if (queue[0] !== push) return
    queue.shift()
    counts.pushes++
    counts.superseded += answer.superseded.length
    if (answer.applied) counts.applied++
  }

  return {
    name,
    replica,
    counts,
    seen,
    failed: failure.promise,
    get isOnline() {
      return session !== null
    },
    get waiting() {
      return queue.length
    },
    edit(edits) {
      const counter = (clock[clientId] ?? 0) + 1
      clock[clientId] = counter
      const timestamp = Date.now() + clockSkewMs
      const writes = edits.map(([path, value]) => ({ path, value, deleted: value === null, timestamp, counter, clientId }))
      replica.merge(writes)
      queue.push({ clock: { ...clock }, writes, idempotencyKey: randomUUID(), wasSent: false })
      counts.edits += edits.length
      wake()
    },
    goOnline() {
      const current = open()
      session = current
      void persist(current, follow)
      void persist(current, flush)
    },
    async goOffline(how) {
      const current = session
      if (!current) return
      session = null
      current.isOver = true
      counts.reconnects++
      if (how === 'cut') current.cut()
      await current.socket.dispose()
      wake()
    },
  }
}

/** The answer to one operation. @throws the errors in it, or the close of the socket */
async function once<T>(socket: SocketClient, query: string, variables: Record<string, unknown>): Promise<T> {
  for await (const { data, errors } of socket.iterate<T>({ query, variables })) {
    if (errors || !data) throw errors
    return data
  }
  throw new Error('The socket closed before the answer.')
}
