import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { Clock } from '../platform/clock.ts'
import type { Logger } from '../platform/logger.ts'
import type { Holder } from '../signals/holdings.ts'
import type { Signals } from '../signals/signals.ts'
import type { LastSeen } from './last-seen.ts'
import { type Attendance, type Roster, topicOf } from './roster.ts'

/** The users who are connected to this node, however many connections they have, and what it says of them to all nodes. */
export interface Stays {
  /** A connection of a user opened. */
  enter(userId: string): void
  /** One is gone. */
  leave(userId: string): void
  /** The node stops: who does not come back to another one is offline soon. */
  endAll(): Promise<void>
}

export interface StaysDeps {
  readonly signals: Signals
  readonly roster: Roster
  readonly lastSeen: LastSeen
  readonly clock: Clock
  readonly logger: Logger
  readonly graceMs: number
}

interface Stay {
  readonly userId: string
  readonly holder: Holder
  connections: number
  leftAt: Date | null
  departure: NodeJS.Timeout | null
  isOver: boolean
  readonly letGo: () => void
}

/** Who is on a node that crashed is online for so long: less than fifteen seconds, whatever else takes time. */
const crashTtlSeconds = 12
/** Goodbyes are kept until every node has heard them. */
const goodbyeTtlSeconds = 60
const retryMs = 1_000

export function createStays({ signals, roster, lastSeen, clock, logger, graceMs }: StaysDeps): Stays {
  const nodeId = randomUUID()
  const stays = new Map<string, Stay>()

  const say = (userId: string, attendance: Attendance, options: { ttlSeconds: number; heldBy: Holder | null }) =>
    signals.set(topicOf(userId), { owner: userId, client: nodeId }, attendance, options)

  async function announce(stay: Stay): Promise<void> {
    while (!stay.isOver)
      try {
        await say(stay.userId, true, { ttlSeconds: crashTtlSeconds, heldBy: stay.holder })
        return
      } catch (error) {
        logger.debug({ err: error, userId: stay.userId }, 'could not say that a user is online; trying again')
        await delay(retryMs, undefined, { ref: false })
      }
  }

  function begin(userId: string): Stay {
    const listeners = new Set<() => void>()
    const stay: Stay = {
      userId,
      holder: { id: randomUUID(), onClose: listener => listeners.add(listener) },
      connections: 0,
      leftAt: null,
      departure: null,
      isOver: false,
      letGo() {
        for (const listener of listeners) listener()
      },
    }
    stays.set(userId, stay)
    void announce(stay)
    return stay
  }

  async function depart(stay: Stay, leftAt: Date): Promise<void> {
    stay.isOver = true
    stays.delete(stay.userId)
    try {
      if (roster.isElsewhere(stay.userId, nodeId)) return
      lastSeen.note(stay.userId, leftAt)
      await say(stay.userId, leftAt.getTime(), { ttlSeconds: goodbyeTtlSeconds, heldBy: null })
    } catch (error) {
      logger.warn({ err: error, userId: stay.userId }, 'could not say that a user went; the others notice')
    } finally {
      stay.letGo()
    }
  }

  function leave(userId: string): void {
    const stay = stays.get(userId)
    // None: the node stops.
    if (!stay) return
    stay.connections -= 1
    if (stay.connections > 0) return
    const leftAt = clock.now()
    stay.leftAt = leftAt
    stay.departure = setTimeout(() => void depart(stay, leftAt), graceMs).unref()
  }

  return {
    enter(userId) {
      const stay = stays.get(userId) ?? begin(userId)
      stay.connections += 1
      if (stay.departure) clearTimeout(stay.departure)
      stay.departure = null
      stay.leftAt = null
    },
    leave,
    async endAll() {
      const all = [...stays.values()]
      stays.clear()
      const now = clock.now()
      await Promise.all(
        all.map(async stay => {
          stay.isOver = true
          if (stay.departure) clearTimeout(stay.departure)
          lastSeen.note(stay.userId, stay.leftAt ?? now)
          // Not a goodbye yet: clients of a server that is restarted come back to another node, and were never away.
          const said = say(stay.userId, true, { ttlSeconds: graceMs / 1_000, heldBy: null })
          await said.catch(error => logger.debug({ err: error, userId: stay.userId }, 'could not say that a user may go'))
          stay.letGo()
        }),
      )
    },
  }
}
