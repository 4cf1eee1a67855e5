import { randomUUID } from 'node:crypto'
import type { Clock } from '../../platform/clock.ts'
import type { Logger } from '../../platform/logger.ts'
import type { Holder } from '../../signals/holdings.ts'
import type { Signals } from '../../signals/signals.ts'
import { createLoadWindow, type NodeFigures, type ReadLoad } from './load.ts'

/** What the nodes of the deployment say of themselves. Each says it once a second, and who no longer does is gone a little later. */
export interface Nodes extends AsyncDisposable {
  /** Of every node; of this one always, also while Redis is away. */
  figures(): Promise<readonly NodeFigures[]>
  /** Open connections of users on all nodes. */
  connectionsByUser(): Promise<ReadonlyMap<string, number>>
  /** A connection of a user opened on this node. */
  enter(userId: string): void
  /** One is gone. */
  leave(userId: string): void
}

export interface NodesDeps {
  readonly signals: Signals
  readonly readLoad: ReadLoad
  readonly clock: Clock
  readonly logger: Logger
}

const figuresTopic = 'server-figures'
const usersTopic = 'server-users'
const tellIntervalMs = 1_000
/** How long a node counts that crashed. */
export const nodeTtlSeconds = 5
/** A node tells of so many of its users, those with the most connections first. */
export const maxToldUsers = 1_000

type UserCounts = readonly (readonly [userId: string, connections: number])[]

export async function createNodes({ signals, readLoad, clock, logger }: NodesDeps): Promise<Nodes> {
  const id = randomUUID()
  /** This process: what it says ends with it, or when the signals are closed. */
  const node: Holder = { id, onClose: () => undefined }
  const key = { owner: id, client: '' }
  const startedAtMs = clock.now().getTime()
  const ratesOf = createLoadWindow()
  const perUser = new Map<string, number>()
  let latest = await measure()
  /** What was told of users, as text; null: nothing yet, or it was lost. */
  let toldUsers: string | null = null
  let telling: Promise<void> | null = null

  async function measure(): Promise<NodeFigures> {
    const load = await readLoad()
    const { connections, subscriptions } = load
    return {
      startedAtMs,
      connections,
      authenticatedConnections: perUser.values().reduce((sum, count) => sum + count, 0),
      subscriptions,
      ...ratesOf(load, performance.now()),
    }
  }

  const say = (topic: string, state: unknown) => signals.set(topic, key, state, { ttlSeconds: nodeTtlSeconds, heldBy: node })

  async function tell(): Promise<void> {
    latest = await measure()
    await say(figuresTopic, latest)
    const users = most(perUser, maxToldUsers)
    const text = JSON.stringify(users)
    if (text === toldUsers) return
    toldUsers = null
    await say(usersTopic, users)
    toldUsers = text
  }

  /** One at a time: while Redis is away it takes a while until that is known. */
  function tellOthers(): void {
    telling ??= tell()
      .catch(error => logger.debug({ err: error }, 'could not tell the other nodes how this one is'))
      .finally(() => {
        telling = null
      })
  }
  tellOthers()
  const timer = setInterval(tellOthers, tellIntervalMs).unref()

  /** What the others say. */
  async function others<State>(topic: string): Promise<readonly State[]> {
    return (await signals.list(topic)).filter(({ key: { owner } }) => owner !== id).map(({ state }) => state as State)
  }

  return {
    figures: async () => [latest, ...(await others<NodeFigures>(figuresTopic))],
    async connectionsByUser() {
      const total = new Map(perUser)
      for (const users of await others<UserCounts>(usersTopic))
        for (const [userId, count] of users) total.set(userId, (total.get(userId) ?? 0) + count)
      return total
    },
    enter(userId) {
      perUser.set(userId, (perUser.get(userId) ?? 0) + 1)
    },
    leave(userId) {
      const left = (perUser.get(userId) ?? 1) - 1
      if (left > 0) perUser.set(userId, left)
      else perUser.delete(userId)
    },
    async [Symbol.asyncDispose]() {
      clearInterval(timer)
      await telling
    },
  }
}

/** Those with the most connections, in an order that is the same everywhere. */
export const most = (counts: ReadonlyMap<string, number>, max: number): UserCounts =>
  [...counts].sort(([idA, a], [idB, b]) => b - a || (idA < idB ? -1 : 1)).slice(0, max)
