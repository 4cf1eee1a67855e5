import { setTimeout as delay } from 'node:timers/promises'
import { print } from 'graphql'
import { createClient } from 'graphql-ws'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { WebSocket as WebSocketOfNode } from 'ws'
import { importSigningKey } from '../../clients/signature.ts'
import { signingSocket } from '../../clients/signing-socket.ts'
import { apollo, urql } from '../clients/real-clients.ts'
import type { FeedItem, Servers } from '../harness/client.ts'
import { createDocument, pushDelta, readDocument } from '../harness/operations.ts'
import { startProxy, type TcpProxy } from '../harness/proxy.ts'
import { until } from '../harness/wait.ts'
import { signaturesCreate } from './operations.ts'
import type { Session } from './world.ts'

/** Real clients, with what `clients/` gives them, at a server that wants signatures. */
export function describeHelpers(servers: Servers, session: () => Session): void {
  test.each([
    ['ws', WebSocketOfNode],
    ['browsers', globalThis.WebSocket],
  ])('graphql-ws with the socket of %s signs what it sends', async (_, implementation) => {
    const closed: unknown[] = []
    const client = createClient({
      url: servers.one.wsUrl,
      webSocketImpl: signingSocket(implementation as typeof WebSocketOfNode),
      connectionParams: { token: session().accessToken },
      lazyCloseTimeout: 0,
      on: { closed: event => closed.push((event as { code: number }).code) },
    })
    const ask = (name: string) => client.iterate<Record<string, unknown>>({ query: print(signaturesCreate), variables: { input: { name } } }).next()
    const outcomes = await Promise.all(Array.from({ length: 30 }, (_, index) => ask(`by graphql-ws ${index}`)))
    for (const { value } of outcomes)
      expect(value).toMatchObject({ data: { createDocument: { document: { name: expect.stringContaining('by graphql-ws') } } } })
    // Half of a surrogate pair can't be signed: that is said, and does not hang.
    await expect(ask('\ud800')).rejects.toMatchObject([{ extensions: { code: 'SIGNATURE_REQUIRED' } }])
    await client.dispose()
    await until('the socket is closed', () => closed.length > 0)
    expect(closed).toEqual([1000])
  })

  test('graphql-ws says so when a browser can’t take the key, and ends in order', async () => {
    using taking = vi.spyOn(crypto.subtle, 'importKey').mockRejectedValueOnce(new Error('There are no keys today.'))
    const closed: unknown[] = []
    const client = createClient({
      url: servers.one.wsUrl,
      webSocketImpl: signingSocket(WebSocketOfNode),
      connectionParams: { token: session().accessToken },
      lazy: false,
      on: { closed: event => closed.push((event as { code: number }).code) },
    })
    const ask = () => client.iterate({ query: '{ __typename }' }).next()
    for (const _ of [1, 2]) await expect(ask()).rejects.toMatchObject([{ extensions: { code: 'SIGNATURE_REQUIRED' } }])
    expect(taking).toHaveBeenCalledOnce()
    await client.dispose()
    await until('the socket is closed', () => closed.length > 0)
    expect(closed).toEqual([1000])
  })

  describe.each([
    ['@apollo/client', apollo],
    ['urql', urql],
  ] as const)('%s with the helper', (_, connect) => {
    let proxy: TcpProxy
    beforeAll(async () => {
      proxy = await startProxy(servers.one.port)
    })
    afterAll(() => proxy?.[Symbol.asyncDispose]())

    test('reads, writes and follows, and comes back with another key when it is cut off', async () => {
      await using client = connect({
        url: proxy.through(servers.one.url),
        wsUrl: proxy.through(servers.one.wsUrl),
        token: async () => session().accessToken,
        signingKey: await importSigningKey(session().signingKey),
      })
      const { data: created, code } = await client.run(createDocument, { input: { name: 'Größe 😀', fields: { a: 1e-7, b: [null, -0.5, 'é'] } } })
      expect(code).toBeNull()
      const { id = '', cursor = null } = created?.createDocument.document ?? {}
      expect((await client.run(readDocument, { id })).data?.document).toMatchObject({ name: 'Größe 😀', fields: { a: 1e-7, b: [null, -0.5, 'é'] } })
      const items: FeedItem[] = []
      const ends: unknown[] = []
      const stop = client.follow(
        id,
        cursor,
        item => items.push(item),
        error => ends.push(error),
      )
      await until('FeedReady', () => items.length > 0)
      for (let counter = 1; counter <= 4; counter++) {
        if (counter % 2 === 0) proxy.cut()
        const push = { documentId: id, clientId: 'c', clock: { c: counter }, writes: [{ path: 'p', value: counter }] }
        let refused = await client.run(pushDelta, { input: push }).catch(() => ({ code: 'cut' }))
        for (; refused.code === 'cut'; await delay(20)) refused = await client.run(pushDelta, { input: push }).catch(() => ({ code: 'cut' }))
        expect(refused.code).toBeNull()
      }
      const counters = () => items.flatMap(item => (item.__typename === 'DocumentDelta' ? [item.clock['c']] : []))
      await until('the last change', () => counters().at(-1) === 4)
      expect(counters()).toEqual([1, 2, 3, 4])
      expect(client.connections).toBeGreaterThanOrEqual(2)
      expect(ends).toEqual([])
      stop()
    })
  })
}
