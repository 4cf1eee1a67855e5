/** How long 10,000 records, and as many logs of a vault, take by the public API, beside `COPY` of the same rows in the same transactions, in one run. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, loadavg } from 'node:os'
import { join } from 'node:path'
import { runBulk } from './bulk/run.ts'
import { aboutBulk, bulkTable } from './bulk/table.ts'
import { commitNow } from './places.ts'

const [rounds = 9] = process.argv.slice(2).map(Number)
const [loadBefore = 0] = loadavg()
const { postgresVersion, taken } = await runBulk(rounds)

const now = new Date()
const text = `# In bulk, ${now.toISOString().slice(0, 10)}

\`npm run bench:records\` at ${commitNow()}: Node ${process.version}, ${postgresVersion} with fsync on, ${availableParallelism()} cores (${cpus()[0]?.model ?? 'unknown'}),
load average before the start ${loadBefore.toFixed(1)}.${
  loadBefore > availableParallelism() / 2 ? '\n\n**The machine was busy with other work: take the ratios, not the milliseconds.**' : ''
}

${aboutBulk} Medians of ${rounds} rounds.

${bulkTable(taken)}
`
const results = join(import.meta.dirname, 'results')
mkdirSync(results, { recursive: true })
writeFileSync(join(results, `${now.toISOString().slice(0, 10)}-records.md`), text)
console.log(text)
