import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { WebRoute } from '../../platform/web.ts'

/** Gives the answer of a room's route, if it has one. Whoever goes away in the middle of it ends it. */
export async function answerWeb(route: WebRoute | undefined, request: IncomingMessage, response: ServerResponse): Promise<boolean> {
  const answer = await route?.(new URL(request.url ?? '/', 'http://server'))
  if (!answer) return false
  const { status, headers, body } = answer
  response.writeHead(status, headers)
  if (request.method === 'HEAD') response.end()
  else if (typeof body === 'string') response.end(body)
  else await pipeline(Readable.from(body, { objectMode: false }), response).catch(error => ignoreLeaving(error))
  return true
}

function ignoreLeaving(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error
}
