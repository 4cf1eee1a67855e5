import type { IncomingMessage } from 'node:http'
import { isAsyncIterable, mapAsyncIterator } from '@graphql-tools/utils'
import { type ExecutionResult, GraphQLError, type GraphQLSchema } from 'graphql'
import { createYoga, type Plugin } from 'graphql-yoga'
import type { Access } from '../access/access.ts'
import { AppError, type ErrorCode, errorCodes } from '../errors.ts'
import { withAsides } from '../graph/asides.ts'
import type { Context } from '../graph/context.ts'
import type { ErrorMapper } from '../graph/errors.ts'
import type { Caller, Exchange } from './caller.ts'
import type { Connections } from './connections.ts'
import { untilSignedOut } from './http/stream.ts'
import type { TransportMetrics } from './metrics.ts'
import { type Pipeline, type Plan, retryIn } from './pipeline.ts'

export interface HttpRequest {
  readonly request: IncomingMessage
  readonly exchange: Exchange
  /** The operation in the body. @throws BAD_USER_INPUT, PAYLOAD_TOO_LARGE, and for uploads what keeps them from being taken */
  readOperation(): Promise<unknown>
  /** That operation, when it is understood already: its signature is good for one time. */
  plan: Plan | null
}

/** What an operation brings along, with the request it came in. */
export interface ServerContext {
  readonly caller: Caller
  readonly http: HttpRequest
}

export interface YogaDeps {
  readonly schema: GraphQLSchema
  readonly access: Pick<Access, 'watch'>
  readonly connections: Connections
  readonly errors: ErrorMapper
  readonly pipeline: Pipeline
  readonly metrics: TransportMetrics
}

export type Yoga = ReturnType<typeof createGraphQL>

/** All of HTTP that is no plain post: operations in addresses, uploads, streams of events. It reads and answers; what is between is the pipeline. */
export function createGraphQL(deps: YogaDeps) {
  return createYoga<ServerContext, Context>({
    schema: deps.schema,
    graphqlEndpoint: '/graphql',
    graphiql: false,
    landingPage: false,
    cors: false,
    batching: false,
    multipart: false,
    logging: false,
    // Errors are mapped in onResultProcess, where it is known which request they belong to; bodies are limited where they are read.
    maskedErrors: false,
    maxRequestBodySize: false,
    // The pipeline remembers.
    parserAndValidationCache: false,
    context: ({ caller, http }) => deps.pipeline.contextOf(planOf(http), caller),
    plugins: [overHttp(deps)],
  })
}

function planOf({ plan }: HttpRequest): Plan {
  if (!plan) throw new Error('An operation was run before it was understood.')
  return plan
}

function overHttp(deps: YogaDeps): Plugin<ServerContext & Context> {
  const { errors, metrics, pipeline } = deps

  return {
    onRequestParse({ request, requestParser, serverContext, setRequestParser }) {
      const { http } = serverContext as unknown as ServerContext
      if (request.method === 'GET' && requestParser) setRequestParser(given => parsed(requestParser, given))
      if (request.method === 'POST') setRequestParser(async () => (await http.readOperation()) as never)
    },
    async onParams({ params, setParams, context }) {
      const { caller, http } = context as unknown as ServerContext
      http.plan ??= await pipeline.plan(params, caller, 'http')
      http.exchange.operationType = http.plan.operation.operation
      const { query, operationName, variables } = http.plan.sent
      setParams({ query, variables, ...(operationName !== null && { operationName }) })
    },
    onParse: ({ context, setParsedDocument }) => setParsedDocument(planOf(context.http).document),
    onValidate: ({ setResult }) => setResult([]),
    async onExecute({ args, setExecuteFn }) {
      const { http } = args.contextValue
      const admitted = await pipeline.admit(planOf(http), args.contextValue, http.exchange.tell)
      setExecuteFn(() => pipeline.execute(admitted))
    },
    onSubscribe({ args, setSubscribeFn }) {
      setSubscribeFn(() => stream(args.contextValue))
    },
    onResultProcess({ result, setResult, serverContext }) {
      const { caller, http } = serverContext as unknown as ServerContext
      if (Array.isArray(result)) return
      if (isAsyncIterable(result)) {
        const onError = (error: unknown) => ({ errors: errors.toClient(error, caller.requestId) })
        const onItem = (item: ExecutionResult) => {
          metrics.sent.messages += 1
          return errors.inAnswer(item, caller.requestId)
        }
        setResult(mapAsyncIterator(result as AsyncIterable<ExecutionResult>, onItem, onError as never) as never)
        record(undefined)
        return
      }
      const mapped = errors.inAnswer(result as ExecutionResult, caller.requestId)
      setResult(mapped)
      const retryAfterMs = retryIn(mapped)
      if (retryAfterMs !== null) http.exchange.tellRetry(retryAfterMs)
      record(mapped.errors)

      function record(failed: readonly GraphQLError[] | undefined): void {
        metrics.sent.messages += 1
        pipeline.observe('http', http.exchange.operationType, http.exchange.startedAt, failed)
      }
    },
  }

  async function stream(context: ServerContext & Context) {
    const { request, exchange } = context.http
    if (!/text\/event-stream|text\/\*|\*\/\*/i.test(request.headers.accept ?? '*/*')) {
      throw new GraphQLError('Subscriptions over HTTP need `accept: text/event-stream`.', {
        extensions: { code: 'BAD_USER_INPUT', http: { status: 406 } },
      })
    }
    // A file is there until its request is answered, which that of a stream never is.
    if (/^multipart/i.test(request.headers['content-type'] ?? '')) throw new AppError('BAD_USER_INPUT', 'Subscriptions take no files.')
    const { viewer, asides } = context
    // From before anything is waited for: who is signed out while the feed opens does not get it.
    const lost: ErrorCode[] = []
    const unwatch = viewer ? deps.access.watch(viewer, null, code => lost.push(code)) : () => undefined
    try {
      const args = await pipeline.admit(planOf(context.http), context, exchange.tell)
      await deps.connections.enter('sse', context.ip, viewer?.userId)
      const free = () => deps.connections.leave('sse', context.ip, viewer?.userId)
      const result = await subscribed(() => pipeline.subscribe(args), free)
      if (!isAsyncIterable(result)) {
        free()
        return result
      }
      metrics.subscriptions.inc({ carrier: 'sse' })
      const opened = untilSignedOut(result as AsyncIterable<ExecutionResult>, context, deps.access, () => {
        free()
        metrics.subscriptions.dec({ carrier: 'sse' })
      })
      const [code] = lost
      if (code) opened.fail(new AppError(code, errorCodes[code]))
      exchange.becomeStream(() => void opened.return?.())
      return asides ? mapAsyncIterator(opened, item => withAsides(item, asides)) : opened
    } finally {
      unwatch()
    }
  }
}

/** In an address, `variables` and `extensions` are JSON, and there may be a `documentId` that the library does not know. */
async function parsed<Given extends Request, Params>(parse: (given: Given) => Params | Promise<Params>, given: Given): Promise<Params> {
  try {
    const documentId = new URL(given.url).searchParams.get('documentId')
    const params = await parse(given)
    return documentId === null ? params : { ...params, documentId }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw new GraphQLError('`variables` or `extensions` is no JSON.', { extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } } })
  }
}

async function subscribed<Result>(subscribe: () => Promise<Result>, free: () => void): Promise<Result> {
  try {
    return await subscribe()
  } catch (error) {
    free()
    throw error
  }
}
