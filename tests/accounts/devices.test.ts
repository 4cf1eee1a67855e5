import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newId } from '../../src/platform/ids.ts'
import { codeOf, from, type Node, newEmail, password, signUp, startWorld } from './world.ts'

const home = from('192.0.2.1')

describe('devices', () => {
  let node: Node
  beforeAll(async () => {
    node = await startWorld('postgres')
  })
  afterAll(() => node[Symbol.asyncDispose]())
  const someone = async () => node.accounts.authenticate((await signUp(node)).accessToken, '127.0.0.1')

  test('a device is found by its name, at sign-in too, or made', async () => {
    const email = newEmail()
    await signUp(node, email)
    const first = await node.accounts.login({ email, password, deviceName: ' Laptop ' }, from('192.0.2.1'))
    const second = await node.accounts.login({ email, password, deviceName: 'Laptop' }, from('192.0.2.1'))
    expect(second.session.device).toMatchObject({ id: first.session.device!.id, name: 'Laptop' })
    const viewer = await node.accounts.authenticate(first.accessToken, '127.0.0.1')
    const { device } = await node.accounts.registerDevice(viewer, { name: 'Laptop' })
    expect(device.id).toBe(first.session.device!.id)
    await node.accounts.registerDevice(viewer, { name: 'Phone' })
    expect((await node.accounts.devices(viewer)).map(({ name }) => name)).toEqual(['Phone', 'Laptop'])
  })

  test('a device with an id of its own is made once, and renamed', async () => {
    const viewer = await someone()
    const id = newId('dev')
    const made = await node.accounts.registerDevice(viewer, { id, name: 'Tablet', idempotencyKey: 'device-0001' })
    expect(made.device).toMatchObject({ id, name: 'Tablet' })
    expect((await node.accounts.registerDevice(viewer, { id, name: 'Slate' })).device).toMatchObject({ id, name: 'Slate' })
    expect((await node.accounts.registerDevice(viewer, { id, name: 'Tablet', idempotencyKey: 'device-0001' })).device).toMatchObject({
      id,
      name: 'Slate',
    })
    expect(await codeOf(node.accounts.registerDevice(viewer, { id, name: 'Other', idempotencyKey: 'device-0001' }))).toBe('IDEMPOTENCY_MISMATCH')
    expect(await codeOf(node.accounts.registerDevice(viewer, { id: newId('dev'), name: 'Slate' }))).toBe('ALREADY_EXISTS')
    expect(await codeOf(node.accounts.registerDevice(await someone(), { id, name: 'Slate' }))).toBe('ALREADY_EXISTS')
    for (const bad of ['dev_1', newId('sess'), ''])
      expect(await codeOf(node.accounts.registerDevice(viewer, { id: bad, name: 'Bad' }))).toBe('BAD_USER_INPUT')
  })

  test('removing a device signs it out, and only its owner can', async () => {
    const email = newEmail()
    await signUp(node, email)
    const lost = await node.accounts.login({ email, password, deviceName: 'Lost' }, from('192.0.2.1'))
    const kept = await node.accounts.login({ email, password, deviceName: 'Kept' }, from('192.0.2.1'))
    const viewer = await node.accounts.authenticate(kept.accessToken, '127.0.0.1')
    const { id } = lost.session.device!
    const stranger = await someone()
    expect(await codeOf(node.accounts.removeDevice(stranger, { id }))).toBe('NOT_FOUND')
    expect((await node.accounts.findDevices(stranger, [id])).size).toBe(0)
    expect(await node.accounts.removeDevice(viewer, { id })).toEqual({ removedId: id })
    expect(await codeOf(node.accounts.refreshSession(lost, home))).toBe('TOKEN_REVOKED')
    expect(await codeOf(node.accounts.refreshSession(kept, home))).toBeNull()
    expect(await codeOf(node.accounts.removeDevice(viewer, { id }))).toBe('NOT_FOUND')
  })

  test('no more than a hundred are kept, those seen last', async () => {
    const viewer = await someone()
    for (let count = 0; count < 103; count++) await node.accounts.registerDevice(viewer, { name: `device ${count}` })
    const names = (await node.accounts.devices(viewer)).map(({ name }) => name)
    expect(names).toHaveLength(100)
    expect(names).toContain('device 102')
    expect(names).not.toContain('device 0')
  })
})

describe('deleting an account', () => {
  test('needs the password, ends everything, and leaves nothing that tells whose it was', async () => {
    await using node = await startWorld('postgres')
    const email = newEmail()
    const gone = await node.accounts.register({ email, password, displayName: 'Somebody Special' }, from('192.0.2.1'))
    const other = await node.accounts.login({ email, password, deviceName: 'Special Laptop' }, from('192.0.2.1', 'SpecialBrowser'))
    const viewer = await node.accounts.authenticate(gone.accessToken, '127.0.0.1')
    const closed = new Promise(resolve => node.services.access.watch(viewer, null, resolve))
    expect(await codeOf(node.accounts.deleteAccount(viewer, { password: 'a wrong password' }, from('192.0.2.1')))).toBe('INVALID_CREDENTIALS')
    expect(await node.accounts.deleteAccount(viewer, { password }, from('192.0.2.1'))).toEqual({ deletedId: gone.user.id })
    expect(await closed).toBe('TOKEN_REVOKED')
    for (const { accessToken } of [gone, other]) expect(await codeOf(node.accounts.authenticate(accessToken, '127.0.0.1'))).toBe('TOKEN_REVOKED')
    expect(await codeOf(node.accounts.refreshSession(other, home))).toBe('TOKEN_REVOKED')
    expect(await codeOf(node.accounts.login({ email, password }, from('192.0.2.1')))).toBe('INVALID_CREDENTIALS')
    expect(await node.accounts.findUser(gone.user.id)).toBeNull()
    const loader = node.accounts.userLoader
    expect(await loader.load(gone.user.id)).toMatchObject({ id: gone.user.id, email: null, displayName: null, role: 'USER', emailVerified: false })
    const { rows: tables } = await node.database.db.execute<{ name: string }>(
      `select quote_ident(table_name) as name from information_schema.tables where table_schema = 'public'`,
    )
    for (const { name } of tables) {
      const { rows } = await node.database.db.execute<{ content: string | null }>(`select string_agg(t::text, ' ') as content from ${name} t`)
      for (const trace of [email, 'Special', 'argon2']) expect(rows[0]?.content ?? '', name).not.toContain(trace)
    }
    expect((await node.accounts.register({ email, password }, from('192.0.2.1'))).user.id).not.toBe(gone.user.id)
  })
})
