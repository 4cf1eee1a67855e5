import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Credentials, createIdentify, type Identify } from '../../src/admin/identify.ts'
import { AppError } from '../../src/errors.ts'
import { createLimits } from '../../src/platform/limits.ts'
import { freshRedisUrl } from '../harness/modes.ts'
import { until } from '../harness/wait.ts'

const key = 'the key of administrators, for tests only'
const never = () => Promise.reject(new Error('Nobody comes with a token or a cookie.'))

describe('administrators over three nodes', () => {
  const links: Redis[] = []
  const refusals: unknown[] = []
  let nodes: readonly Identify[]
  beforeAll(async () => {
    const url = await freshRedisUrl()
    for (let count = 0; count < 3; count += 1) links.push(new Redis(url, { enableOfflineQueue: false, lazyConnect: true }))
    await Promise.all(links.map(redis => redis.connect()))
    nodes = links.map(redis =>
      createIdentify({
        config: { ADMIN_API_KEY: key, ADMIN_USERNAME: 'keeper', ADMIN_PASSWORD: 'a password of administrators' },
        authenticate: never,
        recall: () => null,
        byCookie: never,
        mayAdminister: () => true,
        limits: createLimits({ redis }),
        audit: { refuse: (...refusal) => void refusals.push(refusal) },
      }),
    )
  })
  afterAll(() => {
    for (const redis of links) redis.disconnect()
  })
  /** So many at once, one node after the other. */
  const come = (count: number, ip: string, adminApiKey: string) => {
    const credentials: Credentials = { token: null, basic: null, adminApiKey, dashboardCookie: null, ip }
    const codeOf = (error: unknown) => (error instanceof AppError ? error.code : error)
    return Promise.all(
      Array.from({ length: count }, (_, at) =>
        Promise.resolve(nodes[at % 3]?.(credentials)).then(
          identity => identity?.admin?.by,
          (error: unknown) => codeOf(error),
        ),
      ),
    )
  }

  test('are not taken for guessing, however many of their calls are in flight', async () => {
    for (let round = 0; round < 20; round += 1) expect(new Set(await come(60, '192.0.2.1', key))).toEqual(new Set(['api-key']))
    expect(refusals).toEqual([])
  })

  test('are not refused for fewer mistakes than are free, which they make good', async () => {
    for (let round = 0; round < 3; round += 1) {
      expect(new Set(await come(9, '192.0.2.2', 'mistyped'))).toEqual(new Set(['UNAUTHENTICATED']))
      expect(new Set(await come(30, '192.0.2.2', key))).toEqual(new Set(['api-key']))
    }
  })

  test('of a thousand guesses at once few are looked at, and whoever comes next has to wait, right or wrong', async () => {
    await until('the wait', async () => {
      const [guesses, among] = await Promise.all([come(1_000, '192.0.2.3', 'one of a thousand'), come(3, '192.0.2.3', key)])
      // Ten are free and one opens the wait; on a slow machine a few waits end meanwhile.
      expect(guesses.filter(code => code === 'UNAUTHENTICATED').length).toBeLessThanOrEqual(15)
      return [...among, ...(await come(1, '192.0.2.3', key))].every(code => code === 'RATE_LIMITED')
    })
    expect(await come(1, '192.0.2.4', key)).toEqual(['api-key'])
  })
})
