import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { counterOf, covers } from '../../src/merge/vector-clock.ts'

const client = fc.constantFrom('anna', 'bert', '__proto__', 'constructor', 'toString')
const clock = fc.dictionary(client, fc.integer({ min: 0, max: 5 }))

describe('vector clocks', () => {
  it('cover another one unless a client of that is ahead', () => {
    fc.assert(
      fc.property(clock, client, fc.nat({ max: 3 }), (seen, name, more) => {
        const later = { ...seen, [name]: counterOf(seen, name) + more }
        expect(covers(later, seen)).toBe(true)
        expect(covers(seen, later)).toBe(more === 0)
      }),
    )
  })

  it('know nothing of clients that are named like things every object has', () => {
    expect(counterOf({}, 'constructor')).toBe(0)
    expect(counterOf({}, '__proto__')).toBe(0)
  })
})
