import { join } from 'node:path'
import type { Effort } from '../effort.ts'
import type { Order, Outcome, Phase } from '../fan-out/orders.ts'
import { followed, names } from '../fan-out/systems.ts'
import { type Child, startChild } from '../load/child.ts'
import type { Ours, Stage } from '../stage.ts'
import { keepApart } from '../vitals/cores.ts'
import type { CaughtUp, Order as SlowOrder } from './orders.ts'

export interface SlowRound {
  /** From send to arrival, in ms, at the readers that read; while all do, and while some don't. */
  readonly p99: number
  readonly p99Beside: number
  /** What the server says waits for them, and what its process has grown by since all were reading. */
  readonly waitingBytes: number
  readonly grownBytes: number
  readonly caughtUp: CaughtUp
}

export interface SlowRow {
  readonly system: string
  readonly readers: number
  readonly stalled: number
  readonly rounds: SlowRound[]
}

const readers = 1_000
const stalled = 100
/** What systems hold between two sockets is some megabytes, and only what they don't hold waits in the server. */
const valueLength = 16 * 1024
const mostFills = 60

/** Some of many readers stop reading, and the others are looked at. */
export async function runSlow(stage: Stage, effort: Effort['slow']): Promise<readonly SlowRow[]> {
  const rows: SlowRow[] = []
  for (const [name, mode] of [[names.memory, 'embedded'] as const, [names.nodes, 'postgres+redis'] as const]) {
    await using resources = new AsyncDisposableStack()
    const subject = await stage.ours(mode, resources)
    keepApart([subject.pid])
    const target = { ...(await followed(name, subject).open()), valueLength }
    const slow = resources.use(startChild<SlowOrder>(join(import.meta.dirname, 'load-process.ts')))
    const others = resources.use(startChild<Order>(join(import.meta.dirname, '../fan-out/load-process.ts')))
    await slow.ask({ kind: 'connect', target, readers: stalled })
    await others.ask({ kind: 'connect', target, readers: readers - stalled, groups: 1 })
    const play = (phase: Phase) => others.ask<Outcome>({ kind: 'phase', ...phase })
    await play({ inFlight: 8, perSecond: null, seconds: effort.seconds })
    await play({ inFlight: null, perSecond: 20, seconds: effort.seconds })
    const row: SlowRow = { system: name, readers, stalled, rounds: [] }
    for (let round = 1; round <= effort.rounds; round++) row.rounds.push(await measure(subject, slow, play, effort.seconds))
    rows.push(row)
  }
  return rows
}

async function measure(subject: Ours, slow: Child<SlowOrder>, play: (phase: Phase) => Promise<Outcome>, seconds: number): Promise<SlowRound> {
  const calm: Phase = { inFlight: null, perSecond: 10, seconds }
  const before = await play(calm)
  await slow.ask<CaughtUp>({ kind: 'read', upTo: before.lastNumber })
  const { rssBytes } = await subject.watch.now('collected')
  await slow.ask({ kind: 'stall' })
  const waitingBytes = await fill(subject, play)
  const beside = await play(calm)
  const grownBytes = (await subject.watch.now('collected')).rssBytes - rssBytes
  const caughtUp = await slow.ask<CaughtUp>({ kind: 'read', upTo: beside.lastNumber })
  const { p99 } = before.arrival
  const round = { p99, p99Beside: beside.arrival.p99, waitingBytes, grownBytes, caughtUp }
  console.log(
    `slow: p99 ${p99.toFixed(1)} ms, beside stalled ${round.p99Beside.toFixed(1)} ms, waiting ${megabytes(waitingBytes)} MB, grown by ${megabytes(grownBytes)} MB, caught up in ${caughtUp.seconds.toFixed(1)} s, ${caughtUp.faults} faults`,
  )
  return round
}

const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1)

/** Sends until no more waits in the server than did before. @returns the most that did */
async function fill(subject: Ours, play: (phase: Phase) => Promise<Outcome>): Promise<number> {
  let most = 0
  for (let times = 0; times < mostFills; times++) {
    await play({ inFlight: 8, perSecond: null, seconds: 0.3 })
    const waiting = await waitingBytes(subject)
    if (most > 0 && waiting <= most) return most
    most = waiting
  }
  throw new Error('Nothing waits for those who do not read.')
}

async function waitingBytes({ port, env }: Ours): Promise<number> {
  const headers = { authorization: `Bearer ${env['METRICS_TOKEN']}` }
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`, { headers })).text()
  return Number(/^tidemark_waiting_bytes (\d+)/m.exec(text)?.[1])
}
