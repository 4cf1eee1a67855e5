import { join } from 'node:path'
import type { Effort } from '../effort.ts'
import { startChild } from '../load/child.ts'
import type { Stage } from '../stage.ts'
import { keepApart } from '../vitals/cores.ts'
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
  readonly connectSeconds: number
  readonly rounds: Readonly<Record<PhaseName, FanOutRound[]>>
}

const warmUp: Phase = { inFlight: 8, perSecond: null, seconds: 0.4 }

/** All systems have their readers at the same time, and take turns. */
export async function runFanOut(stage: Stage, effort: Effort['fanOut']): Promise<readonly FanOutRow[]> {
  await using resources = new AsyncDisposableStack()
  const systems = await startSystems(stage, resources)
  keepApart(systems.map(({ subject }) => subject.pid))
  const rows: FanOutRow[] = []
  for (const { readers, rounds, seconds } of effort.cells) {
    await using sockets = new AsyncDisposableStack()
    const seats = []
    for (const { system, groups } of seatsOf(systems, readers, effort.groups)) {
      const load = sockets.use(startChild<Order>(join(import.meta.dirname, 'load-process.ts')))
      const startedAt = performance.now()
      await load.ask({ kind: 'connect', target: await system.open(), readers, groups })
      const row: FanOutRow = {
        system: system.name,
        readers,
        groups,
        connectSeconds: (performance.now() - startedAt) / 1000,
        rounds: { one: [], eight: [], calm: [] },
      }
      await load.ask({ kind: 'phase', ...warmUp })
      seats.push({ system, load, row })
      rows.push(row)
    }
    const phases: Readonly<Record<PhaseName, Phase>> = {
      one: { inFlight: 1, perSecond: null, seconds: seconds.busy },
      eight: { inFlight: 8, perSecond: null, seconds: seconds.busy },
      calm: { inFlight: null, perSecond: 4, seconds: seconds.calm },
    }
    for (let round = 1; round <= rounds; round++)
      for (const { system, load, row } of seats)
        for (const [name, phase] of Object.entries(phases) as [PhaseName, Phase][]) {
          const before = await system.subject.watch.now()
          const outcome = await load.ask<Outcome>({ kind: 'phase', ...phase })
          const used = (await system.subject.watch.now()).cpuMicros - before.cpuMicros
          row.rounds[name].push({ ...outcome, cpuMicrosPerDelivery: used / outcome.deliveries })
          console.log(line(round, row, name))
        }
  }
  return rows
}

/** Peers know no groups: there each reader is one of its own, whatever is asked. */
function* seatsOf(systems: readonly System[], readers: number, groupCounts: readonly (number | 'all')[]) {
  for (const system of systems) {
    const isOurs = system.name === names.memory || system.name === names.nodes
    const counts = isOurs ? groupCounts.map(count => (count === 'all' ? readers : count)).filter(count => count <= readers) : [1]
    for (const groups of new Set(counts)) yield { system, groups }
  }
}

function line(round: number, { system, readers, groups, rounds }: FanOutRow, name: PhaseName): string {
  const { deliveries, seconds, cpuMicrosPerDelivery, arrival, lost, doubled, isInOneOrder, loadCpu } = rounds[name].at(-1) as FanOutRound
  const faults = lost + doubled > 0 || !isInOneOrder ? ` LOST ${lost}, DOUBLED ${doubled}${isInOneOrder ? '' : ', OUT OF ORDER'}` : ''
  return `${readers} readers in ${groups}, round ${round}, ${name}: ${system}: ${(deliveries / seconds).toFixed(0)}/s, ${cpuMicrosPerDelivery.toFixed(1)} µs, p99 ${arrival.p99.toFixed(1)} ms, load ${loadCpu.toFixed(2)}${faults}`
}
