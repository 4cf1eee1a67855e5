import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Identity } from '../../access/viewer.ts'
import type { Identify } from '../../admin/identify.ts'
import { AppError } from '../../errors.ts'
import type { ErrorMapper } from '../../graph/errors.ts'
import type { Logger } from '../../platform/logger.ts'
import type { Signatures } from '../../signatures/signatures.ts'
import type { WebMethod, WebPages, WebRoutes } from '../../web.ts'
import { type Caller, type Exchange, userAgentOf } from '../caller.ts'
import type { ClientAddress } from '../client-address.ts'
import { credentialsOf } from '../credentials.ts'
import type { Drain } from '../drain.ts'
import type { GraphiQL } from '../graphiql/page.ts'
import type { TransportMetrics } from '../metrics.ts'
import type { Origins } from '../origins.ts'
import type { Pipeline, Plan } from '../pipeline.ts'
import type { RateLimits } from '../rate-limits.ts'
import type { Yoga } from '../yoga.ts'
import type { AnswerType } from './accept.ts'
import { answerError, answerJson } from './answers.ts'
import { type BodyLimits, createReadJson } from './body.ts'
import { createHead, type Head } from './head.ts'
import type { Readiness } from './health.ts'
import type { MetricsAccess } from './metrics-access.ts'
import { createAnswerPost, plainPost } from './plain-post.ts'
import { acceptsAnAnswer, isJson, isMultipart, refusalOfBody, wantsHtml } from './request-checks.ts'
import { createUploads } from './uploads.ts'
import { answerWeb } from './web.ts'

export interface HttpDeps {
  readonly yoga: Yoga
  readonly pipeline: Pipeline
  readonly errors: ErrorMapper
  readonly signatures: Pick<Signatures, 'check'>
  readonly graphiql: GraphiQL
  readonly origins: Origins
  readonly metrics: TransportMetrics
  readonly drain: Drain
  readonly logger: Logger
  readonly clientAddress: ClientAddress
  readonly identify: Identify
  readonly rates: RateLimits
  readonly bodyLimits: BodyLimits
  readonly mayReadMetrics: MetricsAccess
  /** On every answer that does not say otherwise. */
  readonly securityHeaders: Readonly<Record<string, string>>
  /** GraphiQL is of no use then. */
  readonly runsOnlyKnown: boolean
  /** What the rooms answer beside GraphQL. */
  readonly webRoutes: WebRoutes
  readonly webPages: WebPages
  readiness(): Promise<Readiness>
  isClosing(): boolean
}

export interface Http {
  handle(request: IncomingMessage, response: ServerResponse): void
  /** Answers that are under way end their connection. */
  stopKeepingAlive(): void
  /** Cuts what streams; clients come back for it elsewhere. */
  cutStreams(): void
}

const methods = new Set(['GET', 'POST', 'DELETE', 'OPTIONS', 'HEAD'])

