import { MessageType } from 'graphql-ws'
import { AppError } from '../../errors.ts'

/** What becomes of a message: it is taken, refused with an error for the operation it would start, or not even looked at. */
export type Verdict = 'taken' | 'dropped' | { readonly refusedId: string; readonly error: AppError }

/** How many messages a socket sent lately. */
export interface Counted {
  messages: number
  /** When the count begins anew, in whole milliseconds. */
  countEndsAtMs: number
}

/**
 * Counts the messages of a socket. Above the limit nothing new is started; what ends something or keeps the socket alive
 * passes, until there are twice as many.
 */
export function createMessageLimit(max: number, windowMs: number): (counted: Counted, text: string) => Verdict {
  return (counted, text) => {
    if (max === 0) return 'taken'
    const nowMs = Math.floor(performance.now())
    if (nowMs >= counted.countEndsAtMs) {
      counted.messages = 0
      counted.countEndsAtMs = nowMs + windowMs
    }
    counted.messages += 1
    if (counted.messages <= max) return 'taken'
    if (counted.messages > 2 * max) return 'dropped'
    const refusedId = startedBy(text)
    if (refusedId === null) return 'taken'
    const message = `One socket may send ${max} messages in ${windowMs / 1000} seconds; wait and try again.`
    return { refusedId, error: new AppError('RATE_LIMITED', message, { retryAfterMs: counted.countEndsAtMs - nowMs }) }
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
