import { z } from 'zod'
import { readPrivateKey, readPublicKeys } from './platform/asymmetric-key.ts'

const integer = (fallback: number, min = 0, max = Number.MAX_SAFE_INTEGER) => z.coerce.number().int().min(min).max(max).default(fallback)
const seconds = (fallback: string) =>
  z
    .string()
    .regex(/^\d+(s|m|h|d)$/, 'is a number with a unit: 900s, 15m, 12h or 30d')
    .default(fallback)
    .transform(text => Number.parseInt(text, 10) * { s: 1, m: 60, h: 3600, d: 86400 }[text.at(-1) as 's' | 'm' | 'h' | 'd'])
const list = (fallback: string) =>
  z
    .string()
    .default(fallback)
    .transform(text =>
      text
        .split(',')
        .map(part => part.trim())
        .filter(Boolean),
    )
const url = (...protocols: string[]) =>
  z.url({ protocol: new RegExp(`^(${protocols.join('|')})$`), message: `is a URL that starts with ${protocols.map(p => `${p}://`).join(' or ')}` })

const read = <T>(reader: (text: string) => T) =>
  z.string().transform((text, context) => {
    try {
      return reader(text)
    } catch (error) {
      context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : 'can’t be read' })
      return z.NEVER
    }
  })

/** Every variable the server reads, with its default and its meaning. Nothing else in `src` looks at `process.env`. */
export const variables = z.object({
  NODE_ENV: z
    .enum(['development', 'test', 'production'])
    .default('development')
    .describe('`production` refuses weak secrets and hides introspection'),
  HOST: z.string().default('0.0.0.0').describe('Address to listen on'),
  PORT: integer(4000, 0, 65535).describe('Port to listen on; 0 takes a free one'),
  PUBLIC_URL: url('http', 'https').optional().describe('Where clients reach this server, for links in e-mails and to attachments'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info').describe('Least severity that is logged'),

  DATABASE_URL: url('postgres', 'postgresql').optional().describe('PostgreSQL 15 or newer; without it the embedded database in DATA_DIR is used'),
  DATABASE_POOL_SIZE: integer(20, 1, 500).describe('Most connections of one node to PostgreSQL'),
  REDIS_URL: url('redis', 'rediss').optional().describe('Redis, needed as soon as there is more than one node; without it the bus is in memory'),
  DATA_DIR: z.string().min(1).default('./data').describe('Folder of the embedded database and of secrets the server made itself'),

  JWT_SECRET: z.string().optional().describe('Signs access tokens and cursors, at least 32 characters; made and kept in DATA_DIR outside production'),
  JWT_PREVIOUS_SECRETS: list('').describe(
    'Other values of JWT_SECRET, earlier ones or the next one, separated by commas: what they signed holds, and nothing new is signed with them',
  ),
  JWT_PRIVATE_KEY: read(readPrivateKey)
    .optional()
    .describe(
      'PEM (PKCS #8) of an Ed25519, P-256 or RSA key that signs access tokens in place of JWT_SECRET; others check them by /.well-known/jwks.json',
    ),
  JWT_PREVIOUS_PUBLIC_KEYS: read(readPublicKeys)
    .prefault('')
    .describe('PEMs (SPKI) of other keys, earlier ones or the next one, one after the other: tokens they signed hold until they end'),
  JWT_EXPIRES_IN: seconds('15m').describe('Life of an access token'),
  JWT_REFRESH_EXPIRES_IN: seconds('30d').describe('Life of a session since it was last refreshed'),
  REGISTRATION: z.enum(['open', 'closed']).default('open').describe('Whether strangers may register'),
  REGISTRATIONS_PER_HOUR: integer(100).describe('Accounts that may be made from one network in an hour, since each sends a mail; 0 sets no limit'),
  USER_DISCOVERY: z.enum(['on', 'off']).default('on').describe('Whether `userByEmail` answers'),
  ADMIN_EMAIL: z.email().optional().describe('Whoever verified this address is ADMIN; without it the log shows a one-time set-up link'),
  ADMIN_API_KEY: z.string().optional().describe('Whoever sends it as `X-Admin-Api-Key` administers the server; at least 32 characters'),
  ADMIN_USERNAME: z
    .string()
    .regex(/^[^:@]+$/, 'has neither : nor @, by which it is told from an e-mail address')
    .optional()
    .describe('Who may sign in to /admin with ADMIN_PASSWORD; a name without : and @'),
  ADMIN_PASSWORD: z.string().optional().describe('Password of ADMIN_USERNAME, at least 16 characters'),
  ADMIN_IP_ALLOWLIST: list('').describe('Addresses or CIDR ranges from which administrators may act; empty: from everywhere'),
  ADMIN_COOKIE_SECURE: z
    .enum(['on', 'off'])
    .optional()
    .describe('Whether the cookie of /admin is sent over HTTPS only; default: on when PUBLIC_URL is https'),
  AUDIT_LOG_TTL_DAYS: integer(30, 0).describe('Age at which entries leave the audit log; 0 keeps them'),
  EXPORT_TTL_HOURS: integer(24, 1).describe('How long a finished export can be downloaded'),
  AUTH_ISSUER: url('http', 'https')
    .optional()
    .describe('An outside issuer whose tokens are accepted; its keys are found by OpenID Connect discovery'),
  AUTH_AUDIENCE: z.string().optional().describe('Audience those tokens must name; required with AUTH_ISSUER'),
  AUTH_JWKS_URL: url('http', 'https').optional().describe('Where the keys of AUTH_ISSUER are, when discovery does not tell'),
  AUTH_PROFILE_URL: url('http', 'https').optional().describe('Endpoint that answers a Bearer token with a profile (`sub` or `id`, `email`, `name`)'),
  SMTP_URL: url('smtp', 'smtps')
    .optional()
    .describe('Mail server for verification and resets; without it mails go to the log, in production they fail'),
  MAIL_FROM: z.string().default('Tidemark <no-reply@localhost>').describe('Sender of e-mails'),

  CORS_ORIGINS: list('').describe('Origins that may call from a browser, separated by commas; the server’s own always may'),
  TRUSTED_PROXIES: list('').describe('Addresses or CIDR ranges whose X-Forwarded-For is believed'),
  REQUEST_TIMEOUT_MS: integer(30_000, 100).describe(
    'Time in which a request has to come in, an upload at a least pace instead, and in which its answer has to get on',
  ),
  METRICS_TOKEN: z
    .string()
    .optional()
    .describe(
      'Whoever sends it as a Bearer token reads /metrics, at least 16 characters; without it administrators do, and outside production everybody',
    ),
  MAX_MESSAGE_BYTES: integer(1024 * 1024, 1024).describe('Largest HTTP body and WebSocket message, in bytes'),
  WS_MAX_CONNECTIONS: integer(10_000).describe('Open connections of one node, sockets and streams of events; 0 sets no limit'),
  WS_MAX_CONNECTIONS_PER_USER: integer(20).describe('Open connections of one user, over all nodes; 0 sets no limit'),
  WS_MAX_SUBSCRIPTIONS: integer(500).describe('Running operations on one socket; 0 sets no limit'),
  WS_AUTH_TIMEOUT_MS: integer(30_000, 1).describe('Time a new socket has to send `connection_init`'),
  WS_HEARTBEAT_INTERVAL_MS: integer(30_000, 10).describe('Time between protocol pings; a peer that missed one is dropped'),
  WS_MAX_BUFFERED_BYTES: integer(1024 * 1024, 1024).describe('What may wait for a slow reader before it is sent on from the log'),
  WS_MAX_TOTAL_BUFFERED_BYTES: integer(64 * 1024 * 1024, 1024).describe(
    'What may wait for all slow readers of one node together before each is sent on from the log, when nothing of its own waits any more',
  ),
  MAX_QUERY_TOKENS: integer(2000, 1).describe('Tokens in one operation'),
  MAX_QUERY_DEPTH: integer(16, 1).describe('Nesting of fields in one operation'),
  MAX_QUERY_ALIASES: integer(50, 1).describe('Aliases in one operation'),
  MAX_QUERY_COST: integer(25_000, 1).describe('Estimated number of fields one operation can return'),
  INTROSPECTION: z.enum(['on', 'off']).optional().describe('Whether clients may ask for the schema; default: off in production'),
  PERSISTED_OPERATIONS: z
    .enum(['off', 'on', 'only'])
    .default('off')
    .describe('Whether operations may be named by the SHA-256 of their text; `only`: nothing but those of PERSISTED_OPERATIONS_FILE runs'),
  PERSISTED_OPERATIONS_FILE: z.string().optional().describe('JSON object from hash to text of the trusted operations; required with `only`'),
  RATE_LIMIT_PER_MIN: integer(1_200).describe('Writes of one user in a minute, each field of a mutation; 0 sets no limit'),
  READ_RATE_LIMIT_PER_MIN: integer(6_000).describe('Reads, subscriptions included, that one user may start in a minute; 0 sets no limit'),
  IP_RATE_LIMIT_PER_MIN: integer(12_000).describe('Requests and operations from one address in a minute, whoever sends them; 0 sets no limit'),
  SIGN_IN_RATE_LIMIT_PER_MIN: integer(60).describe(
    'Calls from one address in a minute that sign in, register, refresh or recover an account; 0 sets no limit',
  ),
  ADMIN_RATE_LIMIT_PER_MIN: integer(600).describe('Operations of one administrator in a minute; 0 sets no limit'),
  WS_RATE_LIMIT_MAX_MESSAGES: integer(6_000).describe('Messages that one socket may send in WS_RATE_LIMIT_WINDOW_MS; 0 sets no limit'),
  WS_RATE_LIMIT_WINDOW_MS: integer(60_000, 100).describe('Window of WS_RATE_LIMIT_MAX_MESSAGES'),
  WS_MAX_CONNECTIONS_PER_ADDRESS: integer(1_000).describe('Open connections from one address, over all nodes; 0 sets no limit'),
  REQUIRE_SIGNATURES: z
    .enum(['true', 'false'])
    .default('false')
    .transform(text => text === 'true')
    .describe('Whether operations have to be signed (see schema/signatures.md)'),
  SHUTDOWN_TIMEOUT_MS: integer(10_000, 0).describe('Time for what is in flight to finish on SIGTERM'),

  HEAL_INTERVAL_MS: integer(2_000, 10).describe('Time between looks at the log for changes the bus lost'),
  FEED_RETENTION_DAYS: integer(30, 0).describe('Age at which changes leave the log; 0 keeps them'),
  FEED_MAX_CHANGES: integer(100_000, 0).describe('Changes kept for one stream; 0 keeps all'),
  CLEANUP_INTERVAL_MS: integer(60_000, 10).describe('Time between sweeps of what has expired'),
  SNAPSHOT_EVERY_CHANGES: integer(1_000, 0).describe('Changes between automatic snapshots of a document; 0 makes none'),
  ATTACHMENT_QUOTA_BYTES: integer(1024 ** 3).describe('What the attachments in one user’s notebook may weigh together; 0 sets no limit'),
  VAULT_QUOTA_BYTES: integer(1024 ** 3).describe('What the logs in one user’s vaults may weigh together; 0 sets no limit'),
  TYPING_TIMEOUT_MS: integer(3_000, 100, 3_600_000).describe('How long somebody types unless they say so again'),
  SNAPSHOTS_KEPT: integer(10, 1).describe('Automatic snapshots kept for one document'),
})

export type Config = Readonly<z.output<typeof variables>>

/** Thrown at start; its message lists every fault, one to a line. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

/** Reads and checks the environment. @throws ConfigError with all faults at once. */
export function loadConfig(env: Record<string, string | undefined> = process.env): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''))
  const parsed = variables.safeParse(given)
  const faults = parsed.success ? crossChecks(parsed.data) : parsed.error.issues.map(issue => `${issue.path.join('.')}: ${issue.message}`)
  if (faults.length > 0) throw new ConfigError(`The configuration has ${faults.length} fault(s):\n${faults.map(fault => `  ${fault}`).join('\n')}`)
  return Object.freeze(parsed.data as Config)
}

