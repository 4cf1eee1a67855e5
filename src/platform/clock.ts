import { AppError, badInput } from '../errors.ts'

/** The time of day, in one place, so that whatever depends on it can be shown at another time. */
export interface Clock {
  now(): Date
}

export const systemClock: Clock = { now: () => new Date() }

/** How far ahead of the server a client's clock may be. */
const maxSkewMs = 60_000

/** When a client says it wrote something, in milliseconds since 1970. @throws BAD_USER_INPUT before 1970, CLOCK_SKEW */
export function checkWriterTime(given: Date, now: Date, field: string): number {
  const time = given.getTime()
  // Before the year 100, what PostgreSQL gives back is read as another year; before the year 1 it takes nothing.
  if (time < 0) throw badInput(field, 'A timestamp is not before 1970.')
  if (time > now.getTime() + maxSkewMs) {
    throw new AppError('CLOCK_SKEW', 'The timestamp is more than a minute ahead of the server. Set the clock, or leave the timestamp out.', {
      field,
      serverTime: now.toISOString(),
    })
  }
  return time
}
