import type { NodeLoad } from '../admin/stats/load.ts'
import type { TransportMetrics } from './metrics.ts'

/** What the metrics say of this node at the moment. */
export async function readLoad({ connections, subscriptions, sent, operations }: TransportMetrics): Promise<NodeLoad> {
  return {
    connections: totalOf((await connections.get()).values),
    subscriptions: totalOf((await subscriptions.get()).values),
    messages: sent.messages,
    operations: operations.totals(),
  }
}

const totalOf = (values: readonly { readonly value: number }[]) => values.reduce((sum, { value }) => sum + value, 0)
