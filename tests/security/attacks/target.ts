import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { connect } from 'node:net'
import { type Person, signUp } from '../../harness/client.ts'
import { environmentOf, type Mode } from '../../harness/modes.ts'
import { type Server, startServer } from '../../harness/server.ts'
import { answerOf, type Answer as HttpAnswer } from '../../transport/ask.ts'
import { type Belongings, furnish } from './belongings.ts'

export type Answer = HttpAnswer

/** What is attacked: servers as they run in production, two nodes on one database; with the embedded one, which has one node, `strict` is `server`. */
export interface Target {
  readonly environment: Readonly<Record<string, string>>
  readonly jwtSecret: string
  readonly adminApiKey: string
  /** Without limits on how often, so that no attack is stopped by the number of those before it. */
  readonly server: Server
  /** With all limits as they are unless set, and a private key for its tokens; administrators come from one address, which is not the attacker’s. */
  readonly strict: Server
  /** Somebody with one of everything, each of which holds `secret`. */
  readonly victim: Person & { readonly has: Belongings }
  /** Somebody who has an account, one of everything as well, and nothing to do with the victim. */
  readonly attacker: Person & { readonly has: Belongings }
  /** Asks over HTTP, as somebody or as nobody. */
  ask(query: string, variables?: unknown, by?: Pick<Person, 'accessToken'> | null, headers?: Record<string, string>): Promise<Answer>
  /** Sends bytes as they are to `server`, and gives what comes back until the server closes or falls silent. */
  raw(bytes: string | Buffer, silenceMs?: number): Promise<string>
  /** Any request below the root of `server`. */
  at(path: string, init?: RequestInit): Promise<Response>
}

/** What the victim has and nobody else may read. */
export const secret = 'kept from everybody else'

/** By name; each throws when it gets through. */
export type Attacks = Readonly<Record<string, (target: Target) => Promise<void>>>

export const adminAddress = '203.0.113.77'

export async function startTarget(mode: Mode = 'postgres+redis'): Promise<Target & AsyncDisposable> {
  const stack = new AsyncDisposableStack()
  const environment = stack.use(await environmentOf(mode))
  const jwtSecret = randomBytes(48).toString('hex')
  const adminApiKey = randomBytes(32).toString('hex')
  const shared = { ...environment.env, NODE_ENV: 'production', JWT_SECRET: jwtSecret, ADMIN_API_KEY: adminApiKey, LOG_LEVEL: 'debug' }
  const unlimited = Object.fromEntries(
    ['RATE_LIMIT_PER_MIN', 'READ_RATE_LIMIT_PER_MIN', 'IP_RATE_LIMIT_PER_MIN', 'SIGN_IN_RATE_LIMIT_PER_MIN', 'ADMIN_RATE_LIMIT_PER_MIN'].map(name => [
      name,
      '0',
    ]),
  )
  const server = stack.use(await startServer({ ...shared, ...unlimited, WS_RATE_LIMIT_MAX_MESSAGES: '0', WS_MAX_CONNECTIONS_PER_USER: '1000' }))
  const JWT_PRIVATE_KEY = String(generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }))
  const strict = mode === 'embedded' ? server : stack.use(await startServer({ ...shared, ADMIN_IP_ALLOWLIST: adminAddress, JWT_PRIVATE_KEY }))
  const [victim, attacker] = await Promise.all([signUp(server.url, 'victim'), signUp(server.url, 'attacker')])
  return {
    environment: environment.env,
    jwtSecret,
    adminApiKey,
    server,
    strict,
    victim: { ...victim, has: await furnish(server.url, victim, secret) },
    attacker: { ...attacker, has: await furnish(server.url, attacker, 'the attacker’s own') },
    ask: async (query, variables, by = null, headers = {}) =>
      answerOf(
        await fetch(server.url, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...(by && { authorization: `Bearer ${by.accessToken}` }), ...headers },
          body: JSON.stringify({ query, variables }),
        }),
      ),
    raw: (bytes, silenceMs = 1_500) => rawExchange(server.port, bytes, silenceMs),
    at: (path, init) => fetch(new URL(path, server.url), { redirect: 'manual', ...init }),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

function rawExchange(port: number, bytes: string | Buffer, silenceMs: number): Promise<string> {
  return new Promise(resolve => {
    const socket = connect(port, '127.0.0.1')
    const parts: Buffer[] = []
    const done = () => {
      socket.destroy()
      resolve(Buffer.concat(parts).toString('latin1'))
    }
    // A busy machine takes its time for the first byte.
    socket.setTimeout(Math.max(silenceMs, 8_000), done)
    socket.on('data', part => {
      parts.push(part)
      socket.setTimeout(silenceMs)
    })
    socket.on('error', done).on('close', done)
    socket.write(bytes)
  })
}

/** The statuses of all answers that came over one connection. */
export const statusesOf = (text: string): number[] => [...text.matchAll(/^HTTP\/1\.1 (\d{3})/gm)].map(found => Number(found[1]))
