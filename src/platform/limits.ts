import type { Redis } from 'ioredis'
import { type RateLimiterAbstract, RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible'
import { AppError } from '../errors.ts'
import { networkOf } from './addresses.ts'
import { createPatience } from './patience.ts'
import { type Count, createQuota, type Quota, type Rule, type Standing } from './quota.ts'

/** Counts what callers do. With Redis all nodes count together; while Redis is away each counts for itself. */
export interface Limits {
  /** The same for the same name and rule. Addresses of one IPv6 network count together. */
  quota(name: string, rule: Rule): Quota
  /** Counts one call. @throws RATE_LIMITED with `retryAfterMs` when there were `max` in the window */
  take(name: string, subject: string, rule: Rule): Promise<void>
  /** Slows down what is tried again and again, such as passwords. */
  attempts(name: string, policy: AttemptPolicy): Attempts
}

export interface AttemptPolicy {
  /** Attempts that cost no waiting. */
  readonly free: number
  /** The wait after the first attempt beyond those; each further one doubles it. */
  readonly firstWaitSeconds: number
  readonly longestWaitSeconds: number
  /** Time after the first attempt at which all are forgotten. */
  readonly memorySeconds: number
}

export interface Attempts {
  /** Counts an attempt before it is made, so that a thousand at once are a thousand. Gives the milliseconds to wait; at 0 it may be made. */
  begin(subject: string): Promise<number>
  /** Whether there are attempts left that cost no waiting. Counts nothing. */
  areFree(subject: string): Promise<boolean>
  /** Takes an attempt back: it was none. */
  undo(subject: string): Promise<void>
  /** Forgets all attempts. */
  clear(subject: string): Promise<void>
}

export function createLimits({ redis }: { readonly redis: Redis | null }): Limits {
  const limiters = new Map<string, RateLimiterAbstract>()
  const quotas = new Map<string, Quota>()
  const patiently = createPatience(redis)

  function limiterOf(name: string, points: number, duration: number): RateLimiterAbstract {
    const keyPrefix = `tidemark:limit:${name}:${points}:${duration}`
    const known = limiters.get(keyPrefix)
    if (known) return known
    const options = { keyPrefix, points, duration }
    const memory = new RateLimiterMemory(options)
    const limiter = redis ? new RateLimiterRedis({ ...options, storeClient: redis, rejectIfRedisNotReady: true, insuranceLimiter: memory }) : memory
    limiters.set(keyPrefix, limiter)
    return limiter
  }

  function countOf(keyPrefix: string, points: number, duration: number): Count {
    const options = { keyPrefix, points, duration }
    const memory = new RateLimiterMemory(options)
    // Whoever is refused is so without asking, until the window ends.
    const shared = redis && new RateLimiterRedis({ ...options, storeClient: redis, rejectIfRedisNotReady: true, inMemoryBlockOnConsumed: points + 1 })
    return (subject, calls) =>
      patiently(
        () => outcomeOf((shared ?? memory).consume(subject, calls)),
        () => outcomeOf(memory.consume(subject, calls)),
      )
  }

  function quota(name: string, rule: Rule): Quota {
    const key = `tidemark:quota:${name}:${rule.max}:${rule.windowSeconds}`
    const known = quotas.get(key)
    if (known) return known
    const created = createQuota(name, rule, countOf(key, rule.max, rule.windowSeconds))
    const bySubject: Quota = { take: (subject, calls) => created.take(networkOf(subject), calls) }
    quotas.set(key, bySubject)
    return bySubject
  }

  return {
    quota,
    async take(name, subject, rule) {
      allow(await quota(name, rule).take(subject, 1))
    },
    attempts(name, { free, firstWaitSeconds, longestWaitSeconds, memorySeconds }) {
      const counts = limiterOf(`${name}:count`, free, memorySeconds)
      // Once the free attempts are used up, whoever comes first after a wait gets the one attempt there is.
      const turns = limiterOf(`${name}:turn`, 1, longestWaitSeconds)
      return {
        async begin(subject) {
          const key = networkOf(subject)
          const { consumedPoints } = await counts.penalty(key)
          const excess = consumedPoints - free
          if (excess <= 0) return 0
          const waitSeconds = Math.min(firstWaitSeconds * 2 ** Math.min(excess - 1, 30), longestWaitSeconds)
          const waitMs = await waitFor(turns.consume(key, 1, { customDuration: waitSeconds }))
          // Who was sent away tried nothing, so it makes no wait longer.
          if (waitMs > 0) await counts.reward(key)
          return waitMs
        },
        async areFree(subject) {
          return ((await counts.get(networkOf(subject)))?.consumedPoints ?? 0) < free
        },
        async undo(subject) {
          await counts.reward(networkOf(subject))
        },
        async clear(subject) {
          await Promise.all([counts.delete(networkOf(subject)), turns.delete(networkOf(subject))])
        },
      }
    },
  }
}

/** @throws RATE_LIMITED with `retryAfterMs` for whoever was refused */
export function allow({ isRefused, resetMs }: Standing): void {
  if (isRefused) throw new AppError('RATE_LIMITED', 'Too many calls; wait and try again.', { retryAfterMs: Math.max(1, Math.ceil(resetMs)) })
}

async function outcomeOf(consumed: Promise<RateLimiterRes>): ReturnType<Count> {
  try {
    const { remainingPoints, msBeforeNext } = await consumed
    return { remaining: remainingPoints, resetMs: msBeforeNext, isRefused: false }
  } catch (refusal) {
    if (refusal instanceof RateLimiterRes) return { remaining: 0, resetMs: refusal.msBeforeNext, isRefused: true }
    throw refusal
  }
}

/** Milliseconds until there is room again; 0 when there was room now. */
async function waitFor(consumed: Promise<RateLimiterRes>): Promise<number> {
  try {
    await consumed
    return 0
  } catch (refusal) {
    if (refusal instanceof RateLimiterRes) return Math.max(1, refusal.msBeforeNext)
    throw refusal
  }
}
