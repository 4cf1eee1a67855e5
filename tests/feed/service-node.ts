import type { Viewer } from '../../src/access/viewer.ts'
import { loadConfig } from '../../src/config.ts'
import { AppError } from '../../src/errors.ts'
import { type Clock, systemClock } from '../../src/platform/clock.ts'
import { openDatabase } from '../../src/platform/database.ts'
import { openBus } from '../../src/platform/open-bus.ts'
import { openRedis } from '../../src/platform/redis.ts'
import { openSecrets } from '../../src/platform/secrets.ts'
import { createServices, type Services } from '../../src/services.ts'
import { silent } from './node.ts'

/** All that a node has below its schema, in this process. */
export async function startServices(env: Readonly<Record<string, string>>, clock: Clock = systemClock): Promise<Services> {
  const config = loadConfig(env)
  const stack = new AsyncDisposableStack()
  const database = stack.use(await openDatabase(config, silent))
  const bus = stack.use(await openBus(config, silent))
  const redis = await openRedis(config, silent)
  stack.defer(() => redis?.disconnect())
  const services = stack.use(await createServices({ config, logger: silent, clock, database, bus, redis, secrets: openSecrets(config) }))
  return { ...services, [Symbol.asyncDispose]: () => stack.disposeAsync() }
}

export const viewerOf = (userId: string): Viewer => ({
  userId,
  role: 'USER',
  scopes: null,
  sessionId: `session of ${userId}`,
  tokenId: `token of ${userId}`,
  expiresAt: new Date(Date.now() + 3_600_000),
  ip: '127.0.0.1',
})

/** What something came to: its outcome, or the code with which it failed. */
export async function outcomeOf<T>(work: Promise<T>): Promise<T | string> {
  try {
    return await work
  } catch (error) {
    if (error instanceof AppError) return error.code
    throw error
  }
}
