import type { Histogram } from 'prom-client'
import type { NodeLoad } from '../admin/stats/load.ts'
import type { TransportMetrics } from './metrics.ts'

/** What the metrics say of this node at the moment. */
export async function readLoad({ connections, subscriptions, sent, operations }: TransportMetrics): Promise<NodeLoad> {
  return {
    connections: totalOf((await connections.get()).values),
    subscriptions: totalOf((await subscriptions.get()).values),
    messages: sent.messages,
    operations: await bucketsOf(operations),
  }
}

const totalOf = (values: readonly { readonly value: number }[]) => values.reduce((sum, { value }) => sum + value, 0)

/** All labels together: how many took at most so long, by that time in seconds. */
async function bucketsOf(histogram: Histogram<'type' | 'outcome' | 'carrier'>): Promise<Map<number, number>> {
  const { values } = await histogram.get()
  const buckets = new Map<number, number>()
  for (const { labels, value } of values) {
    const { le } = labels as { le?: string | number }
    if (le === undefined) continue
    const bound = le === '+Inf' ? Number.POSITIVE_INFINITY : Number(le)
    buckets.set(bound, (buckets.get(bound) ?? 0) + value)
  }
  return buckets
}
