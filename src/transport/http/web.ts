import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { AppError } from '../../errors.ts'
import type { WebAnswer, WebRoute } from '../../web.ts'
import type { Caller } from '../caller.ts'
import { answerError } from './answers.ts'

/** After so long without taking a byte, whoever reads is cut off. */
const patienceMs = 60_000

/** Gives the answer of a room's route, if it has one. Whoever goes away in the middle of it ends it. */
export async function answerWeb(route: WebRoute | undefined, request: IncomingMessage, response: ServerResponse, caller: Caller): Promise<boolean> {
  try {
    const answer = await route?.({
      url: new URL(request.url ?? '/', 'http://server'),
      headers: request.headers,
      ip: caller.ip,
      identity: async () => caller.identity(),
    })
    if (!answer) return false
    if (request.method === 'HEAD') response.writeHead(answer.status, answer.headers).end()
    else await send(answer, response)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    if (response.headersSent) response.destroy()
    else answerError(response, error)
  }
  return true
}

async function send({ status, headers, body }: WebAnswer, response: ServerResponse): Promise<void> {
  if (typeof body === 'string') return void response.writeHead(status, headers).end(body)
  const source = body[Symbol.asyncIterator]()
  try {
    // Before anything is said, so that what keeps the first part from being read can be said instead.
    const first = await source.next()
    response.writeHead(status, headers)
    response.setTimeout(patienceMs, () => response.destroy())
    await pipeline(Readable.from(from(first, source), { objectMode: false }), response).catch(ignoreLeaving)
  } finally {
    await source.return?.()
  }
}

async function* from<Item>(first: IteratorResult<Item>, source: AsyncIterator<Item>): AsyncGenerator<Item> {
  for (let next = first; !next.done; next = await source.next()) yield next.value
}

function ignoreLeaving(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error
}
