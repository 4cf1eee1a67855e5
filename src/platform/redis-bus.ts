import { randomUUID } from 'node:crypto'
import { RedisPubSub } from 'graphql-redis-subscriptions'
import type { Bus } from './bus.ts'
import type { Logger } from './logger.ts'
import { guard } from './memory-bus.ts'
import { encode } from './message.ts'
import { connectRedis } from './redis.ts'
import { createLink } from './redis-link.ts'
import { StartError } from './start-error.ts'

export interface RedisBusOptions {
  readonly url: string
  readonly logger: Logger
  /** Keeps deployments apart that share a Redis: only those who name the same hear each other. */
  readonly deployment?: string
  /** Called for every message that is known not to have been sent. */
  readonly onLost?: () => void
  readonly heartbeatIntervalMs?: number
}

/** A link that loses so many heartbeats in a row is torn down. */
const mostMissedBeats = 3
const doubtTopic = 'doubt'
const pingTimeoutMs = 2_000
/** What may be on its way to Redis; beyond, messages are dropped instead of piling up behind a slow link. */
const mostBytesUnderWay = 64 * 1024 * 1024

/** The bus between nodes, over Redis Pub/Sub. @throws StartError when Redis can't be reached */
export async function openRedisBus({ url, logger, deployment = '', onLost = () => {}, heartbeatIntervalMs = 1_000 }: RedisBusOptions): Promise<Bus> {
  const doubtListeners = new Set<() => void>()
  const doubt = () => {
    for (const listener of doubtListeners) listener()
  }
  const publisher = await connectRedis(url, 'publisher', logger)
  const subscriber = await connectRedis(url, 'subscriber', logger).catch(error => {
    publisher.disconnect()
    throw error
  })
  // Redis shares channels between all of its databases; who keeps two deployments apart by database means the bus as well.
  const prefix = `tidemark:${publisher.options.db ?? 0}:${deployment}:`
  const pubsub = new RedisPubSub({
    publisher,
    subscriber: createLink(subscriber, logger, doubt) as never,
    serializer: json => json,
  })

  let bytesUnderWay = 0
  // The other nodes can't know what never reached them, so they are told as soon as something does.
  let owesDoubt = false
  const send = async (topic: string, json: string): Promise<boolean> => {
    if (bytesUnderWay + json.length > mostBytesUnderWay) {
      owesDoubt = true
      return false
    }
    bytesUnderWay += json.length
    try {
      await pubsub.publish(prefix + topic, json)
      return true
    } catch (error) {
      logger.debug({ err: error, topic }, 'a message was not sent')
      owesDoubt = true
      return false
    } finally {
      bytesUnderWay -= json.length
    }
  }

  // Both connections can look well while nothing gets through, so the bus listens for itself.
  const ownTopic = `beat:${randomUUID()}`
  const waiting = new Map<number, () => void>()
  let sent = 0
  let heard = 0
  await pubsub.subscribe(prefix + ownTopic, (beat: number) => {
    heard = Math.max(heard, beat)
    waiting.get(beat)?.()
    if (!owesDoubt) return
    owesDoubt = false
    void send(doubtTopic, 'null')
  })
  await pubsub.subscribe(prefix + doubtTopic, doubt)
  const beat = () => send(ownTopic, String(++sent))
  const heartbeat = setInterval(() => {
    if (publisher.status !== 'ready' || subscriber.status !== 'ready') {
      heard = sent
    } else if (sent - heard >= mostMissedBeats) {
      logger.warn({ missed: sent - heard }, 'nothing gets through to Redis and back; connecting again')
      heard = sent
      publisher.disconnect(true)
      subscriber.disconnect(true)
      doubt()
    } else void beat()
  }, heartbeatIntervalMs)
  heartbeat.unref()

  const ping = async () => {
    let timer: NodeJS.Timeout | undefined
    const number = sent + 1
    try {
      await new Promise<void>((resolve, reject) => {
        waiting.set(number, resolve)
        timer = setTimeout(reject, pingTimeoutMs, new Error(`A message through Redis did not come back within ${pingTimeoutMs} ms.`))
        void beat().then(gone => gone || reject(new Error('Redis is away.')))
      })
    } finally {
      clearTimeout(timer)
      waiting.delete(number)
    }
  }

  const bus: Bus = {
    async publish(topic, message) {
      const json = encode(message)
      if (json === null) logger.error({ topic }, 'a message that is no JSON was not sent')
      if (json === null || !(await send(topic, json))) onLost()
    },
    async subscribe(topic, listener) {
      const id = await pubsub.subscribe(prefix + topic, guard(listener, topic, logger))
      let subscribed = true
      return () => {
        if (subscribed) pubsub.unsubscribe(id)
        subscribed = false
      }
    },
    onDoubt(listener) {
      const guarded = guard(listener, 'doubt', logger)
      doubtListeners.add(guarded)
      return () => doubtListeners.delete(guarded)
    },
    ping,
    async [Symbol.asyncDispose]() {
      clearInterval(heartbeat)
      doubtListeners.clear()
      let timer: NodeJS.Timeout | undefined
      // QUIT comes after what was published before it; a link that is gone must not hold up the end.
      const quit = Promise.allSettled([publisher.quit(), subscriber.quit()])
      await Promise.race([quit, new Promise(resolve => (timer = setTimeout(resolve, 1_000)))])
      clearTimeout(timer)
      publisher.disconnect()
      subscriber.disconnect()
    },
  }

  try {
    await ping()
  } catch (error) {
    await bus[Symbol.asyncDispose]()
    throw new StartError(
      `REDIS_URL: messages published to Redis at ${new URL(url).host} do not come back. Allow its user PUBLISH and SUBSCRIBE on all channels.`,
      { cause: error },
    )
  }
  return bus
}
