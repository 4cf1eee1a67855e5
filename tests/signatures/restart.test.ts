import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createSharedNonces } from '../../src/signatures/nonces.ts'
import { clientOf } from '../harness/client.ts'
import { environmentOf } from '../harness/modes.ts'
import type { Service } from '../harness/postgres.ts'
import { startRedis } from '../harness/redis.ts'
import { startServer } from '../harness/server.ts'
import { until } from '../harness/wait.ts'
import { signaturesCreate, signaturesList } from './operations.ts'
import { newNonce, openSigningSocket, operationOf, post, signed, signUp } from './world.ts'

test('one node without Redis takes nothing again that came before it was restarted, and at once what is signed since', async () => {
  await using environment = await environmentOf('embedded')
  const env = { ...environment.env, REQUIRE_SIGNATURES: 'true' }
  const before = await startServer(env)
  const { accessToken, signingKey } = await signUp(before.url)
  const recorded = await signed(operationOf(signaturesCreate, { input: { name: 'recorded' } }), signingKey)
  expect(await post(before.url, accessToken, recorded)).toBeNull()
  await before.stop()

  await using after = await startServer(env)
  const list = operationOf(signaturesList, {})
  const { data } = await clientOf(after.url, accessToken).post(JSON.stringify(await signed(list, signingKey)))
  expect(data).toEqual({ documents: { nodes: [{ name: 'recorded' }] } })
  const { errors } = await clientOf(after.url, accessToken).post(JSON.stringify(recorded))
  // With the time, since a clock that is a little behind gets the same answer.
  expect(errors).toMatchObject([{ extensions: { code: 'SIGNATURE_INVALID', serverTime: expect.stringMatching(/Z$/) } }])
  // A connection is younger than the server, so nothing of it came before.
  using socket = await openSigningSocket(after.wsUrl, { token: accessToken })
  expect(await socket.ask(await signed(list, socket.signingKey, { timestamp: Date.now() - 290_000 }))).toBeNull()
})

describe('nonces in a Redis', () => {
  let service: Service
  let redis: Redis
  beforeAll(async () => {
    service = await startRedis()
    redis = new Redis(service.url, { keyPrefix: 'a deployment:' })
    redis.on('error', () => {})
  })
  afterAll(async () => {
    redis?.disconnect()
    await service?.[Symbol.asyncDispose]()
  })

  const sign = () => [newNonce(), Date.now()] as const
  /** What is signed once the shared memory has begun. */
  async function afterwards(nonces: ReturnType<typeof createSharedNonces>): Promise<readonly [string, number]> {
    await until('something is taken', async () => (await nonces.spend('key', ...sign())) === 'first')
    return sign()
  }

  test('are each good once, from when the first node came', async () => {
    const old = sign()
    const nonces = createSharedNonces(redis)
    const fresh = await afterwards(nonces)
    expect(await nonces.spend('key', ...fresh)).toBe('first')
    expect(await nonces.spend('key', ...fresh)).toBe('again')
    expect(await nonces.spend('another key', ...fresh)).toBe('first')
    expect(await nonces.spend('key', ...old)).toBe('forgotten')
    // A node that comes later knows what came before it.
    const later = createSharedNonces(redis)
    expect(await later.spend('key', ...fresh)).toBe('again')
    expect(await later.spend('a third key', ...fresh)).toBe('first')
  })

  test('that were lost with all there was are not taken again', async () => {
    const nonces = createSharedNonces(redis)
    const recorded = await afterwards(nonces)
    expect(await nonces.spend('key', ...recorded)).toBe('first')
    await redis.flushall()
    expect(await nonces.spend('key', ...recorded)).toBe('forgotten')
    expect(await nonces.spend('key', ...(await afterwards(nonces)))).toBe('first')
  })

  test('that a Redis lost which came back with an older state are not taken again', async () => {
    const nonces = createSharedNonces(redis)
    const kept = await afterwards(nonces)
    expect(await nonces.spend('key', ...kept)).toBe('first')
    await redis.save()
    const lost = sign()
    expect(await nonces.spend('key', ...lost)).toBe('first')
    await service.kill()
    await service.restart()
    await until('Redis is back', async () => (await redis.dbsize().catch(() => 0)) > 0)
    expect(await nonces.spend('key', ...lost)).toBe('forgotten')
    expect(await nonces.spend('key', ...kept)).not.toBe('first')
    expect(await nonces.spend('key', ...(await afterwards(nonces)))).toBe('first')
  })
})
