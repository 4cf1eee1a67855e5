import type { IncomingMessage } from 'node:http'
import { GraphQLError } from 'graphql'
import { AppError } from '../../errors.ts'
import { createDeadlines } from './deadlines.ts'

/** What is read and thrown away of a body that is too large, as a multiple of the limit, so that the client gets to read the answer. */
const patience = 8

export interface BodyLimits {
  readonly maxBytes: number
  /** The time it may take to come. */
  readonly maxMs: number
}

/** Reads a body as JSON; what is too large is refused while it is read. @throws PAYLOAD_TOO_LARGE, BAD_USER_INPUT */
export type ReadJson = (request: IncomingMessage) => Promise<object>

export function createReadJson({ maxBytes, maxMs }: BodyLimits): ReadJson {
  const within = createDeadlines(maxMs)
  const tooLate = () => refusal(408, `The body did not come within ${maxMs / 1000} seconds.`)
  return request =>
    new Promise((resolve, reject) => {
      if (Number(request.headers['content-length'] ?? 0) > maxBytes * patience) return void reject(tooLarge(maxBytes))
      const stop = readBody(request, maxBytes, fail, body => {
        onTime()
        try {
          resolve(objectIn(body.toString('utf8')))
        } catch (error) {
          reject(error)
        }
      })
      const onTime = within(() => {
        stop()
        reject(tooLate())
      })

      function fail(error: unknown): void {
        onTime()
        reject(error)
      }
    })
}

function objectIn(text: string): object {
  const value = parsed(text)
  if (typeof value !== 'object' || value === null) throw refusal(400, 'The body is no JSON object.')
  if (Array.isArray(value)) throw refusal(400, 'Batching is not supported.')
  return value
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw refusal(400, 'The body is no JSON.')
  }
}

/** What is not JSON is not a GraphQL request either, so it has this status whatever the client accepts. */
const refusal = (status: number, message: string) => new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT', http: { status } } })

/** Answers with what stops it. */
function readBody(request: IncomingMessage, maxBytes: number, onFailed: (error: unknown) => void, onRead: (body: Buffer) => void): () => void {
  const chunks: Buffer[] = []
  let sizeBytes = 0
  let isRead = false

  function onData(chunk: Buffer): void {
    sizeBytes += chunk.length
    if (sizeBytes <= maxBytes) chunks.push(chunk)
    else chunks.length = 0
    if (sizeBytes <= maxBytes * patience) return
    request.pause()
    fail(tooLarge(maxBytes))
  }

  function onEnd(): void {
    if (sizeBytes > maxBytes) return void fail(tooLarge(maxBytes))
    isRead = true
    onRead(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, sizeBytes))
  }

  // A request that breaks off closes; of errors it tells only those who listen for them.
  function onClose(): void {
    if (!isRead) fail(new AppError('BAD_USER_INPUT', 'The request ended before its body did.'))
  }

  function fail(error: unknown): void {
    stop()
    onFailed(error)
  }

  function stop(): void {
    request.off('data', onData).off('end', onEnd).off('close', onClose)
  }

  request.on('data', onData).on('end', onEnd).on('close', onClose)
  return stop
}

const tooLarge = (maxBytes: number) => new AppError('PAYLOAD_TOO_LARGE', `The request is above ${maxBytes} bytes.`, { limit: maxBytes })
