import { type Part, parts } from './report/results.ts'
import { type Mode, modes } from './stage.ts'

/** How much is measured: a look within two minutes, what is published within twenty, and what has time. */
export interface Effort {
  readonly name: 'quick' | 'default' | 'thorough'
  readonly parts: readonly Part[]
  readonly fanOut: {
    /** Once so much time is gone nothing gets another round; a first one everything gets. */
    readonly budgetSeconds: number
    /** What everybody handles before anything is measured: so many events eight in flight and one at a time, unless it takes too long. */
    readonly warmUp: { readonly eight: number; readonly one: number; readonly mostSeconds: number }
    /** In the order in which they are measured: what matters most comes first. */
    readonly cells: readonly FanOutCell[]
    readonly groups: readonly (number | 'all')[]
  }
  readonly memory: { readonly connections: number; readonly settleMs: number }
  readonly writes: {
    readonly budgetSeconds: number
    /** For each server and carrier, and each that it is held against. */
    readonly warmUpSeconds: number
    readonly modes: readonly Mode[]
    readonly writers: readonly { readonly count: number; readonly rounds: number }[]
    readonly documents: readonly number[]
    readonly seconds: number
  }
  readonly queries: {
    readonly budgetSeconds: number
    readonly warmUpSeconds: number
    readonly rounds: number
    readonly seconds: number
    readonly connections: number
  }
  readonly slow: { readonly rounds: number; readonly seconds: number }
  readonly storm: { readonly sockets: number; readonly rounds: number }
  readonly start: { readonly rounds: number }
  readonly bulk: { readonly rounds: number }
}

export interface FanOutCell {
  readonly readers: number
  readonly rounds: number
  readonly seconds: { readonly busy: number; readonly calm: number }
  /** Of what comes unhurried. */
  readonly perSecond: number
}

const many = (counts: readonly number[], rounds: number, busy: number, calm: number): FanOutCell[] =>
  counts.map(readers => ({ readers, rounds, seconds: { busy, calm }, perSecond: 4 }))
/** Few readers are no burden to anybody, and ten times as many events say more. */
const few = (counts: readonly number[], rounds: number, busy: number, calm: number): FanOutCell[] =>
  many(counts, rounds, busy, calm).map(cell => ({ ...cell, perSecond: 40 }))
const writers = (counts: readonly number[], rounds: number) => counts.map(count => ({ count, rounds }))

export const efforts: Readonly<Record<Effort['name'], Effort>> = {
  quick: {
    name: 'quick',
    parts: ['fanout', 'writes', 'queries'],
    fanOut: { budgetSeconds: 60, warmUp: { eight: 1_000, one: 200, mostSeconds: 1 }, cells: many([1_000], 1, 0.3, 1), groups: [1, 'all'] },
    memory: { connections: 2_000, settleMs: 200 },
    writes: { budgetSeconds: 30, warmUpSeconds: 1, modes: ['postgres'], writers: writers([32], 1), documents: [1, 1_000], seconds: 0.4 },
    queries: { budgetSeconds: 20, warmUpSeconds: 1.5, rounds: 1, seconds: 0.3, connections: 32 },
    slow: { rounds: 1, seconds: 1 },
    storm: { sockets: 1_000, rounds: 1 },
    start: { rounds: 1 },
    bulk: { rounds: 1 },
  },
  default: {
    name: 'default',
    parts,
    fanOut: {
      budgetSeconds: 480,
      warmUp: { eight: 5_000, one: 2_000, mostSeconds: 6 },
      cells: [...many([1_000, 5_000], 3, 1, 3), ...few([100], 1, 0.4, 1), ...few([1], 1, 0.4, 2.5), ...many([10_000], 1, 1, 2)],
      groups: [1, 100, 'all'],
    },
    memory: { connections: 10_000, settleMs: 500 },
    writes: {
      budgetSeconds: 150,
      warmUpSeconds: 2,
      modes,
      writers: [...writers([32], 3), ...writers([1, 8, 256], 2)],
      documents: [1, 1_000],
      seconds: 0.8,
    },
    queries: { budgetSeconds: 75, warmUpSeconds: 2, rounds: 3, seconds: 0.8, connections: 32 },
    slow: { rounds: 2, seconds: 2.5 },
    storm: { sockets: 5_000, rounds: 1 },
    start: { rounds: 3 },
    bulk: { rounds: 3 },
  },
  thorough: {
    name: 'thorough',
    parts,
    fanOut: {
      budgetSeconds: 7_200,
      warmUp: { eight: 10_000, one: 4_000, mostSeconds: 15 },
      cells: [...many([1_000, 5_000], 5, 3, 8), ...few([100, 1], 5, 2, 5), ...many([10_000], 5, 3, 8)],
      groups: [1, 100, 'all'],
    },
    memory: { connections: 10_000, settleMs: 700 },
    writes: { budgetSeconds: 1_800, warmUpSeconds: 6, modes, writers: writers([1, 8, 32, 256], 7), documents: [1, 1_000], seconds: 3 },
    queries: { budgetSeconds: 900, warmUpSeconds: 6, rounds: 7, seconds: 3, connections: 32 },
    slow: { rounds: 5, seconds: 5 },
    storm: { sockets: 5_000, rounds: 3 },
    start: { rounds: 7 },
    bulk: { rounds: 9 },
  },
}

/** Whether there is time for another round. */
export function createBudget(seconds: number): { allows(round: number): boolean } {
  const end = performance.now() + seconds * 1000
  return { allows: round => round <= 1 || performance.now() < end }
}
