import type { IncomingMessage } from 'node:http'
import { preflightHeaders } from '../origins.ts'

export const wantsHtml = (request: IncomingMessage): boolean => String(request.headers.accept ?? '').includes('text/html')

/** Forms and multipart bodies can be sent by any page without asking; JSON, and what has a header of its own, can't. */
export function refusalOfBody(request: IncomingMessage): string | null {
  // What a few bytes unpack to knows no bounds.
  if (/^(?!identity$)/i.test(request.headers['content-encoding'] ?? 'identity')) return 'Send the body as it is, without a content-encoding.'
  if (isJson(request)) return null
  if (!isMultipart(request)) return 'Send `content-type: application/json`; for an upload multipart/form-data.'
  if (preflightHeaders.some(name => request.headers[name] !== undefined)) return null
  return `With multipart/form-data send the header \`${preflightHeaders.join('` or `')}\` as well, whatever its value: no form can do that.`
}

export const isJson = (request: IncomingMessage): boolean =>
  /^application\/json\s*(;\s*charset="?utf-?8"?\s*)?$/i.test(request.headers['content-type'] ?? '')

export const isMultipart = (request: IncomingMessage): boolean => /^multipart\/form-data\s*;/i.test(request.headers['content-type'] ?? '')

export const acceptsAnAnswer = (request: IncomingMessage): boolean =>
  /(^|[\s,])(\*\/\*|application\/\*|text\/\*|application\/json|application\/graphql-response\+json|text\/event-stream)/i.test(
    request.headers.accept ?? '*/*',
  )
