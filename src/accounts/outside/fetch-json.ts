import { type IncomingMessage, request } from 'node:http'
import { request as requestSecurely } from 'node:https'

const maxBytes = 256 * 1024

export interface JsonAnswer {
  readonly status: number
  /** Empty unless the status is 200. */
  readonly body: Readonly<Record<string, unknown>>
}

/**
 * Asks for a JSON object, for so long and no more than so much of it. Does not follow redirects: a token would follow too.
 * Not by `fetch`, which unpacks whatever the other side says is packed.
 */
export async function fetchJson(
  url: string,
  { timeoutMs, headers = {} }: { readonly timeoutMs: number; readonly headers?: Record<string, string> },
): Promise<JsonAnswer> {
  const answer = await get(url, { accept: 'application/json', 'accept-encoding': 'identity', ...headers }, AbortSignal.timeout(timeoutMs))
  const status = answer.statusCode ?? 0
  if (status !== 200) {
    answer.destroy()
    if (status >= 300 && status < 400) throw new Error(`${url} leads elsewhere, which is not followed.`)
    return { status, body: {} }
  }
  if ((answer.headers['content-encoding'] ?? 'identity') !== 'identity') {
    answer.destroy()
    throw new Error(`${url} answered with something packed, which is not unpacked.`)
  }
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of answer as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength
    if (size > maxBytes) throw new Error(`${url} answered with more than ${maxBytes} bytes.`)
    chunks.push(chunk)
  }
  const body: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'))
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw new Error(`${url} answered with something that is no JSON object.`)
  return { status: 200, body: body as Record<string, unknown> }
}

function get(url: string, headers: Record<string, string>, signal: AbortSignal): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  const send = url.startsWith('https:') ? requestSecurely : request
  send(url, { headers, signal }, resolve)
    .on('error', error => reject(signal.aborted ? signal.reason : error))
    .end()
  return promise
}
