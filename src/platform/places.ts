import { randomUUID } from 'node:crypto'
import type { Redis } from 'ioredis'
import { createPatience } from './patience.ts'

/** Counts what is held open for somebody, as connections of a user. */
export interface Places {
  /** Takes one; false: this subject has `max` already. */
  enter(subject: string, max: number): Promise<boolean>
  leave(subject: string): void
}

/** Of one node. */
export function createNodePlaces() {
  const held = new Map<string, number>()
  const leave = (subject: string) => {
    const left = (held.get(subject) ?? 0) - 1
    if (left > 0) held.set(subject, left)
    else held.delete(subject)
  }
  return {
    held,
    async enter(subject, max) {
      const before = held.get(subject) ?? 0
      if (before < max) held.set(subject, before + 1)
      return before < max
    },
    leave,
  } satisfies Places & { readonly held: Map<string, number> }
}

const usual = { leaseMs: 30_000, beatMs: 10_000 }
/** What stays open for longer is told anew before the end of it. */
const hashSeconds = 2 * 3600
const tellAllMs = 3600_000
const subjectsAtOnce = 500
/** So many words that did not get through are remembered. */
const mostUnsaid = 10_000

const nodePrefix = 'tidemark:node:'
const keyOf = (subject: string) => `tidemark:places:${subject}`

/**
 * KEYS: the subject's hash of node → count, and the prefix of nodes' leases. ARGV: node, its count, how many more it asks for, the most
 * there may be. Gives how many of those it gets.
 */
const enterScript = `
local all = redis.call('HGETALL', KEYS[1])
local others = 0
for at = 1, #all, 2 do
  if all[at] ~= ARGV[1] then
    if redis.call('EXISTS', KEYS[2] .. all[at]) == 1 then others = others + tonumber(all[at + 1])
    else redis.call('HDEL', KEYS[1], all[at]) end
  end
end
local mine = tonumber(ARGV[2])
local granted = math.max(0, math.min(tonumber(ARGV[3]), tonumber(ARGV[4]) - others - mine))
if granted > 0 then
  redis.call('HSET', KEYS[1], ARGV[1], mine + granted)
  redis.call('EXPIRE', KEYS[1], ${hashSeconds})
end
return granted
`

/**
 * Of all nodes together. While Redis is away each counts for itself, and tells when it is back. What a node held that was
 * killed is free after half a minute.
 */
export async function createSharedPlaces(redis: Redis, { leaseMs, beatMs } = usual): Promise<Places & AsyncDisposable> {
  let node = randomUUID()
  const { held, leave } = createNodePlaces()
  const patiently = createPatience(redis)
  /** Those of whom Redis has not heard the last word. */
  const unsaid = new Set<string>()
  /** Who waits for a place, behind those for whom Redis is being asked. What is told of the subject meanwhile waits as well. */
  const asking = new Map<string, PromiseWithResolvers<boolean>[]>()
  const toTell = new Set<string>()
  let toldAllAtMs = performance.now()

  function remember(subjects: readonly string[]): void {
    for (const subject of subjects) unsaid.add(subject)
    if (unsaid.size <= mostUnsaid) return
    // Under a new name all that is held is told anew, and what was told under the old one ends with its lease.
    node = randomUUID()
    unsaid.clear()
  }

  /** Says always how many there are and never how many more, so that whatever was lost or late, the last word is right. */
  async function tell(subjects: readonly string[]): Promise<void> {
    if (redis.status !== 'ready') return remember(subjects)
    const pipeline = redis.pipeline()
    for (const subject of subjects) {
      unsaid.delete(subject)
      if (asking.has(subject)) {
        toTell.add(subject)
        continue
      }
      const count = held.get(subject)
      if (count === undefined) pipeline.hdel(keyOf(subject), node)
      else pipeline.hset(keyOf(subject), node, count).expire(keyOf(subject), hashSeconds)
    }
    const results = await pipeline.exec().catch(() => null)
    if (results?.every(([error]) => error === null) !== true) remember(subjects)
  }

  async function tellMany(subjects: readonly string[]): Promise<void> {
    for (let start = 0; start < subjects.length; start += subjectsAtOnce) await tell(subjects.slice(start, start + subjectsAtOnce))
  }

  async function tellAll(): Promise<void> {
    toldAllAtMs = performance.now()
    await tellMany([...new Set([...held.keys(), ...unsaid])])
  }

  /** Asks for all who wait at once, so that nobody counts who gets nothing: among those of other nodes, that could refuse everybody. */
  async function askFor(subject: string, max: number, waiting: PromiseWithResolvers<boolean>[]): Promise<void> {
    while (waiting.length > 0) {
      const all = waiting.splice(0)
      const name = node
      const mine = held.get(subject) ?? 0
      const granted = await patiently(
        async asked => (await asked.eval(enterScript, 2, keyOf(subject), nodePrefix, name, mine, all.length, max)) as number,
        () => {
          remember([subject])
          return Math.max(0, Math.min(all.length, max - mine))
        },
      )
      if (granted > 0) held.set(subject, (held.get(subject) ?? 0) + granted)
      if (name !== node) toTell.add(subject)
      for (const [place, { resolve }] of all.entries()) resolve(place < granted)
    }
    asking.delete(subject)
    if (toTell.delete(subject)) void tell([subject])
  }

  /** Without a lease the others have forgotten what this node holds, or Redis has lost its memory. */
  async function beat(): Promise<void> {
    const before = await redis.set(nodePrefix + node, '1', 'PX', leaseMs, 'GET')
    if (before === null || performance.now() - toldAllAtMs > tellAllMs) await tellAll()
    else await tellMany([...unsaid])
  }

  const onReady = () => void beat().then(tellAll, () => undefined)
  const timer = setInterval(() => void beat().catch(() => undefined), beatMs).unref()
  redis.on('ready', onReady)
  await patiently(beat, () => undefined)

  return {
    async enter(subject, max) {
      if ((held.get(subject) ?? 0) >= max) return false
      const place = Promise.withResolvers<boolean>()
      const waiting = asking.get(subject)
      if (waiting) waiting.push(place)
      else {
        const first = [place]
        asking.set(subject, first)
        void askFor(subject, max, first)
      }
      return place.promise
    },
    leave(subject) {
      leave(subject)
      void tell([subject])
    },
    async [Symbol.asyncDispose]() {
      clearInterval(timer)
      redis.off('ready', onReady)
      await patiently(
        asked => asked.del(nodePrefix + node),
        () => 0,
      )
    },
  }
}
