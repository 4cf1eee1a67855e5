import { beforeAll, describe, expect, test } from 'vitest'
import type { StoreVaultKeyInput } from '../generated/graphql.ts'
import { codeOf, makeAdmin, type Person, password, refusalOf, sharedServers, signUp } from '../harness/client.ts'
import { modes } from '../harness/modes.ts'
import { newVault, sealed, vaultOf, vaultsOf, wrapped } from './world.ts'

describe.each(modes)('the key of a vault on %s', mode => {
  const servers = sharedServers(mode)
  let ann: Person
  let eve: Person
  beforeAll(async () => {
    ann = await signUp(servers.one.url, 'ann')
    eve = await signUp(servers.one.url, 'eve')
  })

  test('makes the vault, and comes back as it was given', async () => {
    const vault = vaultOf(ann)
    expect(await vault.read()).toBeNull()
    const key = wrapped()
    const stored = await vault.store({ ...key, encryptedName: 'bmFtZQ==' })
    expect(stored).toMatchObject({ ...key, vaultId: vault.vaultId, encryptedName: 'bmFtZQ==', version: 1 })
    expect(stored.updatedAt).toBe(stored.createdAt)
    expect(await vault.read()).toMatchObject({ id: vault.vaultId, headSequence: 0, logBytes: 0, createdAt: stored.createdAt, key: stored })
  })

  test('is stored once: not a second time, under no other idempotency key, and in a race for one of all', async () => {
    const vault = vaultOf(ann)
    const idempotencyKey = `store ${vault.vaultId}`
    const key = wrapped()
    const first = await vault.store({ ...key, idempotencyKey })
    const taken = { code: 'ALREADY_EXISTS', field: 'input.vaultId' }
    expect(await refusalOf(vault.store())).toEqual(taken)
    expect(await refusalOf(vault.store({ ...key, idempotencyKey: 'another key' }))).toEqual(taken)
    expect(await codeOf(vault.store({ idempotencyKey }))).toBe('IDEMPOTENCY_MISMATCH')
    await vault.rotate(1)
    expect(await vault.store({ ...key, idempotencyKey })).toEqual(first)
    expect((await vault.read())?.key?.version).toBe(2)

    const contested = vaultOf(ann).vaultId
    const tries = Array.from({ length: 12 }, (_, index) => {
      const mine = vaultOf(index % 2 ? ann : ann.at(servers.other.url), contested)
      return { ...mine, key: wrapped(), idempotencyKey: index % 3 ? `race ${index} ${contested}` : null }
    })
    const outcomes = await Promise.all(tries.map(one => codeOf(one.store({ ...one.key, idempotencyKey: one.idempotencyKey }))))
    expect(outcomes.filter(code => code === null)).toHaveLength(1)
    expect(outcomes.filter(code => code === 'ALREADY_EXISTS')).toHaveLength(11)
    expect((await vaultOf(ann, contested).read())?.key).toMatchObject(tries[outcomes.indexOf(null)]?.key ?? {})
  })

  test('is wrapped anew by who knows the version, and of several at once by one', async () => {
    const vault = await newVault(ann)
    const before = await vault.read()
    await vault.push({ logs: [sealed()] })
    const key = wrapped()
    const rotated = await vault.rotate(1, { ...key, idempotencyKey: `rotate ${vault.vaultId}` })
    expect(rotated).toMatchObject({ ...key, version: 2, createdAt: before?.key?.createdAt, encryptedName: null })
    expect(Date.parse(rotated.updatedAt)).toBeGreaterThanOrEqual(Date.parse(rotated.createdAt))
    expect((await vault.read())?.key).toEqual(rotated)
    expect((await vault.read())?.headSequence).toBe(1)

    const refused = await vault.rotate(1).catch(error => error)
    expect(refused.errors[0].extensions).toMatchObject({ code: 'VERSION_MISMATCH', field: 'input.expectedVersion', version: 2 })
    for (const version of [0, 3, -1]) expect(await codeOf(vault.rotate(version))).toBe('VERSION_MISMATCH')

    const outcomes = await Promise.all(
      Array.from({ length: 8 }, (_, index) => codeOf(vaultOf(index % 2 ? ann : ann.at(servers.other.url), vault.vaultId).rotate(2))),
    )
    expect(outcomes.filter(code => code === null)).toHaveLength(1)
    expect(outcomes.filter(code => code === 'VERSION_MISMATCH')).toHaveLength(7)
    // A repeat is told what the first call did, though others have come since.
    expect(await vault.rotate(1, { ...key, idempotencyKey: `rotate ${vault.vaultId}` })).toEqual(rotated)
    expect((await vault.read())?.key?.version).toBe(3)
    expect(await codeOf(vaultOf(ann).rotate(1))).toBe('NOT_FOUND')
  })

  test('belongs to one user: others have vaults of the same name, and see nothing of this one', async () => {
    const vault = await newVault(ann)
    await vault.push({ logs: [sealed()] })
    const admin = await signUp(servers.one.url, 'admin')
    await makeAdmin(servers.one, admin)
    for (const stranger of [eve, admin]) {
      const theirs = vaultOf(stranger, vault.vaultId)
      expect(await theirs.read()).toBeNull()
      for (const use of [() => theirs.rotate(1), () => theirs.remove(), () => theirs.pushNew(), () => theirs.follow(servers.one.wsUrl)])
        expect(await codeOf(use())).toBe('NOT_FOUND')
      expect(await vaultsOf(stranger)).toEqual([])
      expect((await theirs.store()).version).toBe(1)
      expect((await theirs.push({ logs: [sealed()] })).headSequence).toBe(1)
      await theirs.remove()
    }
    expect(await vault.read()).toMatchObject({ headSequence: 1, key: { version: 1 } })
  })

  test('is one of a list, the oldest first, with the logs of each', async () => {
    const bob = await signUp(servers.one.url, 'bob')
    const made = []
    for (const count of [2, 0, 3]) {
      const vault = await newVault(bob)
      if (count > 0) await vault.pushNew(count)
      made.push({ id: vault.vaultId, headSequence: count, logs: { hasMore: false, endSequence: count || null } })
    }
    const listed = await vaultsOf(bob)
    expect(listed).toMatchObject(made)
    expect(listed.map(vault => vault.logs.nodes.length)).toEqual([2, 0, 3])
  })

  const tooLong = 'A'.repeat(4100)
  const cases: [string, Partial<StoreVaultKeyInput>, string, string | undefined][] = [
    ['an empty id', { vaultId: '' }, 'BAD_USER_INPUT', 'input.vaultId'],
    ['an id that is too long', { vaultId: 'v'.repeat(129) }, 'BAD_USER_INPUT', 'input.vaultId'],
    ['an id with NUL', { vaultId: 'a\0b' }, 'BAD_USER_INPUT', 'input.vaultId'],
    ['an id with half a pair', { vaultId: 'a\ud800' }, 'BAD_USER_INPUT', 'input.vaultId'],
    ['an empty key', { encryptedVaultKey: '' }, 'BAD_USER_INPUT', 'input.encryptedVaultKey'],
    ['a key that is too long', { encryptedVaultKey: tooLong }, 'PAYLOAD_TOO_LARGE', 'input.encryptedVaultKey'],
    ['a key that is no base64', { encryptedVaultKey: 'YWJj!' }, 'BAD_USER_INPUT', undefined],
    ['a name that is too long', { encryptedName: tooLong }, 'PAYLOAD_TOO_LARGE', 'input.encryptedName'],
    ['an empty salt', { salt: '' }, 'BAD_USER_INPUT', 'input.salt'],
    ['a salt that is too long', { salt: 's'.repeat(129) }, 'BAD_USER_INPUT', 'input.salt'],
    ['a nonce with NUL', { nonce: '\0' }, 'BAD_USER_INPUT', 'input.nonce'],
    ['a nonce with half a pair', { nonce: '\udc00' }, 'BAD_USER_INPUT', 'input.nonce'],
  ]
  test.each(cases)('is refused with %s', async (_, input, code, field) => {
    const refused = await refusalOf(vaultOf(ann).store(input))
    expect(refused?.code).toBe(code)
    if (field) expect(refused?.field).toBe(field)
  })

  test('is taken at its limits, whatever the letters are', async () => {
    const key = { encryptedVaultKey: 'A'.repeat(4096), encryptedName: 'QUI=', salt: '🌱'.repeat(64), nonce: 'é'.repeat(128) }
    const vault = vaultOf(ann, `${'漢'.repeat(127)}${Math.floor(Math.random() * 10)}`)
    expect(await vault.store(key)).toMatchObject(key)
    expect((await vault.read())?.key).toMatchObject({ ...key, vaultId: vault.vaultId })
  })

  test('is one of at most 200', async () => {
    const bob = await signUp(servers.one.url, 'bob')
    const stores = Array.from({ length: 199 }, (_, index) => () => codeOf(vaultOf(bob, `v${index}`).store()))
    for (let at = 0; at < stores.length; at += 40) await Promise.all(stores.slice(at, at + 40).map(store => store()))
    const race = await Promise.all(Array.from({ length: 6 }, (_, index) => codeOf(vaultOf(bob, `race${index}`).store())))
    expect(race.filter(code => code === null)).toHaveLength(1)
    expect(race.filter(code => code === 'QUOTA_EXCEEDED')).toHaveLength(5)
    expect(await vaultsOf(bob)).toHaveLength(200)
    await vaultOf(bob, 'v7').remove()
    expect(await codeOf(vaultOf(bob, 'one more').store())).toBeNull()
    expect(await codeOf(vaultOf(bob, 'two more').store())).toBe('QUOTA_EXCEEDED')
  })

  test('goes with its vault and its account', async () => {
    const bob = await signUp(servers.one.url, 'bob')
    await newVault(bob, 'mine')
    const { errors } = await bob.post(JSON.stringify({ query: `mutation { deleteAccount(input: { password: "${password}" }) { deletedId } }` }))
    expect(errors).toEqual([])
    expect(await codeOf(vaultOf(bob, 'mine').store())).toBe('TOKEN_REVOKED')
  })
})
