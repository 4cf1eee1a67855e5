import { print } from 'graphql'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type App, createApp } from '../../src/app.ts'
import { loadConfig } from '../../src/config.ts'
import { createLogger } from '../../src/platform/logger.ts'
import { type Person, signUp } from '../harness/client.ts'
import { type Environment, environmentOf, modes } from '../harness/modes.ts'
import { createDocument, documentChanges, pushDelta, removeAccess, setAccess } from '../harness/operations.ts'
import { isBesides, listenToStatements } from '../harness/statements.ts'
import { until } from '../harness/wait.ts'
import { openStrictSocket, type StrictSocket } from '../transport/strict-frames.ts'
import { range } from './node.ts'

const limits = {
  CLEANUP_INTERVAL_MS: '3600000',
  HEAL_INTERVAL_MS: '3600000',
  WS_MAX_CONNECTIONS_PER_USER: '0',
  WS_RATE_LIMIT_MAX_MESSAGES: '0',
  IP_RATE_LIMIT_PER_MIN: '0',
  RATE_LIMIT_PER_MIN: '0',
}

describe.each(modes)('many readers of one document on %s', mode => {
  const { during } = listenToStatements()
  let environment: Environment
  let app: App
  let ann: Person
  let wsUrl: string
  let pushes = 0
  beforeAll(async () => {
    environment = await environmentOf(mode)
    app = await createApp(loadConfig({ ...environment.env, ...limits }), createLogger('silent'))
    const url = `${new URL(app.url).origin}/graphql`
    wsUrl = url.replace('http', 'ws')
    ann = await signUp(url, 'ann')
  })
  afterAll(async () => {
    await app?.[Symbol.asyncDispose]()
    await environment?.[Symbol.asyncDispose]()
  })

  const newDocument = async () => (await ann.run(createDocument, { input: {} })).createDocument.document.id
  const push = (documentId: string, value: unknown) =>
    ann.run(pushDelta, { input: { documentId, clientId: 'c', clock: { c: ++pushes }, writes: [{ path: 'x', value }] } })
  const follow = (socket: StrictSocket, id: string, documentId: string) =>
    socket.send({ id, type: 'subscribe', payload: { query: print(documentChanges), variables: { id: documentId } } })
  const eventsOf = (socket: StrictSocket, id: string) => socket.messages().filter(message => message.id === id)
  const valuesOf = (socket: StrictSocket, id: string) =>
    eventsOf(socket, id).flatMap(({ payload }) => {
      const { documentChanges: event } = (payload?.data ?? {}) as { documentChanges?: { writes?: { value: unknown }[] } }
      return event?.writes?.map(({ value }) => value) ?? []
    })

  test('each gets its own id back, whatever it is made of, in frames that are right by the letter, between pings and pongs', async () => {
    const documentId = await newDocument()
    using one = await openStrictSocket(wsUrl, ann.accessToken)
    using other = await openStrictSocket(wsUrl, ann.accessToken)
    const ids = ['1', 'a "quoted" \\ one', '☂ – 漢字 🎏', '\u0000\u001f\u2028', 'x'.repeat(256), '}{"id":"1"']
    for (const id of ids) follow(one, id, documentId)
    follow(other, '1', documentId)
    await until('all to be ready', () => ids.every(id => eventsOf(one, id).length === 1) && eventsOf(other, '1').length === 1)
    const values = [
      ...range(0, 30).map(length => 'v'.repeat(length)),
      'ü'.repeat(8_100),
      'y'.repeat(33_000),
      'z'.repeat(65_000),
      'w'.repeat(200_000),
      '🎏',
    ]
    for (const value of values) {
      one.ping(`ping ${String(value).length}`)
      one.send({ type: 'ping', payload: { at: String(value).length } })
      await push(documentId, value)
    }
    await until(
      'all of it',
      () => ids.every(id => valuesOf(one, id).length === values.length) && valuesOf(other, '1').length === values.length,
      20_000,
    )
    for (const id of ids) expect(valuesOf(one, id)).toEqual(values)
    expect(valuesOf(other, '1')).toEqual(values)
    expect(one.frames.filter(({ opcode }) => opcode === 10).map(({ text }) => text)).toEqual(values.map(value => `ping ${value.length}`))
    expect(one.messages().filter(({ type }) => type === 'pong').length).toBe(values.length)
    const [first, ...others] = ids.map(id => eventsOf(one, id).map(({ payload }) => payload))
    for (const events of others) expect(events.slice(1)).toEqual(first?.slice(1))
  })

  test('cost the database no more than one of them does', async () => {
    const documentId = await newDocument()
    const sockets = new DisposableStack()
    const open = async () => {
      const socket = sockets.use(await openStrictSocket(wsUrl, ann.accessToken))
      follow(socket, 's', documentId)
      await until('to be ready', () => eventsOf(socket, 's').length === 1)
      return socket
    }
    const statementsOfPush = async (readers: readonly StrictSocket[], value: string) =>
      (
        await during(/./, async () => {
          await push(documentId, value)
          await until('everybody to have it', () => readers.every(reader => valuesOf(reader, 's').at(-1) === value))
        })
      ).statements.flatMap(sent => (isBesides(sent) ? [] : [sent.text]))
    const first = await open()
    await statementsOfPush([first], 'warm')
    const alone = await statementsOfPush([first], 'alone')
    const readers = [first, ...(await Promise.all(range(1, 60).map(open)))]
    const together = await statementsOfPush(readers, 'together')
    expect(together.length).toBeLessThanOrEqual(alone.length)
    expect(together.filter(text => /from "?changes/i.test(text))).toEqual([])
    sockets.dispose()
  })

  test('get what was pushed together in one write, out of one transaction', async () => {
    const documentId = await newDocument()
    const sockets = new DisposableStack()
    const open = async () => sockets.use(await openStrictSocket(wsUrl, ann.accessToken))
    const writer = await open()
    const readers = await Promise.all(range(1, 40).map(open))
    for (const reader of readers) follow(reader, 's', documentId)
    await until('all to be ready', () => readers.every(reader => eventsOf(reader, 's').length === 1))
    const pushTogether = (values: readonly string[]) => {
      const inputOf = (value: string) => ({ documentId, clientId: 'c', clock: { c: ++pushes }, writes: [{ path: value, value }] })
      const query = print(pushDelta)
      writer.send(...values.map(value => ({ id: value, type: 'subscribe', payload: { query, variables: { input: inputOf(value) } } })))
      return until('all of it', () => readers.every(reader => valuesOf(reader, 's').at(-1) === values.at(-1)))
    }
    await pushTogether(['warm'])
    const values = range(1, 8).map(String)
    const { statements } = await during(/^commit/i, () => pushTogether(values))
    expect(statements).toHaveLength(1)
    for (const reader of readers) {
      expect(valuesOf(reader, 's')).toEqual(['warm', ...values])
      expect(reader.segments.filter(segment => segment.some(({ text }) => text.includes('"next"'))).map(({ length }) => length)).toEqual([1, 1, 8])
    }
    sockets.dispose()
  })

  test('lose it alone and at once, are told why, and get nothing behind the end', async () => {
    const documentId = await newDocument()
    const ben = await signUp(ann.url, 'ben')
    await ann.run(setAccess, { input: { resourceId: documentId, userId: ben.id, access: 'READ' } })
    using bens = await openStrictSocket(wsUrl, ben.accessToken)
    using anns = await openStrictSocket(wsUrl, ann.accessToken)
    follow(bens, 'b', documentId)
    follow(anns, 'a', documentId)
    follow(anns, 'done', documentId)
    await until('all to be ready', () => eventsOf(bens, 'b').length === 1 && ['a', 'done'].every(id => eventsOf(anns, id).length === 1))
    await push(documentId, 'both')
    await until('both', () => valuesOf(bens, 'b').length === 1 && valuesOf(anns, 'done').length === 1)
    anns.send({ id: 'done', type: 'complete' })
    anns.send({ type: 'ping' })
    await until('it to be heard', () => anns.messages().some(({ type }) => type === 'pong'))
    await ann.run(removeAccess, { input: { resourceId: documentId, userId: ben.id } })
    await until('the end', () => eventsOf(bens, 'b').some(({ type }) => type === 'error'))
    await push(documentId, 'ann alone')
    await until('it', () => valuesOf(anns, 'a').length === 2)
    expect(valuesOf(anns, 'a')).toEqual(['both', 'ann alone'])
    expect(valuesOf(anns, 'done')).toEqual(['both'])
    expect(valuesOf(bens, 'b')).toEqual(['both'])
    expect(eventsOf(bens, 'b').at(-1)).toMatchObject({ type: 'error', payload: [{ extensions: { code: 'FORBIDDEN' } }] })
  })
})
