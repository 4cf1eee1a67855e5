import { createHash } from 'node:crypto'
import type { Redis } from 'ioredis'
import { applyScript, readScript } from './redis-scripts.ts'
import { keyOf, keyText, maxSignalsPerOwner, maxSignalsPerTopic, ownerPrefix, type SignalChange } from './signal.ts'
import type { Outcome, SignalOperation, SignalStore } from './store.ts'

type OutcomeRow = readonly [kind: Outcome['kind'], version: string, clock: string, state: string]

/** For any number of nodes: Redis is the truth, and decides by scripts that nothing comes between. */
export function createRedisStore(redis: Redis): SignalStore {
  const run = { apply: prepare(redis, applyScript), read: prepare(redis, readScript) }

  return {
    async apply(topic, operations) {
      const [rows, removed] = (await run.apply(topic, [maxSignalsPerTopic, maxSignalsPerOwner, ...operations.flatMap(argumentsOf)])) as [
        OutcomeRow[],
        string[],
      ]
      const changes = new Map(changesOfRemoved(removed).map(change => [keyText(change.key), change]))
      for (const [index, operation] of operations.entries()) {
        const [kind, version, clock] = rows[index] as OutcomeRow
        if (operation.kind !== 'set' || kind !== 'set') continue
        const change = { key: operation.key, state: operation.state, clock: Number(clock), version: Number(version), ttlMs: operation.ttlMs }
        const text = keyText(operation.key)
        if (change.version > (changes.get(text)?.version ?? 0)) changes.set(text, change)
      }
      return { outcomes: rows.map(outcomeOf), changes: [...changes.values()] }
    },
    async read(topic, since) {
      const [head, removed, parts] = (await run.read(topic, [since])) as [string, string[], string[]]
      const live = new Map<string, number>()
      const entries: SignalChange[] = []
      for (const [key, left, version, clock, state] of chunks(parts, 5) as [string, string, string, string, string][]) {
        live.set(key, Number(left))
        if (state !== '')
          entries.push({ key: keyOf(key), state: JSON.parse(state), clock: Number(clock), version: Number(version), ttlMs: Number(left) })
      }
      return { head: Number(head), live, entries, removed: changesOfRemoved(removed) }
    },
    async heads(topics) {
      const pipeline = redis.pipeline()
      for (const topic of topics) pipeline.hget(namesOf(topic)[0], 'head')
      const replies = (await pipeline.exec()) ?? []
      return replies.map(([error, head]) => {
        if (error) throw error
        return Number(head ?? 0)
      })
    },
    async [Symbol.asyncDispose]() {
      // The connection belongs to whoever opened it.
    },
  }
}

/** Braces keep both keys of a topic on one node of a Redis cluster. */
const namesOf = (topic: string) => [`tidemark:signals:{${topic}}`, `tidemark:signals:{${topic}}:due`] as const

/** Sends the script's hash; its text only to a Redis that does not know it yet. */
function prepare(redis: Redis, script: string) {
  const sha = createHash('sha1').update(script).digest('hex')
  return async (topic: string, args: readonly (string | number)[]): Promise<unknown> => {
    try {
      return await redis.evalsha(sha, 2, ...namesOf(topic), ...args)
    } catch (error) {
      if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error
      return redis.eval(script, 2, ...namesOf(topic), ...args)
    }
  }
}

function argumentsOf(operation: SignalOperation): (string | number)[] {
  if (operation.kind === 'clear') {
    const { owner, client, ttlMs } = operation
    return ['clear', '', client === null ? ownerPrefix(owner) : keyText({ owner, client }), '', ttlMs, '', '']
  }
  const key = keyText(operation.key)
  if (operation.kind === 'release') return ['release', key, '', '', 0, operation.holder, '']
  if (operation.kind === 'refresh') return ['refresh', key, '', '', operation.ttlMs, operation.holder, '']
  const { clock, ttlMs, holder, state } = operation
  return ['set', key, ownerPrefix(operation.key.owner), clock ?? '', ttlMs, holder ?? '', state === null ? '' : JSON.stringify(state)]
}

function outcomeOf([kind, , clock, state]: OutcomeRow): Outcome {
  if (kind === 'set') return { kind, clock: Number(clock) }
  if (kind === 'kept') return { kind, clock: Number(clock), state: state === '' ? null : JSON.parse(state) }
  return { kind }
}

const changesOfRemoved = (parts: readonly string[]): SignalChange[] =>
  (chunks(parts, 3) as [string, string, string][]).map(([key, version, clock]) => ({
    key: keyOf(key),
    state: null,
    clock: Number(clock),
    version: Number(version),
    ttlMs: 0,
  }))

const chunks = (parts: readonly string[], size: number): string[][] =>
  Array.from({ length: parts.length / size }, (_, index) => parts.slice(index * size, (index + 1) * size))
