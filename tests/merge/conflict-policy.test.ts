import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Competitor, type ConflictPolicy, lossOf, timeOf } from '../../src/merge/conflict-policy.ts'

const number = (value: number, updatedAt: number): Competitor => ({ value, deleted: false, updatedAt })
const text = (value: string, updatedAt: number): Competitor => ({ value, deleted: false, updatedAt })
const tombstone = (updatedAt: number): Competitor => ({ value: null, deleted: true, updatedAt })
const policies = ['LAST_WRITE_WINS', 'SERVER_TIME', 'MAX_NUMERIC'] as const satisfies readonly ConflictPolicy[]

describe('a write', () => {
  test('applies where nothing is', () => {
    for (const policy of policies) for (const write of [number(1, 0), text('', 0), tombstone(0)]) expect(lossOf(policy, write, undefined)).toBeNull()
  })

  test('under LAST_WRITE_WINS applies when it is as late or later, whatever the values are', () => {
    for (const stored of [number(9, 10), text('z', 10), tombstone(10)]) {
      expect(lossOf('LAST_WRITE_WINS', number(1, 9), stored)).not.toBeNull()
      for (const updatedAt of [10, 11])
        for (const write of [number(1, updatedAt), tombstone(updatedAt)]) expect(lossOf('LAST_WRITE_WINS', write, stored)).toBeNull()
    }
  })

  test('under MAX_NUMERIC applies when it is greater, however old, and never when it is not', () => {
    expect(lossOf('MAX_NUMERIC', number(2, 0), number(1, 10))).toBeNull()
    expect(lossOf('MAX_NUMERIC', number(-0.5, 0), number(-1, 10))).toBeNull()
    for (const value of [1, 0, -5]) expect(lossOf('MAX_NUMERIC', number(value, 20), number(1, 10))).toBe('The stored number is as great or greater.')
  })

  test('under MAX_NUMERIC, where either is no number, fares as under LAST_WRITE_WINS', () => {
    const states = [number(1, 10), text('5', 10), tombstone(10), text('5', 11), tombstone(9), number(3, 9), number(0, 12)]
    for (const incoming of states)
      for (const stored of states)
        if (typeof incoming.value !== 'number' || typeof stored.value !== 'number')
          expect(lossOf('MAX_NUMERIC', incoming, stored)).toBe(lossOf('LAST_WRITE_WINS', incoming, stored))
  })

  test('under SERVER_TIME always applies, with the time of the server', () => {
    for (const stored of [number(9, 10), tombstone(10)]) expect(lossOf('SERVER_TIME', number(1, 0), stored)).toBeNull()
    expect(timeOf('SERVER_TIME', 5, 7)).toBe(7)
    expect(timeOf('LAST_WRITE_WINS', 5, 7)).toBe(5)
    expect(timeOf('MAX_NUMERIC', null, 7)).toBe(7)
  })

  test('says why it lost, by what it lost to', () => {
    expect(lossOf('LAST_WRITE_WINS', number(1, 0), number(1, 1))).toBe('The stored record was written later.')
    expect(lossOf('MAX_NUMERIC', number(1, 0), tombstone(1))).toBe('The record was deleted later than this was written.')
  })
})

test('writes that differ in time leave the same record under LAST_WRITE_WINS in whatever order they come, numbers the greatest under MAX_NUMERIC', () => {
  const settle = (policy: ConflictPolicy, writes: readonly Competitor[]) =>
    writes.reduce<Competitor | undefined>((stored, write) => (lossOf(policy, write, stored) === null ? write : stored), undefined)
  const write = fc.record({ value: fc.oneof(fc.integer(), fc.string()), deleted: fc.boolean(), updatedAt: fc.nat(1_000) })
  const shuffled = <Value>(values: fc.Arbitrary<Value[]>) =>
    values.chain(list => fc.tuple(fc.constant(list), fc.shuffledSubarray([...list], { minLength: list.length })))
  fc.assert(
    fc.property(shuffled(fc.uniqueArray(write, { minLength: 1, selector: ({ updatedAt }) => updatedAt })), ([one, other]) => {
      expect(settle('LAST_WRITE_WINS', other)).toEqual(settle('LAST_WRITE_WINS', one))
    }),
  )
  fc.assert(
    fc.property(
      fc.array(fc.record({ value: fc.double({ noNaN: true }), deleted: fc.constant(false), updatedAt: fc.nat(9) }), { minLength: 1 }),
      writes => {
        expect(settle('MAX_NUMERIC', writes)?.value === Math.max(...writes.map(({ value }) => value))).toBe(true)
      },
    ),
  )
})
