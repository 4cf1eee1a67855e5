/** What one node has open, and what it did since it started. */
export interface NodeLoad {
  readonly connections: number
  readonly subscriptions: number
  /** Frames, events and answers that went out. */
  readonly messages: number
  /** How many operations took at most so long, by that time in seconds; Infinity holds all of them. */
  readonly operations: ReadonlyMap<number, number>
}

export type ReadLoad = () => Promise<NodeLoad>

export const idle: ReadLoad = async () => ({ connections: 0, subscriptions: 0, messages: 0, operations: new Map() })

/** What a node tells the others of itself, once a second. */
export interface NodeFigures {
  readonly startedAtMs: number
  readonly connections: number
  readonly authenticatedConnections: number
  readonly subscriptions: number
  readonly messagesPerSecond: number
  readonly operationsPerSecond: number
  /** Operations of the last seconds: pairs of a bound in seconds (null: none) and how many took at most so long. */
  readonly latencies: readonly (readonly [number | null, number])[]
}

interface Sample {
  readonly atMs: number
  readonly load: NodeLoad
}

/** Rates and latencies are those of so many seconds. */
export const windowSeconds = 5

/** Makes rates of what is counted since the start. Call it once a second. */
export function createLoadWindow(): (load: NodeLoad, atMs: number) => Pick<NodeFigures, 'messagesPerSecond' | 'operationsPerSecond' | 'latencies'> {
  const samples: Sample[] = []
  return (load, atMs) => {
    samples.push({ atMs, load })
    while (samples.length > windowSeconds + 1) samples.shift()
    const [first] = samples
    const seconds = first ? (atMs - first.atMs) / 1_000 : 0
    if (!first || seconds <= 0) return { messagesPerSecond: 0, operationsPerSecond: 0, latencies: [] }
    const latencies = [...load.operations].map(([bound, count]) => [bound, count - (first.load.operations.get(bound) ?? 0)] as const)
    const operations = latencies.find(([bound]) => bound === Number.POSITIVE_INFINITY)?.[1] ?? 0
    return {
      messagesPerSecond: (load.messages - first.load.messages) / seconds,
      operationsPerSecond: operations / seconds,
      // JSON has no Infinity.
      latencies: latencies.map(([bound, count]) => [Number.isFinite(bound) ? bound : null, count]),
    }
  }
}

/**
 * The time that a share of all operations took at most, in milliseconds; null when there were none. Inside of a bucket they are
 * taken to be spread evenly, and beyond the last bound they are taken to have needed just that.
 */
export function percentile(share: number, nodes: readonly Pick<NodeFigures, 'latencies'>[]): number | null {
  const counts = new Map<number, number>()
  for (const { latencies } of nodes)
    for (const [bound, count] of latencies) {
      const seconds = bound ?? Number.POSITIVE_INFINITY
      counts.set(seconds, (counts.get(seconds) ?? 0) + count)
    }
  const buckets = [...counts].sort(([a], [b]) => a - b)
  const wanted = (buckets.at(-1)?.[1] ?? 0) * share
  if (wanted <= 0) return null
  let lower = { seconds: 0, count: 0 }
  for (const [seconds, count] of buckets) {
    if (count < wanted) {
      lower = { seconds, count }
      continue
    }
    if (!Number.isFinite(seconds)) return lower.seconds * 1_000
    return (lower.seconds + (seconds - lower.seconds) * ((wanted - lower.count) / (count - lower.count))) * 1_000
  }
  return null
}
