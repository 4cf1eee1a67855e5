import { setTimeout as delay } from 'node:timers/promises'
import { buildSchema, type GraphQLFieldResolver } from 'graphql'
import { pino } from 'pino'
import { nobody, type Viewer } from '../../src/access/viewer.ts'
import { loadConfig } from '../../src/config.ts'
import { AppError, type ErrorCode } from '../../src/errors.ts'
import type { Context } from '../../src/graph/context.ts'
import { systemClock } from '../../src/platform/clock.ts'
import type { Upload } from '../../src/platform/upload.ts'
import { createSignatures } from '../../src/signatures/signatures.ts'
import { createTransport, type TransportDeps } from '../../src/transport/transport.ts'

/** The real transport around a schema that fails, waits and streams on demand, which the real schema does not. */
export interface SmallServer extends AsyncDisposable {
  readonly port: number
  readonly url: string
  readonly wsUrl: string
  /** What was logged, line by line. */
  readonly logs: readonly Record<string, unknown>[]
  /** Viewers of the operations that ran, in order. */
  readonly contexts: readonly Context[]
  /** Sources of the subscriptions that are open. */
  readonly openSources: ReadonlySet<object>
  /** Takes the session of a user away, as a revocation does. */
  revoke(userId: string, code: ErrorCode): void
  close(deadlineMs: number): Promise<void>
}

const typeDefs = `
  type Query {
    hello(name: String): String!
    whoAmI: String
    ip: String!
    fail(code: String): Int
    throwText: Int
    users(first: Int): UserConnection!
    nodes(ids: [ID!]!): [User!]!
    self: Query!
    echo(input: EchoInput!): String!
    many: [User!]!
  }
  input EchoInput { text: String! deep: [EchoInput!] number: Int }
  type User { id: ID! friends(first: Int): UserConnection! }
  type UserConnection { edges: [UserEdge!]! }
  type UserEdge { node: User! }
  type Mutation { slowly(ms: Int!): Int! renew(token: String!): Boolean! secret(password: String!): Boolean! take(file: Upload!, title: String, holder: Holder): String! }
  scalar Upload
  scalar Anything
  input Holder { file: Upload title: String any: Anything }
  type Subscription { count(to: Int!, everyMs: Int): Int! forever: Int! failAfter(count: Int!, code: String): Int! never: Int! big(bytes: Int!): String! }
`

export async function startSmallServer(env: Readonly<Record<string, string>> = {}, parts: Partial<TransportDeps> = {}): Promise<SmallServer> {
  const logs: Record<string, unknown>[] = []
  const contexts: Context[] = []
  const openSources = new Set<object>()
  const watchers = new Map<string, Set<(code: ErrorCode) => void>>()
  const logger = pino({ level: 'debug' }, { write: (line: string) => void logs.push(JSON.parse(line)) })
  const config = loadConfig({ HOST: '127.0.0.1', PORT: '0', NODE_ENV: 'test', ...env })
  const transport = createTransport({
    schema: createSchema(openSources),
    config,
    logger,
    access: {
      watch(viewer, _, end) {
        const ends = watchers.get(viewer.userId) ?? new Set()
        watchers.set(viewer.userId, ends.add(end))
        return () => ends.delete(end)
      },
    },
    database: { ping: async () => {} },
    bus: { ping: async () => {} },
    async identify({ token, basic }) {
      if (basic !== null) throw new AppError('UNAUTHENTICATED', 'There are no passwords here.')
      return token === null ? nobody : { viewer: await authenticate(token), admin: null }
    },
    signatures: createSignatures({
      clock: systemClock,
      redis: null,
      isRequired: config.REQUIRE_SIGNATURES,
      keyOf: async () => null,
      audit: { refuse: () => {} },
    }),
    createContext(partial) {
      contexts.push(partial as Context)
      return partial as Context
    },
    ...parts,
  })
  const { port } = await transport.listen()
  return {
    port,
    url: `http://127.0.0.1:${port}/graphql`,
    wsUrl: `ws://127.0.0.1:${port}/graphql`,
    logs,
    contexts,
    openSources,
    revoke(userId, code) {
      for (const end of [...(watchers.get(userId) ?? [])]) end(code)
    },
    close: transport.close,
    [Symbol.asyncDispose]: () => transport.close(0),
  }
}

