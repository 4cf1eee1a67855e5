/** Every code a client can meet in `extensions.code`; the schema prints them as the enum `ErrorCode`. */
export const errorCodes = {
  UNAUTHENTICATED: 'The call needs a signed-in user.',
  TOKEN_EXPIRED: 'The access token has ended; refresh the session and try again.',
  TOKEN_REVOKED: 'The token or its session was ended; sign in again.',
  INVALID_CREDENTIALS: 'E-mail and password do not belong together.',
  ACCOUNT_LOCKED: 'Too many failed sign-ins; try again after `retryAfterMs`.',
  EMAIL_TAKEN: 'An account with this e-mail address exists.',
  FORBIDDEN: 'The viewer may see this, and may not do that to it.',
  NOT_FOUND: 'There is no such thing, or none the viewer may know of.',
  NOT_PARTICIPANT: 'The viewer is no member of this chat.',
  BAD_USER_INPUT: 'An argument is not what it has to be; `field` names it.',
  PAYLOAD_TOO_LARGE: 'The request, or one value in it, is above its size limit.',
  QUERY_TOO_COMPLEX: 'The operation is above a limit on tokens, depth, aliases or cost.',
  CONFLICT: 'The thing is not in a state that allows this.',
  ALREADY_EXISTS: 'Something with this id exists.',
  VERSION_MISMATCH: 'The thing was changed since the version that was expected.',
  IDEMPOTENCY_MISMATCH: 'The idempotency key was used before, with other arguments.',
  CLOCK_SKEW: 'A timestamp is more than a minute ahead of the server.',
  RESYNC_REQUIRED: 'The cursor is older than what the server keeps; read the state and its cursor again.',
  RATE_LIMITED: 'Too many calls; try again after `retryAfterMs`.',
  QUOTA_EXCEEDED: 'This would go above a quota.',
  TOO_MANY_CONNECTIONS: 'The server, or this user, has as many open connections as are allowed.',
  SIGNATURE_REQUIRED: 'Operations have to be signed.',
  SIGNATURE_INVALID: 'The signature does not fit the operation.',
  REPLAYED: 'A signed operation was sent a second time.',
  INTERNAL_SERVER_ERROR: 'Something unexpected happened; the server logged it under `correlationId`.',
  PERSISTED_QUERY_NOT_FOUND: 'No operation is known by this hash; send its text, where texts are taken.',
  PERSISTED_QUERY_NOT_SUPPORTED: 'Operations have to be sent as text.',
  SHUTTING_DOWN: 'The server is about to stop; connect again.',
} as const

export type ErrorCode = keyof typeof errorCodes

export interface ErrorDetails {
  /** Path of the argument at fault, as in `input.writes.3.path`. */
  readonly field?: string
  readonly retryAfterMs?: number
  readonly cause?: unknown
  readonly [extension: string]: unknown
}

/** An error that is meant for the client: its message and details are sent as they are. */
export class AppError extends Error {
  override readonly name = 'AppError'
  readonly code: ErrorCode
  readonly details: Omit<ErrorDetails, 'cause'>

  constructor(code: ErrorCode, message: string, { cause, ...details }: ErrorDetails = {}) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
    this.details = details
  }
}

export const badInput = (field: string, message: string): AppError => new AppError('BAD_USER_INPUT', message, { field })

/** Also what a stranger gets for things that exist: whether they do is not theirs to know. */
export const notFound = (what: string): AppError => new AppError('NOT_FOUND', `There is no such ${what}.`)
