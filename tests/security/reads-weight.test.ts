import { expect, test } from 'vitest'
import { withinBudget } from '../../src/graph/batch.ts'
import { maxReadBytes } from '../../src/graph/byte-budget.ts'

const ids = Array.from({ length: 100 }, (_, index) => `note ${index}`)

/** Reads of so many bytes each, and notes what was read. */
function readsOf(bytes: number) {
  const read: string[] = []
  const load = withinBudget<string>(
    async all => new Map(all.map(id => [id, bytes])),
    async all => {
      read.push(...all)
      return new Map(all.map(id => [id, `the content of ${id}`]))
    },
  )
  return { load, read }
}

test('of a hundred heavy things that are named at once, no more is read than one operation returns, and each of the others is refused', async () => {
  const { load, read } = readsOf(1024 * 1024)
  const found = await load(ids)
  expect(read).toHaveLength(maxReadBytes / 1024 / 1024)
  const refused = ids.filter(id => !read.includes(id)).map(id => found.get(id))
  expect(refused).toHaveLength(ids.length - read.length)
  for (const error of refused) expect(error).toMatchObject({ code: 'QUERY_TOO_COMPLEX' })
  for (const id of read) expect(found.get(id)).toBe(`the content of ${id}`)
})

test('a hundred light things are read whole', async () => {
  const { load, read } = readsOf(1_000)
  expect([...(await load(ids)).keys()]).toEqual(ids)
  expect(read).toEqual(ids)
})
