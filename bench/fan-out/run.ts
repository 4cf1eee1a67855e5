import { join } from 'node:path'
import { createBudget, type Effort, type FanOutCell } from '../effort.ts'
import { type Child, startChild } from '../load/child.ts'
import type { Stage } from '../stage.ts'
import { keepApart } from '../vitals/cores.ts'
import { canOpen, mustOpen } from '../vitals/files.ts'
import type { Order, Outcome, Phase } from './orders.ts'
import { names, type System, startSystems } from './systems.ts'

export type PhaseName = 'one' | 'eight' | 'calm'

export interface FanOutRound extends Outcome {
  readonly cpuMicrosPerDelivery: number
}

/** One system with so many readers, which make so many groups. */
export interface FanOutRow {
  readonly system: string
  readonly readers: number
  readonly groups: number
  connectSeconds: number
  /** What went so wrong that nothing more was measured; else empty. */
  failure: string
  readonly rounds: Readonly<Record<PhaseName, FanOutRound[]>>
}

const loadProcess = join(import.meta.dirname, 'load-process.ts')
const warmUpReaders = 8
/** Once more for new readers, whose sockets have sent nothing yet. */
const freshReaders: Phase = { inFlight: 8, perSecond: null, seconds: 0.3 }

/** All systems have their readers at the same time, and take turns. */
export async function runFanOut(stage: Stage, effort: Effort['fanOut']): Promise<readonly FanOutRow[]> {
  await using resources = new AsyncDisposableStack()
  const systems = await startSystems(stage, resources)
  keepApart(systems.map(({ subject }) => subject.pid))
  for (const system of systems) await warmUp(system, effort.warmUp)
  const rows: FanOutRow[] = []
  const budget = createBudget(effort.budgetSeconds)
  for (const { groupCounts, ...cell } of passesOf(effort)) {
    const { readers } = cell
    await using sockets = new AsyncDisposableStack()
    const seats: Seat[] = []
    for (const { system, groups } of seatsOf(systems, readers, groupCounts)) {
      const load = sockets.use(startChild<Order>(loadProcess))
      const rounds = { one: [], eight: [], calm: [] }
      const seat = { system, load, row: { system: system.name, readers, groups, connectSeconds: Number.NaN, failure: '', rounds } }
      seats.push(seat)
      rows.push(seat.row)
      await unlessFailed(seat, async () => {
        mustOpen(readers)
        const startedAt = performance.now()
        await load.ask({ kind: 'connect', target: await system.open(), readers, groups })
        seat.row.connectSeconds = (performance.now() - startedAt) / 1000
        await load.ask({ kind: 'phase', ...freshReaders })
        console.log(`${readers} readers in ${groups}: ${system.name}: connected in ${seat.row.connectSeconds.toFixed(1)} s`)
      })
    }
    for (let round = 1; round <= cell.rounds && budget.allows(round); round++)
      for (const seat of seats) await unlessFailed(seat, () => takeTurn(seat, round, phasesOf(cell)))
  }
  return rows.toSorted((a, b) => a.readers - b.readers)
}

/**
 * What nothing has compiled yet is ten times as slow. So everybody first handles some thousands of events, in bursts and one by one, for a few
 * readers that are one group, and then for as many that are each their own.
 */
async function warmUp({ name, open }: System, { eight, one, mostSeconds }: Effort['fanOut']['warmUp']): Promise<void> {
  for (const groups of [1, warmUpReaders]) {
    await using load = startChild<Order>(loadProcess)
    await load.ask({ kind: 'connect', target: await open(), readers: warmUpReaders, groups })
    const handle = async (inFlight: number, wanted: number) => {
      let events = 0
      for (const end = performance.now() + mostSeconds * 1000; events < wanted && performance.now() < end; )
        events += (await load.ask<Outcome>({ kind: 'phase', inFlight, perSecond: null, seconds: 0.3 })).events
      return events
    }
    console.log(`warm-up in ${groups}: ${name}: ${await handle(8, eight)} events eight in flight, ${await handle(1, one)} one at a time`)
  }
}

/** Readers that make different groups are there at the same time, unless they are too many for one server together. */
const passesOf = ({ cells, groups }: Effort['fanOut']) =>
  cells.flatMap(cell =>
    (canOpen(cell.readers * groups.length) ? [groups] : groups.map(count => [count])).map(groupCounts => ({ ...cell, groupCounts })),
  )

interface Seat {
  readonly system: System
  readonly load: Child<Order>
  readonly row: FanOutRow
}

/** One that breaks down says so, and the others go on. */
async function unlessFailed({ row }: Seat, work: () => Promise<void>): Promise<void> {
  if (row.failure) return
  try {
    await work()
  } catch (error) {
    row.failure = error instanceof Error ? error.message : String(error)
    console.error(`${row.readers} readers in ${row.groups}: ${row.system}: ${row.failure}`)
  }
}

const phasesOf = ({ seconds: { busy, calm }, perSecond }: FanOutCell): Readonly<Record<PhaseName, Phase>> => ({
  one: { inFlight: 1, perSecond: null, seconds: busy },
  eight: { inFlight: 8, perSecond: null, seconds: busy },
  calm: { inFlight: null, perSecond, seconds: calm },
})

async function takeTurn({ system, load, row }: Seat, round: number, phases: Readonly<Record<PhaseName, Phase>>): Promise<void> {
  for (const [name, phase] of Object.entries(phases) as [PhaseName, Phase][]) {
    // What is unhurried takes longest, and nothing hangs on it but where all are one group.
    if (name === 'calm' && row.groups > 1 && round > 1) continue
    const before = await system.subject.watch.now()
    const outcome = await load.ask<Outcome>({ kind: 'phase', ...phase })
    const used = (await system.subject.watch.now()).cpuMicros - before.cpuMicros
    row.rounds[name].push({ ...outcome, cpuMicrosPerDelivery: used / outcome.deliveries })
    console.log(line(round, row, name))
  }
}

/** Peers know no groups: there each reader is one of its own, whatever is asked. */
function* seatsOf(systems: readonly System[], readers: number, groupCounts: readonly (number | 'all')[]) {
  for (const system of systems) {
    const isOurs = system.name === names.memory || system.name === names.nodes
    const counts = isOurs
      ? groupCounts.map(count => (count === 'all' ? readers : count)).filter(count => count <= readers)
      : groupCounts.filter(count => count === 1)
    for (const groups of new Set(counts)) yield { system, groups }
  }
}

function line(round: number, { system, readers, groups, rounds }: FanOutRow, name: PhaseName): string {
  const { deliveries, seconds, cpuMicrosPerDelivery, arrival, lost, doubled, isInOneOrder, loadCpu } = rounds[name].at(-1) as FanOutRound
  const faults = lost + doubled > 0 || !isInOneOrder ? ` LOST ${lost}, DOUBLED ${doubled}${isInOneOrder ? '' : ', OUT OF ORDER'}` : ''
  return `${readers} readers in ${groups}, round ${round}, ${name}: ${system}: ${(deliveries / seconds).toFixed(0)}/s, ${cpuMicrosPerDelivery.toFixed(1)} µs, p99 ${arrival.p99.toFixed(1)} ms, load ${loadCpu.toFixed(2)}${faults}`
}
