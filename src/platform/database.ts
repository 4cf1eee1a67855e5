import { AsyncLocalStorage } from 'node:async_hooks'
import { setTimeout as delay } from 'node:timers/promises'
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres'
import { type ClientConfig, Pool } from 'pg'
import type { Config } from '../config.ts'
import { type Embedded, startEmbedded } from './embedded/embedded.ts'
import type { Logger } from './logger.ts'
import { migrateDatabase } from './migrations.ts'
import { isConnectionFault, isRetryable, sqlStateOf } from './sql-state.ts'
import { StartError } from './start-error.ts'
import { type Ask, bindSession } from './statement.ts'

export type Db = NodePgDatabase
export type Tx = Parameters<Parameters<Db['transaction']>[0]>[0]

export interface Database extends AsyncDisposable {
  /** For single statements outside a transaction. Inside `transact` it throws: there, use `tx`. */
  readonly db: Db
  /**
   * Runs `work` in one READ COMMITTED transaction, and once more when the database rolled it back for the sake of another one;
   * so `work` does nothing but queries. @throws DatabaseLostError when it can't be known whether the transaction took effect
   */
  transact<T>(work: (tx: Tx) => Promise<T>, options?: TransactOptions): Promise<T>
  /**
   * The same for a `work` that gives what is to be asked at last, all at once and by `statement`s that fail where they can't do what they
   * should: COMMIT goes with them, in one flight, and is a roll-back when one of them fails.
   */
  commitWith<T>(work: (tx: Tx) => Promise<() => Promise<T>>, options?: TransactOptions): Promise<T>
  /** Rejects when the database does not answer at the moment. */
  ping(): Promise<void>
  /** Gives back space and renews the statistics that plans are made by. PostgreSQL does that by itself; the embedded database does not. */
  tidy(): Promise<void>
  readonly mode: 'embedded' | 'postgres'
}

export interface TransactOptions {
  /** Every statement of it finds its rows by their keys: none is to read a whole table, however small that is or was, or to be planned anew. */
  readonly isByKey?: boolean
  /** It starts with `statement`s that change nothing: they go with what begins it, in one flight. */
  readonly startsByReading?: boolean
  /** When it gives up on a lock that somebody else has; without it, when the statement is given up on. */
  readonly lockMs?: number
}

/** The connection broke. What was under way may or may not have taken effect: only an idempotency key makes another try safe. */
export class DatabaseLostError extends Error {
  override readonly name = 'DatabaseLostError'
}

export interface Deadlines {
  /** How long a caller may wait for a connection. */
  readonly connectMs: number
  /** When PostgreSQL gives up on a statement. */
  readonly statementMs: number
  /** When the driver gives up on an answer: later, so that it meets links that went silent and the embedded database only. */
  readonly answerMs: number
  readonly pingMs: number
}

const defaultDeadlines: Deadlines = { connectMs: 10_000, statementMs: 30_000, answerMs: 35_000, pingMs: 5_000 }
const mostAttempts = 5

/** Opens and migrates the database; `starting` is the embedded one where it is on its way. @throws StartError with a sentence that says what to do */
export async function openDatabase(
  config: Config,
  logger: Logger,
  deadlines: Deadlines = defaultDeadlines,
  starting?: Promise<Embedded>,
): Promise<Database> {
  const url = config.DATABASE_URL
  if (url !== undefined) {
    const connection = { connectionString: url, keepAlive: true, application_name: 'tidemark' }
    await migrateDatabase(connection).catch(error => Promise.reject(asStartError(error, new URL(url))))
    return databaseOver({ connection, size: config.DATABASE_POOL_SIZE, mode: 'postgres', logger, deadlines, close: async () => {} })
  }
  const embedded = await (starting ?? startEmbedded(config.DATA_DIR, logger))
  const connection = { host: embedded.socketFolder, port: 5432, user: 'postgres', password: '', database: 'postgres', ssl: false }
  try {
    await migrateDatabase(connection)
  } catch (error) {
    await embedded.stop()
    throw error
  }
  // It is one connection by nature: with more of them, prepared statements and transactions of different callers would mix.
  return databaseOver({ connection, size: 1, mode: 'embedded', logger, deadlines, close: embedded.stop })
}

interface Opened {
  readonly connection: ClientConfig
  readonly size: number
  readonly mode: Database['mode']
  readonly logger: Logger
  readonly deadlines: Deadlines
  close(): Promise<void>
}

