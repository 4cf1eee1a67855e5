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
  'signingKey',
  'connectionParams',
]

/** A failed query or command without what was to be stored by it, which is people's data and stands in its message as well. */
function serializeError(error: Error): pino.SerializedError {
  const { params, command: _, ...serialized } = pino.stdSerializers.err(error)
  if (params === undefined) return serialized as pino.SerializedError
  const withoutParams = (text: string) => text.replace(/\nparams: .*?(?=\n {4}at |\ncaused by: |$)/gs, '')
  return { ...serialized, message: withoutParams(serialized.message), stack: withoutParams(serialized.stack) } as pino.SerializedError
}

/** JSON lines on standard output. */
export const createLogger = (level: string, destination?: pino.DestinationStream): Logger =>
  pino(
    {
      level,
      base: { name: 'tidemark' },
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { err: serializeError },
      redact: { paths: secretNames.flatMap(name => [name, `*.${name}`, `*.*.${name}`]), censor: '[redacted]' },
    },
    ...(destination ? [destination] : []),
  )
