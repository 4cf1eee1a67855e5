import type { ServerResponse } from 'node:http'
import type { AppError } from '../../errors.ts'
import { statusOf } from '../../graph/errors.ts'
import { tellRetry } from './rate-headers.ts'

/** For everything but the GraphiQL page, which says for itself what it may do. */
export const securityHeaders = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
} as const

export function answerJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' })
  response.end(JSON.stringify(value))
}

/** An error outside the pipeline, in the form of those inside it. */
export function answerError(response: ServerResponse, error: AppError, status = statusOf(error.code)): void {
  if (typeof error.details.retryAfterMs === 'number') tellRetry(response, error.details.retryAfterMs)
  answerJson(response, status, { errors: [{ message: error.message, extensions: { code: error.code, ...error.details } }] })
}
