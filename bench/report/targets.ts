import { names } from '../fan-out/systems.ts'
import { names as queried } from '../queries/run.ts'
import { median, shown, table } from './numbers.ts'
import type { Results } from './results.ts'
import { faultsOf, selectFrom } from './select.ts'

interface Target {
  /** Of the list of what was to be reached; else the section that asks for it. */
  readonly number: number | 'fan-out' | 'writes' | 'start'
  readonly what: string
  readonly ratio: number
  readonly bound: readonly ['at least' | 'at most', number]
  /** What somebody else gets there, who does nothing but that: more can't be had. */
  readonly control?: { readonly of: string; readonly ratio: number }
}

/** What was to be reached, as ratios of one run. */
function targetsOf(results: Results): readonly Target[] {
  const { fanOut, memory, pushes, query } = selectFrom(results)
  const fanOutTargets = [1_000, 5_000].flatMap((readers): Target[] => {
    const many = `${readers.toLocaleString('en')} readers`
    const cpu = (system: string, groups = 1) => fanOut(system, readers, groups, 'one', 'cpu')
    const rate = (system: string, groups = 1) => fanOut(system, readers, groups, 'eight', 'perSecond')
    const calm = (system: string) => fanOut(system, readers, 1, 'calm', 'p99')
    const [ours, raw] = [names.memory, names.prebuilt]
    return [
      { number: 1, what: `${many}, one at a time: CPU a delivery, to ${raw}`, ratio: cpu(ours) / cpu(raw), bound: ['at most', 1.15] },
      {
        number: 1,
        what: `${many}, one at a time: CPU a delivery of yoga, to ours`,
        ratio: cpu(names.yoga) / cpu(ours),
        bound: ['at least', 6],
        control: { of: raw, ratio: cpu(names.yoga) / cpu(raw) },
      },
      { number: 1, what: `${many}, unhurried: p99, to ${raw}`, ratio: calm(ours) / calm(raw), bound: ['at most', 1.3] },
      { number: 1, what: `${many}, eight in flight: deliveries/s, to ${names.send}`, ratio: rate(ours) / rate(names.send), bound: ['at least', 2] },
      { number: 1, what: `${many}, eight in flight: deliveries/s, to yoga`, ratio: rate(ours) / rate(names.yoga), bound: ['at least', 10] },
      { number: 1, what: `${many}, eight in flight: deliveries/s, to Apollo`, ratio: rate(ours) / rate(names.apollo), bound: ['at least', 10] },
      {
        number: 1,
        what: `${many}, eight in flight: deliveries/s of ${names.joined}, to ours`,
        ratio: rate(names.joined) / rate(ours),
        bound: ['at most', 2.5],
      },
      {
        number: 1,
        what: `${many}, eight in flight: deliveries/s on PostgreSQL + Redis, to embedded`,
        ratio: rate(names.nodes) / rate(ours),
        bound: ['at least', 0.75],
      },
      {
        number: 2,
        what: `${many} in 100 groups, eight in flight: deliveries/s, to ${raw}`,
        ratio: rate(ours, 100) / rate(raw),
        bound: ['at least', 1],
      },
      {
        number: 2,
        what: `${many} in as many groups, eight in flight: deliveries/s, to yoga`,
        ratio: rate(ours, readers) / rate(names.yoga),
        bound: ['at least', 1.3],
      },
      {
        number: 2,
        what: `${many} in as many groups, one at a time: CPU a delivery of yoga, to ours`,
        ratio: cpu(names.yoga) / cpu(ours, readers),
        bound: ['at least', 1.3],
      },
    ]
  })
  const pgbench = (documents: number) => {
    const rate = pushes('pgbench ', 'direct', documents, 32)
    return Number.isNaN(rate) ? pushes('pg, the same', 'direct', documents, 32) : rate
  }
  const per = (documents: number, carrier: string, isDeferred = false) => pushes('postgres', carrier, documents, 32, isDeferred) / pgbench(documents)
  return [
    ...fanOutTargets.sort((a, b) => Number(a.number) - Number(b.number)),
    ...(['subscribed', 'resident'] as const).map((figure): Target => {
      const what = `memory a connection, ${figure === 'subscribed' ? 'subscribed and idle' : 'after some events'}, to ${names.send}`
      return { number: 3, what, ratio: memory(names.memory, figure) / memory(names.send, figure), bound: ['at most', 1.5] }
    }),
    ...(
      [
        [1_000, 'socket', 0.5],
        [1_000, 'http', 0.35],
        [1, 'socket', 3],
      ] as const
    ).flatMap(([documents, carrier, least]) =>
      [false, true].map((isDeferred): Target => {
        const where = `32 writers on ${documents === 1 ? 'one document' : '1,000 documents'} over ${carrier === 'http' ? 'HTTP' : 'sockets'}`
        const what = `${where}${isDeferred ? ', replies deferred' : ''}: pushes/s, to pgbench`
        return { number: 4, what, ratio: per(documents, carrier, isDeferred), bound: ['at least', least] }
      }),
    ),
    ...(['perSecond', 'cpuMicros'] as const).flatMap((figure): Target[] => {
      const ratio = (other: string, name: 'viewer' | 'notes') => {
        const [ours, theirs] = [query(queried.postgres, name, figure), query(other, name, figure)]
        return figure === 'perSecond' ? ours / theirs : theirs / ours
      }
      const [unit, to] = figure === 'perSecond' ? ['queries/s', 'to'] : ['CPU a query,', 'of']
      return [
        {
          number: 5,
          what: `viewer, signed in, all limits on: ${unit} ${to} bare yoga`,
          ratio: ratio(queried.yoga, 'viewer'),
          bound: ['at least', 4],
        },
        {
          number: 5,
          what: `viewer, signed in, all limits on: ${unit} ${to} mercurius`,
          ratio: ratio(queried.mercurius, 'viewer'),
          bound: ['at least', 1],
        },
        {
          number: 5,
          what: `50 notes with their folders: ${unit} ${to} PostGraphile`,
          ratio: ratio(queried.postgraphile, 'notes'),
          bound: ['at least', 2],
        },
      ]
    }),
    ...crowdTargets(results),
    ...bulkTargets(results),
    ...startTargets(results),
  ]
}

