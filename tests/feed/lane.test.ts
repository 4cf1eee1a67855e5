import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createLane } from '../../src/feed/lane.ts'
import { DatabaseLostError } from '../../src/platform/database.ts'

function openLane(maxJobs = 128) {
  const batches: (readonly string[])[] = []
  const lane = createLane<string, string>(async (key, jobs) => {
    batches.push(jobs)
    await turn()
    if (jobs.some(job => job === 'database lost')) throw new DatabaseLostError('gone')
    if (jobs.some(job => job === 'poison')) throw new Error('poisoned')
    return jobs.map(job => (job === 'refused' ? new Error('refused') : `${key}: ${job}`))
  }, maxJobs)
  return { lane, batches }
}

test('a job starts at once; those that come meanwhile go together, in order', async () => {
  const { lane, batches } = openLane(3)
  expect(await Promise.all(['a', 'b', 'c', 'd', 'e'].map(job => lane.submit('k', job)))).toEqual(['k: a', 'k: b', 'k: c', 'k: d', 'k: e'])
  expect(batches).toEqual([['a'], ['b', 'c', 'd'], ['e']])
})

test('keys do not wait for each other', async () => {
  const { lane, batches } = openLane()
  await Promise.all([lane.submit('k', 'a'), lane.submit('l', 'b'), lane.submit('k', 'c')])
  expect(batches).toEqual([['a'], ['b'], ['c']])
})

test('a key is busy from the first job until the last one is settled', async () => {
  const { lane } = openLane()
  expect(lane.isBusy('k')).toBe(false)
  const jobs = ['a', 'b'].map(job => lane.submit('k', job))
  expect([lane.isBusy('k'), lane.isBusy('l')]).toEqual([true, false])
  await jobs[0]
  expect(lane.isBusy('k')).toBe(true)
  await jobs[1]
  await turn()
  expect(lane.isBusy('k')).toBe(false)
})

test('an error for one job, or a batch that one job spoils, leaves the others alone', async () => {
  const { lane } = openLane()
  const outcomes = await Promise.allSettled(['a', 'b', 'refused', 'poison', 'c'].map(job => lane.submit('k', job)))
  expect(outcomes.map(outcome => (outcome.status === 'fulfilled' ? outcome.value : (outcome.reason as Error).message))).toEqual([
    'k: a',
    'k: b',
    'refused',
    'poisoned',
    'k: c',
  ])
})

test('when the database is gone nobody tries again for the others: the batch may have taken effect, and they would wait for each other', async () => {
  const { lane, batches } = openLane()
  const outcomes = await Promise.allSettled(['a', 'b', 'database lost', 'c'].map(job => lane.submit('k', job)))
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'rejected'])
  expect(batches).toHaveLength(2)
})
