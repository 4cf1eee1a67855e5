import { readFileSync } from 'node:fs'
import { badInput } from '../../errors.ts'
import type { Database } from '../../platform/database.ts'
import { createInventory, type Inventory } from './inventory.ts'
import { percentile } from './load.ts'
import { createNodes, maxToldUsers, most, type NodesDeps } from './nodes.ts'
import { createTicker } from './ticker.ts'

/** How the deployment is: all nodes together, and what they keep. */
export interface ServerStats extends Inventory {
  readonly at: Date
  readonly version: string
  readonly uptimeSeconds: number
  readonly nodes: number
  readonly connections: number
  readonly authenticatedConnections: number
  readonly subscriptions: number
  readonly messagesPerSecond: number
  readonly operationsPerSecond: number
  readonly latencyP50Ms: number | null
  readonly latencyP99Ms: number | null
}

export interface ConnectionsOfUser {
  readonly userId: string
  readonly connections: number
}

export interface StatsService extends AsyncDisposable {
  read(): Promise<ServerStats>
  /** @throws BAD_USER_INPUT for an interval outside of `intervalBounds` */
  follow(intervalMs: number): AsyncIterableIterator<ServerStats>
  /** Users with open connections, those with the most first. */
  connectionsByUser(max: number): Promise<readonly ConnectionsOfUser[]>
  /** A connection of a user opened on this node. */
  enter(userId: string): void
  /** One is gone. */
  leave(userId: string): void
}

export interface StatsDeps extends NodesDeps {
  readonly database: Database
}

export const intervalBounds = { min: 250, max: 60_000 } as const
export const connectionsBounds = { max: 500, fallback: 100, told: maxToldUsers } as const

const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as { version: string }

export async function createStats(deps: StatsDeps): Promise<StatsService> {
  const { clock, logger } = deps
  const nodes = await createNodes(deps)
  const inventory = createInventory(deps)
  let reading: Promise<ServerStats> | null = null

  async function readNow(): Promise<ServerStats> {
    const [figures, counts] = await Promise.all([nodes.figures(), inventory()])
    const sum = (of: 'connections' | 'authenticatedConnections' | 'subscriptions' | 'messagesPerSecond' | 'operationsPerSecond') =>
      figures.reduce((total, node) => total + node[of], 0)
    const at = clock.now()
    return {
      ...counts,
      at,
      version,
      uptimeSeconds: Math.max(0, Math.floor((at.getTime() - Math.min(...figures.map(({ startedAtMs }) => startedAtMs))) / 1_000)),
      nodes: figures.length,
      connections: sum('connections'),
      authenticatedConnections: sum('authenticatedConnections'),
      subscriptions: sum('subscriptions'),
      messagesPerSecond: sum('messagesPerSecond'),
      operationsPerSecond: sum('operationsPerSecond'),
      latencyP50Ms: percentile(0.5, figures),
      latencyP99Ms: percentile(0.99, figures),
    }
  }

  /** Those who ask at the same time get the same answer. */
  function read(): Promise<ServerStats> {
    reading ??= readNow().finally(() => {
      reading = null
    })
    return reading
  }

  const ticker = createTicker(read, logger)

  return {
    read,
    follow(intervalMs) {
      const { min, max } = intervalBounds
      if (intervalMs < min || intervalMs > max) throw badInput('intervalMs', `\`intervalMs\` is from ${min} to ${max}.`)
      return ticker.follow(intervalMs)
    },
    async connectionsByUser(max) {
      return most(await nodes.connectionsByUser(), max).map(([userId, connections]) => ({ userId, connections }))
    },
    enter: nodes.enter,
    leave: nodes.leave,
    async [Symbol.asyncDispose]() {
      ticker[Symbol.dispose]()
      await nodes[Symbol.asyncDispose]()
    },
  }
}
