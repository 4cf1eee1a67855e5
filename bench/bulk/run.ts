import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient } from 'graphql-ws'
import { Client } from 'pg'
import { WebSocket } from 'ws'
import { register } from '../../examples/replay/api.ts'
import { startServer } from '../../tests/harness/server.ts'
import { cpuSeconds, durableVersion, startDurablePostgres } from '../places.ts'
import { copierOf, createCopies } from './copy.ts'
import { type Kind, logsOf, type Operation, recordsOf } from './kinds.ts'
import { logSettings, markOf, timesIn } from './statement-times.ts'

const carriers = ['HTTP', 'a socket'] as const
type Carrier = (typeof carriers)[number]

/** What one kind took in one round, in ms. */
export interface Taken {
  readonly name: string
  readonly carrier: Carrier
  /** From end to end. */
  readonly putMs: number
  readonly copyMs: number
  /** What PostgreSQL says its statements took. */
  readonly putInDatabaseMs: number
  readonly copyInDatabaseMs: number
  /** Of the server’s process. */
  readonly cpuMs: number
}

type Timed = Omit<Taken, 'putInDatabaseMs' | 'copyInDatabaseMs'> & { readonly mark: string }

export interface Bulk {
  readonly postgresVersion: string
  readonly taken: readonly Taken[]
}

/** 10,000 rows of each kind by the public API, and the same by `COPY`, in turns. */
export async function runBulk(rounds: number): Promise<Bulk> {
  await using resources = new AsyncDisposableStack()
  const postgres = resources.use(await startDurablePostgres(logSettings))
  const folder = mkdtempSync(join(tmpdir(), 'tidemark-bench-'))
  resources.defer(() => rmSync(folder, { recursive: true, force: true }))
  const server = resources.use(await startServer({ DATA_DIR: folder, DATABASE_URL: postgres.url, JWT_EXPIRES_IN: '2h' }))
  const { token } = await register(server.url, 'writer')
  const authorization = `Bearer ${token}`
  const socket = createClient({ url: server.wsUrl, webSocketImpl: WebSocket, connectionParams: { authorization }, lazy: false })
  resources.defer(() => socket.dispose())
  const database = new Client({ connectionString: postgres.url, application_name: 'bench' })
  await database.connect()
  resources.defer(() => database.end())
  await createCopies(database)

  async function answerTo(operation: Operation, carrier: Carrier): Promise<unknown> {
    if (carrier === 'a socket') {
      for await (const answer of socket.iterate({ ...operation, variables: { ...operation.variables } })) return answer
      throw new Error('The socket gave no answer.')
    }
    const headers = { 'content-type': 'application/json', authorization }
    return (await fetch(server.url, { method: 'POST', headers, body: JSON.stringify(operation) })).json()
  }

  async function run(operations: readonly Operation[], carrier: Carrier): Promise<void> {
    for (const operation of operations) {
      const text = JSON.stringify(await answerTo(operation, carrier))
      if (text.includes('"errors"') || text.includes('"applied":false')) throw new Error(text.slice(0, 500))
    }
  }

  async function timed(mark: string, work: () => Promise<unknown>): Promise<number> {
    await database.query(markOf(mark))
    const startedAt = performance.now()
    await work()
    const took = performance.now() - startedAt
    await database.query(markOf(mark))
    return took
  }

  async function measure(kind: Kind, carrier: Carrier, round: number): Promise<Timed> {
    const { name, prepare, batches } = kind
    const mark = `${name} over ${carrier} ${round}`
    if (prepare) await run([prepare], carrier)
    await database.query('CHECKPOINT')
    const cpuBefore = await cpuSeconds(server.port)
    const putMs = await timed(`put ${mark}`, () => run(batches, carrier))
    const cpuMs = ((await cpuSeconds(server.port)) - cpuBefore) * 1000
    const copy = await copierOf(database, postgres.folder, kind)
    await database.query('CHECKPOINT')
    const copyMs = await timed(`copy ${mark}`, copy)
    return { name, carrier, mark, putMs, copyMs, cpuMs }
  }

  const measured: Timed[] = []
  for (let round = 0; round <= rounds; round++) {
    for (const carrier of carriers) {
      const collection = `round ${round} over ${carrier}`
      for (const kind of [recordsOf(collection, 0), recordsOf(collection, 1), logsOf()]) {
        const taken = await measure(kind, carrier, round)
        // The first round warms up.
        if (round > 0) measured.push(taken)
      }
    }
    console.log(`bulk, round ${round} of ${rounds}`)
  }
  const put = timesIn(postgres.folder, 'tidemark')
  const copied = timesIn(postgres.folder, 'bench')
  return {
    postgresVersion: await durableVersion(postgres.url),
    taken: measured.map(({ mark, ...taken }) => ({
      ...taken,
      putInDatabaseMs: put(`put ${mark}`),
      copyInDatabaseMs: copied(`copy ${mark}`),
    })),
  }
}
