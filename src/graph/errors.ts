import { type ExecutionResult, GraphQLError, type GraphQLErrorOptions } from 'graphql'
import { AppError, type ErrorCode, errorCodes } from '../errors.ts'
import type { Logger } from '../platform/logger.ts'

export interface ErrorMapper {
  /** What the client gets for a result's or a stream's error. The unexpected is logged here, once, and masked. */
  toClient(error: unknown, requestId: string): GraphQLError[]
  /** The same for errors that keep a request from being executed at all: these carry an HTTP status as well. */
  toRefusal(error: unknown, requestId: string): GraphQLError[]
  /** A result over HTTP with its errors as clients get them. */
  inAnswer(result: ExecutionResult, requestId: string): ExecutionResult
}

export interface ErrorMapperDeps {
  readonly logger: Logger
  /** Leaves “Did you mean …” out, which tells strangers the schema name by name. */
  readonly hideSuggestions: boolean
}

const statuses: Partial<Record<ErrorCode, number>> = {
  UNAUTHENTICATED: 401,
  TOKEN_EXPIRED: 401,
  TOKEN_REVOKED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  PAYLOAD_TOO_LARGE: 413,
  RATE_LIMITED: 429,
  TOO_MANY_CONNECTIONS: 503,
  SHUTTING_DOWN: 503,
  INTERNAL_SERVER_ERROR: 500,
}

/** The spec wants 200 with `application/json` when a well-formed request fails; proxies want to see these anyway. */
const alwaysShown = new Set([413, 429, 500, 503])

export const statusOf = (code: ErrorCode): number => statuses[code] ?? 400

/** Under which id an error was logged, by whichever mapper saw it first. */
const logged = new WeakMap<object, string>()
/** What mappers made: an error passes a stream, a group of readers and a socket on its way out. */
const made = new WeakSet<GraphQLError>()

export function createErrorMapper({ logger, hideSuggestions }: ErrorMapperDeps): ErrorMapper {
  function masked(error: unknown, at: Place, requestId: string): GraphQLError {
    const cause = rootOf(error)
    const known = typeof cause === 'object' && cause !== null ? logged.get(cause) : undefined
    if (!known) logger.error({ err: cause, correlationId: requestId, path: at.path?.join('.') }, 'unexpected error')
    if (typeof cause === 'object' && cause !== null) logged.set(cause, known ?? requestId)
    return new GraphQLError('Unexpected error.', { ...at, extensions: { code: 'INTERNAL_SERVER_ERROR', correlationId: known ?? requestId } })
  }

  function map(error: unknown, requestId: string): GraphQLError {
    const root = rootOf(error)
    if (root instanceof GraphQLError && made.has(root)) return root
    const mapped = mapAnew(error, requestId)
    made.add(mapped)
    return mapped
  }

  function mapAnew(error: unknown, requestId: string): GraphQLError {
    const at = placeOf(error)
    const app = appErrorIn(error)
    if (app) return new GraphQLError(app.message, { ...at, extensions: { code: app.code, ...app.details } })
    if (!(error instanceof GraphQLError)) return masked(error, at, requestId)
    const code = errorCodeOf(error)
    if (!code) return masked(error, at, requestId)
    const message = hideSuggestions ? error.message.replace(/ Did you mean .+\?$/s, '') : error.message
    const field = fieldOf(error.message)
    return new GraphQLError(message, { ...at, extensions: { code, ...(field && { field }) } })
  }

  const toClient = (error: unknown, requestId: string) => flatten(error).map(one => map(one, requestId))
  const toRefusal = (error: unknown, requestId: string) =>
    flatten(error).map(one => {
      const mapped = map(one, requestId)
      return new GraphQLError(mapped.message, { ...placeOf(mapped), extensions: { ...mapped.extensions, http: httpOf(one, mapped) } })
    })
  return Object.freeze({
    toClient,
    toRefusal,
    inAnswer(result, requestId) {
      if (!result.errors?.length) return result
      const toAnswer = 'data' in result ? toClient : toRefusal
      return { ...result, errors: result.errors.flatMap(error => toAnswer(error, requestId)) }
    },
  } satisfies ErrorMapper)
}

type Place = Pick<GraphQLErrorOptions, 'path' | 'nodes' | 'source' | 'positions'>

const placeOf = (error: unknown): Place =>
  error instanceof GraphQLError
    ? { path: error.path ?? null, nodes: error.nodes ?? null, source: error.source ?? null, positions: error.positions ?? null }
    : {}

const flatten = (error: unknown): unknown[] => {
  const inner =
    error instanceof AggregateError || (Array.isArray(error) && error.every(one => one instanceof Error))
      ? [...(Array.isArray(error) ? error : error.errors)]
      : null
  return inner && inner.length > 0 ? inner.flatMap(flatten) : [error]
}

const rootOf = (error: unknown): unknown => (error instanceof GraphQLError && error.originalError ? rootOf(error.originalError) : error)

function appErrorIn(error: unknown): AppError | null {
  const root = rootOf(error)
  return root instanceof AppError && !isCoercion(error) ? root : null
}

const isCoercion = (error: unknown): boolean => error instanceof GraphQLError && !error.path && /^Variable "\$/.test(error.message)

/** Null for what no client can have caused: an error of ours, or of a library, somewhere in a resolver. */
function errorCodeOf(error: GraphQLError): ErrorCode | null {
  if (isCoercion(error)) return 'BAD_USER_INPUT'
  if (rootOf(error) instanceof GraphQLError === false) return null
  const { code } = error.extensions
  if (code === 'REQUEST_ENTITY_TOO_LARGE') return 'PAYLOAD_TOO_LARGE'
  if (typeof code === 'string' && Object.hasOwn(errorCodes, code) && code !== 'INTERNAL_SERVER_ERROR') return code as ErrorCode
  return error.path && !/^Argument "/.test(error.message) ? null : 'BAD_USER_INPUT'
}

/** Path of the variable at fault: `input.writes.3.path`. */
function fieldOf(message: string): string | null {
  const name = /^Variable "\$(\w+)"/.exec(message)?.[1]
  if (!name) return null
  const inside = /^.* at "([\w.[\]]+)"[;:,]/s.exec(message)?.[1]
  const path = (inside?.startsWith(name) ? inside : name).replace(/\[(\d+)\]/g, '.$1')
  const missing = /Field "(\w+)" of required type "[^"]+" was not provided\.$/.exec(message)?.[1]
  return missing ? `${path}.${missing}` : path
}

/** What an error says of the answer it comes in; it stays in the server. */
export interface HttpOfError {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** For those who accept application/json alone, 200. */
  readonly spec: boolean
}

function httpOf(error: unknown, mapped: GraphQLError): HttpOfError {
  const given = error instanceof GraphQLError ? (error.extensions['http'] as Partial<HttpOfError> | undefined) : undefined
  const status = given?.status ?? statusOf(mapped.extensions['code'] as ErrorCode)
  const retryAfterMs = mapped.extensions['retryAfterMs']
  const retry = typeof retryAfterMs === 'number' ? { 'retry-after': String(Math.ceil(retryAfterMs / 1000)) } : {}
  return { status, headers: { ...given?.headers, ...retry }, spec: given?.spec ?? (given ? false : !alwaysShown.has(status)) }
}
