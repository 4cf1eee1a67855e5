import { Writable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadConfig } from '../../src/config.ts'
import { AppError } from '../../src/errors.ts'
import { createLimits, type Limits } from '../../src/platform/limits.ts'
import { createLogger } from '../../src/platform/logger.ts'
import { openRedis } from '../../src/platform/redis.ts'
import { freshRedisUrl } from '../harness/modes.ts'
import { startRedis } from '../harness/redis.ts'
import { until } from '../harness/wait.ts'

const logger = createLogger('silent', new Writable({ write: (_, __, done) => done() }))
const redisAt = (url: string) => openRedis(loadConfig({ REDIS_URL: url }), logger)
const rule = { max: 3, windowSeconds: 60 }

const refusal = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: unknown) => (error instanceof AppError ? { code: error.code, ...error.details } : error),
  )

describe.each(['memory', 'redis'])('limits in %s', where => {
  let limits: Limits
  let close = () => {}
  beforeAll(async () => {
    const redis = where === 'redis' ? await redisAt(await freshRedisUrl()) : null
    limits = createLimits({ redis })
    close = () => redis?.disconnect()
  })
  afterAll(() => close())

  test('a call more than allowed is told how long to wait, and others are not', async () => {
    const outcomes = await Promise.all(Array.from({ length: 5 }, () => refusal(limits.take('calls', 'anna', rule))))
    expect(outcomes.filter(outcome => outcome === null)).toHaveLength(3)
    const refused = outcomes.find(outcome => outcome !== null) as { code: string; retryAfterMs: number }
    expect(refused.code).toBe('RATE_LIMITED')
    expect(refused.retryAfterMs).toBeGreaterThan(50_000)
    expect(refused.retryAfterMs).toBeLessThanOrEqual(60_000)
    expect(await refusal(limits.take('calls', 'bert', rule))).toBeNull()
    expect(await refusal(limits.take('other calls', 'anna', rule))).toBeNull()
  })

  test('addresses of one IPv6 network share a limit', async () => {
    for (let count = 0; count < 3; count++) await limits.take('calls', `2001:db8:7:7::${count}`, rule)
    expect(await refusal(limits.take('calls', '2001:db8:7:7:ffff::1', rule))).toMatchObject({ code: 'RATE_LIMITED' })
    expect(await refusal(limits.take('calls', '2001:db8:7:8::1', rule))).toBeNull()
  })

  test('attempts wait longer each time, up to a longest wait, until they are forgiven', async () => {
    const attempts = limits.attempts('tries', { free: 1, firstWaitSeconds: 20, longestWaitSeconds: 50, memorySeconds: 600 })
    expect([await attempts.begin('anna'), await attempts.begin('anna')]).toEqual([0, 0])
    const first = await attempts.begin('anna')
    expect(first).toBeGreaterThan(15_000)
    expect(first).toBeLessThanOrEqual(20_000)
    await attempts.clear('anna')
    expect([await attempts.begin('anna'), await attempts.begin('anna')]).toEqual([0, 0])
    expect(await attempts.begin('bert')).toBe(0)
    await attempts.undo('bert')
    expect([await attempts.begin('bert'), await attempts.begin('bert')]).toEqual([0, 0])
  })
})

test('two nodes count together', async () => {
  const url = await freshRedisUrl()
  const [first, second] = [await redisAt(url), await redisAt(url)]
  const [one, other] = [createLimits({ redis: first }), createLimits({ redis: second })]
  for (const limits of [one, other, one]) await limits.take('calls', 'anna', rule)
  expect(await refusal(other.take('calls', 'anna', rule))).toMatchObject({ code: 'RATE_LIMITED' })
  first?.disconnect()
  second?.disconnect()
})

test('while Redis is away each node counts for itself, and nobody is kept out by that', async () => {
  const service = await startRedis()
  const redis = await redisAt(service.url)
  const limits = createLimits({ redis })
  await limits.take('calls', 'anna', rule)
  await service.kill()
  await until('the loss is seen', () => redis?.status !== 'ready')
  const outcomes = []
  for (let count = 0; count < 4; count++) outcomes.push(await refusal(limits.take('calls', 'anna', rule)))
  expect(outcomes.slice(0, 3)).toEqual([null, null, null])
  expect(outcomes[3]).toMatchObject({ code: 'RATE_LIMITED' })
  redis?.disconnect()
  await service[Symbol.asyncDispose]()
})
