import fc from 'fast-check'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createLimits } from '../../src/platform/limits.ts'
import { type Count, createQuota } from '../../src/platform/quota.ts'

const subject = 'user_1'

test('whatever calls cost, nobody gets more than a quota, and nobody is refused who has used less than 99 % of it', async () => {
  const costs = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 30 })
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 40, max: 3_000 }), costs, async (max, cycle) => {
      const quota = createLimits({ redis: null }).quota('writes', { max, windowSeconds: 3_600 })
      let given = 0
      for (let at = 0; ; at += 1) {
        const calls = cycle[at % cycle.length] ?? 1
        const { isRefused } = await quota.take(subject, calls)
        if (isRefused) {
          expect(given + calls).toBeGreaterThan(max * 0.99)
          return
        }
        given += calls
        expect(given).toBeLessThanOrEqual(max)
      }
    }),
  )
})

const windowSeconds = 60

/** Windows that begin with the first call, by the clock of the tests. */
function createCount(max: number): Count {
  let endsAtMs = 0
  let used = 0
  return async (_, calls) => {
    if (performance.now() >= endsAtMs) {
      endsAtMs = performance.now() + windowSeconds * 1_000
      used = 0
    }
    used += calls
    return { remaining: Math.max(0, max - used), resetMs: endsAtMs - performance.now(), isRefused: used > max }
  }
}

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }))
afterEach(() => void vi.useRealTimers())

test('what is left of a window ends with it', async () => {
  const step = fc.record({ calls: fc.integer({ min: 1, max: 5 }), waitMs: fc.constantFrom(0, 0, 0, 1_000, 30_000) })
  const steps = fc.array(step, { minLength: 50, maxLength: 100 })
  await fc.assert(
    fc.asyncProperty(steps, async taken => {
      const count = createCount(400)
      let [fetched, given, endsAtMs] = [0, 0, 0]
      const quota = createQuota('writes', { max: 400, windowSeconds }, async (name, calls) => {
        const counted = await count(name, calls)
        if (performance.now() >= endsAtMs) [fetched, given] = [0, 0]
        endsAtMs = performance.now() + counted.resetMs
        fetched += calls
        return counted
      })
      for (const { calls, waitMs } of taken) {
        vi.advanceTimersByTime(waitMs)
        const { isRefused } = await quota.take(subject, calls)
        if (!isRefused) given += calls
        expect(given, 'what was fetched in the same window').toBeLessThanOrEqual(fetched)
      }
    }),
  )
})
