import { setTimeout as delay } from 'node:timers/promises'
import type { TypedDocumentNode } from '@graphql-typed-document-node/core'
import { print } from 'graphql'
import { createClient } from 'graphql-ws'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { clientOf, type FeedItem, type Person, signUp, useServers } from '../harness/client.ts'
import { modes } from '../harness/modes.ts'
import { createDocument, documentChanges, pushDelta, readDocument, refreshSession, renewConnection } from '../harness/operations.ts'
import { startProxy, type TcpProxy } from '../harness/proxy.ts'
import { until } from '../harness/wait.ts'
import { apollo, type RealClient, sse, urql } from './real-clients.ts'

const tokenLifeMs = 3_000
const kinds = [
  ['@apollo/client', apollo],
  ['urql', urql],
  ['graphql-sse', sse],
] as const

/** Tokens as a program keeps them: refreshed in time, by one caller at once. */
function tokensOf(url: string, person: Person) {
  let current = Promise.resolve({ accessToken: person.accessToken, refreshToken: person.refreshToken, since: Date.now() })
  const next = () => {
    current = current.then(async before => {
      if (Date.now() < before.since + tokenLifeMs / 4) return before
      const since = Date.now()
      const { refreshSession: made } = await clientOf(url).run(refreshSession, { input: { refreshToken: before.refreshToken } })
      return { ...made, since }
    })
    return current
  }
  return async () => (await next()).accessToken
}

