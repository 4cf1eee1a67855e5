/** The time of day, in one place, so that whatever depends on it can be shown at another time. */
export interface Clock {
  now(): Date
}

export const systemClock: Clock = { now: () => new Date() }
