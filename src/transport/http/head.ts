import type { ServerResponse } from 'node:http'
import type { Standing } from '../../platform/quota.ts'

/** The headers of an answer, gathered until it is written: names before values, so that they can be written in one go. */
export interface Head {
  /** How the caller stands with one more limit, in the fields of draft-ietf-httpapi-ratelimit-headers. */
  tell(standing: Standing): void
  tellRetry(retryAfterMs: number): void
  list(): string[]
  /** For answers that are written header by header: from now on they are on the response. */
  apply(): void
}

export function createHead(response: ServerResponse, fixed: readonly string[]): Head {
  let policy = ''
  let standings = ''
  let retryAfter = ''
  let isApplied = false

  function list(): string[] {
    const headers = [...fixed]
    if (policy) headers.push('ratelimit-policy', policy, 'ratelimit', standings)
    if (retryAfter) headers.push('retry-after', retryAfter)
    return headers
  }

  function apply(): void {
    isApplied = true
    if (response.headersSent) return
    const headers = list()
    for (let at = 0; at < headers.length; at += 2) response.setHeader(headers[at] ?? '', headers[at + 1] ?? '')
  }

  function tellRetry(retryAfterMs: number): void {
    retryAfter = String(Math.ceil(retryAfterMs / 1000))
    if (isApplied) apply()
  }

  return {
    list,
    apply,
    tellRetry,
    tell({ name, max, windowSeconds, remaining, resetMs, isRefused }) {
      const separator = policy && ', '
      policy += `${separator}"${name}";q=${max};w=${windowSeconds}`
      standings += `${separator}"${name}";r=${remaining};t=${Math.ceil(resetMs / 1000)}`
      if (isRefused) tellRetry(resetMs)
      else if (isApplied) apply()
    },
  }
}