describe.each(modes)('on %s', mode => {
  const servers = useServers(mode, { env: { JWT_EXPIRES_IN: `${tokenLifeMs / 1000}s` } })
  let ann: Person
  let token: () => Promise<string>
  let proxy: TcpProxy
  beforeAll(async () => {
    ann = await signUp(servers.one.url, 'ann')
    token = tokensOf(servers.one.url, ann)
    proxy = await startProxy(servers.one.port)
  })
  afterAll(() => proxy?.[Symbol.asyncDispose]())

  /** As another program of the same person, past the proxy. */
  const run = async <Result, Variables>(document: TypedDocumentNode<Result, Variables>, variables: Variables) =>
    clientOf(servers.one.url, await token()).run(document, variables)
  const newDocument = async () => (await run(createDocument, { input: {} })).createDocument.document
  const push = (documentId: string, counter: number) =>
    run(pushDelta, { input: { documentId, clientId: 'c', clock: { c: counter }, writes: [{ path: `p${counter % 3}`, value: counter }] } })
  const countersOf = (items: readonly FeedItem[]) => items.flatMap(item => (item.__typename === 'DocumentDelta' ? [item.clock['c']] : []))
  const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1)

  describe.each(kinds)('%s', (_, create) => {
    const connect = (): RealClient => create({ url: proxy.through(servers.one.url), wsUrl: proxy.through(servers.one.wsUrl), token })

    test('reads, writes, and is told what is wrong by code', async () => {
      await using client = connect()
      const { data: made } = await client.run(createDocument, { input: { name: 'Tide', fields: { a: 1 } } })
      const id = made?.createDocument.document.id ?? ''
      const { data: pushed } = await client.run(pushDelta, {
        input: { documentId: id, clientId: 'c', clock: { c: 1 }, writes: [{ path: 'ü', value: { deep: ['😀', null, 1.5] } }] },
      })
      expect(pushed?.pushDelta.applied).toBe(true)
      const { data: read } = await client.run(readDocument, { id })
      expect(read?.document).toMatchObject({ id, name: 'Tide', fields: { a: 1, ü: { deep: ['😀', null, 1.5] } }, clock: { server: 1, c: 1 } })
      const refused = await client.run(pushDelta, { input: { documentId: id, clientId: 'c', clock: { c: 2 }, writes: [{ path: '', value: 1 }] } })
      expect(refused.code).toBe('BAD_USER_INPUT')
      expect((await client.run(readDocument, { id: 'unknown' })).data).toEqual({ document: null })
    })

    test('follows a document through cut and refused connections, and gets each change once and in order', async () => {
      const { id, cursor } = await newDocument()
      await using client = connect()
      const items: FeedItem[] = []
      const ends: unknown[] = []
      const stop = client.follow(
        id,
        cursor,
        item => items.push(item),
        error => ends.push(error),
      )
      await until('FeedReady', () => items.length > 0)
      expect(items[0]).toEqual({ __typename: 'FeedReady', cursor })
      let counter = 0
      for (const trouble of ['none', 'cut', 'refuse', 'cut']) {
        if (trouble === 'refuse') proxy.refuse()
        await push(id, ++counter)
        if (trouble === 'cut') proxy.cut()
        for (let count = 0; count < 4; count++) await push(id, ++counter)
        proxy.accept()
      }
      await until('the last change', () => countersOf(items).at(-1) === counter)
      expect(countersOf(items)).toEqual(upTo(counter))
      expect(client.connections).toBeGreaterThanOrEqual(2)
      stop()
      expect(ends).toEqual([])
    })
  })

  test.concurrent('every client outlives the end of its token, and gets each change once and in order', async () => {
    const { id, cursor } = await newDocument()
    const followed = kinds.map(([, create]) => {
      const client = create({ url: servers.one.url, wsUrl: servers.one.wsUrl, token })
      const items: FeedItem[] = []
      client.follow(
        id,
        cursor,
        item => items.push(item),
        () => {},
      )
      return { client, items }
    })
    await Promise.all(followed.map(({ items }) => until('FeedReady', () => items.length > 0)))
    let counter = 0
    for (const end = Date.now() + tokenLifeMs * 1.5; Date.now() < end; await delay(150)) await push(id, ++counter)
    for (const { client, items } of followed) {
      await until('the last change', () => countersOf(items).at(-1) === counter)
      expect(countersOf(items)).toEqual(upTo(counter))
      expect(client.connections).toBeGreaterThanOrEqual(2)
      await client[Symbol.asyncDispose]()
    }
  })

  test.concurrent('a socket closes with 4403 when its token ends, unless it got a new one in time', async () => {
    const open = async () => {
      const closed: number[] = []
      const client = createClient({
        url: servers.one.wsUrl,
        webSocketImpl: WebSocket,
        lazy: false,
        retryAttempts: 0,
        onNonLazyError: () => {},
        connectionParams: async () => ({ token: await token() }),
        on: { closed: event => closed.push((event as { code: number }).code) },
      })
      const ask = <Result>(query: string, variables: Record<string, unknown>) =>
        new Promise<Result>((resolve, reject) => {
          client.subscribe<Record<string, unknown>>(
            { query, variables },
            { next: ({ data, errors }) => (data ? resolve(data as Result) : reject(errors)), error: reject, complete: () => {} },
          )
        })
      await ask('{ viewer { id } }', {})
      return { client, closed, ask }
    }
    const { id } = await newDocument()
    const [left, renewed] = await Promise.all([open(), open()])
    for (let count = 0; count < 5; count++) {
      await delay(tokenLifeMs / 4)
      const answer = await renewed.ask<{ renewConnection: { expiresAt: string } }>(print(renewConnection), { input: { accessToken: await token() } })
      expect(Date.parse(answer.renewConnection.expiresAt)).toBeGreaterThan(Date.now())
    }
    expect(left.closed).toEqual([4403])
    expect(renewed.closed).toEqual([])
    const ready = await renewed.ask(print(documentChanges), { id })
    expect(ready).toMatchObject({ documentChanges: { __typename: 'FeedReady' } })
    await Promise.all([left.client.dispose(), renewed.client.dispose()])
  })

  test('fetch alone is enough: to ask, by POST and GET, and to follow', async () => {
    const { id } = await newDocument()
    const headers = { authorization: `Bearer ${await token()}`, accept: 'application/graphql-response+json' }
    const url = new URL(servers.one.url)
    url.search = new URLSearchParams({ query: '{ viewer { id } }' }).toString()
    expect(await (await fetch(url, { headers })).json()).toEqual({ data: { viewer: { id: ann.id } } })
    const expired = await fetch(url, { headers: { ...headers, authorization: `Bearer ${ann.accessToken}x` } })
    expect(expired.status).toBe(401)
    url.search = new URLSearchParams({ query: 'mutation { createDocument(input: {}) { document { id } } }' }).toString()
    expect((await fetch(url, { headers })).status).toBe(405)

    const control = new AbortController()
    const response = await fetch(servers.one.url, {
      method: 'POST',
      headers: { ...headers, accept: 'text/event-stream', 'content-type': 'application/json' },
      body: JSON.stringify({ query: print(documentChanges), variables: { id } }),
      signal: control.signal,
    })
    expect(response.headers.get('content-type')).toContain('text/event-stream')
    let text = ''
    const reading = (async () => {
      for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) text += chunk
    })().catch(() => {})
    await until('FeedReady', () => text.includes('FeedReady'))
    await push(id, 1)
    await until('the change', () => text.includes('DocumentDelta'))
    const events = [...text.matchAll(/^data: (\{.*\})$/gm)].map(match => JSON.parse(match[1] ?? '') as { data: { documentChanges: FeedItem } })
    expect(events.map(event => event.data.documentChanges.__typename)).toEqual(['FeedReady', 'DocumentDelta'])
    control.abort()
    await reading
  })
})
