import { mkdirSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'
import { join } from 'node:path'
import { commitNow } from '../places.ts'
import { count, table } from '../report/numbers.ts'
import type { Crowd, PhaseOutcome } from './load.ts'
import { mean, percentile, slopeOf } from './statistics.ts'
import type { Vitals } from './vitals.ts'
import type { Verdict } from './world.ts'

export interface Round {
  readonly name: string
  readonly perSecond: number
  readonly seconds: number
  readonly parts: readonly PhaseOutcome[]
  readonly samples: readonly Vitals[]
  /** Of the machine, over the last minute, when the round was over. */
  readonly loadAverage: number
}

export interface Measured {
  readonly mode: string
  readonly postgresVersion: string
  /** The load average before the first was registered. */
  readonly loadBefore: number
  readonly registeredSeconds: number
  readonly rounds: { readonly warmUp: Round; readonly idle: Round; readonly load: Round }
  readonly verdict: Verdict
}

/** Of the loaded time, what memory is judged by comes behind this share of it. */
const warmShare = 0.25

const all = <Value>({ parts }: Round, pick: (part: PhaseOutcome) => readonly Value[]) => parts.flatMap(pick)
const wallSeconds = ({ samples }: Round) => ((samples.at(-1)?.atMs ?? 0) - (samples[0]?.atMs ?? 0)) / 1000
const serverCpu = ({ samples }: Round) => (samples.at(-1)?.cpuSeconds ?? 0) - (samples[0]?.cpuSeconds ?? 0)
const loadCpu = ({ parts }: Round) => parts.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0)

function arrivalRows({ mode, rounds }: Measured): string[][] {
  const cells = (round: Round) => {
    const latencies = all(round, part => part.latencies)
    return { latencies, p50: percentile(latencies, 0.5), p99: percentile(latencies, 0.99) }
  }
  const [idle, load] = [cells(rounds.idle), cells(rounds.load)]
  const row = (round: Round, { latencies, p50, p99 }: typeof idle) => [
    `${mode}, ${round.perSecond}/s for ${round.seconds} s`,
    count(latencies.length),
    p50.toFixed(1),
    p99.toFixed(1),
    percentile(latencies, 1).toFixed(1),
    percentile(
      all(round, part => part.delays),
      0.99,
    ).toFixed(1),
    (serverCpu(round) / wallSeconds(round)).toFixed(2),
    latencies.length < 1_000 ? '' : ((serverCpu(round) * 1000) / latencies.length).toFixed(2),
    (loadCpu(round) / wallSeconds(round)).toFixed(2),
    round.loadAverage.toFixed(1),
  ]
  const ratio = [`${mode}, ratio`, '', (load.p50 / idle.p50).toFixed(2), (load.p99 / idle.p99).toFixed(2), '', '', '', '', '', '']
  return [row(rounds.idle, idle), row(rounds.load, load), ratio]
}

function verdictRow({ mode, rounds, verdict }: Measured): string[] {
  const parts = Object.values(rounds).flatMap(round => round.parts)
  const { stored, delivered, equalLogs, logs, lost, doubled, disordered, strange } = verdict
  const sent = parts.reduce((sum, part) => sum + part.sent, 0)
  const failures = parts.flatMap(part => part.failures).length
  return [mode, ...[sent, failures, stored, delivered].map(count), `${equalLogs} of ${logs}`, ...[lost, doubled, disordered, strange].map(count)]
}

function memoryRows({ mode, rounds }: Measured): string[][] {
  const start = (rounds.load.samples[0]?.atMs ?? 0) + warmShare * rounds.load.seconds * 1000
  const warm = rounds.load.samples.filter(({ atMs }) => atMs >= start)
  const half = Math.floor(warm.length / 2)
  return (['rssMiB', 'heapMiB'] as const).map(name => {
    const values = warm.map(sample => sample[name])
    const slope = slopeOf(warm.map(sample => ({ x: sample.atMs / 60_000, y: sample[name] })))
    const halves = [values.slice(0, half), values.slice(half)]
    const numbers = [...halves.map(mean), ...halves.map(part => Math.min(...part)), Math.max(...values), slope]
    return [`${mode}, ${name === 'rssMiB' ? 'RSS' : 'heap used'}`, ...numbers.map(value => value.toFixed(1))]
  })
}

/** Writes the results down and returns them as text. */
export function writeReport({ crowd, measured, quick }: { crowd: Crowd; measured: readonly Measured[]; quick: boolean }): string {
  const now = new Date()
  const { loadBefore = Number.NaN, postgresVersion, registeredSeconds = Number.NaN } = measured[0] ?? {}
  const people = crowd.chats * crowd.membersPerChat
  const failures = measured.flatMap(({ rounds }) => Object.values(rounds).flatMap(({ parts }) => parts.flatMap(part => part.failures)))
  const text = `# Chats, ${now.toISOString().slice(0, 10)}${quick ? ', quick' : ''}

\`npm run bench:chat${quick ? ' -- --quick' : ''}\` at ${commitNow()}: Node ${process.version}, ${postgresVersion} with fsync on, ${availableParallelism()} cores (${cpus()[0]?.model ?? 'unknown'}),
load average before the start ${loadBefore.toFixed(1)}. One node, its database and the ${crowd.processes} processes that make the load share these cores.${
    loadBefore > availableParallelism() / 2 ? '\n\n**The machine was busy with other work: take the ratios, not the milliseconds.**' : ''
  }

${count(people)} people are connected, in ${count(crowd.chats)} chats of ${crowd.membersPerChat}; each has one socket that follows \`inboxEvents\` and sends. A
message of 100 characters, with an \`idempotencyKey\`, goes to all chats in turn, by the next member each time, at even distances
whether those before are answered or not; it arrives at all members, its sender included. First a time with hardly any
messages, then the load, both after a warm-up of ${measured[0]?.rounds.warmUp.seconds} s. Registering everybody took ${registeredSeconds.toFixed(0)} s.

From each send to each arrival, in ms. Late: by how much the load itself sent later than planned, at p99. CPU: cores used by
the server's process, and ms of it for each delivery. Load: cores used by the processes that make the load.

${table(['', 'deliveries', 'p50', 'p99', 'most', 'late', 'CPU', 'ms of CPU for each', 'load', 'load average'], measured.flatMap(arrivalRows))}

What each member heard, warm-up included, beside what \`chat.messages\` gives afterwards: a log is equal when it holds exactly
the messages of the chat, in their order.

${table(['', 'sent', 'failed', 'stored', 'delivered', 'logs equal', 'lost', 'doubled', 'out of order', 'strange'], measured.map(verdictRow))}
${failures.length > 0 ? `\nThe first that failed: \`${failures[0]}\`\n` : ''}
Memory of the server's process under load, in MiB, without the first quarter of the time; sampled as it comes, so the heap
holds garbage too. Slope: of the line of least squares, in MiB for each minute.

${table(['', 'mean, first half', 'second half', 'least, first half', 'second half', 'most', 'slope'], measured.flatMap(memoryRows))}
`
  const folder = join(import.meta.dirname, '../results')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, `${now.toISOString().slice(0, 10)}-chat${quick ? '-quick' : ''}.md`), text)
  return text
}
