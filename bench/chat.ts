/**
 * A thousand people in a hundred chats: how long messages take to arrive beside a time with hardly any, and whether every
 * member hears each of them once and in order. `--quick` has 100 people and ten seconds; `--profile DIR` leaves CPU profiles.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startRedis } from '../tests/harness/redis.ts'
import { startServer } from '../tests/harness/server.ts'
import { type Crowd, type Logs, monotonicMs, type Order, type PhaseOutcome } from './chat/load.ts'
import { type Measured, type Round, writeReport } from './chat/report.ts'
import { watchVitals } from './chat/vitals.ts'
import { createWorld, historiesOf, judge } from './chat/world.ts'
import { startChild } from './load/child.ts'
import { durableVersion, startDurablePostgres } from './places.ts'

const { values: options } = parseArgs({ options: { quick: { type: 'boolean', default: false }, profile: { type: 'string' } } })
const crowd: Crowd = { chats: options.quick ? 10 : 100, membersPerChat: 10, processes: 2 }
const load = { name: 'load', perSecond: 100, seconds: options.quick ? 10 : 120 }
const idle = { name: 'idle', perSecond: 1, seconds: options.quick ? 10 : 60 }
const warmUp = { name: 'warm-up', perSecond: load.perSecond, seconds: options.quick ? 3 : 10 }
const sampleEveryMs = options.quick ? 250 : 1_000
/** For the processes to begin at the same time. */
const headStartMs = 200

async function measure(mode: 'postgres' | 'postgres+redis'): Promise<Measured> {
  await using resources = new AsyncDisposableStack()
  const postgres = resources.use(await startDurablePostgres())
  const redis = mode === 'postgres' ? null : resources.use(await startRedis())
  const postgresVersion = await durableVersion(postgres.url)
  const folder = mkdtempSync(join(tmpdir(), 'tidemark-bench-'))
  resources.defer(() => rmSync(folder, { recursive: true, force: true }))
  const server = await startServer({
    DATA_DIR: folder,
    DATABASE_URL: postgres.url,
    JWT_EXPIRES_IN: '2h',
    ...(redis && { REDIS_URL: redis.url }),
    ...(options.profile && { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${options.profile}` }),
  })
  resources.defer(async () => void (await server.stop()))

  const [loadBefore = 0] = loadavg()
  const startedAt = monotonicMs()
  const world = await createWorld(server.url, crowd.chats, crowd.membersPerChat)
  const registeredSeconds = (monotonicMs() - startedAt) / 1000
  const children = Array.from({ length: crowd.processes }, () => resources.use(startChild<Order>(join(import.meta.dirname, 'chat/load-process.ts'))))
  await Promise.all(children.map((child, index) => child.ask({ kind: 'start', url: server.url, crowd, process: index, ...world })))
  console.log(`${mode}: ${crowd.chats * crowd.membersPerChat} people follow their inboxes`)

  async function run(phase: typeof load): Promise<Round> {
    const startAtMs = monotonicMs() + headStartMs
    const outcomes = Promise.all(children.map(child => child.ask<PhaseOutcome>({ kind: 'phase', ...phase, startAtMs })))
    const [parts, samples] = await watchVitals(server.port, sampleEveryMs, outcomes)
    console.log(`${mode}: ${phase.name} is over`)
    return { ...phase, parts, samples, loadAverage: loadavg()[0] ?? 0 }
  }
  const rounds = { warmUp: await run(warmUp), idle: await run(idle), load: await run(load) }
  const logs = (await Promise.all(children.map(child => child.ask<Logs>({ kind: 'logs' })))).flat()
  return { mode, postgresVersion, loadBefore, registeredSeconds, rounds, verdict: judge(await historiesOf(server.url, world), logs) }
}

const measured: Measured[] = []
for (const mode of ['postgres', 'postgres+redis'] as const) {
  measured.push(await measure(mode))
  console.log(writeReport({ crowd, measured, quick: options.quick }))
}
const isFaultless = measured.every(({ rounds, verdict: { stored, equalLogs, logs } }) => {
  const parts = Object.values(rounds).flatMap(({ parts }) => parts)
  const sent = parts.reduce((sum, part) => sum + part.sent, 0)
  return stored === sent && equalLogs === logs && parts.every(({ failures }) => failures.length === 0)
})
if (!isFaultless) process.exitCode = 1
