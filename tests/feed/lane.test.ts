import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createLane, type Lane } from '../../src/feed/lane.ts'
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

/** One that goes alone, and behind it the others. */
async function submitBehind(lane: Lane<string, string>, first: string, others: readonly string[]): Promise<string[]> {
  const jobs = [lane.submit('k', first)]
  await turn()
  return Promise.all([...jobs, ...others.map(job => lane.submit('k', job))])
}

test('jobs that come in one turn go together, as do those that come while they are under way, in order', async () => {
  const { lane, batches } = openLane(3)
  expect(await Promise.all(['a', 'b'].map(job => lane.submit('k', job)))).toEqual(['k: a', 'k: b'])
  expect(await submitBehind(lane, 'c', ['d', 'e', 'f', 'g'])).toEqual(['k: c', 'k: d', 'k: e', 'k: f', 'k: g'])
  expect(batches).toEqual([['a', 'b'], ['c'], ['d', 'e', 'f'], ['g']])
})

test('keys do not wait for each other', async () => {
  const { lane, batches } = openLane()
  await Promise.all([lane.submit('k', 'a'), lane.submit('l', 'b'), lane.submit('k', 'c')])
  expect(batches).toEqual([['a', 'c'], ['b']])
})

test('a batch is on its way before the one in front of it is answered, and answered after it', async () => {
  const { lane, batches } = openLane()
  const answered: string[] = []
  const jobs = ['a', 'b'].map(async (job, index) => {
    for (let turns = index; turns > 0; turns--) await turn()
    await lane.submit('k', job)
    answered.push(`${job} of ${batches.length}`)
  })
  await Promise.all(jobs)
  expect(answered).toEqual(['a of 2', 'b of 2'])
})

test('a key is busy from the first job until the last one is settled', async () => {
  const { lane } = openLane()
  expect(lane.isBusy('k')).toBe(false)
  const first = lane.submit('k', 'a')
  expect([lane.isBusy('k'), lane.isBusy('l')]).toEqual([true, false])
  await turn()
  const second = lane.submit('k', 'b')
  await first
  expect(lane.isBusy('k')).toBe(true)
  await second
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
  const first = lane.submit('k', 'a')
  await turn()
  const outcomes = await Promise.allSettled([first, ...['b', 'database lost', 'c'].map(job => lane.submit('k', job))])
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'rejected'])
  expect(batches).toHaveLength(2)
})
