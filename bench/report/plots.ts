import type { FanOutRow, PhaseName } from '../fan-out/run.ts'
import { names } from '../fan-out/systems.ts'
import type { WriteRow } from '../writes/run.ts'
import { type Bar, drawBars } from './bars.ts'
import { drawLines, type Series } from './lines.ts'
import { median } from './numbers.ts'
import type { Results } from './results.ts'
import { type FanOutFigure, figureOf } from './select.ts'

export interface Drawing {
  readonly file: string
  readonly alt: string
  readonly svg: string
}

const isOurs = (system: string) => system.startsWith('Tidemark')

const named = (series: readonly Series[], suffix: string, dashes?: string) =>
  series.map(line => ({ ...line, name: `${line.name}${suffix}`, ...(dashes && { dashes }) }))

/** Every picture that the results give. */
export const drawAll = (results: Results): readonly Drawing[] => [
  ...fanOutDrawings(results),
  ...memoryDrawings(results),
  ...writeDrawings(results),
  ...queryDrawings(results),
]

function fanOutDrawings({ fanout }: Results): readonly Drawing[] {
  if (!fanout) return []
  const rows = fanout.measured
  const everybody: readonly string[] = Object.values(names)
  const over = (phase: PhaseName, figure: FanOutFigure, groupsOf: (readers: number) => number, systems: readonly string[]): Series[] =>
    systems.map(system => ({
      name: system,
      isOurs: isOurs(system),
      colour: everybody.indexOf(system),
      points: rows
        .filter(row => row.system === system && row.groups === groupsOf(row.readers))
        .map(row => ({ x: row.readers, y: figureOf(row, phase, figure) })),
    }))
  const draw = (file: string, alt: string, yLabel: string, series: readonly Series[], xLabel = 'readers of one stream of events'): Drawing => ({
    file,
    alt,
    svg: drawLines({ title: alt, yLabel, xLabel, series }),
  })
  const one = () => 1
  return [
    draw('fan-out-cpu.svg', 'CPU for each delivery, one event at a time', 'µs of the server’s process', over('one', 'cpu', one, everybody)),
    draw('fan-out-rate.svg', 'Deliveries a second, eight events in flight', 'deliveries/s', over('eight', 'perSecond', one, everybody)),
    draw('fan-out-latency.svg', 'From send to arrival, unhurried: p99', 'ms', over('calm', 'p99', one, everybody)),
    draw(
      'fan-out-groups.svg',
      'What groups cost: CPU for each delivery, eight events in flight',
      'µs of the server’s process; 1,000 readers, dashed: 5,000',
      overGroups(rows, everybody),
      'groups of readers that share an operation',
    ),
  ]
}

/** Ours by how many groups its readers make; the others share nothing, so for them it is all the same. */
function overGroups(rows: readonly FanOutRow[], everybody: readonly string[]): readonly Series[] {
  return [
    { readers: 1_000, systems: [names.memory, names.nodes, names.yoga, names.prebuilt] },
    { readers: 5_000, systems: [names.memory, names.nodes], dashes: '6 4' },
  ].flatMap(({ readers, systems, dashes }) =>
    systems.map(system => {
      const ofSystem = rows.filter(row => row.system === system && row.readers === readers)
      const points = ofSystem.map(row => ({ x: row.groups, y: figureOf(row, 'eight', 'cpu') }))
      return {
        name: isOurs(system) ? `${system}, ${readers.toLocaleString('en')}` : system,
        isOurs: isOurs(system),
        colour: everybody.indexOf(system),
        points: isOurs(system) ? points.toSorted((a, b) => a.x - b.x) : points.flatMap(({ y }) => [1, readers].map(x => ({ x, y }))),
        ...(dashes !== undefined && { dashes }),
      }
    }),
  )
}

function memoryDrawings({ memory }: Results): readonly Drawing[] {
  if (!memory) return []
  const bars = memory.measured.map(({ system, subscribed }): Bar => ({ name: system, value: subscribed, isOurs: isOurs(system) }))
  const title = 'Memory of the server for each subscribed connection'
  const subtitle = `KiB, of ${memory.measured[0]?.connections.toLocaleString('en')} that are idle`
  return [{ file: 'memory.svg', alt: title, svg: drawBars(title, subtitle, bars) }]
}

function writeDrawings({ writes }: Results): readonly Drawing[] {
  if (!writes) return []
  const rows = writes.measured.rows.filter(row => !row.isDeferred && (row.system === 'postgres' || row.carrier === 'direct'))
  const nameOf = ({ system, carrier }: WriteRow) => (carrier === 'direct' ? system : `Tidemark, ${carrier === 'http' ? 'HTTP' : 'sockets'}`)
  const colourNames = [...new Set(rows.map(nameOf))].sort((a, b) => Number(isOurs(b)) - Number(isOurs(a)))
  const over = (documents: number, figure: 'perSecond' | 'cpuMicros'): readonly Series[] =>
    colourNames.map((name, colour) => ({
      name,
      colour,
      isOurs: isOurs(name),
      points: rows
        .filter(row => row.documents === documents && nameOf(row) === name)
        .map(row => ({ x: row.writers, y: median(row.rounds.map(round => round[figure])) })),
    }))
  const draw = (file: string, title: string, yLabel: string, series: readonly Series[]): Drawing => ({
    file,
    alt: title,
    svg: drawLines({ title, yLabel, xLabel: 'writers', series }),
  })
  return [
    draw('writes-1000.svg', 'Pushes a second on 1,000 documents', 'pushes/s, PostgreSQL with fsync', over(1_000, 'perSecond')),
    draw('writes-1.svg', 'Pushes a second on one document', 'pushes/s, PostgreSQL with fsync', over(1, 'perSecond')),
    draw('writes-cpu.svg', 'CPU for each push', 'µs of the server’s process, or of the driver’s', [
      ...named(over(1_000, 'cpuMicros'), ', 1,000 documents'),
      ...named(over(1, 'cpuMicros'), ', one document', '5 4'),
    ]),
  ]
}

function queryDrawings({ queries }: Results): readonly Drawing[] {
  if (!queries) return []
  return (['viewer', 'notes'] as const).map(query => {
    const title = query === 'viewer' ? 'CPU for each viewer query over HTTP' : 'CPU for each list of 50 notes with their folders'
    const bars = queries.measured
      .filter(row => row.query === query)
      .map(({ system, rounds }): Bar => ({ name: system, value: median(rounds.map(({ cpuMicros }) => cpuMicros)), isOurs: isOurs(system) }))
    return { file: `queries-${query}.svg`, alt: title, svg: drawBars(title, 'µs of the server’s process', bars) }
  })
}
