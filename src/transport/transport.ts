import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import type { GraphQLSchema } from 'graphql'
import type { Access } from '../access/access.ts'
import type { Identify } from '../admin/identify.ts'
import type { Config } from '../config.ts'
import { AppError } from '../errors.ts'
import type { Context } from '../graph/context.ts'
import { createErrorMapper, statusOf } from '../graph/errors.ts'
import { createQueryLimits } from '../graph/limits.ts'
import { createLimits, type Limits } from '../platform/limits.ts'
import type { Logger } from '../platform/logger.ts'
import { createNodePlaces, type Places } from '../platform/places.ts'
import { StartError } from '../platform/start-error.ts'
import type { Signatures } from '../signatures/signatures.ts'
import type { WebPages, WebRoutes } from '../web.ts'
import type { PartialContext } from './caller.ts'
import { createClientAddress } from './client-address.ts'
import { type Attendance, createConnections } from './connections.ts'
import { createDrain } from './drain.ts'
import { linkOperations } from './graphiql/link-operations.ts'
import { createGraphiQL } from './graphiql/page.ts'
import { securityHeadersOf } from './http/answers.ts'
import { createReadiness, type Pingable } from './http/health.ts'
import { createHttp } from './http/http.ts'
import { createMetricsAccess } from './http/metrics-access.ts'
import { answerRaw, createHttpServer } from './http/server.ts'
import { createTransportMetrics, type TransportMetrics } from './metrics.ts'
import { createOrigins } from './origins.ts'
import { openPersistedOperations } from './persisted-operations.ts'
import { createPipeline } from './pipeline.ts'
import { createRateLimits } from './rate-limits.ts'
import { closeCodes } from './websocket/close-codes.ts'
import type { SubscribeGrouped } from './websocket/operations.ts'
import { createSockets } from './websocket/websocket.ts'
import { createGraphQL } from './yoga.ts'

export interface TransportDeps {
  readonly schema: GraphQLSchema
  readonly config: Config
  readonly logger: Logger
  readonly access: Pick<Access, 'watch'>
  readonly database: Pingable
  readonly bus: Pingable
  readonly identify: Identify
  readonly signatures: Signatures
  createContext(partial: PartialContext): Context
  /** What the rooms answer beside GraphQL. */
  readonly webRoutes?: WebRoutes
  readonly webPages?: WebPages
  /** These hear of each connection that a user has: a socket, or a stream of events. */
  readonly attendances?: readonly Attendance[]
  readonly metrics?: TransportMetrics
  /** Without them this node counts for itself. */
  readonly limits?: Pick<Limits, 'quota'>
  readonly places?: Pick<Places, 'enter' | 'leave'>
  /** Texts of operations that pages of the rooms send: they run also where only trusted ones do. */
  readonly ownOperations?: readonly string[]
  /** Starts subscriptions on sockets in place of the pipeline's own `subscribe`. */
  readonly subscribeGrouped?: SubscribeGrouped
}

/** What listens: GraphQL over HTTP and sockets, GraphiQL, health and metrics, all on one port. */
export interface Transport {
  listen(): Promise<{ readonly port: number; readonly url: string }>
  /**
   * Takes nothing new, lets what is in flight finish and be answered, then closes sockets with a code that makes clients
   * come back. What is not done at the deadline is cut.
   */
  close(deadlineMs: number): Promise<void>
}

/** Connections that the system holds for us while many come back at once; it may hold fewer (`net.core.somaxconn`). */
const waitingToBeTaken = 4_096

function giveUp(this: Duplex): void {
  this.destroy()
}

const shuttingDown = () => new AppError('SHUTTING_DOWN', 'The server is about to stop; connect again.')

