import { EventEmitter } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import { loadConfig } from '../../src/config.ts'
import { createLogger } from '../../src/platform/logger.ts'
import { openBus } from '../../src/platform/open-bus.ts'
import { openRedis } from '../../src/platform/redis.ts'
import type { Holder } from '../../src/signals/holdings.ts'
import type { SignalReader } from '../../src/signals/reader.ts'
import type { Signal } from '../../src/signals/signal.ts'
import { createSignals, type Signals } from '../../src/signals/signals.ts'

export interface Node extends AsyncDisposable {
  readonly signals: Signals
  readonly redis: Redis | null
}

/** Signals as a server has them; without a URL on a bus and a store in memory. */
export async function startNode(redisUrl?: string, healIntervalMs = 2_000): Promise<Node> {
  const config = loadConfig({ ...(redisUrl && { REDIS_URL: redisUrl }) })
  const logger = createLogger('silent')
  const bus = await openBus(config, logger)
  const redis = await openRedis(config, logger)
  const signals = createSignals({ bus, redis, logger, healIntervalMs })
  return {
    signals,
    redis,
    async [Symbol.asyncDispose]() {
      await signals[Symbol.asyncDispose]()
      await bus[Symbol.asyncDispose]()
      redis?.disconnect()
    },
  }
}

/** A socket, as far as signals know it. */
export function openSocket(id: string): Holder & { close(): void } {
  const events = new EventEmitter()
  return { id, onClose: listener => events.once('close', listener), close: () => events.emit('close') }
}

/** Follows a topic and keeps what it was told. */
export function follow(reader: SignalReader) {
  const heard: Signal[] = []
  const states = new Map<string, unknown>()
  const run = (async () => {
    for await (const signal of reader) {
      heard.push(signal)
      const name = `${signal.key.owner}/${signal.key.client}`
      if (signal.state === null) states.delete(name)
      else states.set(name, signal.state)
    }
  })()
  return { heard, ended: run, states: () => Object.fromEntries([...states].sort()), stop: () => reader.return().then(() => run) }
}

/** Waits for something that becomes true soon. */
export async function until(holds: () => boolean | Promise<boolean>, withinMs = 10_000): Promise<void> {
  const deadline = performance.now() + withinMs
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`It did not become true within ${withinMs} ms: ${holds}`)
    await delay(10)
  }
}