export function createHttp(deps: HttpDeps): Http {
  const { yoga, graphiql, origins, metrics, drain, logger } = deps
  const underWay = new Set<ServerResponse>()
  const streams = new Set<ServerResponse>()
  const uploads = createUploads(deps.bodyLimits)
  const readJson = createReadJson(deps.bodyLimits)
  const answerPost = createAnswerPost(deps)
  const hardened = Object.entries(deps.securityHeaders).flat()
  const prefixes = ['/graphiql/', ...Object.keys(deps.webRoutes)]

  const routes: Readonly<Record<string, Handler>> = {
    '/graphql': graphql,
    // Links in mails and in the log; what they show is in graphiql/links.js.
    '/setup': onlyRead((_, response) => graphiql.page(response)),
    '/verify-email': onlyRead((_, response) => graphiql.page(response)),
    '/reset-password': onlyRead((_, response) => graphiql.page(response)),
    '/health': onlyRead((_, response) => answerJson(response, 200, { status: 'ok' })),
    '/ready': onlyRead(async (_, response) => {
      const { ready, checks } = deps.isClosing() ? { ready: false, checks: { server: 'closing' } } : await deps.readiness()
      answerJson(response, ready ? 200 : 503, { status: ready ? 'ready' : 'not ready', checks })
    }),
    '/metrics': onlyRead(async (request, response, visit) => {
      if (!(await admit(request, response, visit))) return
      if (!(await isLet(response, () => deps.mayReadMetrics(request, callerOf(request, visit))))) return
      const text = await metrics.registry.metrics()
      response.writeHead(200, { 'content-type': metrics.registry.contentType, 'cache-control': 'no-store' }).end(text)
    }),
    ...Object.fromEntries(Object.entries(deps.webPages).map(([path, page]) => [path, pageOf(page)])),
  }

  function handle(request: IncomingMessage, response: ServerResponse): void {
    const requestId = randomUUID()
    const startedAt = performance.now()
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/'
    const route = Object.hasOwn(routes, path) ? path : (prefixes.find(prefix => path.startsWith(prefix)) ?? 'other')
    const finished = drain.begin()
    underWay.add(response)
    response.on('close', () => {
      finished()
      underWay.delete(response)
      streams.delete(response)
      const seconds = (performance.now() - startedAt) / 1000
      const method = methods.has(request.method ?? '') ? String(request.method) : 'other'
      metrics.requests.observe(seconds, method, route, response.headersSent ? String(response.statusCode) : '0')
      // Without the query string, which holds variables.
      if (logger.isLevelEnabled('debug'))
        logger.debug({ requestId, method, path: path.slice(0, 200), status: response.statusCode, ms: Math.round(seconds * 1000) }, 'http request')
    })
    const closing = deps.isClosing()
    const head = createHead(response, [
      ...hardened,
      'x-request-id',
      requestId,
      ...origins.corsHeaders(request),
      ...(closing ? ['connection', 'close'] : []),
    ])
    const visit: Visit = { requestId, finished, head }
    const type = path === '/graphql' && !closing ? plainPost(request) : null
    const answered = type ? post(type, request, response, visit) : answer(path, request, response, visit)
    answered.catch(error => {
      logger.error({ err: error, correlationId: requestId }, 'unexpected error')
      head.apply()
      if (response.headersSent) response.destroy()
      else answerError(response, new AppError('INTERNAL_SERVER_ERROR', 'Unexpected error.', { correlationId: requestId }))
    })
  }

  async function answer(path: string, request: IncomingMessage, response: ServerResponse, visit: Visit): Promise<void> {
    visit.head.apply()
    return Object.hasOwn(routes, path) ? routes[path]?.(request, response, visit) : elsewhere(path, request, response, visit)
  }

  function pageOf(page: WebPages[string]): Handler {
    return async (request, response, visit) => {
      const method = request.method === 'HEAD' ? 'GET' : (request.method ?? '')
      if (!Object.hasOwn(page, method)) return notAllowed(response, Object.keys(page).join(', '))
      if (!(await admit(request, response, visit))) return
      if (method !== 'GET') {
        if (!origins.isOwnPage(request)) return answerError(response, new AppError('FORBIDDEN', 'Only pages of this server may ask for this.'))
        if (method === 'POST' && !isJson(request))
          return answerError(response, new AppError('BAD_USER_INPUT', 'Send `content-type: application/json`.'), 415)
      }
      await answerWeb(page[method as WebMethod], request, response, callerOf(request, visit))
    }
  }

  async function elsewhere(path: string, request: IncomingMessage, response: ServerResponse, visit: Visit): Promise<void> {
    const isRead = request.method === 'GET' || request.method === 'HEAD'
    if (path.startsWith('/graphiql/') && isRead && (await graphiql.asset(path, request, response))) return
    const prefix = Object.keys(deps.webRoutes).find(start => path.startsWith(start))
    if (prefix !== undefined && !(await admit(request, response, visit))) return
    if (prefix !== undefined && isRead && (await answerWeb(deps.webRoutes[prefix], request, response, callerOf(request, visit)))) return
    if (path === '/' && isRead && wantsHtml(request)) return void response.writeHead(302, { location: '/graphql' }).end()
    answerError(response, new AppError('NOT_FOUND', 'There is nothing at this path.'))
  }

  async function graphql(request: IncomingMessage, response: ServerResponse, visit: Visit): Promise<void> {
    const { method } = request
    if (method === 'OPTIONS') return void response.writeHead(204, { allow: 'GET, POST, OPTIONS' }).end()
    if (method !== 'GET' && method !== 'POST') return notAllowed(response, 'GET, POST')
    if (deps.isClosing()) return answerError(response, new AppError('SHUTTING_DOWN', 'The server is about to stop; connect again.'))
    if (method === 'GET' && wantsHtml(request)) return deps.runsOnlyKnown ? answerError(response, noGraphiQL()) : graphiql.page(response)
    if (!(await admit(request, response, visit))) return
    const refusal = method === 'POST' ? refusalOfBody(request) : null
    if (refusal !== null) return answerError(response, new AppError('BAD_USER_INPUT', refusal), 415)
    if (!acceptsAnAnswer(request))
      return answerError(
        response,
        new AppError('BAD_USER_INPUT', 'Accept application/json, application/graphql-response+json or text/event-stream.'),
        406,
      )
    response.setHeader('cache-control', 'no-store')
    await throughYoga(request, response, callerOf(request, visit), exchangeOf(response, visit), null)
  }

  async function post(type: AnswerType, request: IncomingMessage, response: ServerResponse, visit: Visit): Promise<void> {
    const { head } = visit
    const caller = callerOf(request, visit)
    try {
      const counting = deps.rates.admit(caller.ip, head.tell)
      if (counting) await counting
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      head.apply()
      return answerError(response, error)
    }
    const exchange = exchangeOf(response, visit)
    const plan = await answerPost(response, { type, caller, exchange, head, readOperation: () => readJson(request) })
    if (!plan) return
    head.apply()
    await throughYoga(request, response, caller, exchange, plan)
  }

  async function throughYoga(
    request: IncomingMessage,
    response: ServerResponse,
    caller: Caller,
    exchange: Exchange,
    plan: Plan | null,
  ): Promise<void> {
    response.setHeader('cache-control', 'no-store')
    await using files = new AsyncDisposableStack()
    await yoga(request, response, {
      caller,
      http: {
        request,
        exchange,
        plan,
        async readOperation() {
          if (plan) return plan.sent
          return isMultipart(request) ? uploads.receive(request, (await caller.identity()).viewer, files) : readJson(request)
        },
      },
    })
  }

  /** Whether the address may ask for more; who may not is answered. */
  const admit = (request: IncomingMessage, response: ServerResponse, { head }: Visit): Promise<boolean> =>
    isLet(response, async () => deps.rates.admit(deps.clientAddress(request), head.tell))

  /** Whether a check throws nothing; what it throws is answered. */
  async function isLet(response: ServerResponse, check: () => Promise<void>): Promise<boolean> {
    try {
      await check()
      return true
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      answerError(response, error)
      return false
    }
  }

  function callerOf(request: IncomingMessage, { requestId }: Visit): Caller {
    const ip = deps.clientAddress(request)
    let known: Promise<Identity> | Identity | undefined
    const caller: Caller = {
      requestId,
      ip,
      userAgent: userAgentOf(request.headers),
      connection: null,
      identity: () => (known ??= deps.identify(credentialsOf(request.headers, ip, origins.isOwnPage(request)))),
      checkSignature: operation => deps.signatures.check(operation, caller),
    }
    return caller
  }

  function exchangeOf(response: ServerResponse, { head, finished }: Visit): Exchange {
    return {
      startedAt: performance.now(),
      operationType: 'unknown',
      tell: head.tell,
      tellRetry: head.tellRetry,
      becomeStream(end) {
        finished()
        // Who left while the stream was prepared is told of by nobody else.
        if (!underWay.has(response)) return end()
        streams.add(response)
        response.once('close', end)
      },
    }
  }

  return Object.freeze({
    handle,
    stopKeepingAlive() {
      for (const response of underWay) if (!response.headersSent) response.setHeader('connection', 'close')
    },
    cutStreams() {
      for (const response of streams) response.destroy()
    },
  } satisfies Http)
}

interface Visit {
  readonly requestId: string
  /** Says that a server that stops need not wait for this request. */
  finished(): void
  readonly head: Head
}

type Handler = (request: IncomingMessage, response: ServerResponse, visit: Visit) => Promise<void> | void

const onlyRead =
  (handler: Handler): Handler =>
  (request, response, visit) =>
    request.method === 'GET' || request.method === 'HEAD' ? handler(request, response, visit) : notAllowed(response, 'GET, HEAD')

function notAllowed(response: ServerResponse, allow: string): void {
  response.setHeader('allow', allow)
  answerError(response, new AppError('BAD_USER_INPUT', `This path takes ${allow}.`), 405)
}

const noGraphiQL = () =>
  new AppError('FORBIDDEN', 'There is no GraphiQL here: this server runs only the operations it knows (PERSISTED_OPERATIONS=only).')
