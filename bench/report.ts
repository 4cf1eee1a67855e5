import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'
import { join } from 'node:path'
import type { Measured } from './cell.ts'

export interface Row {
  readonly mode: string
  readonly carrier: 'http' | 'socket'
  readonly documents: number
  readonly writers: number
  readonly rounds: (Measured & { readonly cpuMsPerPush: number })[]
}

export interface BaselineRow {
  readonly documents: number
  readonly writers: number
  readonly perSecond: number[]
}

interface Results {
  readonly rows: readonly Row[]
  readonly baselines: readonly BaselineRow[]
  readonly baselineName: string
  readonly postgresVersion: string
  readonly rounds: number
  readonly seconds: number
  readonly quick: boolean
  /** The load average before anything was started. */
  readonly loadBefore: number
}

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
const rangeOf = (values: readonly number[]) => `${Math.min(...values).toFixed(0)}–${Math.max(...values).toFixed(0)}`
const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [head, head.map((_, index) => (index < 2 ? '---' : '---:')), ...rows].map(cells => `| ${cells.join(' | ')} |`).join('\n')

/** Writes the results down and returns them as text. */
export function writeReport({ rows, baselines, baselineName, postgresVersion, rounds, seconds, quick, loadBefore }: Results): string {
  const baselineOf = (documents: number, writers: number) =>
    median(baselines.find(row => row.documents === documents && row.writers === writers)?.perSecond ?? [])
  const cells = rows.map(({ mode, carrier, documents, writers, rounds }) => {
    const of = (pick: (round: Row['rounds'][number]) => number) => median(rounds.map(pick))
    const rate = of(round => round.pushesPerSecond)
    const share = rate / baselineOf(documents, writers)
    return [
      mode,
      carrier,
      String(documents),
      String(writers),
      rate.toFixed(0),
      rangeOf(rounds.map(round => round.pushesPerSecond)),
      Number.isNaN(share) ? '' : share.toFixed(2),
      of(round => round.arriveP50).toFixed(1),
      of(round => round.arriveP99).toFixed(1),
      of(round => round.cpuMsPerPush).toFixed(2),
      of(round => round.loadCpu).toFixed(2),
    ]
  })
  const now = new Date()
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8', cwd: import.meta.dirname }).trim()
  const text = `# Pushes, ${now.toISOString().slice(0, 10)}${quick ? ', quick' : ''}

\`npm run bench${quick ? ' -- --quick' : ''}\` at ${commit}: Node ${process.version}, ${postgresVersion} with fsync on, ${availableParallelism()} cores (${cpus()[0]?.model ?? 'unknown'}),
load average before the start ${loadBefore.toFixed(1)}. Server, load generator and database share these cores.${
    loadBefore > availableParallelism() / 2 ? '\n\n**The machine was busy with other work: compare the columns with each other only.**' : ''
  }

Each writer pushes one field of 64 characters and waits for the answer; a socket that follows all the documents notes when
it arrives. Medians of ${rounds} round${rounds === 1 ? '' : 's'} of ${seconds} s, taken in turn with ${baselineName}, which puts the same rows into copies of
the same tables with prepared statements (upsert, head, change; \`bench/push.sql\`).

${table(
  ['documents', 'clients', `${baselineName.startsWith('pgbench') ? 'pgbench' : '`pg`'}, transactions/s`, 'range'],
  baselines.map(({ documents, writers, perSecond }) => [String(documents), String(writers), median(perSecond).toFixed(0), rangeOf(perSecond)]),
)}

Ratio: pushes for each transaction of the table above, with as many clients. Arrive: from the send of a push to its arrival
at the other socket, in ms. CPU: of the server's process, in ms for each push, delivery included. Load: cores used by the load generator.

${table(['mode', 'over', 'documents', 'writers', 'pushes/s', 'range', 'ratio', 'arrive p50', 'arrive p99', 'CPU', 'load'], cells)}
`
  const folder = join(import.meta.dirname, 'results')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, `${now.toISOString().slice(0, 10)}-pushes${quick ? '-quick' : ''}.md`), text)
  return text
}
