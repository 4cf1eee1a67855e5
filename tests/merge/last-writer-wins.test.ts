import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { applyWrites, compareStamps, type Write, wins } from '../../src/merge/last-writer-wins.ts'

/** Few of each, so that ties are common. */
const write = fc.record({
  path: fc.constantFrom('a', 'b', 'c'),
  value: fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constantFrom(1, '1', null, { x: 1, y: 2 }, { y: 2, x: 1 })),
  deleted: fc.boolean(),
  timestamp: fc.integer({ min: 1, max: 3 }),
  counter: fc.integer({ min: 1, max: 2 }),
  clientId: fc.constantFrom('anna', 'bert'),
}) satisfies fc.Arbitrary<Write>

const merged = (writes: readonly Write[]) => {
  const fields = new Map<string, Write>()
  applyWrites(fields, writes)
  return Object.fromEntries([...fields].sort(([a], [b]) => (a < b ? -1 : 1)))
}

describe('last writer wins', () => {
  it('ends in the same fields whatever the order in which writes arrive, stamps used twice included', () => {
    fc.assert(
      fc.property(
        fc.array(write, { maxLength: 12 }).chain(writes => fc.tuple(fc.constant(writes), fc.shuffledSubarray(writes, { minLength: writes.length }))),
        ([writes, shuffled]) => {
          expect(merged(shuffled)).toEqual(merged(writes))
        },
      ),
    )
  })

  it('changes nothing when a write arrives again', () => {
    fc.assert(
      fc.property(fc.array(write, { maxLength: 12 }), writes => {
        expect(merged([...writes, ...writes])).toEqual(merged(writes))
      }),
    )
  })

  it('never keeps a write that is older than one it has seen', () => {
    fc.assert(
      fc.property(fc.array(write, { minLength: 1, maxLength: 12 }), writes => {
        const fields = new Map<string, Write>()
        applyWrites(fields, writes)
        for (const one of writes) expect(compareStamps(one, fields.get(one.path) as Write)).toBeLessThanOrEqual(0)
      }),
    )
  })

  it('says of every write whether it was applied or lost', () => {
    fc.assert(
      fc.property(fc.array(write, { maxLength: 12 }), writes => {
        const { applied, lost } = applyWrites(new Map(), writes)
        expect(applied.length + lost.length).toBe(writes.length)
      }),
    )
  })

  it('orders by timestamp, then counter, then client id', () => {
    const at = (timestamp: number, counter: number, clientId: string): Write => ({
      path: 'a',
      value: 1,
      deleted: false,
      timestamp,
      counter,
      clientId,
    })
    expect(wins(at(2, 1, 'anna'), at(1, 9, 'zoe'))).toBe(true)
    expect(wins(at(1, 2, 'anna'), at(1, 1, 'zoe'))).toBe(true)
    expect(wins(at(1, 1, 'zoe'), at(1, 1, 'anna'))).toBe(true)
    expect(wins(at(1, 1, 'anna'), at(1, 1, 'anna'))).toBe(false)
  })
})
