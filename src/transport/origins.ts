import type { IncomingMessage } from 'node:http'

/** A page of another origin has to ask before it may send one of these, and is told no. */
export const preflightHeaders = ['graphql-require-preflight', 'apollo-require-preflight'] as const

const varying: readonly string[] = ['vary', 'Origin']
const exposed = 'x-request-id, retry-after, ratelimit, ratelimit-policy'

/** Which pages may talk to this server from a browser. */
export interface Origins {
  /** True also when there is no Origin: then it is no browser, or a page of this server asking by GET. */
  allows(request: IncomingMessage): boolean
  /** Whether no page of another origin sent it, not even one of the list: then it may speak for whoever has a cookie of ours. */
  isOwnPage(request: IncomingMessage): boolean
  /** Headers that tell the browser so, names before values; never for an origin that is not listed. */
  corsHeaders(request: IncomingMessage): readonly string[]
}

export function createOrigins(listed: readonly string[], publicUrl: string | undefined): Origins {
  const known = new Set([...listed, ...(publicUrl ? [publicUrl] : [])].map(url => originOf(url) ?? url))
  const isOwn = (origin: string, request: IncomingMessage) => URL.canParse(origin) && new URL(origin).host === request.headers.host?.toLowerCase()

  /** Behind a proxy it is PUBLIC_URL that tells: a page that came over http could be anybody's, where the server is reached by https. */
  const isOwnScheme = (origin: string) =>
    !publicUrl || new URL(origin).host !== new URL(publicUrl).host || new URL(origin).origin === new URL(publicUrl).origin

  return Object.freeze({
    allows(request) {
      const { origin } = request.headers
      return origin === undefined || known.has(origin) || isOwn(origin, request)
    },
    isOwnPage(request) {
      const { origin } = request.headers
      const site = request.headers['sec-fetch-site']
      return (
        (origin === undefined || (isOwn(origin, request) && isOwnScheme(origin))) && (site === undefined || site === 'same-origin' || site === 'none')
      )
    },
    corsHeaders(request) {
      const { origin } = request.headers
      if (origin === undefined || !known.has(origin)) return varying
      const headers = [...varying, 'access-control-allow-origin', origin, 'access-control-expose-headers', exposed]
      if (request.method !== 'OPTIONS') return headers
      return [
        ...headers,
        ...['access-control-allow-methods', 'GET, POST'],
        ...['access-control-allow-headers', ['authorization', 'content-type', 'range', 'x-request-id', ...preflightHeaders].join(', ')],
        ...['access-control-max-age', '86400'],
      ]
    },
  } satisfies Origins)
}

/** Null for what has no origin of its own, as `app://` schemes of desktop shells: those are compared as they are. */
function originOf(url: string): string | null {
  const origin = URL.canParse(url) ? new URL(url).origin : 'null'
  return origin === 'null' ? null : origin
}
