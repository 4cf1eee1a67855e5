import { ConfigError, loadConfig } from './config.ts'
import { startEmbedded } from './platform/embedded/embedded.ts'
import { createLogger } from './platform/logger.ts'
import { StartError } from './platform/start-error.ts'

try {
  const config = loadConfig()
  const logger = createLogger(config.LOG_LEVEL)
  // The embedded database opens in its own process while this one loads all the rest.
  const embedded = config.DATABASE_URL === undefined ? startEmbedded(config.DATA_DIR, logger) : undefined
  embedded?.catch(() => {})
  const { createApp } = await import('./app.ts')
  const app = await createApp(config, logger, embedded)
  logger.info(
    { port: app.port, url: app.url, mode: config.DATABASE_URL ? (config.REDIS_URL ? 'postgres+redis' : 'postgres') : 'embedded' },
    'listening',
  )
  if (process.stdout.isTTY || config.NODE_ENV === 'development') console.log(welcome(app.url))
  if (app.setupLink) logger.warn(`there is no administrator yet: open ${app.setupLink} within 24 hours, or start the server again for another link`)

  let isStopping = false
  const stop = async (signal: NodeJS.Signals): Promise<void> => {
    if (isStopping) {
      logger.warn({ signal }, 'stopping at once')
      process.exit(1)
    }
    isStopping = true
    logger.info({ signal }, 'stopping; a second signal forces it')
    try {
      await app[Symbol.asyncDispose]()
      logger.info('stopped')
      process.exit(0)
    } catch (error) {
      logger.error({ err: error }, 'could not stop in good order')
      process.exit(1)
    }
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
} catch (error) {
  if (!(error instanceof ConfigError || error instanceof StartError)) throw error
  console.error(error.message)
  process.exit(1)
}

function welcome(url: string): string {
  return `
  Tidemark is running.

    GraphiQL   ${url}   (open it in a browser; its tabs lead through the first minute)
    Dashboard  ${url.replace('/graphql', '/admin')}
    Health     ${url.replace('/graphql', '/ready')}
    Metrics    ${url.replace('/graphql', '/metrics')}
`
}
