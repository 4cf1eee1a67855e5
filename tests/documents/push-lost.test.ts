import { expect, test } from 'vitest'
import type { Access } from '../../src/access/access.ts'
import type { Push } from '../../src/documents/merge-pushes.ts'
import { createPushes } from '../../src/documents/push.ts'
import type { Feed } from '../../src/feed/feed.ts'
import { systemClock } from '../../src/platform/clock.ts'
import { DatabaseLostError } from '../../src/platform/database.ts'

test('pushes that go apart and fail at once, since the database is gone, are told so, and end no process', async () => {
  const unheard: unknown[] = []
  const note = (error: unknown) => unheard.push(error)
  process.on('unhandledRejection', note)
  try {
    const lost = new DatabaseLostError('The connection to the database broke.')
    const feed = { commitWith: () => Promise.reject(lost) } as unknown as Feed
    const pushes = createPushes({ feed, access: {} as Access, clock: systemClock })
    const push = (documentId: string, weight: number) =>
      pushes.submit({ documentId, writes: [], weight, call: { scope: 'user', key: null } } as unknown as Push)
    // Too heavy to go with others, and as many as one batch takes: they hear that they go apart when the next batch has begun.
    const heavy = Array.from({ length: 128 }, () => push('doc_1', 1024 * 1024))
    const outcomes = await Promise.allSettled([...heavy, push('doc_2', 1)])
    expect(new Set(outcomes.map(outcome => (outcome.status === 'rejected' ? outcome.reason : outcome)))).toEqual(new Set([lost]))
    await new Promise(resolve => setImmediate(resolve))
    expect(unheard).toEqual([])
  } finally {
    process.off('unhandledRejection', note)
  }
})
