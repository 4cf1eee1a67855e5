import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import type { ConflictPolicy } from '../generated/graphql.ts'
import { type Person, signUp, useServers } from '../harness/client.ts'
import { modes } from '../harness/modes.ts'
import { until } from '../harness/wait.ts'
import { putRecord } from './operations.ts'
import { collectionOf, foldOf, iso, newName, type Stored, timeOf } from './world.ts'

const keys = ['a', 'b', 'c'] as const
const policies = ['LAST_WRITE_WINS', 'SERVER_TIME', 'MAX_NUMERIC'] as const satisfies readonly ConflictPolicy[]

const write = fc.record({
  key: fc.constantFrom(...keys),
  value: fc.oneof({ weight: 3, arbitrary: fc.integer({ min: -3, max: 9 }) }, fc.constantFrom('3', null, [4], 0.5, { n: 1 })),
  policy: fc.constantFrom(...policies),
  /** Offset in ms from a moment in the past; null: the server says. */
  offset: fc.oneof({ weight: 6, arbitrary: fc.integer({ min: 0, max: 8 }) }, fc.constant(null)),
  act: fc.oneof({ weight: 5, arbitrary: fc.constant('put' as const) }, fc.constantFrom('tombstone' as const, 'remove' as const)),
  /** Goes with the next ones in one batch. */
  joins: fc.boolean(),
})
type Write = typeof write extends fc.Arbitrary<infer Value> ? Value : never

/** A record as the plain model has it; `time` Infinity stands for the server's. */
interface Plain {
  value: unknown
  gone: boolean
  time: number
  version: number
}

/** What has to become of a write, said as the rules say it. */
function expectation(stored: Plain | undefined, { value, policy, offset, act }: Write): { wins: boolean; after: Plain | undefined } {
  const time = offset === null || (policy === 'SERVER_TIME' && act !== 'remove') ? Number.POSITIVE_INFINITY : offset
  const incoming: Plain = { value: act === 'put' ? value : null, gone: act !== 'put', time, version: (stored?.version ?? 0) + 1 }
  if (act === 'remove') {
    if (!stored || stored.gone) return { wins: false, after: stored }
    const wins = time >= stored.time
    return { wins, after: wins ? incoming : stored }
  }
  if (!stored) return { wins: true, after: incoming }
  let wins: boolean
  switch (policy) {
    case 'SERVER_TIME':
      wins = true
      break
    case 'LAST_WRITE_WINS':
      wins = time >= stored.time
      break
    case 'MAX_NUMERIC':
      if (!stored.gone && !incoming.gone && typeof stored.value === 'number' && typeof incoming.value === 'number')
        wins = incoming.value > stored.value
      else wins = time >= stored.time
      break
  }
  return { wins, after: wins ? incoming : stored }
}

