import { createServer, type RequestListener, type Server, type ServerOptions, type ServerResponse, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Config } from '../../config.ts'

const longestHeadersMs = 15_000
/** What an upload of the largest size may take on a slow line; multipart.ts asks for a least pace besides. */
const longestUploadMs = 300_000
const longestIdleMs = 65_000
const maxHeaderBytes = 16 * 1024

/** An HTTP server that no client can keep busy by being slow, and that takes nothing but well-formed HTTP. */
export function createHttpServer({ REQUEST_TIMEOUT_MS: requestMs }: Pick<Config, 'REQUEST_TIMEOUT_MS'>, handle: RequestListener): Server {
  const options: ServerOptions = {
    headersTimeout: Math.min(requestMs, longestHeadersMs),
    requestTimeout: Math.max(requestMs, longestUploadMs),
    keepAliveTimeout: longestIdleMs,
    connectionsCheckingInterval: Math.min(requestMs, 5_000),
    maxHeaderSize: maxHeaderBytes,
    requireHostHeader: true,
    // Whatever NODE_OPTIONS says: a lenient parser and a proxy may see different requests in the same bytes.
    insecureHTTPParser: false,
  }
  const answers = new WeakMap<Duplex, ServerResponse>()
  const server = createServer(options, (request, response) => {
    answers.set(request.socket, response)
    response.on('prefinish', () => {
      // Nobody waits for ever for whoever asks and does not read. What gets on, however slowly, is left alone.
      if (request.socket.writableLength > 0) response.setTimeout(requestMs, () => response.destroy())
      if (!request.complete) response.once('finish', cutTheRest)
    })
    function cutTheRest(): void {
      if (request.complete) return
      // The answer is out, and what is left of the body would only be thrown away.
      const timer = setTimeout(() => request.complete || request.destroy(), requestMs).unref()
      request.once('close', () => clearTimeout(timer))
    }
    handle(request, response)
  })
  server.on('clientError', (error: NodeJS.ErrnoException, carrier) => {
    const answer = answers.get(carrier)
    // In the middle of an answer, another one would be taken for a part of it.
    const isAnswering = answer?.headersSent && !answer.writableFinished
    if (error.code === 'ECONNRESET' || !carrier.writable || isAnswering) carrier.destroy()
    else answerRaw(carrier, statuses[error.code ?? ''] ?? 400, {}, '')
  })
  return server
}

const statuses: Readonly<Record<string, number>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
}

/** Answers where there is no request to answer, or one that is no HTTP any more, and ends the connection. */
export function answerRaw(carrier: Duplex, status: number, headers: Readonly<Record<string, string>>, body: string): void {
  const lines = Object.entries({
    ...headers,
    connection: 'close',
    'x-content-type-options': 'nosniff',
    'content-type': 'text/plain; charset=utf-8',
    'content-length': String(Buffer.byteLength(body)),
  }).map(([name, value]) => `${name}: ${value}\r\n`)
  carrier.once('finish', () => carrier.destroy())
  carrier.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`)
}
