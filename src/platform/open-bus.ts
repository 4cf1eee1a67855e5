import type { Config } from '../config.ts'
import type { Bus } from './bus.ts'
import type { Logger } from './logger.ts'
import { createMemoryBus } from './memory-bus.ts'
import type { RedisBusOptions } from './redis-bus.ts'

/** The bus the configuration asks for. @throws StartError */
export async function openBus(config: Config, logger: Logger, options: Pick<RedisBusOptions, 'deployment' | 'onLost'> = {}): Promise<Bus> {
  if (config.REDIS_URL === undefined) return createMemoryBus(logger, options.onLost ?? (() => {}))
  const { openRedisBus } = await import('./redis-bus.ts')
  return openRedisBus({ url: config.REDIS_URL, logger, ...options })
}
