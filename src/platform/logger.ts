import { pino } from 'pino'

export type Logger = pino.Logger

/** Names under which secrets could reach a log line; what they hold is replaced. */
const secretNames = [
  'authorization',
  'cookie',
  'password',
  'currentPassword',
  'newPassword',
  'token',
  'accessToken',
  'refreshToken',
  'secret',
  'connectionParams',
]

/** JSON lines on standard output. */
export const createLogger = (level: string, destination?: pino.DestinationStream): Logger =>
  pino(
    {
      level,
      base: { name: 'tidemark' },
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: secretNames.flatMap(name => [name, `*.${name}`, `*.*.${name}`]), censor: '[redacted]' },
    },
    ...(destination ? [destination] : []),
  )
