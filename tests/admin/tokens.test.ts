import { decodeJwt, SignJWT } from 'jose'
import { describe, expect, test } from 'vitest'
import { newId } from '../../src/platform/ids.ts'
import { deleteAccount, logout } from '../accounts/operations.ts'
import { from, newEmail, codeOf as serviceCodeOf, signUp as signUpAt, startWorld } from '../accounts/world.ts'
import type { IssueTokenInput } from '../generated/graphql.ts'
import { type Client, clientOf, codeOf, password, refusalOf, signUp, useServers } from '../harness/client.ts'
import { modes } from '../harness/modes.ts'
import { createDocument, listDocuments } from '../harness/operations.ts'
import { until } from '../harness/wait.ts'
import { auditOf, issuedTokens, issueToken, listUsers, revokeToken, rotateTokens, whoAmI } from './accounts-operations.ts'
import { apiKey, keeperOf, openAs, revoked } from './world.ts'

const daySeconds = 86_400

describe.each(modes)('on %s', mode => {
  const servers = useServers(mode, { nodes: 2, env: { ADMIN_API_KEY: apiKey } })
  const keeper = () => keeperOf(servers.one.url)
  const issue = async (input: IssueTokenInput) => (await keeper().run(issueToken, { input })).issueToken
  const far = (token: string): Client => clientOf(servers.other.url, token)
  /** What a token is answered on both nodes. */
  const codesOf = (token: string) => Promise.all([codeOf(clientOf(servers.one.url, token).ask(whoAmI, {})), codeOf(far(token).ask(whoAmI, {}))])
  const over = (token: string) =>
    until('the end of the token on both nodes', async () => (await codesOf(token)).every(code => code === 'TOKEN_REVOKED'))

  test('a token makes its user by id, by e-mail or anew, finds them again, and is good on every node', async () => {
    const email = newEmail('token')
    const anew = await issue({ displayName: 'A program' })
    expect(anew.user).toMatchObject({ email: null, displayName: 'A program', role: 'USER', emailVerified: false })
    const byEmail = await issue({ email: ` ${email.toUpperCase()} ` })
    expect(byEmail.user.email).toBe(email)
    expect((await issue({ email })).user.id).toBe(byEmail.user.id)
    expect((await issue({ email, userId: byEmail.user.id, displayName: 'not used' })).user.displayName).toBeNull()
    const id = newId('user')
    for (const round of [1, 2]) expect([round, (await issue({ userId: id })).user.id]).toEqual([round, id])
    const alice = await signUp(servers.one.url)
    const { token, jti, scopes, expiresAt } = await issue({ userId: alice.id })
    expect(scopes).toBeNull()
    expect(Date.parse(expiresAt) - Date.now()).toBeGreaterThan(29.9 * daySeconds * 1000)
    expect((await far(token).run(whoAmI, {})).viewer?.id).toBe(alice.id)
    const { document } = (await alice.run(createDocument, { input: {} })).createDocument
    expect((await far(token).run(listDocuments, {})).documents.edges.map(({ node }) => node.id)).toEqual([document.id])
    using socket = await openAs(servers.other, token)
    socket.send({ id: '1', type: 'subscribe', payload: { query: '{ viewer { id } }' } })
    expect(await socket.next()).toMatchObject({ payload: { data: { viewer: { id: alice.id } } } })
    const told = (await keeper().run(auditOf, { action: 'token-issued' })).auditLog.nodes
    expect(told.find(({ target }) => target === jti)).toMatchObject({ details: { userId: alice.id, scopes: null } })
    expect(JSON.stringify(told)).not.toContain(token.split('.')[2])
  })

  test('what makes no sense is refused, and names what is wrong', async () => {
    const alice = await signUp(servers.one.url)
    const refused = (input: IssueTokenInput) => refusalOf(keeper().ask(issueToken, { input }))
    const wrong = (field: string) => ({ code: 'BAD_USER_INPUT', field: `input.${field}` })
    for (const ttlSeconds of [-1, 0, 59, 400 * daySeconds + 1]) expect(await refused({ ttlSeconds })).toEqual(wrong('ttlSeconds'))
    for (const ttlSeconds of [60, 400 * daySeconds]) expect(await refused({ ttlSeconds })).toBeNull()
    expect(await refused({ scopes: [] })).toEqual(wrong('scopes'))
    for (const scope of ['', 'documents', 'documents:admin', 'Documents:read', 'notes:read ', '*', 'constructor'])
      expect(await refused({ scopes: ['notes:read', scope] })).toEqual(wrong('scopes.1'))
    for (const userId of ['me', newId('doc'), 'user_1', '\0']) expect((await refused({ userId }))?.code).toBe('BAD_USER_INPUT')
    expect(await refused({ email: 'nobody' })).toEqual(wrong('email'))
    expect(await refused({ displayName: ' ' })).toEqual(wrong('displayName'))
    expect((await refused({ userId: newId('user'), email: alice.email }))?.code).toBe('CONFLICT')
    expect((await refused({ userId: alice.id, email: newEmail('else') }))?.code).toBe('CONFLICT')
    expect(await codeOf(alice.ask(issueToken, { input: {} }))).toBe('FORBIDDEN')
  })

  test('a repeat, at the same time or later, gets the very same token and makes nobody', async () => {
    const input = {
      email: newEmail('repeated'),
      scopes: ['notes:write', 'chats:read', 'notes:write'],
      ttlSeconds: 120,
      idempotencyKey: newId('user'),
    }
    const all = await Promise.all(
      Array.from({ length: 6 }, (_, index) => keeperOf(index % 2 ? servers.other.url : servers.one.url).run(issueToken, { input })),
    )
    const [first] = all
    expect(first?.issueToken.scopes).toEqual(['notes:write', 'chats:read'])
    expect(new Set(all.map(answer => JSON.stringify(answer))).size).toBe(1)
    expect(await issue(input)).toEqual(first?.issueToken)
    expect((await keeper().run(listUsers, { search: input.email })).users.nodes).toHaveLength(1)
    expect(await codeOf(keeper().ask(issueToken, { input: { ...input, ttlSeconds: 121 } }))).toBe('IDEMPOTENCY_MISMATCH')
    await keeper().run(revokeToken, { input: { jti: first?.issueToken.jti ?? '' } })
    expect(await codeOf(keeper().ask(issueToken, { input }))).toBe('TOKEN_REVOKED')
  })

  test('many calls that make the same user at once make one', async () => {
    const email = newEmail('once')
    const all = await Promise.all(Array.from({ length: 8 }, () => issue({ email })))
    expect(new Set(all.map(({ user }) => user.id)).size).toBe(1)
    expect(new Set(all.map(({ token }) => token)).size).toBe(8)
  })

  test('a token that is revoked ends on every node, with what is open, and no other does', async () => {
    const one = await issue({})
    const other = await issue({ userId: one.user.id })
    expect((await keeper().run(issuedTokens, { userId: one.user.id })).issuedTokens.map(({ jti }) => jti).sort()).toEqual([one.jti, other.jti].sort())
    using socket = await openAs(servers.other, one.token)
    using kept = await openAs(servers.other, other.token)
    expect((await keeper().run(revokeToken, { input: { jti: one.jti } })).revokeToken.revokedJti).toBe(one.jti)
    expect(await socket.closed).toEqual(revoked)
    await over(one.token)
    expect(await codesOf(other.token)).toEqual([null, null])
    kept.send({ id: '1', type: 'subscribe', payload: { query: '{ viewer { id } }' } })
    expect(await kept.next()).toMatchObject({ payload: { data: { viewer: { id: one.user.id } } } })
    expect((await keeper().run(issuedTokens, { userId: one.user.id })).issuedTokens).toEqual([
      { jti: other.jti, scopes: null, createdAt: expect.any(String), expiresAt: other.expiresAt },
    ])
    for (const jti of [one.jti, 'nothing', newId('user')]) expect(await codeOf(keeper().ask(revokeToken, { input: { jti } }))).toBe('NOT_FOUND')
    expect((await keeper().run(issuedTokens, { userId: 'user_nobody' })).issuedTokens).toEqual([])
    const told = (await keeper().run(auditOf, { action: 'token-revoked' })).auditLog.nodes
    expect(told.find(({ target }) => target === one.jti)).toMatchObject({ details: { userId: one.user.id } })
  })

  test('a rotation ends all sessions and tokens of a user, on every node, and gives the one that is good', async () => {
    const alice = await signUp(servers.one.url)
    const { token } = await issue({ userId: alice.id, scopes: ['account:read'] })
    using bySession = await openAs(servers.other, alice.accessToken)
    using byToken = await openAs(servers.other, token)
    const input = { userId: alice.id, ttlSeconds: 60, scopes: ['account:read'], idempotencyKey: newId('user') }
    const { rotateTokens: fresh } = await keeper().run(rotateTokens, { input })
    expect(await bySession.closed).toEqual(revoked)
    expect(await byToken.closed).toEqual(revoked)
    await over(alice.accessToken)
    await over(token)
    expect(fresh).toMatchObject({ user: { id: alice.id }, scopes: ['account:read'] })
    expect(await codesOf(fresh.token)).toEqual([null, null])
    expect((await keeper().run(rotateTokens, { input })).rotateTokens).toEqual(fresh)
    expect((await keeper().run(issuedTokens, { userId: alice.id })).issuedTokens.map(({ jti }) => jti)).toEqual([fresh.jti])
    expect(await codeOf(keeper().ask(rotateTokens, { input: { userId: 'user_nobody' } }))).toBe('NOT_FOUND')
    expect((await keeper().run(auditOf, { action: 'tokens-rotated' })).auditLog.nodes[0]).toMatchObject({
      target: alice.id,
      details: { jti: fresh.jti },
    })
  })

  test('a token ends when it signs out, and all of a user when they sign out everywhere or go', async () => {
    const alice = await signUp(servers.one.url)
    const [one, other] = [await issue({ userId: alice.id }), await issue({ userId: alice.id })]
    using socket = await openAs(servers.other, other.token)
    expect((await clientOf(servers.one.url, one.token).run(logout, {})).logout.endedSessions).toBe(0)
    await over(one.token)
    expect(await codesOf(other.token)).toEqual([null, null])
    expect((await alice.run(logout, { input: { everywhere: true } })).logout.endedSessions).toBe(1)
    expect(await socket.closed).toEqual(revoked)
    await over(other.token)
    const bob = await signUp(servers.one.url)
    const { token } = await issue({ userId: bob.id })
    await bob.run(deleteAccount, { input: { password } })
    await over(token)
    expect(await codeOf(keeper().ask(issueToken, { input: { userId: bob.id } }))).toBe('CONFLICT')
  })
})

