import type { ServerResponse } from 'node:http'
import type { Standing } from '../../platform/quota.ts'

/** Tells how the caller stands with one more limit, in the fields of draft-ietf-httpapi-ratelimit-headers. */
export function tellStanding(response: ServerResponse, { name, max, windowSeconds, remaining, resetMs, isRefused }: Standing): void {
  if (response.headersSent) return
  addItem(response, 'ratelimit-policy', `"${name}";q=${max};w=${windowSeconds}`)
  addItem(response, 'ratelimit', `"${name}";r=${remaining};t=${Math.ceil(resetMs / 1000)}`)
  if (isRefused) tellRetry(response, resetMs)
}

export function tellRetry(response: ServerResponse, retryAfterMs: number): void {
  if (!response.headersSent) response.setHeader('retry-after', String(Math.ceil(retryAfterMs / 1000)))
}

function addItem(response: ServerResponse, header: string, item: string): void {
  const before = response.getHeader(header)
  response.setHeader(header, before === undefined ? item : `${String(before)}, ${item}`)
}
