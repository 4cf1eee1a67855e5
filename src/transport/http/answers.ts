import type { ServerResponse } from 'node:http'
import type { AppError } from '../../errors.ts'
import { statusOf } from '../../graph/errors.ts'

/** For every answer. Pages say for themselves what they load, and links to files that other origins may show them. */
export const securityHeadersOf = (publicUrl: string | undefined): Readonly<Record<string, string>> => ({
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()',
  // For this host alone: its neighbours in the domain are not ours. Browsers heed it over HTTPS only.
  ...(publicUrl?.startsWith('https:') && { 'strict-transport-security': 'max-age=31536000' }),
})

export function answerJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' })
  response.end(JSON.stringify(value))
}

/** An error outside the pipeline, in the form of those inside it. */
export function answerError(response: ServerResponse, error: AppError, status = statusOf(error.code)): void {
  const { retryAfterMs } = error.details
  if (typeof retryAfterMs === 'number') response.setHeader('retry-after', String(Math.ceil(retryAfterMs / 1000)))
  answerJson(response, status, { errors: [{ message: error.message, extensions: { code: error.code, ...error.details } }] })
}
