import { AppError, type ErrorCode } from '../../errors.ts'

/**
 * Why a socket closes. The graphql-ws client never comes back after 4400, 4401, 4406, 4409, 4429, 4500 and most codes
 * below 2000; it does after 4403, 4408, 1012 and 1013, and asks its `connectionParams` anew: with a fresh token it gets in.
 */
export const closeCodes = {
  forbidden: 4403,
  badRequest: 4400,
  restart: 1012,
  tryAgainLater: 1013,
  tooBig: 1009,
} as const

const ofTheToken: ReadonlySet<ErrorCode> = new Set(['UNAUTHENTICATED', 'TOKEN_EXPIRED', 'TOKEN_REVOKED', 'FORBIDDEN', 'NOT_FOUND', 'ACCOUNT_LOCKED'])

/** The code and reason for a socket that can't be let in; the reason is an ErrorCode. */
export function refusalOf(error: unknown): { readonly closeCode: number; readonly reason: ErrorCode } {
  if (!(error instanceof AppError)) return { closeCode: closeCodes.tryAgainLater, reason: 'INTERNAL_SERVER_ERROR' }
  return { closeCode: ofTheToken.has(error.code) ? closeCodes.forbidden : closeCodes.tryAgainLater, reason: error.code }
}

const mostReasonBytes = 123
const encoder = new TextEncoder()

/** As much of a text as a close frame has room for, in whole characters: the library throws for one byte more. */
export function reasonOf(text: string): Buffer {
  const bytes = Buffer.alloc(mostReasonBytes)
  return bytes.subarray(0, encoder.encodeInto(text, bytes).written)
}
