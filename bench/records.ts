/** How long 10,000 records take by `putRecords` over HTTP, beside `COPY` of the same rows into a table like theirs, in the same run. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { register } from '../examples/replay/api.ts'
import { startPostgres } from '../tests/harness/postgres.ts'
import { startServer } from '../tests/harness/server.ts'
import { cpuSeconds, durableVersion } from './places.ts'

const rounds = 9
const records = 10_000
const batch = 5_000

interface Round {
  readonly putMs: number
  readonly putAgainMs: number
  readonly copyMs: number
  readonly copyAllMs: number
  /** Of the server's process, in ms for the first 10,000. */
  readonly cpuMs: number
}

const [loadBefore = 0] = loadavg()
await using resources = new AsyncDisposableStack()
const postgres = resources.use(await startPostgres())
const postgresVersion = await durableVersion(postgres.url)
const folder = mkdtempSync(join(tmpdir(), 'tidemark-bench-'))
resources.defer(() => rmSync(folder, { recursive: true, force: true }))
const server = resources.use(await startServer({ DATA_DIR: folder, DATABASE_URL: postgres.url, JWT_EXPIRES_IN: '2h' }))
const { token } = await register(server.url, 'writer')
const database = new Client({ connectionString: postgres.url })
await database.connect()
resources.defer(() => database.end())
await database.query('CREATE TABLE bench_records (LIKE records INCLUDING ALL)')
await database.query('CREATE TABLE bench_changes (LIKE changes INCLUDING ALL)')

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return performance.now() - startedAt
}

async function put(collection: string, turn: number): Promise<void> {
  for (let first = 0; first < records; first += batch) {
    const items = Array.from({ length: batch }, (_, index) => ({
      collection,
      key: `key ${first + index}`,
      value: { text: 'x'.repeat(64), number: first + index, turn },
    }))
    const query = 'mutation ($input: PutRecordsInput!) { putRecords(input: $input) { results { applied } } }'
    const response = await fetch(server.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query, variables: { input: { items } } }),
    })
    const { data, errors } = (await response.json()) as { data?: { putRecords: { results: { applied: boolean }[] } }; errors?: unknown }
    if (!data?.putRecords.results.every(({ applied }) => applied)) throw new Error(JSON.stringify(errors ?? 'Some did not apply.'))
  }
}

/** Takes the rows of a collection out to a file beside the database, empties the copy, and gives what puts them in there. */
async function copier(table: 'records' | 'changes', where: string): Promise<() => Promise<unknown>> {
  const file = join(postgres.folder, table)
  await database.query(`COPY (SELECT * FROM ${table} WHERE ${where}) TO '${file}'`)
  await database.query(`TRUNCATE bench_${table}`)
  return () => database.query(`COPY bench_${table} FROM '${file}'`)
}

async function measure(round: number): Promise<Round> {
  const collection = `round ${round}`
  const cpuBefore = await cpuSeconds(server.port)
  const putMs = await timed(() => put(collection, 0))
  const cpuMs = ((await cpuSeconds(server.port)) - cpuBefore) * 1000
  const { rows } = await database.query<{ id: string }>('SELECT id FROM collections WHERE name = $1', [collection])
  const copyRecords = await copier('records', `collection_id = '${rows[0]?.id}'`)
  const copyChanges = await copier('changes', `stream_id = '${rows[0]?.id}'`)
  const copyMs = await timed(copyRecords)
  const copyAllMs = copyMs + (await timed(copyChanges))
  const putAgainMs = await timed(() => put(collection, 1))
  return { putMs, putAgainMs, copyMs, copyAllMs, cpuMs }
}

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
const spread = (values: readonly number[], digits = 0) =>
  `${median(values).toFixed(digits)} | ${Math.min(...values).toFixed(digits)}–${Math.max(...values).toFixed(digits)}`

await measure(0)
const measured: Round[] = []
for (let round = 1; round <= rounds; round++) {
  const one = await measure(round)
  measured.push(one)
  console.log(`round ${round}: ${one.putMs.toFixed(0)} ms, COPY ${one.copyMs.toFixed(0)} ms, with the log ${one.copyAllMs.toFixed(0)} ms`)
}
const of = (pick: (round: Round) => number) => measured.map(pick)
const now = new Date()
const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8', cwd: import.meta.dirname }).trim()
const text = `# Records in bulk, ${now.toISOString().slice(0, 10)}

\`npm run bench:records\` at ${commit}: Node ${process.version}, ${postgresVersion} with fsync on, ${availableParallelism()} cores (${cpus()[0]?.model ?? 'unknown'}),
load average before the start ${loadBefore.toFixed(1)}. Client, server and database share these cores.${
  loadBefore > availableParallelism() / 2 ? '\n\n**The machine was busy with other work: take the ratios, not the milliseconds.**' : ''
}

${records.toLocaleString('en')} records of about 100 bytes go in by two \`putRecords\` of ${batch.toLocaleString('en')} over HTTP, one after the other. In each round the same rows then go by
\`COPY\` from a file beside the database into an empty table with the same indexes, and the changes that tell of them into one
like the log: that is what a bulk load costs at least, with and without a feed. Medians of ${rounds} rounds.

| | ms | range |
| --- | ---: | ---: |
| \`putRecords\`, new records | ${spread(of(round => round.putMs))} |
| \`putRecords\`, over what is there | ${spread(of(round => round.putAgainMs))} |
| CPU of the server's process, new records | ${spread(of(round => round.cpuMs))} |
| \`COPY\` of the records | ${spread(of(round => round.copyMs))} |
| \`COPY\` of the records and their changes | ${spread(of(round => round.copyAllMs))} |
| ratio to \`COPY\` of the records | ${spread(
  of(round => round.putMs / round.copyMs),
  1,
)} |
| ratio to \`COPY\` of the records and their changes | ${spread(
  of(round => round.putMs / round.copyAllMs),
  1,
)} |
`
const results = join(import.meta.dirname, 'results')
mkdirSync(results, { recursive: true })
writeFileSync(join(results, `${now.toISOString().slice(0, 10)}-records.md`), text)
console.log(text)