const admin = { userId: null, by: 'api-key', ip: '192.0.2.1', expiresAt: null } as const

test('a token ends with its time, and what is kept of it is swept', async () => {
  await using node = await startWorld('postgres')
  const { token, jti, user, expiresAt } = await node.accounts.issueToken(admin, { ttlSeconds: 3_600 })
  expect(decodeJwt(token)).toMatchObject({ sub: user.id, jti, exp: expiresAt.getTime() / 1000 })
  expect(await node.accounts.authenticate(token, '192.0.2.1')).toMatchObject({
    userId: user.id,
    sessionId: null,
    tokenId: jti,
    scopes: null,
    expiresAt,
  })
  node.clock.forward(3_600_000)
  expect(await serviceCodeOf(node.accounts.authenticate(token, '192.0.2.1'))).toBe('TOKEN_EXPIRED')
  expect(await node.accounts.issuedTokens(admin, user.id)).toEqual([])
  await node.accounts.sweep()
  expect(await serviceCodeOf(node.accounts.revokeToken(admin, { jti }))).toBe('NOT_FOUND')
})

test('whoever changes the password ends the tokens of the account', async () => {
  await using node = await startWorld('postgres')
  const alice = await signUpAt(node)
  const { token } = await node.accounts.issueToken(admin, { userId: alice.user.id })
  const viewer = await node.accounts.authenticate(token, '192.0.2.1')
  const { accessToken } = await node.accounts.changePassword(
    viewer,
    { currentPassword: password, newPassword: 'another horse battery' },
    from('192.0.2.1'),
  )
  expect(await serviceCodeOf(node.accounts.authenticate(token, '192.0.2.1'))).toBe('TOKEN_REVOKED')
  expect(await serviceCodeOf(node.accounts.authenticate(alice.accessToken, '192.0.2.1'))).toBe('TOKEN_REVOKED')
  expect((await node.accounts.authenticate(accessToken, '192.0.2.1')).userId).toBe(alice.user.id)
})

