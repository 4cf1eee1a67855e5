import type { ResultOf } from '@graphql-typed-document-node/core'
import { describe, expect, test } from 'vitest'
import { codeOf, sharedServers, signUp, useServers } from '../harness/client.ts'
import { modes } from '../harness/modes.ts'
import { createDocument, pushDelta, readChanges } from '../harness/operations.ts'

describe.each(modes)('however much there is, on %s', mode => {
  const servers = sharedServers(mode)

  test('one page of changes weighs a few megabytes at most, even of what compresses well, and pages lead to all of it', async () => {
    const ann = await signUp(servers.one.url)
    const { id } = (await ann.run(createDocument, { input: {} })).createDocument.document
    const pushes = 16
    for (let counter = 1; counter <= pushes; counter++) {
      const writes = [1, 2, 3].map(number => ({ path: `${counter}.${number}`, value: 'x'.repeat(255 * 1024) }))
      await ann.run(pushDelta, { input: { documentId: id, clientId: 'laptop', clock: { laptop: counter }, writes } })
    }
    const pages: number[][] = []
    let after: string | null = null
    for (let isMore = true; isMore; ) {
      const answer: ResultOf<typeof readChanges> = await ann.run(readChanges, { id, after, first: 500 })
      const page = answer.document?.changes
      pages.push((page?.edges ?? []).map(edge => edge.node.clock.laptop ?? 0))
      after = page?.pageInfo.endCursor ?? null
      isMore = page?.pageInfo.hasNextPage ?? false
    }
    expect(pages.flat()).toEqual(Array.from({ length: pushes }, (_, index) => index + 1))
    for (const page of pages) expect(page.length).toBeLessThanOrEqual(6)
  })
})

describe('accounts from one network', () => {
  const servers = useServers('embedded', { env: { REGISTRATIONS_PER_HOUR: '3' } })

  test('are made so many times an hour, and then refused', async () => {
    for (let count = 0; count < 3; count++) await signUp(servers.one.url)
    expect(await codeOf(signUp(servers.one.url))).toBe('RATE_LIMITED')
  })
})
