import type { FanOutRow } from '../fan-out/run.ts'
import { count, median, shown, table } from './numbers.ts'
import type { Results } from './results.ts'
import { faultsOf, figureOf } from './select.ts'

export function fanOutTables({ fanout }: Results): string {
  const rows = fanout?.measured ?? []
  const throughput = rows.map(row => {
    const of = (phase: 'one' | 'eight', figure: 'perSecond' | 'cpu' | 'load') => shown(figureOf(row, phase, figure))
    return [
      row.system,
      count(row.readers),
      count(row.groups),
      of('one', 'perSecond'),
      of('one', 'cpu'),
      of('eight', 'perSecond'),
      of('eight', 'cpu'),
      of('eight', 'load'),
      arrivedAt(row),
    ]
  })
  const latency = rows.map(row => [
    row.system,
    count(row.readers),
    count(row.groups),
    ...(['calm', 'eight'] as const).flatMap(phase => (['p50', 'p99', 'p999'] as const).map(figure => shown(figureOf(row, phase, figure)))),
    shown(figureOf(row, 'calm', 'cpu')),
  ])
  return `${table(
    ['', 'readers', 'groups', 'one at a time: deliveries/s', 'µs each', 'eight in flight: deliveries/s', 'µs each', 'load', 'arrived'],
    throughput,
  )}

From the send of an event to its arrival at each reader, in ms; and the CPU of a delivery while events come unhurried:

${table(['', 'readers', 'groups', 'unhurried: p50', 'p99', 'p99.9', 'eight in flight: p50', 'p99', 'p99.9', 'unhurried: µs each'], latency)}`
}

function arrivedAt(row: FanOutRow): string {
  if (row.failure) return `**broke down:** ${row.failure.split('\n')[0]}`
  const { lost, doubled, isInOneOrder } = faultsOf(row)
  if (lost + doubled === 0 && isInOneOrder) return 'all, in one order'
  return `**${count(lost)} lost, ${count(doubled)} doubled${isInOneOrder ? '' : ', in several orders'}**`
}

export const memoryTable = ({ memory }: Results): string =>
  table(
    [
      '',
      'connections',
      'KiB each, subscribed and idle',
      'after some events',
      'after collecting garbage',
      'of it in JavaScript’s heap',
      'µs of CPU to connect and subscribe each',
      'all connected in, s',
    ],
    (memory?.measured ?? []).map(row => [
      row.system,
      count(row.connections),
      shown(row.subscribed),
      shown(row.resident),
      shown(row.collected),
      shown(row.heap),
      shown(row.cpuMicrosPerConnection),
      shown(row.connectSeconds),
    ]),
  )

export const slowTable = ({ slow }: Results): string =>
  table(
    [
      '',
      'p99 of the others, all reading',
      'beside those who stall',
      'waiting, MB',
      'grown by, MB',
      'caught up in, s',
      'lost, doubled or out of order',
    ],
    (slow?.measured ?? []).map(({ system, rounds }) => {
      const of = (pick: (round: (typeof rounds)[number]) => number) => shown(median(rounds.map(pick)))
      return [
        system,
        of(round => round.p99),
        of(round => round.p99Beside),
        of(round => round.waitingBytes / 1e6),
        of(round => round.grownBytes / 1e6),
        of(round => round.caughtUp.seconds),
        count(rounds.at(-1)?.caughtUp.faults ?? 0),
      ]
    }),
  )

export const stormTable = ({ storm }: Results): string =>
  table(
    ['', 'sockets', 'of users', 'all back in, s', 'CPU of the server, s', 'refused', 'lost, doubled or out of order'],
    (storm?.measured ?? []).map(({ system, sockets, people, rounds }) => [
      system,
      count(sockets),
      count(people),
      shown(median(rounds.map(({ back }) => back.seconds))),
      shown(median(rounds.map(({ cpuSeconds }) => cpuSeconds))),
      count(Math.max(...rounds.map(({ back }) => back.refused))),
      count(Math.max(...rounds.map(({ back }) => back.faults))),
    ]),
  )

export const startTable = ({ start }: Results): string =>
  table(
    ['', 's', 'least–most'],
    (start?.measured ?? []).map(({ name, seconds }) => [
      name,
      shown(median(seconds)),
      `${shown(Math.min(...seconds))}–${shown(Math.max(...seconds))}`,
    ]),
  )

export function writeTable({ writes }: Results): string {
  const carriers = { http: 'HTTP', socket: 'socket', direct: '–' }
  const rows = (writes?.measured.rows ?? []).toSorted((a, b) => a.documents - b.documents || a.writers - b.writers)
  return table(
    ['', 'over', 'documents', 'writers', 'pushes/s', 'least–most', 'p50', 'p99', 'µs each', 'load'],
    rows.map(({ system, carrier, documents, writers, isDeferred, rounds }) => {
      const of = (name: 'perSecond' | 'p50' | 'p99' | 'cpuMicros' | 'loadCpu') => median(rounds.map(round => round[name]))
      const rates = rounds.map(({ perSecond }) => perSecond)
      return [
        carrier === 'direct' ? system : `Tidemark, ${system}${isDeferred ? ', deferred' : ''}`,
        carriers[carrier],
        count(documents),
        count(writers),
        shown(of('perSecond')),
        `${shown(Math.min(...rates))}–${shown(Math.max(...rates))}`,
        shown(of('p50')),
        shown(of('p99')),
        shown(of('cpuMicros')),
        shown(of('loadCpu')),
      ]
    }),
    2,
  )
}

export const queryTable = ({ queries }: Results): string =>
  table(
    ['', 'query', 'queries/s', 'µs each', 'p50', 'p99', 'load'],
    (queries?.measured ?? []).map(({ system, query, rounds }) => {
      const of = (name: 'perSecond' | 'cpuMicros' | 'p50' | 'p99' | 'loadCpu') => shown(median(rounds.map(round => round[name])))
      return [system, query === 'viewer' ? 'viewer' : '50 notes', of('perSecond'), of('cpuMicros'), of('p50'), of('p99'), of('loadCpu')]
    }),
    2,
  )
