import type { Redis } from 'ioredis'
import type { Logger } from './logger.ts'

/** Redis takes any number at once; the pieces only keep single replies and commands small. */
const channelsAtOnce = 500

/**
 * Stands between graphql-redis-subscriptions and its subscribing connection. That library expects SUBSCRIBE to succeed (a failure
 * becomes an unhandled rejection) and leaves the time without a connection to a queue. Here the wanted channels are a set, which
 * is put in force whenever the connection comes up; a channel wanted meanwhile counts as subscribed, as `onRestored` will tell.
 */
export function createLink(redis: Redis, logger: Logger, onRestored: () => void) {
  const wanted = new Set<string>()

  const restore = async () => {
    const channels = [...wanted]
    for (let start = 0; start < channels.length; start += channelsAtOnce) await redis.subscribe(...channels.slice(start, start + channelsAtOnce))
    onRestored()
  }
  // It fails with the connection only, and the next connection begins anew.
  redis.on('ready', () => void restore().catch(error => logger.debug({ err: error }, 'channels were not restored')))

  return {
    on: (event: string, listener: (...parameters: unknown[]) => void) => redis.on(event, listener),
    subscribe(channel: string, done: (error?: Error | null) => void) {
      wanted.add(channel)
      if (redis.status !== 'ready') return done(null)
      redis.subscribe(channel).then(
        () => done(null),
        error => {
          logger.warn({ err: error, channel }, 'a channel could not be subscribed yet')
          done(null)
        },
      )
    },
    unsubscribe(channel: string) {
      wanted.delete(channel)
      if (redis.status === 'ready') redis.unsubscribe(channel).catch(error => logger.debug({ err: error, channel }, 'a channel was not left'))
    },
    /** The library leaves patterns along with channels; there are none. */
    punsubscribe() {},
  }
}