/** Tokens of the small server say who, until when (in ms from now), and what is wrong with them: `ann`, `ann:500`, `!TOKEN_EXPIRED`. */
async function authenticate(token: string): Promise<Viewer> {
  if (token === 'database-is-down') throw new Error('connect ECONNREFUSED 10.0.0.7:5432')
  if (token.startsWith('!')) throw new AppError(token.slice(1) as ErrorCode, 'The token does not hold.')
  const [userId = '', lifeMs = '3600000'] = token.split(':')
  return { userId, role: 'USER', scopes: null, sessionId: null, tokenId: token, expiresAt: new Date(Date.now() + Number(lifeMs)), ip: '127.0.0.1' }
}

interface StreamArgs {
  readonly to: number
  readonly everyMs: number | undefined
  readonly count: number
  readonly code: string | undefined
  readonly bytes: number
}

type Resolver = GraphQLFieldResolver<unknown, Context>

function createSchema(openSources: Set<object>) {
  const schema = buildSchema(typeDefs)
  const fields = (name: string) => schema.getType(name) as unknown as { getFields(): Record<string, { resolve?: Resolver; subscribe?: Resolver }> }
  const set = (name: string, resolvers: Record<string, Resolver>) => {
    for (const [field, resolve] of Object.entries(resolvers)) Object.assign(fields(name).getFields()[field]!, { resolve })
  }
  const users = { edges: [{ node: { id: 'user_1' } }] }
  const fail = (code: unknown): never => {
    if (typeof code === 'string') throw new AppError(code as ErrorCode, `It failed with ${code}.`, { field: 'input.code', retryAfterMs: 1500 })
    throw new Error('relation "users" has no column "shoe_size"')
  }
  set('Query', {
    hello: (_, { name }) => `Hello, ${name ?? 'you'}`,
    whoAmI: (_, __, { viewer }) => viewer?.userId ?? null,
    ip: (_, __, { ip }) => ip,
    fail: (_, { code }) => fail(code),
    throwText: () => {
      // biome-ignore lint/style/useThrowOnlyError: some libraries do this.
      throw 'a text with a secret'
    },
    users: () => users,
    nodes: (_, { ids }) => ids.map((id: string) => ({ id })),
    self: () => ({}),
    echo: (_, { input }) => input.text,
    many: () => [{ id: 'user_1' }],
  })
  set('User', { friends: () => users })
  set('Mutation', {
    slowly: async (_, { ms }) => delay(ms, ms),
    renew: async (_, { token }, { connection }) => {
      connection?.renew({ viewer: await authenticate(token), admin: null })
      return true
    },
    secret: () => true,
    take: async (_, { file }: { file: Upload }) => `${file.sizeBytes} ${file.sha256}`,
  })
  const streams: Record<string, (args: StreamArgs) => AsyncIterable<unknown>> = {
    async *count({ to, everyMs }) {
      for (let count = 1; count <= to; count += 1) {
        yield { count }
        if (everyMs) await delay(everyMs)
      }
    },
    async *forever() {
      for (let forever = 1; ; forever += 1) {
        yield { forever }
        await delay(5)
      }
    },
    async *failAfter({ count, code }) {
      for (let at = 1; at <= count; at += 1) yield { failAfter: at }
      fail(code)
    },
    never: () => ({ [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}), return: async () => ({ done: true, value: undefined }) }) }),
    async *big({ bytes }) {
      for (;;) yield { big: 'x'.repeat(bytes) }
    },
  }
  for (const [field, stream] of Object.entries(streams)) {
    const subscribe: Resolver = (_, args) => tracked(stream(args as StreamArgs), openSources)
    Object.assign(fields('Subscription').getFields()[field]!, { subscribe })
  }
  return schema
}

/** Is a member of `openSources` from its first to its last moment. */
function tracked(source: AsyncIterable<unknown>, openSources: Set<object>): AsyncIterableIterator<unknown> {
  const iterator = source[Symbol.asyncIterator]()
  const handle = {}
  openSources.add(handle)
  return {
    [Symbol.asyncIterator]() {
      return this
    },
    async next() {
      try {
        const result = await iterator.next()
        if (result.done) openSources.delete(handle)
        return result
      } catch (error) {
        openSources.delete(handle)
        throw error
      }
    },
    async return() {
      openSources.delete(handle)
      void iterator.return?.()
      return { done: true, value: undefined }
    },
  }
}
