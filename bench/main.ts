/** How fast pushes go in and arrive, in each mode, beside what the database can do at most. `--quick` takes less than two minutes. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { createBaseline } from './baseline.ts'
import type { Cell, Measured } from './cell.ts'
import { type Place, startPlaces } from './places.ts'
import { type BaselineRow, type Row, writeReport } from './report.ts'

const { values: options } = parseArgs({ options: { quick: { type: 'boolean', default: false } } })
const rounds = options.quick ? 1 : 3
const seconds = options.quick ? 0.7 : 3

const [loadBefore = 0] = loadavg()
await using resources = new AsyncDisposableStack()
const { places, databaseUrl, postgresVersion } = await startPlaces(resources)
const baseline = await createBaseline(databaseUrl)
const load = fork(`${import.meta.dirname}/load-process.ts`)
resources.defer(() => void load.kill())
load.once('exit', code => {
  if (code) process.exit(1)
})

const counts = [1, 8, 32]
const spreads = [1, 100]
const rows: Row[] = places.flatMap(place =>
  (['http', 'socket'] as const).flatMap(carrier =>
    spreads.flatMap(documents => counts.map(writers => ({ mode: place.mode, carrier, documents, writers, rounds: [] }))),
  ),
)
const baselines: BaselineRow[] = spreads.flatMap(documents => [1, 32].map(writers => ({ documents, writers, perSecond: [] })))

async function measure(place: Place, { carrier, documents, writers }: Row) {
  const { server, tokens, documentIds } = place
  const cell: Cell = { url: server.url, tokens, documentIds: documentIds.slice(0, documents), carrier, writers, seconds }
  const before = await place.cpuSeconds()
  load.send(cell)
  const [measured] = (await once(load, 'message')) as [Measured]
  return { ...measured, cpuMsPerPush: (((await place.cpuSeconds()) - before) * 1000) / measured.allPushes }
}

for (let round = 1; round <= rounds; round++) {
  for (const row of baselines) {
    row.perSecond.push(await baseline.run(row.writers, row.documents, seconds))
    console.log(`round ${round}: ${baseline.name}, ${row.writers} on ${row.documents}: ${row.perSecond.at(-1)?.toFixed(0)}/s`)
    for (const cell of rows.filter(({ documents, writers }) => documents === row.documents && (writers === 1) === (row.writers === 1))) {
      const place = places.find(({ mode }) => mode === cell.mode) as Place
      const measured = await measure(place, cell)
      cell.rounds.push(measured)
      console.log(`round ${round}: ${cell.mode}, ${cell.carrier}, ${cell.writers} on ${cell.documents}: ${measured.pushesPerSecond.toFixed(0)}/s`)
    }
  }
}
console.log(writeReport({ rows, baselines, baselineName: baseline.name, postgresVersion, rounds, seconds, quick: options.quick, loadBefore }))
