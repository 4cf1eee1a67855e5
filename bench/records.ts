/** How long 10,000 records, and as many logs of a vault, take by the public API, beside `COPY` of the same rows in the same transactions, in one run. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient } from 'graphql-ws'
import { Client } from 'pg'
import { WebSocket } from 'ws'
import { register } from '../examples/replay/api.ts'
import { startPostgres } from '../tests/harness/postgres.ts'
import { startServer } from '../tests/harness/server.ts'
import { copierOf, createCopies } from './bulk/copy.ts'
import { type Kind, logsOf, type Operation, recordsOf, rows } from './bulk/kinds.ts'
import { logSettings, markOf, timesIn } from './bulk/statement-times.ts'
import { commitNow, cpuSeconds, durableVersion } from './places.ts'
import { median } from './report/numbers.ts'

const [rounds = 9] = process.argv.slice(2).map(Number)
const carriers = ['HTTP', 'a socket'] as const
type Carrier = (typeof carriers)[number]

const [loadBefore = 0] = loadavg()
await using resources = new AsyncDisposableStack()
const postgres = resources.use(await startPostgres(logSettings))
const postgresVersion = await durableVersion(postgres.url)
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

/** What one kind took in one round, in ms. */
interface Taken {
  readonly name: string
  readonly carrier: Carrier
  readonly mark: string
  readonly putMs: number
  readonly copyMs: number
  readonly cpuMs: number
}

async function timed(mark: string, work: () => Promise<unknown>): Promise<number> {
  await database.query(markOf(mark))
  const startedAt = performance.now()
  await work()
  const took = performance.now() - startedAt
  await database.query(markOf(mark))
  return took
}

async function measure(kind: Kind, carrier: Carrier, round: number): Promise<Taken> {
  const { name, prepare, batches } = kind
  const mark = `${name} over ${carrier} ${round}`
  if (prepare) await run([prepare], carrier)
  await database.query('CHECKPOINT')
  const cpuBefore = await cpuSeconds(server.port)
  const putMs = await timed(`put ${mark}`, () => run(batches, carrier))
  const cpuMs = ((await cpuSeconds(server.port)) - cpuBefore) * 1000
  const copyMs = await timed(`copy ${mark}`, await copierOf(database, postgres.folder, kind))
  return { name, carrier, mark, putMs, copyMs, cpuMs }
}

const measured: Taken[] = []
for (let round = 0; round <= rounds; round++) {
  for (const carrier of carriers) {
    const collection = `round ${round} over ${carrier}`
    for (const kind of [recordsOf(collection, 0), recordsOf(collection, 1), logsOf()]) {
      const taken = await measure(kind, carrier, round)
      // The first round warms up.
      if (round > 0) measured.push(taken)
    }
  }
  console.log(`round ${round} of ${rounds}`)
}

const put = timesIn(postgres.folder, 'tidemark')
const copied = timesIn(postgres.folder, 'bench')
const lines = [...Map.groupBy(measured, ({ name, carrier }) => `${name}, over ${carrier}`)].map(([title, taken]) => {
  const ms = (pick: (one: Taken) => number) => median(taken.map(pick)).toFixed(0)
  const ratio = (pick: (one: Taken) => number) => {
    const ratios = taken.map(pick)
    return `**${median(ratios).toFixed(2)}** | ${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)}`
  }
  const inDatabase = ({ mark }: Taken) => put(`put ${mark}`)
  const inCopy = ({ mark }: Taken) => copied(`copy ${mark}`)
  return `| ${title} | ${ms(one => one.copyMs)} | ${ms(one => one.putMs)} | ${ratio(one => one.putMs / one.copyMs)} | ${ms(inCopy)} | ${ms(inDatabase)} | ${ratio(one => inDatabase(one) / inCopy(one))} | ${ms(one => one.cpuMs)} |`
})

const now = new Date()
const text = `# In bulk, ${now.toISOString().slice(0, 10)}

\`npm run bench:records\` at ${commitNow()}: Node ${process.version}, ${postgresVersion} with fsync on, ${availableParallelism()} cores (${cpus()[0]?.model ?? 'unknown'}),
load average before the start ${loadBefore.toFixed(1)}. Client, server and database share these cores.${
  loadBefore > availableParallelism() / 2 ? '\n\n**The machine was busy with other work: take the ratios, not the milliseconds.**' : ''
}

${rows.toLocaleString('en')} rows of about 100 bytes go in by operations as large as the API allows (5,000 records, 1,000 logs), one after the other. In each round the same
rows, and the changes that tell of them in the log, then go by \`COPY\` from files beside the database into tables with the same indexes,
with the head of their stream, in as many transactions: that is what a bulk load with a feed costs at least. *From end to end* is
the time until the last answer was there; *in the database* is what PostgreSQL says its statements took. Medians of ${rounds} rounds.

| | \`COPY\`, ms | end to end, ms | ratio | range | \`COPY\`, in the database | ours, in the database | ratio | range | CPU of the server’s process, ms |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
${lines.join('\n')}
`
const results = join(import.meta.dirname, 'results')
mkdirSync(results, { recursive: true })
writeFileSync(join(results, `${now.toISOString().slice(0, 10)}-records.md`), text)
console.log(text)
