import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isoTime } from '../../src/graph/iso-time.ts'

test('an instant is written as everywhere, whatever was written before it', () => {
  const edges = [-62198755200000, -1, 0, 86_399_999, 86_400_000, 253402300799999, 253402300800000, 8.64e15, -8.64e15].map(time => new Date(time))
  const near = fc.integer({ min: -1000, max: 1000 }).map(ms => new Date(Date.UTC(2026, 0, 31) + ms))
  const date = fc.oneof(fc.date({ noInvalidDate: true }), fc.constantFrom(...edges), near)
  fc.assert(
    fc.property(fc.array(date), dates => {
      expect(dates.map(isoTime)).toEqual(dates.map(each => each.toISOString()))
    }),
  )
})

test('a date that is none can’t be written', () => expect(() => isoTime(new Date(Number.NaN))).toThrow(RangeError))
