import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { signUp, useServers } from '../harness/client.ts'
import { createDocument, pushDelta } from '../harness/operations.ts'
import { openSocket } from '../transport/raw-socket.ts'

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

  test('subscriptions that were sent with megabytes of variables are refused before they fill the memory, and give it back', async () => {
    const ann = await signUp(servers.one.url)
    const { id } = (await ann.run(createDocument, { input: {} })).createDocument.document
    using socket = await openSocket(servers.one.wsUrl)
    await socket.init({ token: ann.accessToken })
    const query = 'subscription ($id: ID!) { documentChanges(documentId: $id) { __typename } }'
    const ballast = 'x'.repeat(900 * 1024)
    const subscribe = async (name: string) => {
      socket.send({ id: name, type: 'subscribe', payload: { query, variables: { id, ballast } } })
      const { payload } = await socket.next()
      return (payload as readonly { extensions: { code: string } }[])[0]?.extensions.code ?? 'open'
    }
    const answers = []
    for (const name of ['1', '2', '3', '4', '5']) answers.push(await subscribe(name))
    expect(answers).toEqual(['open', 'open', 'open', 'open', 'QUOTA_EXCEEDED'])
    socket.send({ id: '1', type: 'complete' })
    await expect.poll(() => subscribe('6')).toBe('open')
  })

  test('subscriptions of one socket that take long texts are refused before what they are parsed into fills the memory', async () => {
    const ann = await signUp(servers.one.url)
    const { id } = (await ann.run(createDocument, { input: {} })).createDocument.document
    using socket = await openSocket(servers.one.wsUrl)
    await socket.init({ token: ann.accessToken })
    const textOf = (name: string) =>
      `subscription ${name} { documentChanges(documentId: "${id}") { ${'... on DocumentDelta { clientId } '.repeat(250)} } }`
    const subscribe = async (name: string, query = textOf(name)) => {
      socket.send({ id: name, type: 'subscribe', payload: { query } })
      const { payload } = await socket.next()
      return (payload as readonly { extensions: { code: string } }[])[0]?.extensions.code ?? 'open'
    }
    const answers = []
    for (let index = 0; index < 15; index++) answers.push(await subscribe(`s${index}`))
    const most = answers.indexOf('QUOTA_EXCEEDED')
    expect(most).toBeGreaterThan(5)
    expect(answers.slice(most)).toEqual(answers.slice(most).map(() => 'QUOTA_EXCEEDED'))
    // The same text is kept once, whoever of them goes first.
    for (let index = 0; index < 15; index++) expect(await subscribe(`again${index}`, textOf('s0'))).toBe('open')
    socket.send({ id: 's0', type: 'complete' })
    await expect.poll(() => subscribe('late')).toBe('QUOTA_EXCEEDED')
    socket.send({ id: 's1', type: 'complete' })
    await expect.poll(() => subscribe('later')).toBe('open')
  })

  test('a socket that reads nothing of four hundred subscriptions, and goes, does not keep the database from the others', async () => {
    const ann = await signUp(servers.one.url)
    const { id } = (await ann.run(createDocument, { input: {} })).createDocument.document
    using socket = await openSocket(servers.one.wsUrl)
    await socket.init({ token: ann.accessToken })
    const query = `subscription { documentChanges(documentId: "${id}") { __typename ... on DocumentDelta { writes { value } } } }`
    for (let name = 0; name < 400; name++) socket.send({ id: `${name}`, type: 'subscribe', payload: { query } })
    for (let name = 0; name < 400; name++) await socket.next()
    socket.socket.pause()
    const value = 'x'.repeat(200 * 1024)
    for (let counter = 1; counter <= 40; counter++)
      await ann.run(pushDelta, { input: { documentId: id, clientId: 'laptop', clock: { laptop: counter }, writes: [{ path: 'text', value }] } })
    socket.socket.terminate()
    await delay(100)
    // Who waits for a connection too long gets an error.
    await signUp(servers.one.url)
  })
})