const exampleSecret = /change.?me|example|secret|password|^(.)\1*$/i

const leastLength = { JWT_SECRET: 32, JWT_PREVIOUS_SECRETS: 32, ADMIN_API_KEY: 32, ADMIN_PASSWORD: 16, METRICS_TOKEN: 16 } as const

function secretFaults(config: z.output<typeof variables>): string[] {
  const isProduction = config.NODE_ENV === 'production'
  const fault = (name: string, secret: string, least: number) => {
    if (secret.length < least) return `${name}: needs at least ${least} characters; \`openssl rand -base64 48\` makes one`
    return isProduction && exampleSecret.test(secret) ? `${name}: looks like an example; \`openssl rand -base64 48\` makes a real one` : []
  }
  return [
    ...(isProduction && config.JWT_SECRET === undefined ? ['JWT_SECRET: is required in production; `openssl rand -base64 48` makes one'] : []),
    ...(Object.keys(leastLength) as (keyof typeof leastLength)[]).flatMap(name =>
      [config[name] ?? []].flat().flatMap(secret => fault(name, secret, leastLength[name])),
    ),
  ]
}

function crossChecks(config: z.output<typeof variables>): string[] {
  const faults = secretFaults(config)
  if ((config.ADMIN_USERNAME === undefined) !== (config.ADMIN_PASSWORD === undefined))
    faults.push('ADMIN_USERNAME, ADMIN_PASSWORD: one goes with the other')
  if (config.PERSISTED_OPERATIONS === 'only' && config.PERSISTED_OPERATIONS_FILE === undefined)
    faults.push('PERSISTED_OPERATIONS_FILE: is required with PERSISTED_OPERATIONS=only')
  if (config.AUTH_ISSUER && !config.AUTH_AUDIENCE)
    faults.push('AUTH_AUDIENCE: is required with AUTH_ISSUER, or tokens made for other services would be accepted')
  if (config.AUTH_JWKS_URL && !config.AUTH_ISSUER) faults.push('AUTH_ISSUER: is required with AUTH_JWKS_URL')
  if (config.CORS_ORIGINS.includes('null')) faults.push('CORS_ORIGINS: `null` is the origin of every sandboxed page; name the origins')
  if (config.CORS_ORIGINS.includes('*')) faults.push('CORS_ORIGINS: name the origins; `*` would let any page act for its visitor')
  return faults
}