describe.each(modes)('records on %s', mode => {
  const servers = useServers(mode, { env: { CLEANUP_INTERVAL_MS: '100' } })
  let ann: Person
  beforeAll(async () => {
    ann = await signUp(servers.one.url, 'ann')
  })

  test('are what a plain model of the policies says, after each write and in each answer', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(write, { minLength: 1, maxLength: 20 }), async writes => {
        const box = collectionOf(ann, newName())
        const base = Date.now() - 60_000
        const startedAt = Date.now()
        const model = new Map<string, Plain>()
        const more = ({ policy, offset, act }: Write) => ({
          conflictPolicy: policy,
          ...(offset !== null && { updatedAt: iso(base + offset) }),
          ...(act === 'tombstone' && { delete: true }),
        })
        const inputOf = (one: Write) => box.input(one.key, one.act === 'tombstone' ? undefined : one.value, more(one))
        const check = (one: Write, { applied, record }: { applied: boolean; record: Stored }) => {
          const { wins, after } = expectation(model.get(one.key), one)
          if (after) model.set(one.key, after)
          expect({ applied, value: record.value, gone: record.deletedAt !== null, version: record.version }).toEqual({
            applied: wins,
            value: after?.value,
            gone: after?.gone,
            version: after?.version,
          })
          if (after?.time === Number.POSITIVE_INFINITY) expect(timeOf(record.updatedAt)).toBeGreaterThanOrEqual(startedAt)
          else expect(timeOf(record.updatedAt)).toBe(base + (after?.time ?? 0))
        }
        let batch: Write[] = []
        const flush = async () => {
          const results = batch.length > 0 ? await box.putAll(batch.map(inputOf)) : []
          for (const [index, result] of results.entries()) check(batch[index] as Write, result)
          batch = []
        }
        for (const one of writes) {
          if (one.joins && one.act !== 'remove') {
            batch.push(one)
            continue
          }
          await flush()
          if (one.act !== 'remove') check(one, (await ann.run(putRecord, { input: inputOf(one) })).putRecord)
          else if (!model.has(one.key)) expect((await box.removeRefusal(one.key))?.code).toBe('NOT_FOUND')
          else check(one, await box.remove(one.key, one.offset === null ? {} : { updatedAt: iso(base + one.offset) }))
        }
        await flush()
        const listed = new Map(
          (await box.all({ includeDeleted: true })).map(record => [record.key, [record.value, record.deletedAt !== null, record.version]]),
        )
        expect(listed).toEqual(new Map([...model].map(([key, { value, gone, version }]) => [key, [value, gone, version]])))
        expect((await box.all()).map(({ key }) => key).sort()).toEqual([...model].flatMap(([key, { gone }]) => (gone ? [] : [key])).sort())
      }),
      { numRuns: 20 },
    )
  })

  test('end for a reader who stops and resumes at random as the list shows them, deletes and expiries included', async () => {
    const step = fc.oneof(
      { weight: 8, arbitrary: write.map(one => ({ do: 'write' as const, one })) },
      { weight: 2, arbitrary: fc.constantFrom(...keys).map(key => ({ do: 'expire' as const, key })) },
      { weight: 2, arbitrary: fc.nat(100).map(back => ({ do: 'resume' as const, back })) },
      { weight: 1, arbitrary: fc.constant({ do: 'stop' as const }) },
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), fc.nat(3), async (steps, size) => {
        const box = collectionOf(ann, newName())
        const base = Date.now() - 60_000
        // The reader begins with the list, as any client does, in the midst of things.
        await box.put('a', 'before')
        const first = await box.page({ first: size + 1, includeDeleted: true })
        const state = new Map((await box.all({ first: size + 1, includeDeleted: true })).map(record => [record.key, record]))
        let cursor = first.cursor
        const passed = [cursor]
        let reader: Awaited<ReturnType<typeof box.follow>> | null = await box.follow(servers.one.wsUrl, cursor)
        const stop = async () => {
          if (!reader) return
          await reader[Symbol.asyncDispose]()
          for (const [key, record] of foldOf(reader.items)) state.set(key, record)
          cursor = reader.items.at(-1)?.cursor ?? cursor
          passed.push(...reader.items.map(item => item.cursor))
          reader = null
        }
        try {
          for (const step of steps) {
            if (step.do === 'stop') await stop()
            else if (step.do === 'resume') {
              await stop()
              // From where it stopped, or from some place before that: then it is told again what it knows.
              const from = step.back % 3 ? cursor : (passed[step.back % passed.length] ?? cursor)
              reader = await box.follow(servers.one.wsUrl, from)
            } else if (step.do === 'expire') await box.put(step.key, 'short', { ttlSeconds: 1, conflictPolicy: 'SERVER_TIME' })
            else if (step.one.act === 'remove') await box.remove(step.one.key).catch(() => null)
            else {
              const { key, value, policy, offset, act } = step.one
              const more = { conflictPolicy: policy, ...(offset !== null && { updatedAt: iso(base + offset) }) }
              await (act === 'tombstone' ? box.put(key, undefined, { ...more, delete: true }) : box.put(key, value, more))
            }
          }
          await stop()
          // Until nothing is left that could expire, and the list and the feed stand at the same place.
          const isSettled = async () => (await box.all({ includeDeleted: true })).every(({ expiresAt }) => expiresAt === null)
          const everWritten = new Set(steps.flatMap(step => (step.do === 'expire' ? [step.key] : [])))
          await until('all expiries', async () => {
            if (!(await isSettled())) return false
            const there = new Set((await box.all({ includeDeleted: true })).map(({ key }) => key))
            return [...everWritten].every(key => there.has(key))
          })
          reader = await box.follow(servers.one.wsUrl, cursor)
          const head = (await box.page()).cursor
          await until('the end of the feed', () => reader?.items.at(-1)?.cursor === head)
          await stop()
          const shown = new Map((await box.all({ includeDeleted: true })).map(record => [record.key, record]))
          expect(new Map([...state].sort())).toEqual(new Map([...shown].sort()))
        } finally {
          await stop()
        }
      }),
      { numRuns: 10 },
    )
  })
})
