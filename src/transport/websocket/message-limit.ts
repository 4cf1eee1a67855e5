import { MessageType } from 'graphql-ws'
import { AppError } from '../../errors.ts'

/** What becomes of a message: it is taken, refused with an error for the operation it would start, or not even looked at. */
export type Verdict = 'taken' | 'dropped' | { readonly refusedId: string; readonly error: AppError }

/**
 * Counts the messages of one socket. Above the limit nothing new is started; what ends something or keeps the socket alive
 * passes, until there are twice as many.
 */
export function createMessageLimit(max: number, windowMs: number): (text: string) => Verdict {
  let count = 0
  let endsAtMs = 0

  return text => {
    if (max === 0) return 'taken'
    const nowMs = performance.now()
    if (nowMs >= endsAtMs) {
      count = 0
      endsAtMs = nowMs + windowMs
    }
    count += 1
    if (count <= max) return 'taken'
    if (count > 2 * max) return 'dropped'
    const refusedId = startedBy(text)
    if (refusedId === null) return 'taken'
    const message = `One socket may send ${max} messages in ${windowMs / 1000} seconds; wait and try again.`
    return { refusedId, error: new AppError('RATE_LIMITED', message, { retryAfterMs: Math.ceil(endsAtMs - nowMs) }) }
  }
}

/** The id of the operation that a message would start; null for other messages, and for what is none. */
function startedBy(text: string): string | null {
  try {
    const { type, id } = JSON.parse(text) as { readonly type?: unknown; readonly id?: unknown }
    return type === MessageType.Subscribe && typeof id === 'string' ? id : null
  } catch {
    return null
  }
}
