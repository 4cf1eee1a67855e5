import { randomBytes } from 'node:crypto'
import type { TypedDocumentNode } from '@graphql-typed-document-node/core'
import { print } from 'graphql'
import { afterAll, beforeAll, inject } from 'vitest'
import { setRole } from '../admin/accounts-operations.ts'
import type { DocumentChangesSubscription } from '../generated/graphql.ts'
import { followFeed, type Reader } from './follow.ts'
import { borrow, type LentServer } from './lending.ts'
import { type Environment, environmentOf, type Mode } from './modes.ts'
import { claimAdmin, documentChanges, register } from './operations.ts'
import { type Refusal, RefusedError } from './refusal.ts'
import { type Server, startServer } from './server.ts'

export interface Answer<Result> {
  readonly status: number
  readonly data: Result | null
  readonly errors: readonly Refusal[]
}

/** Speaks to one server as one caller, by `fetch` alone. */
export interface Client {
  readonly url: string
  readonly accessToken: string | null
  /** The answer with its errors, if any. */
  ask<Result, Variables>(document: TypedDocumentNode<Result, Variables>, variables: Variables): Promise<Answer<Result>>
  /** The data. @throws RefusedError */
  run<Result, Variables>(document: TypedDocumentNode<Result, Variables>, variables: Variables): Promise<Result>
  /** Sends a body as it is: for what no typed operation would say. */
  post(body: string): Promise<Answer<Record<string, unknown>>>
  /** The same caller at another node. */
  at(url: string): Client
}

export function clientOf(url: string, accessToken: string | null = null, headers: Readonly<Record<string, string>> = {}): Client {
  async function post<Result>(body: string): Promise<Answer<Result>> {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(accessToken !== null && { authorization: `Bearer ${accessToken}` }), ...headers },
      body,
    })
    const { data = null, errors = [] } = (await response.json()) as Partial<Answer<Result>>
    return { status: response.status, data, errors }
  }
  const ask: Client['ask'] = (document, variables) => post(JSON.stringify({ query: print(document), variables }))
  return {
    url,
    accessToken,
    ask,
    async run(document, variables) {
      const { data, errors } = await ask(document, variables)
      if (errors.length > 0 || !data) throw new RefusedError(errors)
      return data
    },
    post,
    at: other => clientOf(other, accessToken, headers),
  }
}

/** Code and field of what is refused; `null` for what is not. */
export async function refusalOf(work: Promise<unknown>): Promise<{ code: string; field?: string } | null> {
  const outcome = await work.catch((error: unknown) => error)
  const errors = outcome instanceof RefusedError ? outcome.errors : ((outcome as Partial<Answer<unknown>> | null)?.errors ?? [])
  if (outcome instanceof Error && !(outcome instanceof RefusedError)) throw outcome
  const [first] = errors
  if (!first) return null
  const { code, field } = first.extensions
  return { code, ...(field !== undefined && { field }) }
}

export const codeOf = async (work: Promise<unknown>): Promise<string | null> => (await refusalOf(work))?.code ?? null

export interface Person extends Client {
  readonly id: string
  readonly email: string
  readonly sessionId: string
  readonly accessToken: string
  readonly refreshToken: string
}

export const password = 'correct horse battery'
/** Servers outlive test files, and numbers of processes come back. */
const here = randomBytes(6).toString('hex')
let people = 0

/** Somebody new, signed in. */
export async function signUp(url: string, name = 'someone'): Promise<Person> {
  const email = `${name}.${here}.${people++}@example.org`
  const { register: made } = await clientOf(url).run(register, { input: { email, password } })
  const { accessToken, refreshToken, user, session } = made
  return { ...clientOf(url, accessToken), id: user.id, email, sessionId: session.id, accessToken, refreshToken }
}

/** Makes someone an administrator: by the link in the log of a server that has none, or by the key of one that is lent. */
export async function makeAdmin(server: Server | LentServer, person: Person): Promise<void> {
  if ('adminKey' in server) {
    await clientOf(server.url, null, { 'x-admin-api-key': server.adminKey }).run(setRole, { input: { userId: person.id, role: 'ADMIN' } })
    return
  }
  const { msg = '' } = await server.waitForLog(({ msg = '' }) => msg.includes('/setup#token='))
  await person.run(claimAdmin, { input: { token: /token=([\w-]+)/.exec(msg)?.[1] ?? '' } })
}

export interface Servers<Kind extends LentServer | Server = Server> {
  /** The first node, and the only one unless more were asked for and the mode can have more. */
  readonly one: Kind
  /** Another node where the mode can have more than one, else the same. */
  readonly other: Kind
}

/** Servers that the tests of a `describe` share. */
export function useServers(mode: Mode, { nodes = 1, env = {} }: { nodes?: 1 | 2; env?: Readonly<Record<string, string>> } = {}): Servers {
  let environment: Environment | null = null
  const started: Server[] = []
  beforeAll(async () => {
    environment = await environmentOf(mode)
    const count = mode === 'postgres+redis' ? nodes : 1
    for (let index = 0; index < count; index++) started.push(await startServer({ ...environment.env, ...env }))
  })
  afterAll(async () => {
    for (const server of started) await server.kill()
    await environment?.[Symbol.asyncDispose]()
  })
  return nodesOf(started)
}

/**
 * Servers as they come, two nodes where the mode can have them, for tests that keep to people and things of their own: others
 * used them before, and others will. Nobody else does meanwhile.
 */
export function sharedServers(mode: Mode): Servers<LentServer> {
  const lent: LentServer[] = []
  let giveBack = () => {}
  beforeAll(async () => {
    const borrowed = await borrow(inject('lender'), mode)
    lent.push(...borrowed.servers)
    ;({ giveBack } = borrowed)
  })
  afterAll(() => giveBack())
  return nodesOf(lent)
}

function nodesOf<Kind extends LentServer | Server>(nodes: readonly Kind[]): Servers<Kind> {
  const at = (index: number): Kind => {
    const server = nodes.at(index)
    if (!server) throw new Error('The server is there inside of tests only.')
    return server
  }
  return {
    get one() {
      return at(0)
    },
    get other() {
      return at(-1)
    },
  }
}

export type FeedItem = DocumentChangesSubscription['documentChanges']

/** A reader of a document's feed. */
export const follow = (wsUrl: string, accessToken: string | null, id: string, after: string | null = null): Promise<Reader<FeedItem>> =>
  followFeed(wsUrl, accessToken, documentChanges, { id, after }, data => data.documentChanges)