function databaseOver({ connection, size, mode, logger, deadlines, close }: Opened): Database {
  const scopes = new AsyncLocalStorage<{ open: boolean }>()
  const refuseInside = () => {
    if (scopes.getStore()?.open)
      throw new Error('The database was used inside `transact` without `tx`: this waits for a connection the transaction holds.')
  }

  const pool = new Pool({
    ...connection,
    max: size,
    connectionTimeoutMillis: deadlines.connectMs,
    idleTimeoutMillis: mode === 'embedded' ? 0 : 30_000,
    statement_timeout: deadlines.statementMs,
    query_timeout: deadlines.answerMs,
    idle_in_transaction_session_timeout: 60_000,
    pipeline: mode === 'postgres',
    // The embedded database is one session for all connections: what the last one prepared or locked would still be there.
    ...(mode === 'embedded' && { onConnect: client => client.query('DISCARD ALL').then(() => {}) }),
  })
  pool.on('error', error => logger.warn({ err: error }, 'an idle database connection was lost'))
  // While a connection is in use the pool does not listen, and an unheard error would end the process; the query tells as well.
  pool.on('connect', client => client.on('error', () => {}))
  const connect = pool.connect.bind(pool) as Pool['connect']
  // Every way to a connection leads through here, drizzle's included.
  pool.connect = ((...parameters: Parameters<typeof connect>) => {
    refuseInside()
    return connect(...parameters)
  }) as typeof connect

  const attempt = async <T>(
    work: (tx: Tx) => Promise<() => Promise<T>>,
    { isByKey = false, startsByReading = false, lockMs }: TransactOptions,
  ): Promise<T> => {
    const client = await pool.connect()
    const ask: Ask = mode === 'postgres' ? query => client.query(query) : oneByOne(query => client.query(query))
    const scope = { open: true }
    let cause: unknown
    try {
      const settings = [
        ...(isByKey ? ['set local enable_seqscan = off; set local plan_cache_mode = force_generic_plan'] : []),
        ...(lockMs === undefined ? [] : [`set local lock_timeout = ${lockMs}`]),
      ]
      const begun = ask({ text: ['begin', ...settings].join('; ') })
      if (!startsByReading) await begun
      // Nothing here goes through drizzle's own transactions, which cost more than what many of ours do.
      const tx = drizzle(client) as unknown as Tx
      const session = bindSession(tx, { ask, isByKey, begun, isOver: false })
      let last: Promise<T>
      try {
        const [, askLast] = await Promise.all([begun, scopes.run(scope, async () => await work(tx))])
        last = scopes.run(scope, askLast)
        // What fails on this side, so that the database hears nothing of it, has failed by the end of the turn.
        await Promise.race([last, new Promise(resolve => process.nextTick(resolve))])
        session.isOver = true
        if (mode === 'embedded') await last
      } catch (error) {
        cause = error
        await client.query('rollback')
        throw error
      }
      const [ended, done] = await Promise.allSettled([client.query('commit'), last])
      if (ended.status === 'rejected') throw ended.reason
      const isCommitted = ended.value.command === 'COMMIT'
      if (done.status === 'rejected') {
        cause = isCommitted ? new DatabaseLostError('It took effect, and what came of it can’t be told.', { cause: done.reason }) : done.reason
        throw cause
      }
      if (!isCommitted) throw new Error('The transaction was rolled back: one of its statements failed, and nobody said so.')
      client.release()
      return done.value
    } catch (error) {
      // Where the roll-back failed, or was the answer to something that broke, the connection is of no more use.
      client.release(error !== cause || isConnectionFault(error))
      throw cause ?? error
    } finally {
      scope.open = false
    }
  }

  const commitWith: Database['commitWith'] = async (work, options = {}) => {
    refuseInside()
    for (let count = 1; ; count++) {
      try {
        return await attempt(work, options)
      } catch (error) {
        if (error instanceof DatabaseLostError) throw error
        if (isConnectionFault(error)) throw new DatabaseLostError('The connection to the database broke.', { cause: error })
        if (!isRetryable(error) || count === mostAttempts) throw error
        await delay(Math.random() * 20 * 2 ** count)
      }
    }
  }

  return {
    db: drizzle(pool),
    mode,
    commitWith,
    transact: (work, options) =>
      commitWith(async tx => {
        const result = await work(tx)
        return async () => result
      }, options),
    async ping() {
      const late = new AbortController()
      const deadline = delay(deadlines.pingMs, undefined, { signal: late.signal, ref: false })
      await Promise.race([
        scopes.exit(() => pool.query('SELECT 1')),
        deadline.then(() => Promise.reject(new DatabaseLostError(`The database did not answer within ${deadlines.pingMs} ms.`))),
      ]).finally(() => {
        deadline.catch(() => {})
        late.abort()
      })
    },
    async tidy() {
      if (mode === 'embedded') await pool.query('VACUUM (ANALYZE)')
    },
    async [Symbol.asyncDispose]() {
      if (pool.ending) return
      await pool.end()
      await close()
    },
  }
}

/** For the embedded database, which after an error answers once more than it was asked: nothing is sent behind what has not been answered. */
function oneByOne(ask: Ask): Ask {
  let last: Promise<unknown> = Promise.resolve()
  return query => {
    const answer = last.then(() => ask(query))
    last = answer
    return answer as never
  }
}

/** What whoever starts the server can do about a database that can't be used. */
function asStartError(error: unknown, url: URL): StartError {
  if (error instanceof StartError) return error
  const where = `${url.hostname || 'the local socket'}:${url.port || 5432}`
  const database = decodeURIComponent(url.pathname.slice(1))
  const user = decodeURIComponent(url.username)
  const password = decodeURIComponent(url.password)
  const message = error instanceof Error ? error.message || sqlStateOf(error) || error.name : String(error)
  const said = password ? message.replaceAll(password, '…') : message
  const sentence = (() => {
    switch (sqlStateOf(error)) {
      case '28P01':
      case '28000':
        return `PostgreSQL at ${where} refuses the user "${user}". Check the name and the password.`
      case '3D000':
        return `PostgreSQL at ${where} has no database "${database}". Create it (createdb ${database}) or correct the URL.`
      case '57P03':
        return `PostgreSQL at ${where} is just starting or stopping. Start the server again in a moment.`
      case '53300':
        return `PostgreSQL at ${where} has no free connection. Raise its max_connections or lower DATABASE_POOL_SIZE.`
      case '42501':
        return `The user "${user}" may not create tables in the database "${database}" at ${where}. Grant it that right (${said}).`
    }
    if (isConnectionFault(error))
      return `Nothing usable answers at ${where} (${said}). Start PostgreSQL there or correct the URL; without DATABASE_URL the embedded database is used.`
    return `The database "${database}" at ${where} can't be prepared (${said}).`
  })()
  return new StartError(`DATABASE_URL: ${sentence}`, { cause: error })
}
