import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { modes } from '../harness/modes.ts'
import { until } from '../harness/wait.ts'
import { codeOf, from, type Node, newEmail, password, signUp, startNode, startWorld } from './world.ts'

const home = from('192.0.2.1')

describe.each(modes)('sessions on %s', mode => {
  let node: Awaited<ReturnType<typeof startWorld>>
  beforeAll(async () => {
    node = await startWorld(mode)
  })
  afterAll(() => node[Symbol.asyncDispose]())

  test('an access token tells who someone is', async () => {
    const { user, session, accessToken, expiresAt } = await signUp(node)
    expect(await node.accounts.authenticate(accessToken, '127.0.0.1')).toMatchObject({
      userId: user.id,
      sessionId: session.id,
      role: 'USER',
      scopes: null,
      expiresAt,
    })
  })

  test('what stands on a session ends no later than it, whatever it says itself', async () => {
    const { user, session } = await signUp(node)
    const claims = { userId: user.id, sessionId: session.id, tokenId: 'a cookie' }
    const endOf = async (expiresAt: Date) => (await node.accounts.viewerOf({ ...claims, expiresAt }, '127.0.0.1')).expiresAt
    const sooner = new Date(session.expiresAt.getTime() - 1)
    expect([await endOf(new Date(8e12)), await endOf(sooner)]).toEqual([session.expiresAt, sooner])
  })

  test('refreshing gives new tokens of the same session, and the old ones of it go on until they end', async () => {
    const first = await signUp(node)
    const second = await node.accounts.refreshSession(first, home)
    expect(second.session.id).toBe(first.session.id)
    expect(second.refreshToken).not.toBe(first.refreshToken)
    expect(second.accessToken).not.toBe(first.accessToken)
    for (const { accessToken } of [first, second])
      expect((await node.accounts.authenticate(accessToken, '127.0.0.1')).sessionId).toBe(first.session.id)
    expect((await node.accounts.refreshSession(second, home)).session.id).toBe(first.session.id)
  })

  test('a used refresh token ends its session, for whoever holds the newer one too', async () => {
    const first = await signUp(node)
    const second = await node.accounts.refreshSession(first, home)
    await node.accounts.authenticate(second.accessToken, '127.0.0.1')
    expect(await codeOf(node.accounts.refreshSession(first, home))).toBe('TOKEN_REVOKED')
    expect(await codeOf(node.accounts.refreshSession(second, home))).toBe('TOKEN_REVOKED')
    await until(
      'the access token is refused',
      async () => (await codeOf(node.accounts.authenticate(second.accessToken, '127.0.0.1'))) === 'TOKEN_REVOKED',
      1_000,
    )
  })

  test('of many who present one refresh token at once, one gets new tokens, and the session is over', async () => {
    const first = await signUp(node)
    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => node.accounts.refreshSession(first, home)))
    const won = outcomes.filter(outcome => outcome.status === 'fulfilled')
    expect(won).toHaveLength(1)
    for (const lost of outcomes.filter(outcome => outcome.status === 'rejected')) expect(lost.reason).toMatchObject({ code: 'TOKEN_REVOKED' })
    expect(await codeOf(node.accounts.refreshSession(won[0]!.value, home))).toBe('TOKEN_REVOKED')
  })

  test('logging out ends this session or all, and says how many', async () => {
    const email = newEmail()
    const here = await signUp(node, email)
    const there = await node.accounts.login({ email, password }, from('192.0.2.1'))
    await node.accounts.login({ email, password }, from('192.0.2.1'))
    const viewer = await node.accounts.authenticate(here.accessToken, '127.0.0.1')
    expect(await node.accounts.sessions(viewer)).toHaveLength(3)
    expect(await node.accounts.logout(viewer, null)).toEqual({ endedSessions: 1 })
    expect(await codeOf(node.accounts.refreshSession(here, home))).toBe('TOKEN_REVOKED')
    const other = await node.accounts.authenticate(there.accessToken, '127.0.0.1')
    expect(await node.accounts.logout(other, { everywhere: true })).toEqual({ endedSessions: 2 })
    expect(await codeOf(node.accounts.refreshSession(there, home))).toBe('TOKEN_REVOKED')
    expect(await node.accounts.sessions(other)).toEqual([])
  })

  test('one can end one’s own sessions and nobody else’s', async () => {
    const email = newEmail()
    const mine = await signUp(node, email)
    const other = await node.accounts.login({ email, password, deviceName: 'phone' }, from('192.0.2.1', 'Phone/1'))
    const stranger = await signUp(node)
    const viewer = await node.accounts.authenticate(mine.accessToken, '127.0.0.1')
    expect(await codeOf(node.accounts.revokeSession({ viewer, admin: null }, { id: stranger.session.id }))).toBe('NOT_FOUND')
    const ids = [stranger.session.id, other.session.id]
    const found = await node.accounts.findSessions({ viewer, admin: null }, ids)
    expect([...found.keys()]).toEqual([other.session.id])
    expect(found.get(other.session.id)).toMatchObject({
      userAgent: 'Phone/1',
      device: { name: 'phone' },
    })
    expect(await node.accounts.revokeSession({ viewer, admin: null }, { id: other.session.id })).toEqual({ revokedId: other.session.id })
    expect(await codeOf(node.accounts.revokeSession({ viewer, admin: null }, { id: other.session.id }))).toBe('NOT_FOUND')
    expect((await node.accounts.sessions(viewer)).map(session => session.id)).toEqual([mine.session.id])
    expect((await node.accounts.authenticate(stranger.accessToken, '127.0.0.1')).userId).toBe(stranger.user.id)
  })

  test('an open feed of a session closes when it ends', async () => {
    const { accessToken } = await signUp(node)
    const viewer = await node.accounts.authenticate(accessToken, '127.0.0.1')
    const ended = new Promise(resolve => node.services.access.watch(viewer, null, resolve))
    await node.accounts.logout(viewer, null)
    expect(await ended).toBe('TOKEN_REVOKED')
  })
})

