import type { IncomingMessage } from 'node:http'
import { isAsyncIterable, mapAsyncIterator } from '@graphql-tools/utils'
import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  NoSchemaIntrospectionCustomRule,
} from 'graphql'
import { createYoga, type Plugin, type YogaInitialContext } from 'graphql-yoga'
import type { Access } from '../access/access.ts'
import type { Config } from '../config.ts'
import { AppError, type ErrorCode, errorCodes } from '../errors.ts'
import { asidesFor, withAsides } from '../graph/asides.ts'
import type { Context } from '../graph/context.ts'
import type { ErrorMapper } from '../graph/errors.ts'
import type { QueryLimits } from '../graph/limits.ts'
import type { Signatures } from '../signatures/signatures.ts'
import type { Caller, Exchange, PartialContext } from './caller.ts'
import type { Connections } from './connections.ts'
import { createDocumentCache } from './document-cache.ts'
import { untilSignedOut } from './http/stream.ts'
import type { TransportMetrics } from './metrics.ts'
import type { PersistedOperations } from './persisted-operations.ts'
import type { RateLimits } from './rate-limits.ts'

export interface HttpRequest {
  readonly request: IncomingMessage
  readonly exchange: Exchange
  /** The operation in the body. @throws BAD_USER_INPUT, PAYLOAD_TOO_LARGE, and for uploads what keeps them from being taken */
  readOperation(): Promise<unknown>
}

/** What an operation brings along; over HTTP with the request it came in. */
export interface ServerContext {
  readonly caller: Caller
  readonly http: HttpRequest | null
}

export interface YogaDeps {
  readonly schema: GraphQLSchema
  readonly config: Pick<Config, 'INTROSPECTION' | 'NODE_ENV'>
  readonly access: Pick<Access, 'watch'>
  readonly connections: Connections
  readonly errors: ErrorMapper
  readonly limits: QueryLimits
  readonly rates: RateLimits
  readonly persisted: PersistedOperations
  readonly signatures: Pick<Signatures, 'check'>
  readonly metrics: TransportMetrics
  createContext(partial: PartialContext): Context
}

export type Yoga = ReturnType<typeof createGraphQL>

/** The one pipeline of parsing, validation, context and execution, for HTTP and, by `getEnveloped`, for sockets. */
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
    parserAndValidationCache: { documentCache: createDocumentCache<DocumentNode>(), errorCache: createDocumentCache<Error>(), validationCache: true },
    context: async ({ caller }) => {
      const { requestId, ip, userAgent, connection } = caller
      return deps.createContext({ requestId, ip, userAgent, connection, ...(await caller.identity()) })
    },
    plugins: [limited(deps), overHttp(deps)],
  })
}

function limited({ config, limits }: YogaDeps): Plugin<ServerContext> {
  const mayIntrospect = (config.INTROSPECTION ?? (config.NODE_ENV === 'production' ? 'off' : 'on')) === 'on'
  return {
    onParse: ({ setParseFn }) => setParseFn(limits.parse),
    onValidate({ params, addValidationRule, setResult }) {
      // Before the rules of the specification, some of which take quadratic time.
      const faults = limits.check(params.documentAST)
      if (faults.length > 0) setResult([...faults])
      if (!mayIntrospect) addValidationRule(NoSchemaIntrospectionCustomRule)
    },
  }
}

