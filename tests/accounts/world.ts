import { Writable } from 'node:stream'
import { loadConfig } from '../../src/config.ts'
import { AppError } from '../../src/errors.ts'
import type { Clock } from '../../src/platform/clock.ts'
import { type Database, openDatabase } from '../../src/platform/database.ts'
import { createLogger } from '../../src/platform/logger.ts'
import { openBus } from '../../src/platform/open-bus.ts'
import { openRedis } from '../../src/platform/redis.ts'
import { openSecrets } from '../../src/platform/secrets.ts'
import { createServices, type Services } from '../../src/services.ts'
import { environmentOf, type Mode } from '../harness/modes.ts'

/** All services of one node, with a clock whose time can be moved. */
export interface Node extends AsyncDisposable {
  readonly services: Services
  readonly accounts: Services['accounts']
  readonly database: Database
  readonly clock: Clock & { forward(ms: number): void }
  readonly logs: readonly string[]
}

export async function startNode(env: Readonly<Record<string, string>>): Promise<Node> {
  const config = loadConfig(env)
  const logs: string[] = []
  const logger = createLogger('info', new Writable({ write: (line, _, done) => done(void logs.push(String(line))) }))
  let aheadMs = 0
  const clock = {
    now: () => new Date(Date.now() + aheadMs),
    forward(ms: number) {
      aheadMs += ms
    },
  }
  const stack = new AsyncDisposableStack()
  const database = stack.use(await openDatabase(config, logger))
  const bus = stack.use(await openBus(config, logger))
  const redis = await openRedis(config, logger)
  stack.defer(() => redis?.disconnect())
  const services = stack.use(await createServices({ config, logger, clock, database, bus, redis, secrets: openSecrets(config) }))
  return { services, accounts: services.accounts, database, clock, logs, [Symbol.asyncDispose]: () => stack.disposeAsync() }
}

/** A node with a database of its own. */
export async function startWorld(mode: Mode, env: Readonly<Record<string, string>> = {}): Promise<Node & { env: Readonly<Record<string, string>> }> {
  const environment = await environmentOf(mode)
  const all = { ...environment.env, ...env }
  const node = await startNode(all).catch(async error => {
    await environment[Symbol.asyncDispose]()
    throw error
  })
  return {
    ...node,
    env: all,
    async [Symbol.asyncDispose]() {
      await node[Symbol.asyncDispose]()
      await environment[Symbol.asyncDispose]()
    },
  }
}

export const password = 'correct horse battery'
export const from = (ip: string, userAgent: string | null = 'vitest') => ({ ip, userAgent })

let people = 0
/** An address nobody has yet. */
export const newEmail = (name = 'someone') => `${name}.${process.pid}.${people++}@example.org`

export const signUp = (node: Node, email = newEmail(), ip = '192.0.2.1') => node.accounts.register({ email, password }, from(ip))

/** The code with which something fails; null when it does not. */
export async function codeOf(work: Promise<unknown>): Promise<string | null> {
  try {
    await work
    return null
  } catch (error) {
    if (error instanceof AppError) return error.code
    throw error
  }
}