test('a session that ends on one node is over on another, before any look at the log', async () => {
  await using first = await startWorld('postgres+redis', { HEAL_INTERVAL_MS: '3600000' })
  await using second: Node = await startNode(first.env)
  const { accessToken } = await signUp(first)
  const viewer = await second.accounts.authenticate(accessToken, '127.0.0.1')
  await first.accounts.logout(viewer, null)
  await until('the other node refuses', async () => (await codeOf(second.accounts.authenticate(accessToken, '127.0.0.1'))) === 'TOKEN_REVOKED')
})

describe('as time goes by', () => {
  test('an access token ends, a session ends, and what ended is swept away', async () => {
    await using node = await startWorld('postgres', { JWT_EXPIRES_IN: '60s', JWT_REFRESH_EXPIRES_IN: '1h' })
    const first = await signUp(node)
    node.clock.forward(61_000)
    expect(await codeOf(node.accounts.authenticate(first.accessToken, '127.0.0.1'))).toBe('TOKEN_EXPIRED')
    const second = await node.accounts.refreshSession(first, home)
    expect((await node.accounts.authenticate(second.accessToken, '127.0.0.1')).userId).toBe(first.user.id)
    node.clock.forward(3_601_000)
    expect(await codeOf(node.accounts.refreshSession(second, home))).toBe('TOKEN_EXPIRED')
    await node.accounts.sweep()
    const { rows } = await node.database.db.execute('select count(*)::int as count from sessions')
    expect(rows).toEqual([{ count: 0 }])
  })
})

describe('tokens that are none', () => {
  let node: Node
  beforeAll(async () => {
    node = await startWorld('postgres')
  })
  afterAll(() => node[Symbol.asyncDispose]())

  test('a changed refresh token is refused and ends nothing', async () => {
    const first = await signUp(node)
    const bytes = Buffer.from(first.refreshToken, 'base64url')
    for (const at of [0, 31, 33, 47, 50, 63]) {
      const changed = Buffer.from(bytes)
      changed[at]! ^= 1
      expect(await codeOf(node.accounts.refreshSession({ refreshToken: changed.toString('base64url') }, home))).toBe('UNAUTHENTICATED')
    }
    for (const refreshToken of ['', 'x', `${first.refreshToken}=`, first.accessToken])
      expect(await codeOf(node.accounts.refreshSession({ refreshToken }, home))).toBe('UNAUTHENTICATED')
    expect((await node.accounts.refreshSession(first, home)).user.id).toBe(first.user.id)
  })

  test('an access token that was changed, or signed by anybody else, or not at all, is refused', async () => {
    const { accessToken } = await signUp(node)
    const [header = '', claims = '', signature = ''] = accessToken.split('.')
    const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const decoded = JSON.parse(Buffer.from(claims, 'base64url').toString()) as Record<string, unknown>
    const forged = [
      '',
      'x.y.z',
      accessToken.slice(0, -3),
      `${header}.${encode({ ...decoded, sub: 'user_0' })}.${signature}`,
      `${encode({ alg: 'none' })}.${claims}.`,
      `${encode({ alg: 'none' })}.${claims}.${signature}`,
      `${encode({ alg: 'HS512' })}.${claims}.${signature}`,
      'a'.repeat(10_000),
    ]
    for (const token of forged) expect(await codeOf(node.accounts.authenticate(token, '127.0.0.1')), token.slice(0, 60)).toBe('UNAUTHENTICATED')
    expect(await node.accounts.verifyToken({ token: forged[3]! }, from('192.0.2.1'))).toEqual({
      valid: false,
      user: null,
      expiresAt: null,
      reason: 'UNAUTHENTICATED',
    })
    expect(await node.accounts.verifyToken({ token: accessToken }, from('192.0.2.1'))).toMatchObject({
      valid: true,
      reason: null,
      user: { role: 'USER' },
    })
  })
})
