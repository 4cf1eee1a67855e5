import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { counterOf, covers, mergeClocks } from '../../src/merge/vector-clock.ts'

const clock = fc.dictionary(fc.constantFrom('anna', 'bert', '__proto__', 'constructor', 'toString'), fc.integer({ min: 0, max: 5 }))

describe('vector clocks', () => {
  it('merge to the least clock that covers both', () => {
    fc.assert(
      fc.property(clock, clock, clock, (a, b, c) => {
        const merged = mergeClocks(a, b)
        expect(covers(merged, a) && covers(merged, b)).toBe(true)
        if (covers(c, a) && covers(c, b)) expect(covers(c, merged)).toBe(true)
      }),
    )
  })

  it('know nothing of clients that are named like things every object has', () => {
    expect(counterOf({}, 'constructor')).toBe(0)
    expect(counterOf({}, '__proto__')).toBe(0)
  })
})
