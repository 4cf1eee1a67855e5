import { sql } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { newId } from '../../src/platform/ids.ts'
import { newEmail, codeOf as serviceCodeOf, signUp as signUpAt, startWorld } from '../accounts/world.ts'
import { type Client, codeOf, refusalOf, signUp, useServers } from '../harness/client.ts'
import { modes } from '../harness/modes.ts'
import { createDocument, setAccess } from '../harness/operations.ts'
import { until } from '../harness/wait.ts'
import { auditOf, issueToken, listUsers, revokeSession, sessionsOf, setRole, userNode, whoAmI } from './accounts-operations.ts'
import { apiKey, keeperOf, openAs, revoked } from './world.ts'

describe.each(modes)('on %s', mode => {
  const servers = useServers(mode, { nodes: 2, env: { ADMIN_API_KEY: apiKey } })

  test('administrators list everybody, the newest first and each once', async () => {
    const keeper = keeperOf(servers.one.url)
    const people = []
    for (let index = 0; index < 5; index++) people.push(await signUp(servers.one.url, 'listed'))
    const found: string[] = []
    let after: string | null = null
    do {
      const page: { nodes: readonly { id: string }[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } } = (
        await keeper.run(listUsers, { search: 'listed', first: 2, after })
      ).users
      found.push(...page.nodes.map(({ id }) => id))
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null
    } while (after !== null)
    expect(found).toEqual(people.map(({ id }) => id).reverse())
  })

  test('a search looks for the text as it is, in any case of letters', async () => {
    const keeper = keeperOf(servers.one.url)
    const find = async (search: string) => (await keeper.run(listUsers, { search })).users.nodes.map(({ displayName }) => displayName)
    for (const displayName of ['Ann 100%', 'Ann_100', 'Ann 1000', 'Back\\slash', 'O’Hara ÉMILE'])
      await keeper.run(issueToken, { input: { displayName } })
    expect(await find('ann 100%')).toEqual(['Ann 100%'])
    expect(await find('ANN_1')).toEqual(['Ann_100'])
    expect(await find('ann 100')).toEqual(['Ann 1000', 'Ann 100%'])
    expect(await find('k\\s')).toEqual(['Back\\slash'])
    expect(await find('’hara émile')).toEqual(['O’Hara ÉMILE'])
    expect(await find("' or true --")).toEqual([])
    const { id, email } = await signUp(servers.one.url, 'exact')
    for (const search of [id, email.toUpperCase(), ` ${email.slice(0, -4)} `]) {
      expect((await keeper.run(listUsers, { search })).users.nodes).toMatchObject([{ id, email }])
    }
    for (const search of ['\0', '\ud800', 'x'.repeat(201)]) {
      expect(await refusalOf(keeper.ask(listUsers, { search }))).toEqual({ code: 'BAD_USER_INPUT', field: 'search' })
    }
    for (const after of ['x', Buffer.from(`1 ${id.replace('user', 'doc')}`).toString('base64url'), Buffer.from('1 \0').toString('base64url')]) {
      expect(await refusalOf(keeper.ask(listUsers, { after }))).toEqual({ code: 'BAD_USER_INPUT', field: 'after' })
    }
    expect(await refusalOf(keeper.ask(listUsers, { first: 501 }))).toEqual({ code: 'BAD_USER_INPUT', field: 'first' })
  })

  test('where somebody is signed in is told to them and to administrators, and to nobody who shares something with them', async () => {
    const keeper = keeperOf(servers.one.url)
    const [alice, bob] = [await signUp(servers.one.url), await signUp(servers.one.url)]
    const { document } = (await alice.run(createDocument, { input: {} })).createDocument
    await alice.run(setAccess, { input: { resourceId: document.id, userId: bob.id, access: 'READ' } })
    expect((await bob.run(userNode, { id: alice.id })).node).toMatchObject({ email: alice.email, sessionCount: null })
    expect((await alice.run(whoAmI, {})).viewer).toMatchObject({ sessionCount: 1 })
    expect((await keeper.run(listUsers, { search: alice.id })).users.nodes).toMatchObject([{ email: alice.email, sessionCount: 1 }])
    expect((await keeper.run(userNode, { id: alice.id })).node).toMatchObject({ email: alice.email, sessionCount: 1 })
    expect(await codeOf(bob.ask(sessionsOf, { userId: alice.id }))).toBe('FORBIDDEN')
    expect(await codeOf(bob.ask(sessionsOf, { userId: 'user_nobody' }))).toBe('FORBIDDEN')
    expect((await bob.run(sessionsOf, { userId: bob.id })).sessions).toEqual([{ id: bob.sessionId, current: true }])
    expect((await keeper.run(sessionsOf, { userId: alice.id })).sessions).toEqual([{ id: alice.sessionId, current: false }])
    expect((await keeper.run(sessionsOf, { userId: 'user_nobody' })).sessions).toEqual([])
    expect(await codeOf(keeper.ask(sessionsOf, {}))).toBe('UNAUTHENTICATED')
    const sessionSeenBy = async (client: Client) => (await client.run(userNode, { id: alice.sessionId })).node?.id ?? null
    expect([await sessionSeenBy(keeper), await sessionSeenBy(alice), await sessionSeenBy(bob)]).toEqual([alice.sessionId, alice.sessionId, null])
  })

  test('an administrator ends somebody’s session, which closes its sockets on the other node', async () => {
    const keeper = keeperOf(servers.one.url)
    const [alice, bob] = [await signUp(servers.one.url), await signUp(servers.one.url)]
    using socket = await openAs(servers.other, alice.accessToken)
    expect(await codeOf(bob.ask(revokeSession, { input: { id: alice.sessionId } }))).toBe('NOT_FOUND')
    expect((await keeper.run(revokeSession, { input: { id: alice.sessionId } })).revokeSession.revokedId).toBe(alice.sessionId)
    expect(await socket.closed).toEqual(revoked)
    expect(await codeOf(alice.at(servers.other.url).ask(whoAmI, {}))).toBe('TOKEN_REVOKED')
    expect(await codeOf(keeper.ask(revokeSession, { input: { id: alice.sessionId } }))).toBe('NOT_FOUND')
    const told = (await keeper.run(auditOf, { action: 'token-revoked' })).auditLog.nodes
    expect(told.find(({ target }) => target === alice.sessionId)).toMatchObject({ details: { userId: alice.id }, actor: null })
  })

  test('a role that changes closes the sockets of its user on the other node, and their session goes on with the new one on both', async () => {
    const keeper = keeperOf(servers.one.url)
    const alice = await signUp(servers.one.url)
    const far = alice.at(servers.other.url)
    for (const [role, code] of [
      ['ADMIN', null],
      ['USER', 'FORBIDDEN'],
    ] as const) {
      using socket = await openAs(servers.other, alice.accessToken)
      expect((await keeper.run(setRole, { input: { userId: alice.id, role } })).setRole.user).toEqual({ id: alice.id, role })
      expect(await socket.closed).toEqual(revoked)
      await until('the new role on the other node', async () => (await codeOf(far.ask(listUsers, { first: 1 }))) === code)
      expect(await codeOf(alice.ask(listUsers, { first: 1 }))).toBe(code)
      using again = await openAs(servers.other, alice.accessToken)
      // What changes nothing closes nothing.
      await keeper.run(setRole, { input: { userId: alice.id, role } })
      again.send({ id: '1', type: 'subscribe', payload: { query: '{ viewer { role } }' } })
      expect(await again.next()).toMatchObject({ payload: { data: { viewer: { role } } } })
    }
    const told = (await keeper.run(auditOf, { action: 'role-changed' })).auditLog.nodes.filter(({ target }) => target === alice.id)
    expect(told.map(({ details }) => details)).toEqual([
      { from: 'ADMIN', to: 'USER' },
      { from: 'USER', to: 'ADMIN' },
    ])
    expect(await codeOf(keeper.ask(setRole, { input: { userId: 'user_nobody', role: 'ADMIN' } }))).toBe('NOT_FOUND')
    expect(await codeOf(alice.ask(setRole, { input: { userId: alice.id, role: 'ADMIN' } }))).toBe('FORBIDDEN')
  })
})

