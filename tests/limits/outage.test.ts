import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Person, signUp } from '../harness/client.ts'
import { type Environment, environmentOf } from '../harness/modes.ts'
import { startProxy, type TcpProxy } from '../harness/proxy.ts'
import { type Server, startServer } from '../harness/server.ts'
import { until } from '../harness/wait.ts'
import { codesOf } from '../transport/ask.ts'
import { openSocket } from '../transport/raw-socket.ts'
import { callerAt, newAddress } from './callers.ts'

describe('limits while Redis is away', () => {
  let environment: Environment
  let toRedis: TcpProxy
  let server: Server
  let ada: Person
  beforeAll(async () => {
    environment = await environmentOf('postgres+redis')
    const { REDIS_URL = '' } = environment.env
    toRedis = await startProxy(Number(new URL(REDIS_URL).port))
    const limits = {
      READ_RATE_LIMIT_PER_MIN: '400',
      IP_RATE_LIMIT_PER_MIN: '400',
      SIGN_IN_RATE_LIMIT_PER_MIN: '5',
      WS_MAX_CONNECTIONS_PER_ADDRESS: '3',
    }
    server = await startServer({ ...environment.env, REDIS_URL: toRedis.through(REDIS_URL), TRUSTED_PROXIES: '127.0.0.1', ...limits })
    ada = await signUp(server.url, 'ada')
  })
  afterAll(async () => {
    await server.kill()
    await toRedis[Symbol.asyncDispose]()
    await environment[Symbol.asyncDispose]()
  })

  const read = (person = ada) => callerAt(newAddress(), { authorization: `Bearer ${person.accessToken}` }).ask(server.url, '{ viewer { id } }')
  const refresh = 'mutation { refreshSession(input: { refreshToken: "none" }) { accessToken } }'

  /**
   * What a client sees of a Redis that is not there: nothing fails by it, and limits hold all the same. Where it is there, and is late
   * for once, some calls are counted by it and some by the node: each of the two gives as many as there may be.
   */
  async function expectLimits(countedBy: 1 | 2): Promise<void> {
    const eve = callerAt(newAddress())
    const codes = []
    for (let count = 0; count < 5 * countedBy + 2; count += 1) codes.push(...codesOf(await eve.ask(server.url, refresh)))
    expect(codes.slice(-2)).toEqual(['RATE_LIMITED', 'RATE_LIMITED'])
    expect(codes.slice(0, 5)).not.toContain('RATE_LIMITED')
    expect(codes).not.toContain('INTERNAL_SERVER_ERROR')
    const answers = await Promise.all(Array.from({ length: 40 }, () => read()))
    expect(answers.filter(({ status }) => status !== 200)).toEqual([])
    const address = { headers: { 'x-forwarded-for': newAddress() } }
    const sockets = await Promise.all([1, 2, 3].map(() => openSocket(server.wsUrl, address)))
    await expect(openSocket(server.wsUrl, address)).rejects.toThrow('503')
    for (const { socket } of sockets) socket.terminate()
  }

  test('hold on each node when its connections are cut and refused, and again when it is back', async () => {
    toRedis.refuse()
    await expectLimits(1)
    toRedis.accept()
    await until('Redis to be back', async () => (await fetch(new URL('/ready', server.url))).ok, 30_000)
    await expectLimits(2)
  })

  test('hold on each node when it takes everything and says nothing', async () => {
    toRedis.swallow()
    await expectLimits(1)
    toRedis.flow()
    toRedis.cut()
    await until('Redis to be back', async () => (await fetch(new URL('/ready', server.url))).ok, 30_000)
    await expectLimits(2)
  })
})
