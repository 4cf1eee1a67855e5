/** What it takes to export a million records over HTTP from PostgreSQL: in the background and downloaded, and streamed at once. Usage: node bench/export.ts [rows] */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { createGunzip } from 'node:zlib'
import { Client } from 'pg'
import { register } from '../examples/replay/api.ts'
import { startServer } from '../tests/harness/server.ts'
import { durableVersion, startDurablePostgres } from './places.ts'

const rows = Number(process.argv[2] ?? 1_000_000)
const adminKey = 'the key of administrators, for the benchmark'

const [loadBefore = 0] = loadavg()
await using resources = new AsyncDisposableStack()
const postgres = resources.use(await startDurablePostgres())
const postgresVersion = await durableVersion(postgres.url)
const folder = mkdtempSync(join(tmpdir(), 'tidemark-bench-'))
resources.defer(() => rmSync(folder, { recursive: true, force: true }))
const server = resources.use(await startServer({ DATA_DIR: folder, DATABASE_URL: postgres.url, ADMIN_API_KEY: adminKey }))
await register(server.url, 'writer')
const database = new Client({ connectionString: postgres.url })
await database.connect()
resources.defer(() => database.end())

await database.query("insert into collections select 'col_bench', id, 'bench', now() from users")
await database.query(`
  insert into records (id, collection_id, key, value, version, updated_at)
  select 'rec_' || n, 'col_bench', 'key ' || n, jsonb_build_object('text', md5(n::text) || md5((-n)::text), 'number', n, 'done', n % 2 = 0), 1, now()
  from generate_series(1, ${rows}) n`)
await database.query('vacuum analyze')

const mebibytes = (name: 'VmRSS' | 'VmHWM') =>
  Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))?.[1]) / 1024

interface Measured {
  readonly name: string
  readonly seconds: number
  readonly rows: number
  readonly mebibytes: number
  readonly idleRssMiB: number
  readonly peakRssMiB: number
}

/** The kernel forgets the peak before each, so each has its own. */
async function measured(name: string, work: () => Promise<{ readonly rows: number; readonly bytes: number }>): Promise<Measured> {
  const idleRssMiB = mebibytes('VmRSS')
  writeFileSync(`/proc/${server.pid}/clear_refs`, '5')
  const startedAt = performance.now()
  const done = await work()
  const seconds = (performance.now() - startedAt) / 1000
  if (done.rows !== rows) throw new Error(`${name}: ${done.rows} rows in place of ${rows}`)
  return { name, seconds, rows: done.rows, mebibytes: done.bytes / 1024 ** 2, idleRssMiB, peakRssMiB: mebibytes('VmHWM') }
}

async function ask<T>(query: string): Promise<T> {
  const headers = { 'content-type': 'application/json', 'x-admin-api-key': adminKey }
  const response = await fetch(server.url, { method: 'POST', headers, body: JSON.stringify({ query }) })
  const { data, errors } = (await response.json()) as { data?: T; errors?: unknown }
  if (!data) throw new Error(JSON.stringify(errors))
  return data
}

/** Counts what marks a row; bytes are those of the file. */
async function read(path: string, marker: string, isCompressed: boolean): Promise<{ rows: number; bytes: number }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ rows: number; bytes: number }>()
  const headers = { 'x-admin-api-key': adminKey, ...(isCompressed && { 'accept-encoding': 'gzip' }) }
  request(new URL(path, server.url), { headers }, response => {
    if (response.statusCode !== 200) return reject(new Error(`${path}: ${response.statusCode}`))
    const body = isCompressed ? response.pipe(createGunzip()) : response
    let found = 0
    let bytes = 0
    let rest = ''
    body.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      const text = rest + chunk.toString('latin1')
      found += text.split(marker).length - 1
      rest = text.slice(-marker.length + 1)
    })
    body.on('end', () => resolve({ rows: found, bytes }))
    for (const stream of [body, response]) stream.on('error', reject)
  })
    .on('error', reject)
    .end()
  return promise
}

type Found = { export: { status: string; progress: number; rowCount: number; sizeBytes: number; downloadUrl: string; error: string } }
let downloadUrl = ''
const marker = '"type":"Record"'
const results = [
  await measured('written in the background, NDJSON', async () => {
    const made = await ask<{ createExport: { export: { id: string } } }>(
      'mutation { createExport(input: { kind: RECORDS, format: NDJSON }) { export { id } } }',
    )
    for (;;) {
      const found = (await ask<Found>(`{ export(id: "${made.createExport.export.id}") { status rowCount sizeBytes downloadUrl error } }`)).export
      if (found.status === 'FAILED') throw new Error(found.error)
      downloadUrl = found.downloadUrl
      if (found.status === 'READY') return { rows: found.rowCount, bytes: found.sizeBytes }
      await delay(50)
    }
  }),
  await measured('downloaded, gzip', () => read(downloadUrl, marker, true)),
  await measured('downloaded, plain', () => read(downloadUrl, marker, false)),
  await measured('streamed at once by /admin/export/data.json, gzip', () => read('/admin/export/data.json', marker, true)),
  await measured('streamed at once by /admin/export/data.json, plain', () => read('/admin/export/data.json', marker, false)),
]

const day = new Date().toISOString().slice(0, 10)
const report = `# A million records over HTTP

${rows.toLocaleString('en')} records, ${day}, ${cpus()[0]?.model}, ${availableParallelism()} cores, Node ${process.version}, ${postgresVersion};
load of the machine before: ${loadBefore.toFixed(1)}. Server, database and reader share the machine. \`npm run bench:export\` repeats it.

| | seconds | rows/s | MiB | RSS before, MiB | peak RSS, MiB |
|---|---:|---:|---:|---:|---:|
${results
  .map(
    ({ name, seconds, mebibytes, idleRssMiB, peakRssMiB }) =>
      `| ${name} | ${seconds.toFixed(1)} | ${Math.round(rows / seconds).toLocaleString('en')} | ${mebibytes.toFixed(0)} | ${idleRssMiB.toFixed(0)} | ${peakRssMiB.toFixed(0)} |`,
  )
  .join('\n')}
`
console.log(report)
if (rows === 1_000_000) {
  mkdirSync(join(import.meta.dirname, 'results'), { recursive: true })
  writeFileSync(join(import.meta.dirname, 'results', `${day}-export.md`), report)
}
