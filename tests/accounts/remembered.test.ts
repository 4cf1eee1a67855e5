import { expect, test } from 'vitest'
import { createRemembered } from '../../src/accounts/sessions/remembered.ts'

interface Read {
  readonly number: number
  finish(value: { readonly read: number } | null): void
}

/** Reads that end when the test says so. */
function slowReads() {
  const reads: Read[] = []
  const load = () => new Promise<{ readonly read: number } | null>(finish => reads.push({ number: reads.length, finish }))
  return { reads, load }
}

const turn = () => new Promise(resolve => setImmediate(resolve))
const size = { max: 10, ttlMs: 60_000 }

test('many who ask at once share one read, and later ones what it found', async () => {
  const { reads, load } = slowReads()
  const remembered = createRemembered<{ read: number }>(size)
  const asked = [remembered.get('a', load), remembered.get('a', load), remembered.get('b', load)]
  reads[0]!.finish({ read: 0 })
  reads[1]!.finish({ read: 1 })
  expect(await Promise.all(asked)).toEqual([{ read: 0 }, { read: 0 }, { read: 1 }])
  expect(await remembered.get('a', load)).toEqual({ read: 0 })
  expect(reads).toHaveLength(2)
})

test.each(['drop', 'dropAll'] as const)('what %s hits while it is being read is read again, for those who wait too', async how => {
  const { reads, load } = slowReads()
  const remembered = createRemembered<{ read: number }>(size)
  const asked = remembered.get('a', load)
  remembered[how]('a')
  const askedLater = remembered.get('a', load)
  reads[0]!.finish({ read: 0 })
  await turn()
  expect(reads).toHaveLength(2)
  reads[1]!.finish({ read: 1 })
  expect(await Promise.all([asked, askedLater])).toEqual([{ read: 1 }, { read: 1 }])
  expect(await remembered.get('a', load)).toEqual({ read: 1 })
})

test('nothing found and nothing read are not remembered', async () => {
  const remembered = createRemembered<{ read: number }>(size)
  expect(await remembered.get('a', async () => null)).toBeNull()
  await expect(remembered.get('a', () => Promise.reject(new Error('lost')))).rejects.toThrow('lost')
  expect(await remembered.get('a', async () => ({ read: 1 }))).toEqual({ read: 1 })
})