export function createTransport(deps: TransportDeps): Transport {
  const { config, logger, schema, access, identify, signatures, createContext, subscribeGrouped } = deps
  const metrics = deps.metrics ?? createTransportMetrics()
  const errors = createErrorMapper({ logger, hideSuggestions: config.NODE_ENV === 'production' })
  const limits = createQueryLimits(config)
  const rates = createRateLimits(config, deps.limits ?? createLimits({ redis: null }))
  const persisted = openPersistedOperations(config, [...Object.values(linkOperations), ...(deps.ownOperations ?? [])])
  const connections = createConnections(config, deps.places ?? createNodePlaces(), metrics, deps.attendances)
  const drain = createDrain()
  const origins = createOrigins(config.CORS_ORIGINS, config.PUBLIC_URL)
  const clientAddress = createClientAddress(config.TRUSTED_PROXIES)
  const readiness = createReadiness({ database: deps.database, bus: deps.bus }, logger)
  let closing: Promise<void> | null = null
  const isClosing = () => closing !== null

  const pipeline = createPipeline({ schema, config, limits, rates, persisted, metrics, createContext })
  const yoga = createGraphQL({ schema, access, connections, errors, pipeline, metrics })
  const { webRoutes = {}, webPages = {} } = deps
  const graphiql = createGraphiQL()
  const http = createHttp({
    yoga,
    pipeline,
    errors,
    signatures,
    graphiql,
    origins,
    metrics,
    drain,
    logger,
    clientAddress,
    identify,
    rates,
    runsOnlyKnown: persisted.only,
    bodyLimits: { maxBytes: config.MAX_MESSAGE_BYTES, maxMs: config.REQUEST_TIMEOUT_MS },
    mayReadMetrics: createMetricsAccess(config),
    securityHeaders: securityHeadersOf(config.PUBLIC_URL),
    webRoutes,
    webPages,
    readiness,
    isClosing,
  })
  const sockets = createSockets({
    pipeline,
    errors,
    rates,
    metrics,
    drain,
    subscribeGrouped,
    isClosing,
    config,
    logger,
    access,
    connections,
    identify,
    signatures,
    origins,
  })

  const server = createHttpServer(config, http.handle)
  server.on('upgrade', (request, carrier, head) => void upgrade(request, carrier, head))

  async function upgrade(request: IncomingMessage, carrier: Duplex, head: Buffer): Promise<void> {
    carrier.on('error', giveUp)
    const ip = clientAddress(request)
    try {
      checkUpgrade(request)
      await rates.admit(ip)
      await connections.enter('websocket', ip)
      let isTaken = false
      try {
        isTaken = take(request, carrier, head, ip)
      } finally {
        if (!isTaken) connections.leave('websocket', ip)
      }
    } catch (error) {
      if (!(error instanceof AppError)) logger.error({ err: error }, 'unexpected error')
      refuseUpgrade(carrier, error instanceof AppError ? error : new AppError('INTERNAL_SERVER_ERROR', 'Unexpected error.'))
    }
  }

  /** Whether it is a socket from now on, which leaves when it is closed. */
  function take(request: IncomingMessage, carrier: Duplex, head: Buffer, ip: string): boolean {
    if (carrier.destroyed) return false
    if (isClosing()) throw shuttingDown()
    if (!sockets.accept(request, carrier, head, ip)) return false
    // Its socket listens as well, and two listeners take a list, each of ten thousand times.
    carrier.off('error', giveUp)
    return true
  }

  function checkUpgrade(request: IncomingMessage): void {
    if ((request.url ?? '').split('?', 1)[0] !== '/graphql') throw new AppError('NOT_FOUND', 'There is nothing at this path.')
    if (!origins.allows(request)) throw new AppError('FORBIDDEN', 'This origin is not in CORS_ORIGINS.')
    if (isClosing()) throw shuttingDown()
  }

  function refuseUpgrade(carrier: Duplex, { code, details }: AppError): void {
    metrics.refusedSockets.inc({ reason: code })
    const { retryAfterMs } = details
    const retry = typeof retryAfterMs === 'number' ? { 'retry-after': String(Math.ceil(retryAfterMs / 1000)) } : {}
    answerRaw(carrier, statusOf(code), retry, code)
  }

  async function shutDown(deadlineMs: number): Promise<void> {
    const stopped = server.listening ? once(server, 'close') : Promise.resolve()
    server.close()
    http.stopKeepingAlive()
    const deadline = Promise.withResolvers<void>()
    const timer = setTimeout(deadline.resolve, deadlineMs)
    await Promise.race([drain.idle(), deadline.promise])
    sockets.closeAll(closeCodes.restart, 'SHUTTING_DOWN')
    http.cutStreams()
    server.closeIdleConnections()
    await Promise.race([Promise.all([sockets.gone(), drain.idle(), stopped]), deadline.promise])
    clearTimeout(timer)
    sockets.terminateAll()
    server.closeAllConnections()
    await Promise.all([sockets.gone(), stopped])
    await yoga.dispose()
  }

  return Object.freeze({
    async listen() {
      server.listen({ port: config.PORT, host: config.HOST, backlog: waitingToBeTaken })
      await once(server, 'listening').catch(error => Promise.reject(startErrorOf(error, config)))
      const { port } = server.address() as AddressInfo
      const host = config.HOST === '0.0.0.0' || config.HOST === '::' ? 'localhost' : config.HOST.includes(':') ? `[${config.HOST}]` : config.HOST
      return { port, url: `http://${host}:${port}/graphql` }
    },
    close(deadlineMs) {
      closing ??= Promise.resolve().then(() => shutDown(deadlineMs))
      return closing
    },
  } satisfies Transport)
}

function startErrorOf(error: unknown, { HOST, PORT }: Config): unknown {
  const code = (error as NodeJS.ErrnoException).code
  if (code === 'EADDRINUSE') return new StartError(`Something else listens on port ${PORT}; set PORT to another one, or to 0 for any free one.`)
  if (code === 'EACCES') return new StartError(`This user may not listen on port ${PORT}; set PORT to 1024 or more.`)
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return new StartError(`This machine has no address ${HOST}; set HOST to one it has, or to 0.0.0.0.`)
  return error
}
