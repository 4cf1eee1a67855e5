import { operations } from './admin/dashboard/page/operations.ts'
import type { Config } from './config.ts'
import { createFanOut } from './feed/fan-out.ts'
import { createErrorMapper } from './graph/errors.ts'
import { createGroupedSubscribe } from './graph/grouping.ts'
import { createLoaders } from './graph/loaders.ts'
import { systemClock } from './platform/clock.ts'
import { openDatabase } from './platform/database.ts'
import { deploymentOf } from './platform/deployment/deployment.ts'
import type { Embedded } from './platform/embedded/embedded.ts'
import type { Logger } from './platform/logger.ts'
import { openBus } from './platform/open-bus.ts'
import { periodically } from './platform/periodic.ts'
import { createNodePlaces, createSharedPlaces } from './platform/places.ts'
import { openRedis } from './platform/redis.ts'
import { openSecrets } from './platform/secrets.ts'
import { schema } from './schema.ts'
import { createServices } from './services.ts'
import { readLoad } from './transport/load.ts'
import { createTransportMetrics } from './transport/metrics.ts'
import { createTransport } from './transport/transport.ts'

/** A server that listens. Disposing of it lets what is in flight finish, and closes everything it opened. */
export interface App extends AsyncDisposable {
  readonly port: number
  /** Where GraphQL and GraphiQL answer. */
  readonly url: string
  /** Makes whoever opens it an administrator; null when there is one, or ADMIN_EMAIL names them. */
  readonly setupLink: string | null
}

const tidyIntervalMs = 10 * 60_000

/** Opens what the configuration names, and listens; `embedded` is the database that it names where somebody has begun to start it. @throws StartError with a sentence that says what to do */
export async function createApp(config: Config, logger: Logger, embedded?: Promise<Embedded>): Promise<App> {
  const stack = new AsyncDisposableStack()
  try {
    const secrets = openSecrets(config)
    const database = stack.use(await openDatabase(config, logger, undefined, embedded))
    const deployment = await deploymentOf(database, secrets.deriveKeys('bus'))
    const redis = await openRedis(config, logger, deployment)
    stack.defer(async () => redis?.disconnect())
    const bus = stack.use(await openBus(config, logger, { deployment }))
    const places = redis ? stack.use(await createSharedPlaces(redis)) : createNodePlaces()
    const metrics = createTransportMetrics()
    const services = stack.use(
      await createServices({ config, logger, clock: systemClock, database, bus, redis, secrets, readLoad: () => readLoad(metrics) }),
    )
    stack.use(periodically(config.CLEANUP_INTERVAL_MS, 'remove what has expired', services.sweep, logger))

    stack.use(periodically(tidyIntervalMs, 'tidy the database', database.tidy, logger))

    const errors = createErrorMapper({ logger, hideSuggestions: config.NODE_ENV === 'production' })
    const fanOut = createFanOut()
    const transport = createTransport({
      schema,
      config,
      logger,
      access: services.access,
      database,
      bus,
      identify: services.identify,
      signatures: services.signatures,
      createContext: partial => ({ ...partial, services, loaders: createLoaders(services, partial) }),
      webRoutes: services.webRoutes,
      webPages: services.webPages,
      ownOperations: Object.values(operations),
      metrics,
      limits: services.limits,
      places,
      attendances: [services.presence, services.stats],
      subscribeGrouped: createGroupedSubscribe({ schema, fanOut, errors }),
    })
    stack.defer(() => transport.close(config.SHUTDOWN_TIMEOUT_MS))
    const { port, url } = await transport.listen()
    return {
      port,
      url,
      setupLink: await services.accounts.setupLink(config.PUBLIC_URL ?? new URL(url).origin),
      [Symbol.asyncDispose]: () => stack.disposeAsync(),
    }
  } catch (error) {
    await stack.disposeAsync()
    throw error
  }
}