function overHttp(deps: YogaDeps): Plugin<ServerContext & Context> {
  const { limits, rates, errors, metrics, persisted, signatures } = deps

  function withMappedErrors(result: ExecutionResult, requestId: string): ExecutionResult {
    if (!result.errors?.length) return result
    const map = 'data' in result ? errors.toClient : errors.toRefusal
    return { ...result, errors: result.errors.flatMap(error => map(error, requestId)) }
  }

  return {
    onRequestParse({ request, requestParser, serverContext, setRequestParser }) {
      const { http } = serverContext as unknown as ServerContext
      if (request.method === 'GET' && requestParser) setRequestParser(given => parsed(requestParser, given))
      if (http && request.method === 'POST') setRequestParser(async () => (await http.readOperation()) as never)
    },
    // Before anything else looks at it or changes it.
    async onParams({ params, setParams, context }) {
      const { caller } = context as unknown as ServerContext
      await signatures.check(params, caller)
      setParams(persisted.resolve(params))
    },
    async onExecute({ args }) {
      const { http } = args.contextValue
      if (!http) return
      http.exchange.operationType = getOperationAST(args.document, args.operationName)?.operation ?? 'unknown'
      const asides = await admitted(args, http)
      if (asides) return { onExecuteDone: ({ result, setResult }) => setResult(withAsides(result as ExecutionResult, asides)) }
    },
    onSubscribe({ args, subscribeFn, setSubscribeFn }) {
      const { http } = args.contextValue
      if (!http) return
      http.exchange.operationType = 'subscription'
      setSubscribeFn(given => stream(given as ExecutionArgs, http, () => subscribeFn(given)))
    },
    onResultProcess({ result, setResult, serverContext }) {
      const { caller, http } = serverContext as unknown as ServerContext
      if (Array.isArray(result)) return
      if (isAsyncIterable(result)) {
        const onError = (error: unknown) => ({ errors: errors.toClient(error, caller.requestId) })
        const onItem = (item: ExecutionResult) => {
          metrics.sent.messages += 1
          return withMappedErrors(item, caller.requestId)
        }
        setResult(mapAsyncIterator(result as AsyncIterable<ExecutionResult>, onItem, onError as never) as never)
        record('ok')
        return
      }
      const mapped = withMappedErrors(result as ExecutionResult, caller.requestId)
      setResult(mapped)
      const retryAfterMs = mapped.errors?.find(({ extensions }) => extensions['code'] === 'RATE_LIMITED')?.extensions['retryAfterMs']
      if (typeof retryAfterMs === 'number') http?.exchange.tellRetry(retryAfterMs)
      record(String(mapped.errors?.[0]?.extensions['code'] ?? 'ok'))

      function record(outcome: string): void {
        if (!http) return
        metrics.sent.messages += 1
        const { operationType, startedAt } = http.exchange
        metrics.operations.observe({ type: operationType, outcome, carrier: 'http' }, (performance.now() - startedAt) / 1000)
      }
    },
  }

  /** Lets an operation run that is within all limits. @throws QUERY_TOO_COMPLEX, RATE_LIMITED */
  async function admitted(args: ExecutionArgs, http: HttpRequest) {
    const cost = limits.checkCost(args.schema, args.document, args.operationName, args.variableValues)
    await rates.count(args, http.exchange.tell)
    return asidesFor((args.contextValue as YogaInitialContext).params.extensions, cost)
  }

  async function stream(args: ExecutionArgs, http: HttpRequest, subscribe: () => unknown) {
    const { request, exchange } = http
    if (!/text\/event-stream|text\/\*|\*\/\*/i.test(request.headers.accept ?? '*/*')) {
      throw new GraphQLError('Subscriptions over HTTP need `accept: text/event-stream`.', {
        extensions: { code: 'BAD_USER_INPUT', http: { status: 406 } },
      })
    }
    // A file is there until its request is answered, which that of a stream never is.
    if (/^multipart/i.test(request.headers['content-type'] ?? '')) throw new AppError('BAD_USER_INPUT', 'Subscriptions take no files.')
    const context = args.contextValue as Context
    const { viewer } = context
    // From before anything is waited for: who is signed out while the feed opens does not get it.
    const lost: ErrorCode[] = []
    const unwatch = viewer ? deps.access.watch(viewer, null, code => lost.push(code)) : () => undefined
    try {
      const asides = await admitted(args, http)
      const free = await deps.connections.enter('sse', context.ip, viewer?.userId)
      const result = await subscribed(subscribe, free)
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

async function subscribed(subscribe: () => unknown, free: () => void): Promise<unknown> {
  try {
    return await subscribe()
  } catch (error) {
    free()
    throw error
  }
}
