import type { Config } from '../config.ts'
import type { Bus } from './bus.ts'
import type { Logger } from './logger.ts'
import { createMemoryBus } from './memory-bus.ts'
import { openRedisBus, type RedisBusOptions } from './redis-bus.ts'

/** The bus the configuration asks for. @throws StartError */
export const openBus = async (config: Config, logger: Logger, options: Pick<RedisBusOptions, 'deployment' | 'onLost'> = {}): Promise<Bus> =>
  config.REDIS_URL === undefined ? createMemoryBus(logger, options.onLost ?? (() => {})) : openRedisBus({ url: config.REDIS_URL, logger, ...options })
