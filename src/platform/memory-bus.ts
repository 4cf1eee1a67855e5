import type { Bus } from './bus.ts'
import type { Logger } from './logger.ts'
import { encode } from './message.ts'

/** The bus of a server that is alone. Listeners hear of a message later and as JSON has it, just as over Redis. */
export function createMemoryBus(logger: Logger, onLost: () => void = () => {}): Bus {
  const topics = new Map<string, Set<(message: unknown) => void>>()

  const deliver = (topic: string, json: string) => {
    const message: unknown = JSON.parse(json)
    for (const listener of topics.get(topic) ?? []) listener(message)
  }

  return {
    async publish(topic, message) {
      if (!topics.has(topic)) return
      const json = encode(message)
      if (json === null) {
        logger.error({ topic }, 'a message that is no JSON was not sent')
        onLost()
      } else setImmediate(deliver, topic, json)
    },
    async subscribe(topic, listener) {
      // One listener may be given twice, and is then called twice.
      const guarded = guard(listener, topic, logger)
      const listeners = topics.get(topic) ?? new Set()
      topics.set(topic, listeners.add(guarded))
      return () => {
        if (listeners.delete(guarded) && listeners.size === 0 && topics.get(topic) === listeners) topics.delete(topic)
      }
    },
    onDoubt: () => () => {},
    async ping() {},
    async [Symbol.asyncDispose]() {
      topics.clear()
    },
  }
}

/** A listener that throws must not keep a message from the others. */
export const guard =
  <T extends unknown[]>(listener: (...parameters: T) => void, topic: string, logger: Logger) =>
  (...parameters: T): void => {
    try {
      listener(...parameters)
    } catch (error) {
      logger.error({ err: error, topic }, 'a listener on the bus failed')
    }
  }
