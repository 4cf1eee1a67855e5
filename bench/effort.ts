/** How much is measured: a look within two minutes, what is published within twelve, and what has time. */
export interface Effort {
  readonly name: 'quick' | 'default' | 'thorough'
  readonly fanOut: {
    /** Once so much time is gone nothing gets another round; a first one everything gets. */
    readonly budgetSeconds: number
    /** In the order in which they are measured: what matters most comes first. */
    readonly cells: readonly {
      readonly readers: number
      readonly rounds: number
      readonly seconds: { readonly busy: number; readonly calm: number }
    }[]
    readonly groups: readonly (number | 'all')[]
  }
  readonly memory: { readonly connections: number; readonly settleMs: number }
  readonly writes: {
    readonly budgetSeconds: number
    readonly writers: readonly number[]
    readonly documents: readonly number[]
    readonly rounds: number
    readonly seconds: number
  }
  readonly queries: { readonly budgetSeconds: number; readonly rounds: number; readonly seconds: number; readonly connections: number }
}

const cells = (counts: readonly number[], rounds: number, busy: number, calm: number) =>
  counts.map(readers => ({ readers, rounds, seconds: { busy, calm } }))

export const efforts: Readonly<Record<Effort['name'], Effort>> = {
  quick: {
    name: 'quick',
    fanOut: { budgetSeconds: 60, cells: cells([1_000], 1, 0.25, 0.5), groups: [1, 100, 'all'] },
    memory: { connections: 2_000, settleMs: 300 },
    writes: { budgetSeconds: 30, writers: [1, 32], documents: [1, 1_000], rounds: 1, seconds: 0.5 },
    queries: { budgetSeconds: 20, rounds: 1, seconds: 0.4, connections: 16 },
  },
  default: {
    name: 'default',
    fanOut: {
      budgetSeconds: 300,
      cells: [...cells([1_000, 5_000], 3, 0.4, 0.75), ...cells([100, 1], 2, 0.25, 0.75), ...cells([10_000], 2, 0.4, 0.75)],
      groups: [1, 100, 'all'],
    },
    memory: { connections: 10_000, settleMs: 500 },
    writes: { budgetSeconds: 110, writers: [1, 8, 32, 256], documents: [1, 1_000], rounds: 3, seconds: 0.6 },
    queries: { budgetSeconds: 45, rounds: 3, seconds: 0.7, connections: 32 },
  },
  thorough: {
    name: 'thorough',
    fanOut: { budgetSeconds: 3_600, cells: cells([1, 100, 1_000, 5_000, 10_000], 5, 2, 5), groups: [1, 100, 'all'] },
    memory: { connections: 10_000, settleMs: 700 },
    writes: { budgetSeconds: 1_200, writers: [1, 8, 32, 256], documents: [1, 1_000], rounds: 7, seconds: 3 },
    queries: { budgetSeconds: 600, rounds: 7, seconds: 3, connections: 32 },
  },
}

/** Whether there is time for another round. */
export function createBudget(seconds: number): { allows(round: number): boolean } {
  const end = performance.now() + seconds * 1000
  return { allows: round => round <= 1 || performance.now() < end }
}
