import { beforeAll, describe, expect, test } from 'vitest'
import { type Client, clientOf, codeOf, makeAdmin, type Person, signUp, useServers } from '../harness/client.ts'
import { modes } from '../harness/modes.ts'
import { createDocument, listDocuments, pushDelta, readDocument, removeAccess, setAccess } from '../harness/operations.ts'
import { failToStart } from '../harness/server.ts'
import { until } from '../harness/wait.ts'
import { openSocket } from '../transport/raw-socket.ts'
import { auditOf, listUsers, setRole, userNode, whoAmI } from './accounts-operations.ts'
import { apiKey, keeperOf } from './world.ts'

const keeper = { username: 'keeper', password: 'a password of some length' }
const basic = (username: string, password: string) => `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
const env = {
  ADMIN_API_KEY: apiKey,
  ADMIN_USERNAME: keeper.username,
  ADMIN_PASSWORD: keeper.password,
  ADMIN_IP_ALLOWLIST: '192.0.2.0/28, 203.0.113.7, 2001:db8:1::/48, fd00::5',
}
const via = (...hops: readonly string[]) => ({ 'x-forwarded-for': hops.join(', ') })
const inside = '192.0.2.1'
const outside = '198.51.100.1'

const allowed = [
  '192.0.2.0',
  '192.0.2.15',
  '203.0.113.7',
  '::ffff:192.0.2.3',
  '2001:db8:1::1',
  '2001:DB8:1:ffff::',
  '[2001:db8:1::1]:4000',
  'fd00:0::5',
]
const refused = ['192.0.2.16', '191.255.255.255', '203.0.113.8', '::ffff:203.0.113.8', '2001:db8:2::1', 'fd00::6', '::1', '127.0.0.1', 'nonsense']

describe.each(modes)('behind a proxy that is trusted, on %s', mode => {
  const servers = useServers(mode, { env: { ...env, TRUSTED_PROXIES: '127.0.0.0/8, 10.0.0.0/8' } })
  let admin: Person
  beforeAll(async () => {
    admin = await signUp(servers.one.url, 'admin')
    await makeAdmin(servers.one, admin)
  })
  /** The ADMIN by session, from somewhere. */
  const adminFrom = (...hops: readonly string[]) => clientOf(servers.one.url, admin.accessToken, via(...hops))
  const administers = (client: Client) => codeOf(client.ask(listUsers, { first: 1 }))
  const socketFrom = (address: string) => openSocket(servers.one.wsUrl, { headers: via(address) })

  test.each(allowed)('%s may administer', async address => {
    expect(await administers(keeperOf(servers.one.url, via(address)))).toBeNull()
    expect(await administers(adminFrom(address))).toBeNull()
  })

  test.each(refused)('%s may not', async address => {
    expect(await administers(keeperOf(servers.one.url, via(address)))).toBe('FORBIDDEN')
    expect(await administers(adminFrom(address))).toBe('FORBIDDEN')
  })

  test('what a caller writes before the address that the proxy vouches for changes nothing', async () => {
    for (const forged of [
      via(inside, outside),
      via(inside, inside, outside, '10.0.0.1'),
      via(`${inside}, ${outside}`),
      via(inside, 'nonsense', outside),
    ]) {
      expect(await administers(keeperOf(servers.one.url, forged))).toBe('FORBIDDEN')
      expect(await administers(clientOf(servers.one.url, admin.accessToken, forged))).toBe('FORBIDDEN')
    }
    for (const name of ['forwarded', 'x-real-ip', 'x-client-ip', 'true-client-ip', 'cf-connecting-ip', 'x-originating-ip']) {
      const header = name === 'forwarded' ? `for=${inside}` : inside
      expect(await administers(keeperOf(servers.one.url, { ...via(outside), [name]: header }))).toBe('FORBIDDEN')
    }
    expect(await administers(keeperOf(servers.one.url, via(outside, inside, '10.0.0.1')))).toBeNull()
  })

  test('name and password administer by HTTP, from where administrators may be', async () => {
    const as = (authorization: string, address = inside) => administers(clientOf(servers.one.url, null, { authorization, ...via(address) }))
    expect(await as(basic(keeper.username, keeper.password))).toBeNull()
    expect(await as(basic(keeper.username, keeper.password), outside)).toBe('FORBIDDEN')
    for (const [username, password] of [
      [keeper.username, ''],
      ['', keeper.password],
      [keeper.username, `${keeper.password} `],
      ['Keeper', keeper.password],
    ] as const)
      expect(await as(basic(username, password), '192.0.2.2')).toBe('UNAUTHENTICATED')
    // Who administers the server is no user: there is nothing that is theirs.
    const nobody = clientOf(servers.one.url, null, { authorization: basic(keeper.username, keeper.password), ...via(inside) })
    expect(await codeOf(nobody.ask(listDocuments, {}))).toBe('UNAUTHENTICATED')
    expect(await codeOf(nobody.ask(createDocument, { input: {} }))).toBe('UNAUTHENTICATED')
  })

  test('the key administers by socket, in the payload or in the header that opens it', async () => {
    const query = '{ users(first: 1) { nodes { id } } }'
    for (const [payload, headers] of [
      [{ 'x-admin-api-key': apiKey }, {}],
      [{ headers: { 'X-Admin-Api-Key': apiKey } }, {}],
      [undefined, { 'x-admin-api-key': apiKey }],
    ] as const) {
      using socket = await openSocket(servers.one.wsUrl, { headers: { ...via(inside), ...headers } })
      expect((await socket.init(payload)).type).toBe('connection_ack')
      socket.send({ id: '1', type: 'subscribe', payload: { query } })
      expect(await socket.next()).toMatchObject({ type: 'next', payload: { data: { users: { nodes: [{}] } } } })
    }
    for (const [address, key, reason] of [
      [outside, apiKey, 'FORBIDDEN'],
      ['192.0.2.3', `${apiKey}x`, 'UNAUTHENTICATED'],
    ] as const) {
      using socket = await socketFrom(address)
      socket.send({ type: 'connection_init', payload: { 'x-admin-api-key': key } })
      expect(await socket.closed).toEqual({ code: 4403, reason })
    }
  })

  test('an ADMIN from elsewhere is a user like all others', async () => {
    const bob = await signUp(servers.one.url)
    const { document } = (await bob.run(createDocument, { input: {} })).createDocument
    const [near, far] = [adminFrom(inside), adminFrom(outside)]
    const document_ = async (client: Client) => (await client.run(readDocument, { id: document.id })).document?.id ?? null
    expect([await document_(near), await document_(far)]).toEqual([document.id, null])
    expect((await near.run(userNode, { id: bob.id })).node).toMatchObject({ email: bob.email, sessionCount: 1 })
    expect((await far.run(userNode, { id: bob.id })).node).toBeNull()
    expect((await far.run(whoAmI, {})).viewer?.id).toBe(admin.id)
    expect(await codeOf(far.ask(setRole, { input: { userId: bob.id, role: 'ADMIN' } }))).toBe('FORBIDDEN')
    // The same session may be used from both places at once; neither is taken for the other.
    const codes = await Promise.all([near, far, near, far].map(administers))
    expect(codes).toEqual([null, 'FORBIDDEN', null, 'FORBIDDEN'])
    for (const [address, code] of [
      [inside, undefined],
      [outside, 'NOT_FOUND'],
    ] as const) {
      using socket = await socketFrom(address)
      await socket.init({ token: admin.accessToken })
      socket.send({ id: '1', type: 'subscribe', payload: { query: `subscription { documentChanges(documentId: "${document.id}") { cursor } }` } })
      const { payload } = (await socket.next()) as { payload: { errors?: { extensions: { code: string } }[] } }
      expect(payload.errors?.[0]?.extensions.code).toBe(code)
    }
  })

  test('what an event tells an ADMIN, it does not tell the same user elsewhere', async () => {
    const [bob, carol] = [await signUp(servers.one.url), await signUp(servers.one.url)]
    const { document } = (await bob.run(createDocument, { input: {} })).createDocument
    for (const { id: userId } of [admin, carol]) await bob.run(setAccess, { input: { resourceId: document.id, userId, access: 'WRITE' } })
    const push = { documentId: document.id, clientId: 'c', clock: { c: 1 }, writes: [{ path: 'a', value: 1 }] }
    await carol.run(pushDelta, { input: push })
    await bob.run(removeAccess, { input: { resourceId: document.id, userId: carol.id } })
    const query = `subscription { documentChanges(documentId: "${document.id}", after: "${document.cursor}") { ... on DocumentDelta { author { email } } } }`
    const told: unknown[] = []
    // Both stay open: they could share what is made for one of them.
    using near = await socketFrom(inside)
    using far = await socketFrom(outside)
    for (const socket of [near, far]) {
      await socket.init({ token: admin.accessToken })
      socket.send({ id: '1', type: 'subscribe', payload: { query } })
      await socket.next()
      told.push((await socket.next()).payload)
    }
    const toldOf = (email: string | null) => ({ data: { documentChanges: { author: { email } } } })
    expect(told).toEqual([toldOf(carol.email), toldOf(null)])
  })

  test('who guesses has to wait, whatever comes next from there, and nobody else has to', async () => {
    const at = '192.0.2.9'
    const ask = (client: Client) => client.ask(listUsers, { first: 1 })
    const guess = (index: number) =>
      index % 2
        ? clientOf(servers.one.url, null, { 'x-admin-api-key': `${apiKey}${index}`, ...via(at) })
        : clientOf(servers.one.url, null, { authorization: basic('keeper', `${index}`), ...via(at) })
    // Ten are free, and the one beyond them opens the wait; however slow the machine is, the right key soon comes while there is one.
    const refusal = await until('the wait', async () => {
      const codes = await Promise.all(Array.from({ length: 15 }, (_, index) => codeOf(ask(guess(index)))))
      expect(codes.filter(code => code !== 'UNAUTHENTICATED' && code !== 'RATE_LIMITED')).toEqual([])
      const [error] = (await ask(keeperOf(servers.one.url, via(at)))).errors
      return codes.includes('RATE_LIMITED') ? error : null
    })
    expect(refusal.extensions).toMatchObject({ code: 'RATE_LIMITED', retryAfterMs: expect.any(Number) })
    expect(refusal.extensions['retryAfterMs']).toBeGreaterThan(0)
    expect(await administers(keeperOf(servers.one.url, via('192.0.2.10')))).toBeNull()
    expect(await administers(adminFrom(at))).toBeNull()
    const told = await until('the refusals in the audit log', async () => {
      const { nodes } = (await adminFrom(inside).run(auditOf, { action: 'sign-in-refused' })).auditLog
      return nodes.some(({ details }) => (details as { reason?: string }).reason === 'RATE_LIMITED') && nodes
    })
    expect(JSON.stringify(told)).not.toContain(apiKey)
  })

  test('an administrator with many requests at once is not taken for one who guesses', async () => {
    const codes = await Promise.all(Array.from({ length: 60 }, () => administers(keeperOf(servers.one.url, via('192.0.2.11')))))
    expect(codes.filter(Boolean)).toEqual([])
  })
})

describe('without a proxy', () => {
  const servers = useServers('postgres', { env })

  test.each([inside, `${inside}, ${inside}`, '2001:db8:1::1', '127.0.0.1'])('X-Forwarded-For: %s is believed of nobody', async forged => {
    expect(await codeOf(keeperOf(servers.one.url, { 'x-forwarded-for': forged }).ask(listUsers, { first: 1 }))).toBe('FORBIDDEN')
  })
})

test.each(['10.0.0.0/33', 'office', '2001:db8::/129', '10.0.0.1-10.0.0.9'])('the server does not start with %s on the list', async entry => {
  const { code, output } = await failToStart({ ADMIN_IP_ALLOWLIST: entry })
  expect(code).not.toBe(0)
  expect(output).toContain('ADMIN_IP_ALLOWLIST')
})
