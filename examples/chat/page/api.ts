import { createClient } from 'graphql-ws'
import * as operations from './operations.ts'
import type { Session } from './types.ts'

/** What the server said no with. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly code: string

  constructor(message: string, code: string) {
    super(message)
    this.code = code
  }
}

/** There was no answer: whether anything happened is not known. */
class Unanswered extends Error {
  override readonly name = 'Unanswered'
}

type Errors = readonly { readonly message: string; readonly extensions?: { readonly code?: unknown } }[]
const apiError = ([first]: Errors) => new ApiError(first?.message ?? 'The server refused.', String(first?.extensions?.code))

const delay = (milliseconds: number) => new Promise<void>(resolve => setTimeout(resolve, milliseconds))
/** Waits longer each time, up to four seconds, and never all clients alike. */
const backOff = (attempt: number) => delay(Math.min(250 * 2 ** attempt, 4_000) * (0.75 + Math.random() / 2))

const pingMs = 10_000
const pongMs = 5_000
/** How long before its end a token is exchanged. */
const leadMs = 60_000

async function post<T>(token: string | null, query: string, variables: object): Promise<T> {
  const headers = { 'content-type': 'application/json', ...(token !== null && { authorization: `Bearer ${token}` }) }
  const body = JSON.stringify({ query, variables })
  const answer = await fetch('/graphql', { method: 'POST', headers, body })
    .then(response => response.json() as Promise<{ data: T; errors?: Errors }>)
    .catch(() => Promise.reject(new Unanswered('The server can’t be reached.')))
  if (answer.errors) throw apiError(answer.errors)
  return answer.data
}

export const signIn = async (input: { readonly email: string; readonly password: string }) =>
  (await post<{ signedIn: Session }>(null, operations.login, { input })).signedIn
export const signUp = async (input: { readonly email: string; readonly password: string; readonly displayName: string }) =>
  (await post<{ signedIn: Session }>(null, operations.register, { input })).signedIn

interface Options {
  readonly session: Session
  /** Keeps the session for a reload; null: it is over. */
  keep(session: Session | null): void
  connected(isConnected: boolean): void
}

export type Api = ReturnType<typeof createApi>

/** The server, in the name of one session, whose tokens it keeps fresh. */
export function createApi({ session: first, keep, connected }: Options) {
  let session = first
  let isStale = false
  let refreshing: Promise<void> | undefined
  let renewal: ReturnType<typeof setTimeout> | undefined
  let pong: ReturnType<typeof setTimeout> | undefined

  const socket = createClient({
    url: () => new URL('/graphql', location.href.replace(/^http/, 'ws')).href,
    connectionParams: async () => ({ token: await token().catch(() => session.accessToken) }),
    retryAttempts: Number.POSITIVE_INFINITY,
    shouldRetry: () => true,
    retryWait: backOff,
    lazyCloseTimeout: 5_000,
    keepAlive: pingMs,
    on: {
      connected: () => connected(true),
      closed: event => {
        clearTimeout(pong)
        if ((event as CloseEvent).code === 4403) isStale = true
        connected(false)
      },
      // A link can break without a word. Who does not answer is gone.
      ping: received => {
        if (!received) pong = setTimeout(() => socket.terminate(), pongMs)
      },
      pong: received => {
        if (received) clearTimeout(pong)
      },
    },
  })

  function planRenewal(): void {
    clearTimeout(renewal)
    const leftMs = Date.parse(session.expiresAt) - Date.now() - leadMs
    renewal = setTimeout(() => void renew().catch(() => {}), Math.min(Math.max(leftMs, leadMs / 2), 2 ** 31 - 1))
  }

  async function refresh(): Promise<void> {
    try {
      session = (await post<{ signedIn: Session }>(null, operations.refresh, { input: { refreshToken: session.refreshToken } })).signedIn
      isStale = false
      keep(session)
      planRenewal()
    } catch (error) {
      if (error instanceof ApiError) keep(null)
      throw error
    }
  }

  /** A refresh token is good once, so there is one refresh at a time. */
  async function token(): Promise<string> {
    if (isStale) {
      refreshing ??= refresh().finally(() => {
        refreshing = undefined
      })
      await refreshing
    }
    return session.accessToken
  }

  async function renew(): Promise<void> {
    isStale = true
    await tell(operations.renew, { input: { accessToken: await token() } })
  }

  /** Says something over the socket, where what is of the moment ends with it. */
  async function tell(query: string, variables: Record<string, unknown>): Promise<void> {
    for await (const { errors } of socket.iterate({ query, variables })) if (errors) throw apiError(errors as Errors)
  }

  async function ask<T>(query: string, variables: object = {}): Promise<T> {
    const used = await token()
    try {
      return await post<T>(used, query, variables)
    } catch (error) {
      if (!(error instanceof ApiError && ['TOKEN_EXPIRED', 'TOKEN_REVOKED', 'UNAUTHENTICATED'].includes(error.code))) throw error
      if (used === session.accessToken) isStale = true
      return post<T>(await token(), query, variables)
    }
  }

  planRenewal()
  return {
    ask,
    tell,

    /** Asks until there is an answer. Only for what changes nothing, or has an idempotency key. */
    async insist<T>(query: string, variables: object = {}): Promise<T> {
      for (let attempt = 0; ; attempt += 1) {
        try {
          return await ask<T>(query, variables)
        } catch (error) {
          if (!(error instanceof Unanswered)) throw error
          await backOff(attempt)
        }
      }
    },

    /** Goes on by itself after a cut connection, with the variables as they are then. `ended` hears why the server ended it. */
    follow<T>(query: string, variables: Record<string, unknown>, next: (data: T) => void, ended: (error: ApiError) => void = () => {}) {
      const fail = (error: unknown) => {
        if (Array.isArray(error)) ended(apiError(error as Errors))
      }
      return socket.subscribe<T>({ query, variables }, { next: ({ data, errors }) => (data ? next(data) : fail(errors)), error: fail, complete() {} })
    },

    close(): void {
      clearTimeout(renewal)
      clearTimeout(pong)
      void socket.dispose()
    },
  }
}
