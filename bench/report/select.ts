import type { FanOutRow, PhaseName } from '../fan-out/run.ts'
import type { QueryName } from '../queries/run.ts'
import { median } from './numbers.ts'
import type { Results } from './results.ts'

export type FanOutFigure = 'perSecond' | 'cpu' | 'p50' | 'p99' | 'p999' | 'load'

const figures: Readonly<Record<FanOutFigure, (round: FanOutRow['rounds'][PhaseName][number]) => number>> = {
  perSecond: round => round.deliveries / round.seconds,
  cpu: round => round.cpuMicrosPerDelivery,
  p50: round => round.arrival.p50,
  p99: round => round.arrival.p99,
  p999: round => round.arrival.p999,
  load: round => round.loadCpu,
}

/** The median of a figure over the rounds. */
export const figureOf = (row: FanOutRow | undefined, phase: PhaseName, figure: FanOutFigure): number =>
  median((row?.rounds[phase] ?? []).map(figures[figure]))

export function faultsOf(row: FanOutRow): { readonly lost: number; readonly doubled: number; readonly isInOneOrder: boolean } {
  const rounds = Object.values(row.rounds).flat()
  const sum = (pick: (round: (typeof rounds)[number]) => number) => rounds.reduce((total, round) => total + pick(round), 0)
  return { lost: sum(round => round.lost), doubled: sum(round => round.doubled), isInOneOrder: rounds.every(round => round.isInOneOrder) }
}

/** Short words for figures of a run; what was not measured is not a number. */
export function selectFrom(results: Results) {
  return {
    fanOut: (system: string, readers: number, groups: number, phase: PhaseName, figure: FanOutFigure) =>
      figureOf(
        results.fanout?.measured.find(row => row.system === system && row.readers === readers && row.groups === groups),
        phase,
        figure,
      ),
    memory: (system: string, figure: 'subscribed' | 'resident') =>
      results.memory?.measured.find(row => row.system === system)?.[figure] ?? Number.NaN,
    pushes: (system: string, carrier: string, documents: number, writers: number, isDeferred = false) =>
      median(
        results.writes?.measured.rows
          .find(
            row =>
              row.system.startsWith(system) &&
              row.carrier === carrier &&
              row.documents === documents &&
              row.writers === writers &&
              row.isDeferred === isDeferred,
          )
          ?.rounds.map(({ perSecond }) => perSecond) ?? [],
      ),
    query: (system: string, query: QueryName, figure: 'perSecond' | 'cpuMicros') =>
      median(results.queries?.measured.find(row => row.system === system && row.query === query)?.rounds.map(round => round[figure]) ?? []),
  }
}
