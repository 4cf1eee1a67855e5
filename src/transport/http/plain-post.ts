import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ExecutionResult } from 'graphql'
import type { ErrorMapper, HttpOfError } from '../../graph/errors.ts'
import { toJson } from '../../platform/json-text.ts'
import type { Caller, Exchange } from '../caller.ts'
import type { TransportMetrics } from '../metrics.ts'
import { type Pipeline, type Plan, retryIn } from '../pipeline.ts'
import { type AnswerType, answerTypeOf } from './accept.ts'
import type { Head } from './head.ts'
import { isJson } from './request-checks.ts'

export interface AnswerPostDeps {
  readonly pipeline: Pipeline
  readonly errors: ErrorMapper
  readonly metrics: Pick<TransportMetrics, 'sent'>
}

/** A plain post: its answer is one JSON object, of this type. */
export interface Post {
  readonly type: AnswerType
  readonly caller: Caller
  readonly exchange: Exchange
  /** @throws BAD_USER_INPUT, PAYLOAD_TOO_LARGE */
  readOperation(): Promise<unknown>
  readonly head: Head
}

/** What a plain post is to be answered with; null for a request that is none. */
export const plainPost = (request: IncomingMessage): AnswerType | null =>
  request.method === 'POST' && request.headers['content-encoding'] === undefined && isJson(request) ? answerTypeOf(request.headers.accept) : null

/**
 * The short way from a plain post to its answer. It says and does what yoga does with the same pipeline, without its requests and
 * responses. A subscription is none of its business: that gives its plan, and nothing has been answered.
 */
export function createAnswerPost({ pipeline, errors, metrics }: AnswerPostDeps) {
  async function resultOf({ caller, exchange, readOperation }: Post): Promise<ExecutionResult | Plan> {
    try {
      // Nothing is awaited that is there: most is, and each turn of the queue costs.
      const planning = pipeline.plan(await readOperation(), caller, 'http')
      const plan = planning instanceof Promise ? await planning : planning
      exchange.operationType = plan.operation.operation
      if (plan.operation.operation === 'subscription') return plan
      const identifying = pipeline.contextOf(plan, caller)
      const context = identifying instanceof Promise ? await identifying : identifying
      const counting = pipeline.admit(plan, context, exchange.tell)
      const executing = pipeline.execute(counting instanceof Promise ? await counting : counting)
      return errors.inAnswer(executing instanceof Promise ? await executing : executing, caller.requestId)
    } catch (error) {
      return { errors: errors.toRefusal(error, caller.requestId) }
    }
  }

  return async (response: ServerResponse, post: Post): Promise<Plan | null> => {
    const result = await resultOf(post)
    if ('document' in result) return result
    const { exchange } = post
    metrics.sent.messages += 1
    pipeline.observe('http', exchange.operationType, exchange.startedAt, result.errors)
    send(response, post, result)
    return null
  }
}

function send(response: ServerResponse, { type, head }: Post, result: ExecutionResult): void {
  const { status, headers } = result.errors ? headOfErrors(type, result, head) : { status: 200, headers: head.list() }
  const text = toJson(result.errors ? withoutHttp(result) : result)
  const sizeBytes = Buffer.byteLength(text)
  headers.push('cache-control', 'no-store', 'content-type', contentTypes[type], 'content-length', String(sizeBytes))
  // Text of ASCII alone is written as it is.
  response.writeHead(status, headers).end(text, sizeBytes === text.length ? 'latin1' : 'utf8')
}

const contentTypes: Readonly<Record<AnswerType, string>> = {
  'application/json': 'application/json; charset=utf-8',
  'application/graphql-response+json': 'application/graphql-response+json; charset=utf-8',
}

/** The gravest status of what they say. GraphQL over HTTP lets a failed request be 200 for those who accept application/json. */
function headOfErrors(type: AnswerType, result: ExecutionResult, head: Head) {
  const retryAfterMs = retryIn(result)
  if (retryAfterMs !== null) head.tellRetry(retryAfterMs)
  const said = result.errors?.flatMap(({ extensions }) => (extensions['http'] as HttpOfError | undefined) ?? []) ?? []
  const statuses = said.filter(({ spec }) => !(spec && type === 'application/json')).map(({ status }) => status)
  const headers = head.list()
  for (const [name, value] of new Map(said.flatMap(each => Object.entries(each.headers)))) if (!headers.includes(name)) headers.push(name, value)
  return { status: Math.max(0, ...statuses) || 200, headers }
}

function withoutHttp(result: ExecutionResult): object {
  const errors = result.errors?.map(error => {
    const { extensions: { http: _, ...extensions } = {}, ...rest } = error.toJSON()
    return { ...rest, extensions }
  })
  return { ...result, errors }
}
