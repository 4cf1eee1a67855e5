/**
 * How fast Tidemark is beside what people would take instead: starts everything it needs, and leaves tables and plots in
 * bench/results. `--quick` looks at less in two minutes, `--thorough` takes its time, `--only fanout` measures one part again
 * (or several, with commas between: `start`, `memory`, `slow`, `storm`, `writes`, `bulk`, `queries`), `--render` draws again what was measured last.
 */
import { availableParallelism, cpus, loadavg } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { runBulk } from './bulk/run.ts'
import { type Effort, efforts } from './effort.ts'
import { runFanOut } from './fan-out/run.ts'
import { runMemory } from './memory/run.ts'
import { installPeers, versionOf } from './peers/start.ts'
import { commitNow } from './places.ts'
import { runQueries } from './queries/run.ts'
import { isPart, writeReadme, writeReport } from './report/report.ts'
import { type Circumstances, type Part, parts, type Results, readResults, writeResults } from './report/results.ts'
import { runSlow } from './slow/run.ts'
import { createStage, type Stage } from './stage.ts'
import { runStart } from './start/run.ts'
import { runStorm } from './storm/run.ts'
import { canPin, letRun } from './vitals/cores.ts'
import { runWrites } from './writes/run.ts'

const { values: options } = parseArgs({
  options: { quick: { type: 'boolean' }, thorough: { type: 'boolean' }, render: { type: 'boolean' }, only: { type: 'string' } },
})
const only = options.only?.split(',')
if (only && !only.every(isPart)) throw new Error(`--only takes some of ${parts.join(',')}.`)
const effort = efforts[options.quick ? 'quick' : options.thorough ? 'thorough' : 'default']
const wanted = only ?? effort.parts
/** A quick look is for whoever looks; only what was measured well is kept. */
const folder = join(import.meta.dirname, options.quick ? 'results/quick' : 'results')
const path = join(folder, 'speed.json')

const measures: { readonly [P in Part]: (stage: Stage, effort: Effort) => Promise<NonNullable<Results[P]>['measured']> } = {
  start: (stage, effort) => runStart(stage, effort.start),
  memory: (stage, effort) => runMemory(stage, effort.memory),
  fanout: (stage, effort) => runFanOut(stage, effort.fanOut),
  slow: (stage, effort) => runSlow(stage, effort.slow),
  storm: (stage, effort) => runStorm(stage, effort.storm),
  writes: (stage, effort) => runWrites(stage, effort.writes),
  bulk: (_, effort) => runBulk(effort.bulk.rounds),
  queries: (stage, effort) => runQueries(stage, effort.queries),
}

async function measure(): Promise<Results> {
  const [loadBefore = 0] = loadavg()
  installPeers()
  await using resources = new AsyncDisposableStack()
  const stage = await createStage(resources)
  const peers = ['ws', 'graphql-yoga', 'graphql-ws', '@apollo/server', 'graphql-redis-subscriptions', 'mercurius', 'postgraphile']
  const circumstances: Circumstances = {
    at: new Date().toISOString(),
    commit: commitNow(),
    effort: effort.name,
    node: process.version,
    postgres: stage.postgresVersion,
    cores: `${availableParallelism()} × ${cpus()[0]?.model ?? 'unknown'}`,
    isPinned: canPin,
    loadBefore,
    peers: Object.fromEntries(peers.map(name => [name, versionOf(name)])),
  }
  const results: { [part: string]: unknown } = {}
  for (const part of wanted) {
    const startedAt = performance.now()
    // Which cores are whose is for each part to say.
    letRun()
    try {
      const measured = await measures[part](stage, effort)
      results[part] = { circumstances, seconds: (performance.now() - startedAt) / 1000, measured }
    } catch (error) {
      // The other parts are worth their time all the same.
      console.error(`${part} broke down:`, error)
      process.exitCode = 1
    }
  }
  return results as Results
}

// What is not measured this time stays as it was; a quick look stands alone.
const before = options.quick && !options.render ? {} : readResults(path)
const results: Results = options.render ? before : { ...before, ...(await measure()) }
console.log(writeReport(folder, results))
writeResults(path, results)
if (!options.quick) writeReadme(results)