const admin = { userId: null, by: 'api-key', ip: '192.0.2.1', expiresAt: null } as const

test('the last ADMIN stays one as long as nobody else could administer the server, whoever tries at the same time', async () => {
  await using node = await startWorld('postgres')
  const [alice, bob] = [await signUpAt(node), await signUpAt(node)]
  const set = (userId: string, role: 'USER' | 'ADMIN') => serviceCodeOf(node.accounts.setRole(admin, { userId, role }))
  for (const { user } of [alice, bob]) expect(await set(user.id, 'ADMIN')).toBeNull()
  const outcomes = await Promise.all([set(alice.user.id, 'USER'), set(bob.user.id, 'USER')])
  expect(outcomes.sort()).toEqual(['CONFLICT', null])
  const roles = await Promise.all([alice, bob].map(async ({ user }) => (await node.accounts.findUser(user.id))?.role))
  expect(roles.sort()).toEqual(['ADMIN', 'USER'])
})

test('nobody takes the role from whom ADMIN_EMAIL gives it to, and with it the last ADMIN may go', async () => {
  const email = newEmail('admin')
  await using node = await startWorld('postgres', { ADMIN_EMAIL: email })
  const [chief, alice] = [await signUpAt(node, email), await signUpAt(node)]
  await node.database.db.execute(sql`update users set email_verified_at = now() where id = ${chief.user.id}`)
  expect(await serviceCodeOf(node.accounts.setRole(admin, { userId: chief.user.id, role: 'USER' }))).toBe('CONFLICT')
  expect((await node.accounts.setRole(admin, { userId: alice.user.id, role: 'ADMIN' })).user.role).toBe('ADMIN')
  expect((await node.accounts.setRole(admin, { userId: alice.user.id, role: 'USER' })).user.role).toBe('USER')
})

test('ten thousand users, many of them made in the same millisecond, come each once', async () => {
  await using node = await startWorld('postgres')
  const ids = Array.from({ length: 10_000 }, () => newId('user'))
  await node.database.db.execute(sql`
    insert into users (id, email, created_at)
    select id, 'many' || n || '@example.org', timestamptz '2026-01-01' + (n % 10) * interval '1 ms'
    from unnest(${sql.param(ids)}::text[]) with ordinality as given(id, n)`)
  const seen = new Set<string>()
  let after: string | null = null
  let pages = 0
  do {
    const page = await node.accounts.users(admin, { search: null, first: 500, after })
    for (const { id } of page.rows) seen.add(id)
    const last = page.rows.at(-1)
    after = page.hasNextPage && last ? page.cursorOf(last) : null
    pages++
  } while (after !== null)
  expect([seen.size, pages]).toEqual([10_000, 20])
})
