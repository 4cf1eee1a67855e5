import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { modes } from '../harness/modes.ts'
import { codeOf, from, type Node, newEmail, password, signUp, startNode, startWorld } from './world.ts'

const home = from('192.0.2.1')

describe.each(modes)('signing in on %s', mode => {
  let node: Node
  beforeAll(async () => {
    node = await startWorld(mode)
  })
  afterAll(() => node[Symbol.asyncDispose]())

  test('an address is one account, however it is written', async () => {
    const email = newEmail('ünïcode')
    const { user } = await node.accounts.register({ email: `  ${email.toUpperCase()} `, password, displayName: ' Ünï ' }, home)
    expect(user).toMatchObject({ email, displayName: 'Ünï', emailVerified: false, role: 'USER' })
    expect(await codeOf(node.accounts.register({ email: email.normalize('NFD'), password }, home))).toBe('EMAIL_TAKEN')
    expect((await node.accounts.login({ email: email.replace('@', '＠').normalize('NFD'), password }, home)).user.id).toBe(user.id)
  })

  test('of many who register one address at once, one gets it', async () => {
    const email = newEmail()
    const outcomes = await Promise.allSettled(Array.from({ length: 6 }, () => node.accounts.register({ email, password }, home)))
    expect(outcomes.filter(outcome => outcome.status === 'fulfilled')).toHaveLength(1)
    for (const lost of outcomes.filter(outcome => outcome.status === 'rejected')) expect(lost.reason).toMatchObject({ code: 'EMAIL_TAKEN' })
  })

  test('a registration that is repeated with its key is one account and one session, with fresh tokens', async () => {
    const input = { email: newEmail(), password, displayName: 'Twice', idempotencyKey: 'register-0001' }
    const [first, second] = await Promise.all([node.accounts.register(input, home), node.accounts.register(input, home)])
    const third = await node.accounts.register(input, home)
    expect(new Set([first, second, third].map(payload => payload.session.id)).size).toBe(1)
    expect((await node.accounts.refreshSession(third, home)).user.id).toBe(first.user.id)
    expect(await codeOf(node.accounts.register({ ...input, displayName: 'Other' }, home))).toBe('IDEMPOTENCY_MISMATCH')
    expect(await codeOf(node.accounts.register({ ...input, password: 'some other password' }, home))).toBe('INVALID_CREDENTIALS')
  })

  test('a login that is repeated with its key is one session, and needs the password each time', async () => {
    const { user } = await signUp(node, newEmail('key'))
    const input = { email: user.email!, password, deviceName: 'laptop', idempotencyKey: 'login-000001' }
    const first = await node.accounts.login(input, home)
    const second = await node.accounts.login(input, home)
    expect(second.session).toMatchObject({ id: first.session.id, device: { name: 'laptop' } })
    expect(await codeOf(node.accounts.login({ ...input, password: 'wrong password' }, home))).toBe('INVALID_CREDENTIALS')
    expect(await codeOf(node.accounts.login({ ...input, deviceName: 'phone' }, home))).toBe('IDEMPOTENCY_MISMATCH')
    const viewer = await node.accounts.authenticate(second.accessToken, '127.0.0.1')
    expect(await node.accounts.sessions(viewer)).toHaveLength(2)
    await node.accounts.logout(viewer, { everywhere: true })
    expect(await codeOf(node.accounts.login(input, home))).toBe('TOKEN_REVOKED')
  })

  test('no password and no token is in the database or the log', async () => {
    const secret = 'a secret nobody may find'
    const email = newEmail()
    const first = await node.accounts.register({ email, password: secret, idempotencyKey: 'secrets-0001' }, home)
    const second = await node.accounts.refreshSession(first, home)
    await codeOf(node.accounts.refreshSession(first, home))
    const { rows: tables } = await node.database.db.execute<{ name: string }>(
      `select quote_ident(table_name) as name from information_schema.tables where table_schema = 'public'`,
    )
    let kept = node.logs.join('')
    for (const { name } of tables) {
      const { rows } = await node.database.db.execute<{ content: string | null }>(`select string_agg(t::text, ' ') as content from ${name} t`)
      kept += rows[0]?.content ?? ''
    }
    expect(kept).toContain(email)
    for (const hidden of [secret, first.refreshToken, second.refreshToken, first.accessToken, second.accessToken]) expect(kept).not.toContain(hidden)
  })
})

describe('what is refused', () => {
  let node: Node
  beforeAll(async () => {
    node = await startWorld('postgres')
  })
  afterAll(() => node[Symbol.asyncDispose]())

  test.each([
    ['no address', 'x'],
    ['two at signs', 'a@b@example.org'],
    ['a space inside', 'a b@example.org'],
    ['NUL', 'a\0@example.org'],
    ['half a surrogate pair', 'a\ud800@example.org'],
    ['a line break', 'a@example.org\r\nBcc: b@example.org'],
    ['invisible characters', 'a\u200b@example.org'],
    ['255 characters', `${'a'.repeat(60)}@${'b'.repeat(190)}.org`],
  ])('an address with %s', async (_, email) => {
    await expect(node.accounts.register({ email, password }, home)).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      details: { field: 'input.email' },
    })
  })

  test.each([
    ['too short', '1234567'],
    ['too long', 'x'.repeat(257)],
    ['that everybody tries', 'Password1'],
    ['with NUL', 'long enough\0'],
    ['with half a surrogate pair', 'long enough\udc00'],
  ])('a password %s', async (_, bad) => {
    await expect(node.accounts.register({ email: newEmail(), password: bad }, home)).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      details: { field: 'input.password' },
    })
  })

  test('names of no length, or of too much', async () => {
    for (const displayName of ['', '   ', 'x'.repeat(201), 'a\0'])
      expect(await codeOf(node.accounts.register({ email: newEmail(), password, displayName }, home))).toBe('BAD_USER_INPUT')
  })

  test('registrations, where they are closed', async () => {
    await using closed = await startWorld('postgres', { REGISTRATION: 'closed' })
    expect(await codeOf(closed.accounts.register({ email: newEmail(), password }, home))).toBe('FORBIDDEN')
  })

  test('a password of 256 characters is good to its last one', async () => {
    const long = 'ä'.repeat(255)
    const { user } = await node.accounts.register({ email: newEmail(), password: `${long}1` }, home)
    expect(await codeOf(node.accounts.login({ email: user.email!, password: `${long}2` }, home))).toBe('INVALID_CREDENTIALS')
    expect((await node.accounts.login({ email: user.email!, password: `${long.normalize('NFD')}1` }, home)).user.id).toBe(user.id)
  })
})

test('an address finds its account when it is whole, and discovery is on', async () => {
  await using node = await startWorld('postgres')
  const { user } = await signUp(node, newEmail('found'))
  expect(await node.accounts.userByEmail(` ${user.email!.toUpperCase()}`)).toMatchObject({ id: user.id, emailKnown: true })
  expect(await node.accounts.userByEmail(user.email!.slice(1))).toBeNull()
  expect(await codeOf(node.accounts.userByEmail('%'))).toBe('BAD_USER_INPUT')
  await using hidden = await startNode({ ...node.env, USER_DISCOVERY: 'off' })
  expect(await hidden.accounts.userByEmail(user.email!)).toBeNull()
})
