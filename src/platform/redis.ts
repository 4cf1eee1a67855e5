import type { Redis, RedisOptions } from 'ioredis'
import type { Config } from '../config.ts'
import type { Logger } from './logger.ts'
import { StartError } from './start-error.ts'

export type { Redis } from 'ioredis'

const connectTimeoutMs = 5_000
const commandTimeoutMs = 2_000
const probeIntervalMs = 5_000
const longestRetryDelayMs = 2_000

/**
 * The connection for commands, or null without REDIS_URL. While Redis is away commands reject at once instead of waiting, so
 * every caller decides what its state is worth. All its keys begin with the name of the deployment, so that others may use the same
 * Redis. Whoever opens it ends it with `disconnect()`. @throws StartError
 */
export async function openRedis(config: Config, logger: Logger, deployment = ''): Promise<Redis | null> {
  if (config.REDIS_URL === undefined) return null
  const redis = await connectRedis(config.REDIS_URL, 'commands', logger, { commandTimeout: commandTimeoutMs, keyPrefix: `${deployment}:` })
  // A link that went silent looks open for minutes; only an answer shows that it is.
  const probe = setInterval(() => {
    if (redis.status === 'ready') redis.ping().catch(() => redis.status === 'ready' && redis.disconnect(true))
  }, probeIntervalMs)
  probe.unref()
  redis.once('end', () => clearInterval(probe))
  return redis
}

/** Opens a connection that comes back by itself and never keeps commands for later. @throws StartError when it can't be opened */
export async function connectRedis(url: string, name: string, logger: Logger, options: RedisOptions = {}): Promise<Redis> {
  // Loaded only where there is one, for the sake of a quick start.
  const { Redis } = await import('ioredis')
  const redis = new Redis(url, {
    lazyConnect: true,
    connectionName: `tidemark-${name}`,
    enableOfflineQueue: false,
    // Commands under way fail with their connection: sent again, they could be done twice.
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    autoResubscribe: false,
    connectTimeout: connectTimeoutMs,
    disconnectTimeout: 500,
    keepAlive: 10_000,
    // Spread, so that not all nodes come back in the same moment.
    retryStrategy: attempt => Math.min(longestRetryDelayMs, 50 * 2 ** Math.min(attempt, 6)) * (0.5 + Math.random() / 2),
    // After a fail-over the old primary refuses writes; the name leads to the new one.
    reconnectOnError: error => error.message.startsWith('READONLY'),
    ...options,
  })
  let lastError: Error | undefined
  redis.on('error', (error: Error) => {
    lastError = error
    logger.debug({ err: error, connection: name }, 'redis')
  })
  dropStuckHandshakes(redis)
  let first: NodeJS.Timeout | undefined
  try {
    const late = new Promise<never>((_, reject) => {
      first = setTimeout(reject, connectTimeoutMs, new Error(`no answer within ${connectTimeoutMs} ms`))
    })
    await Promise.race([redis.connect(), late])
  } catch (error) {
    redis.disconnect()
    const { host } = new URL(url)
    const fault = lastError ?? error
    const said = fault instanceof Error ? fault.message || ('code' in fault ? String(fault.code) : fault.name) : String(fault)
    throw new StartError(
      `REDIS_URL: Redis at ${host} can't be used (${said}). Start it there or correct the URL; without REDIS_URL one server runs alone.`,
      { cause: error },
    )
  } finally {
    clearTimeout(first)
  }
  let known = true
  redis.on('close', () => {
    if (known) logger.warn({ connection: name }, 'the connection to Redis was lost')
    known = false
  })
  redis.on('ready', () => {
    if (!known) logger.info({ connection: name }, 'the connection to Redis is back')
    known = true
  })
  return redis
}

/** The time limit of the library ends with the TCP handshake; a peer that accepts and then says nothing would hold it for ever. */
function dropStuckHandshakes(redis: Redis): void {
  let timer: NodeJS.Timeout | undefined
  redis.on('connect', () => {
    timer = setTimeout(() => redis.status === 'connect' && redis.disconnect(true), connectTimeoutMs)
    timer.unref()
  })
  for (const event of ['ready', 'close']) redis.on(event, () => clearTimeout(timer))
}
