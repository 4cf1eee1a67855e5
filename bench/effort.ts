/** How much is measured: a look within two minutes, what is published within twelve, and what has time. */
export interface Effort {
  readonly name: 'quick' | 'default' | 'thorough'
  readonly fanOut: {
    readonly cells: readonly {
      readonly readers: number
      readonly rounds: number
      readonly seconds: { readonly busy: number; readonly calm: number }
    }[]
    readonly groups: readonly (number | 'all')[]
  }
  readonly memory: { readonly connections: number; readonly settleMs: number }
  readonly writes: { readonly writers: readonly number[]; readonly documents: readonly number[]; readonly rounds: number; readonly seconds: number }
  readonly queries: { readonly rounds: number; readonly seconds: number; readonly connections: number }
}

const cells = (counts: readonly number[], rounds: number, busy: number, calm: number) =>
  counts.map(readers => ({ readers, rounds, seconds: { busy, calm } }))

export const efforts: Readonly<Record<Effort['name'], Effort>> = {
  quick: {
    name: 'quick',
    fanOut: { cells: cells([1_000], 1, 0.25, 0.5), groups: [1, 100, 'all'] },
    memory: { connections: 2_000, settleMs: 300 },
    writes: { writers: [1, 32], documents: [1, 1_000], rounds: 1, seconds: 0.5 },
    queries: { rounds: 1, seconds: 0.4, connections: 16 },
  },
  default: {
    name: 'default',
    fanOut: {
      cells: [...cells([1, 100], 2, 0.3, 0.75), ...cells([1_000, 5_000], 3, 0.5, 1), ...cells([10_000], 1, 0.5, 1)],
      groups: [1, 100, 'all'],
    },
    memory: { connections: 10_000, settleMs: 700 },
    writes: { writers: [1, 8, 32, 256], documents: [1, 1_000], rounds: 3, seconds: 0.8 },
    queries: { rounds: 3, seconds: 0.8, connections: 32 },
  },
  thorough: {
    name: 'thorough',
    fanOut: { cells: cells([1, 100, 1_000, 5_000, 10_000], 5, 2, 5), groups: [1, 100, 'all'] },
    memory: { connections: 10_000, settleMs: 700 },
    writes: { writers: [1, 8, 32, 256], documents: [1, 1_000], rounds: 7, seconds: 3 },
    queries: { rounds: 7, seconds: 3, connections: 32 },
  },
}
