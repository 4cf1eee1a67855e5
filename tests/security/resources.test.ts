import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { signUp, useServers } from '../harness/client.ts'
import { createDocument } from '../harness/operations.ts'

describe('what clients leave behind', () => {
  const servers = useServers('embedded')

  test('who leaves before a stream has begun leaves nothing behind', async () => {
    const ann = await signUp(servers.one.url)
    const { id } = (await ann.run(createDocument, { input: {} })).createDocument.document
    const open = (signal?: AbortSignal) =>
      fetch(servers.one.url, {
        method: 'POST',
        headers: { accept: 'text/event-stream', 'content-type': 'application/json', authorization: `Bearer ${ann.accessToken}` },
        body: JSON.stringify({ query: `subscription { documentChanges(documentId: "${id}") { __typename } }` }),
        ...(signal && { signal }),
      })
    for (let visit = 0; visit < 30; visit++) {
      const abort = new AbortController()
      const answer = open(abort.signal).catch(() => null)
      await delay(visit % 10)
      abort.abort()
      await answer
    }
    const opened = await open()
    expect(opened.headers.get('content-type')).toContain('text/event-stream')
    await opened.body?.cancel()
    await expect
      .poll(
        async () =>
          (await (await fetch(servers.one.url.replace('/graphql', '/metrics'))).text()).match(/^tidemark_connections\{carrier="sse"\} (\d+)/m)?.[1],
      )
      .toBe('0')
  })
})