test('a user has a hundred good tokens at most, however many are asked for at once', async () => {
  await using node = await startWorld('postgres')
  const { user } = await node.accounts.issueToken(admin, {})
  const codes = await Promise.all(Array.from({ length: 110 }, () => serviceCodeOf(node.accounts.issueToken(admin, { userId: user.id }))))
  expect(codes.filter(code => code === null)).toHaveLength(99)
  expect(codes.filter(code => code === 'QUOTA_EXCEEDED')).toHaveLength(11)
  expect(await node.accounts.issuedTokens(admin, user.id)).toHaveLength(100)
})

test('a token that this server did not issue is none, whatever it says', async () => {
  await using node = await startWorld('postgres')
  const { token, user } = await node.accounts.issueToken(admin, {})
  const [header = '', payload = '', signature = ''] = token.split('.')
  const forged = (claims: object) => `${header}.${Buffer.from(JSON.stringify({ ...decodeJwt(token), ...claims })).toString('base64url')}.${signature}`
  const other = (await node.accounts.issueToken(admin, {})).user.id
  const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.`
  const stranger = await new SignJWT(decodeJwt(token)).setProtectedHeader({ alg: 'HS256' }).sign(new Uint8Array(32))
  for (const made of [forged({ sub: other }), forged({ exp: 4e9 }), forged({ sid: null }), unsigned, stranger, `${header}.${payload}`])
    expect(await serviceCodeOf(node.accounts.authenticate(made, '192.0.2.1'))).toBe('UNAUTHENTICATED')
  expect((await node.accounts.authenticate(token, '192.0.2.1')).userId).toBe(user.id)
})
