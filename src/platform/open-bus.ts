import type { Config } from '../config.ts'
import type { Bus } from './bus.ts'
import type { Logger } from './logger.ts'
import { createMemoryBus } from './memory-bus.ts'
import { openRedisBus } from './redis-bus.ts'

/** The bus the configuration asks for. `onLost` is called for every message that could not be sent. @throws StartError */
export const openBus = async (config: Config, logger: Logger, onLost: () => void = () => {}): Promise<Bus> =>
  config.REDIS_URL === undefined ? createMemoryBus(logger, onLost) : openRedisBus({ url: config.REDIS_URL, logger, onLost })
