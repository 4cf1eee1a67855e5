import { expect, test } from 'vitest'
import { newId, prefixOf } from '../../src/platform/ids.ts'

test('ids are of their kind, never the same, and sort as they were made', () => {
  const ids = Array.from({ length: 10_000 }, () => newId('rec'))
  expect(ids.every(id => prefixOf(id) === 'rec')).toBe(true)
  expect(new Set(ids).size).toBe(ids.length)
  expect(ids.toSorted()).toEqual(ids)
})