/** Many that are idle, that stall, and that come back. */
function crowdTargets({ memory, slow, storm }: Results): readonly Target[] {
  const idle = (memory?.measured ?? []).filter(({ system }) => system === names.memory || system === names.nodes)
  return [
    ...idle.map(
      ({ system, connections, subscribed }): Target => ({
        number: 'fan-out',
        what: `${connections.toLocaleString('en')} subscribed and idle connections: KiB each, ${system}`,
        ratio: subscribed,
        bound: ['at most', 25],
      }),
    ),
    ...(slow?.measured ?? []).flatMap(({ system, readers, stalled, rounds }): Target[] => [
      {
        number: 'fan-out',
        what: `${stalled} of ${readers.toLocaleString('en')} readers stall: p99 of the others, to without, ${system}`,
        ratio: median(rounds.map(round => round.p99Beside)) / median(rounds.map(round => round.p99)),
        bound: ['at most', 1.2],
      },
      {
        number: 'fan-out',
        what: `${stalled} of ${readers.toLocaleString('en')} readers stall: MB held for them, ${system}`,
        ratio: Math.max(...rounds.map(({ waitingBytes, grownBytes }) => Math.max(waitingBytes, grownBytes))) / 1e6,
        bound: ['at most', 100],
      },
      {
        number: 'fan-out',
        what: `${stalled} of ${readers.toLocaleString('en')} readers stall: changes that they then miss, ${system}`,
        ratio: rounds.at(-1)?.caughtUp.faults ?? Number.NaN,
        bound: ['at most', 0],
      },
    ]),
    ...(storm?.measured ?? []).flatMap(({ system, sockets, rounds }): Target[] => [
      {
        number: 'fan-out',
        what: `${sockets.toLocaleString('en')} sockets that come back at once: s until all go on, ${system}`,
        ratio: median(rounds.map(({ back }) => back.seconds)),
        bound: ['at most', 10],
      },
      {
        number: 'fan-out',
        what: `${sockets.toLocaleString('en')} sockets that come back at once: refused, or changes missed, ${system}`,
        ratio: Math.max(...rounds.map(({ back }) => back.refused + back.faults)),
        bound: ['at most', 0],
      },
    ]),
  ]
}

