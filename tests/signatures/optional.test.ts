import { createHash, createHmac } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { clientOf } from '../harness/client.ts'
import { environmentOf } from '../harness/modes.ts'
import { startProxy, type TcpProxy } from '../harness/proxy.ts'
import { type Server, startServer } from '../harness/server.ts'
import { until } from '../harness/wait.ts'
import { signaturesCreate, signaturesList } from './operations.ts'
import { openSigningSocket, operationOf, post, type Session, signatureIn, signed, signUp, withSignature } from './world.ts'

/** A server that takes signatures and wants none, with a Redis that can be taken away. */
const stack = new AsyncDisposableStack()
let server: Server
let toRedis: TcpProxy
let ann: Session
beforeAll(async () => {
  const { env } = stack.use(await environmentOf('postgres+redis'))
  const redisUrl = env['REDIS_URL'] ?? ''
  toRedis = stack.use(await startProxy(Number(new URL(redisUrl).port)))
  server = stack.use(await startServer({ ...env, REDIS_URL: toRedis.through(redisUrl), PERSISTED_OPERATIONS: 'on' }))
  ann = await signUp(server.url)
})
afterAll(() => stack.disposeAsync())

const create = (name: string) => operationOf(signaturesCreate, { input: { name } })
const list = operationOf(signaturesList, {})
const send = (operation: Parameters<typeof post>[2]) => post(server.url, ann.accessToken, operation)

test('where signatures are not required, those that are given have to be right, and the rest runs without', async () => {
  const operation = await signed(create('signed'), ann.signingKey)
  const { value, timestamp, nonce } = signatureIn(operation)
  expect(await send(create('unsigned'))).toBeNull()
  expect(await send({ ...operation, variables: { input: { name: 'forged' } } })).toBe('SIGNATURE_INVALID')
  expect(await send(withSignature(create('forged'), { value, timestamp: timestamp + 1, nonce }))).toBe('SIGNATURE_INVALID')
  expect([await send(operation), await send(operation)]).toEqual([null, 'REPLAYED'])
  using socket = await openSigningSocket(server.wsUrl, { token: ann.accessToken })
  const onSocket = await signed(list, socket.signingKey)
  expect(await socket.ask(list)).toBeNull()
  expect(await socket.ask(await signed(list, ann.signingKey))).toBe('SIGNATURE_INVALID')
  expect([await socket.ask(onSocket), await socket.ask(onSocket)]).toEqual([null, 'REPLAYED'])
})

test('an operation that is named by its hash is signed by that', async () => {
  const { query = '', variables } = list
  const sha256Hash = createHash('sha256')
    .update(query ?? '')
    .digest('hex')
  const persistedQuery = { version: 1, sha256Hash }
  const other = { version: 1, sha256Hash: createHash('sha256').update('{ __typename }').digest('hex') }
  expect(await send(await signed({ query, variables, extensions: { persistedQuery } }, ann.signingKey))).toBeNull()
  expect(await send({ query: '{ __typename }', extensions: { persistedQuery: other } })).toBeNull()

  const byExtension = await signed({ variables, extensions: { persistedQuery } }, ann.signingKey)
  expect(await send({ ...byExtension, extensions: { ...byExtension.extensions, persistedQuery: other } })).toBe('SIGNATURE_INVALID')
  expect([await send(byExtension), await send(byExtension)]).toEqual([null, 'REPLAYED'])
  const byId = await signed({ documentId: `sha256:${sha256Hash}`, variables }, ann.signingKey)
  expect(await send({ ...byId, documentId: `sha256:${other.sha256Hash}` })).toBe('SIGNATURE_INVALID')
  expect([await send(byId), await send(byId)]).toEqual([null, 'REPLAYED'])

  using socket = await openSigningSocket(server.wsUrl, { token: ann.accessToken })
  const onSocket = await signed({ query: '', variables, extensions: { persistedQuery } }, socket.signingKey)
  expect(await socket.ask({ ...onSocket, extensions: { ...onSocket.extensions, persistedQuery: other } })).toBe('SIGNATURE_INVALID')
  expect([await socket.ask(onSocket), await socket.ask(onSocket)]).toEqual([null, 'REPLAYED'])
})

test('a clock that is wrong is told the time', async () => {
  const asked = Date.now()
  const { errors } = await clientOf(server.url, ann.accessToken).post(
    JSON.stringify(await signed(list, ann.signingKey, { timestamp: asked - 3_600_000 })),
  )
  expect(errors).toMatchObject([{ message: expect.stringContaining('older than 5 minutes'), extensions: { code: 'SIGNATURE_INVALID' } }])
  expect(Math.abs(Date.parse(String(errors[0]?.extensions['serverTime'])) - asked)).toBeLessThan(60_000)
})

test('while Redis is away nothing that is signed is taken over HTTP, since it may have come before; sockets go on', async () => {
  const before = await signed(create('before'), ann.signingKey)
  expect(await send(before)).toBeNull()
  using socket = await openSigningSocket(server.wsUrl, { token: ann.accessToken })
  toRedis.refuse()
  await until('Redis is away', async () => (await send(await signed(list, ann.signingKey))) === 'INTERNAL_SERVER_ERROR')
  expect(await send(await signed(create('meanwhile'), ann.signingKey))).toBe('INTERNAL_SERVER_ERROR')
  expect(await send(before)).toBe('INTERNAL_SERVER_ERROR')
  expect(await send({ ...before, query: '{ viewer { id } }' })).toBe('SIGNATURE_INVALID')
  const onSocket = await signed(list, socket.signingKey)
  expect([await socket.ask(onSocket), await socket.ask(onSocket)]).toEqual([null, 'REPLAYED'])
  toRedis.accept()
  await until('Redis is back', async () => (await send(await signed(list, ann.signingKey))) === null)
  expect(await send(before)).toBe('REPLAYED')
  const { documents } = await clientOf(server.url, ann.accessToken).run(signaturesList, {})
  expect(documents.nodes.map(({ name }) => name)).not.toContain('meanwhile')
})

test('no signature of another kind passes', async () => {
  const operation = await signed(list, ann.signingKey)
  const { timestamp, nonce } = signatureIn(operation)
  const form = JSON.stringify(['tidemark-1', operation.query, null, null, {}, timestamp, nonce])
  const by = (algorithm: string, key: string | Buffer) => createHmac(algorithm, key).update(form).digest('base64url')
  const bytes = Buffer.from(ann.signingKey, 'base64url')
  for (const value of [by('sha512', bytes), by('sha1', bytes), by('sha256', ann.signingKey), by('sha256', ''), by('sha256', ann.accessToken)])
    expect(await send(withSignature(list, { value, timestamp, nonce }))).toBe('SIGNATURE_INVALID')
  expect(await send(withSignature(list, { value: by('sha256', bytes), timestamp, nonce }))).toBeNull()
})
