import { setTimeout as delay } from 'node:timers/promises'

/** What the server says no to, and will again. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError'
  readonly code: string
  readonly field: string

  constructor(code: string, message: string, field = '') {
    super(message)
    this.code = code
    this.field = field
  }
}

export interface Api {
  /** One operation, tried again while what is wrong may pass. @throws RefusedError */
  ask<T>(token: string | null, query: string, variables: Readonly<Record<string, unknown>>): Promise<T>
}

interface Answer {
  readonly data?: unknown
  readonly errors?: readonly { readonly message: string; readonly extensions?: { code?: string; field?: string; retryAfterMs?: number } }[]
}

/** What passes by itself; anything else that the server says is final. */
const passing = new Set(['SHUTTING_DOWN', 'RATE_LIMITED', 'INTERNAL_SERVER_ERROR', 'TOO_MANY_CONNECTIONS'])
const firstWaitMs = 200
const longestWaitMs = 10_000
const answerMs = 60_000

/** `patienceMs`: how long one operation is tried. */
export function createApi(url: string, patienceMs: number, signal: AbortSignal): Api {
  async function attempt(token: string | null, body: string): Promise<Answer> {
    // Of its own, and let go of at once: `AbortSignal.timeout` would hold on to what was sent until its time is over.
    const attempt = new AbortController()
    const timer = setTimeout(() => attempt.abort(new Error(`no answer within ${answerMs / 1000} s`)), answerMs)
    const stop = () => attempt.abort(signal.reason)
    signal.addEventListener('abort', stop)
    try {
      signal.throwIfAborted()
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(token !== null && { authorization: `Bearer ${token}` }) },
        body,
        signal: attempt.signal,
      })
      return (await response.json()) as Answer
    } finally {
      clearTimeout(timer)
      signal.removeEventListener('abort', stop)
    }
  }

  return {
    async ask<T>(token: string | null, query: string, variables: Readonly<Record<string, unknown>>) {
      const body = JSON.stringify({ query, variables })
      for (let count = 0, deadline = Date.now() + patienceMs; ; count++) {
        // No answer, or none that is JSON: the network, or a proxy that speaks for a server that is away.
        const { data, errors } = await attempt(token, body).catch((error: unknown): Answer => {
          signal.throwIfAborted()
          return {
            errors: [
              { message: `${url} does not answer (${error instanceof Error ? error.message : error})`, extensions: { code: 'SHUTTING_DOWN' } },
            ],
          }
        })
        const [error] = errors ?? []
        if (!error) return data as T
        const { code = 'INTERNAL_SERVER_ERROR', field, retryAfterMs = 0 } = error.extensions ?? {}
        if (!passing.has(code)) throw new RefusedError(code, error.message, field)
        const waitMs = Math.max(retryAfterMs, Math.min(firstWaitMs * 2 ** count, longestWaitMs) * (0.5 + Math.random() / 2))
        if (Date.now() + waitMs > deadline) throw new Error(`Gave up after ${count + 1} attempts: ${error.message}`)
        await delay(waitMs, undefined, { signal })
      }
    },
  }
}