function bulkTargets({ bulk }: Results): readonly Target[] {
  const kinds = Map.groupBy(bulk?.measured.taken ?? [], ({ name }) => name)
  return [...kinds].flatMap(([name, taken]): Target[] => [
    {
      number: 'writes',
      what: `10,000 ${name}: time in the database, to \`COPY\``,
      ratio: median(taken.map(one => one.putInDatabaseMs / one.copyInDatabaseMs)),
      bound: ['at most', 1.6],
    },
    {
      number: 'writes',
      what: `10,000 ${name}: from end to end, to \`COPY\``,
      ratio: median(taken.map(one => one.putMs / one.copyMs)),
      bound: ['at most', 1.6],
    },
  ])
}

const startTargets = ({ start }: Results): readonly Target[] =>
  (start?.measured ?? []).map(({ name, seconds }) => ({
    number: 'start',
    what: `first answer after \`npm start\`, s: ${name}`,
    ratio: median(seconds),
    bound: ['at most', name.startsWith('embedded') ? 3 : 1],
  }))

interface Judged {
  readonly table: string
  readonly reached: number
  readonly measured: number
  /** What was not reached, in words. */
  readonly missed: readonly string[]
}

export function judge(results: Results): Judged {
  const rows = [...ratioRows(results), ...rightness(results)]
  const count = (verdict: string) => rows.filter(row => row.at(-1) === verdict).length
  return {
    table: table(['', 'to reach', 'measured', 'wanted', ''], rows, 2),
    reached: count(verdicts.reached),
    measured: rows.length - count(verdicts.unknown),
    missed: rows.filter(row => row.at(-1) === verdicts.missed).map(([, what, ratio, bound]) => `${what}: ${ratio} (${bound})`),
  }
}

const verdicts = { reached: 'reached', missed: '**not reached**', unknown: 'not measured' }

const ratioRows = (results: Results): string[][] =>
  targetsOf(results).map(({ number, what, ratio, bound: [side, bound], control }) => {
    const isReached = side === 'at least' ? ratio >= bound : ratio <= bound
    const verdict = Number.isNaN(ratio) ? verdicts.unknown : isReached ? verdicts.reached : verdicts.missed
    return [String(number), what, shown(ratio), `${side} ${bound}${control ? `; ${control.of}: ${shown(control.ratio)}` : ''}`, verdict]
  })

/** The sixth: that under this load everything came, once, and in one order, and that what was acknowledged is stored. */
function rightness({ fanout, writes }: Results): string[][] {
  const ours = fanout?.measured.filter(({ system }) => system === names.memory || system === names.nodes)
  const rows: string[][] = []
  const none = (what: string, places: readonly unknown[]) =>
    rows.push(['6', what, String(places.length), '0', places.length === 0 ? verdicts.reached : verdicts.missed])
  if (ours) {
    const isFaulty = (row: (typeof ours)[number]) => {
      const { lost, doubled, isInOneOrder } = faultsOf(row)
      return lost + doubled > 0 || !isInOneOrder
    }
    none('places where a delivery was lost, doubled or out of order', ours.filter(isFaulty))
    none(
      'places that could not be measured to the end',
      ours.filter(({ failure }) => failure),
    )
  }
  if (writes) {
    const { acknowledged, stored } = writes.measured
    rows.push([
      '6',
      'changes in the log for each acknowledged push',
      shown(stored / acknowledged),
      '1',
      stored === acknowledged ? verdicts.reached : verdicts.missed,
    ])
  }
  return rows
}
