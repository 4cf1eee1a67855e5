import { Client as Database } from 'pg'
import { describe, expect, test } from 'vitest'
import { codeOf, type Person, password, signUp, useServers } from '../harness/client.ts'
import { environmentOf, modes } from '../harness/modes.ts'
import { startServer } from '../harness/server.ts'
import { newVault, sealed, vaultOf, vaultsOf } from './world.ts'

const deleteAccount = (person: Person) =>
  person.post(JSON.stringify({ query: `mutation { deleteAccount(input: { password: "${password}" }) { deletedId } }` }))
/** Weighs 1,000 bytes: its texts, and 128 for itself. */
const thousand = (name: number) => sealed({ encryptedData: 'A'.repeat(800), nonce: 'n'.repeat(36), haexTimestamp: String(name).padStart(36, 't') })

describe.each(modes)('vaults that are made, filled, rotated and deleted at once on %s', mode => {
  const servers = useServers(mode, { nodes: 2, env: { VAULT_QUOTA_BYTES: '40000' } })

  test('are there or not, and what they weigh is known to the byte', async () => {
    const bob = await signUp(servers.one.url, 'bob')
    const outcomes = await Promise.all(
      Array.from({ length: 120 }, (_, index) => {
        const vault = vaultOf(index % 2 ? bob : bob.at(servers.other.url), `vault ${index % 3}`)
        const acts = [vault.store, () => vault.push({ logs: [thousand(index), thousand(index % 7)] }), () => vault.rotate(1), vault.remove, vault.all]
        return codeOf((acts[Math.floor(index / 3) % acts.length] ?? vault.read)() as Promise<unknown>)
      }),
    )
    const expected = [null, 'NOT_FOUND', 'ALREADY_EXISTS', 'VERSION_MISMATCH']
    expect(outcomes.filter(code => !expected.includes(code))).toEqual([])

    for (const { id } of await vaultsOf(bob)) {
      const vault = vaultOf(bob, id)
      const logs = await vault.all()
      expect(logs.map(log => log.sequence)).toEqual(logs.map((_, index) => index + 1))
      expect(await vault.read()).toMatchObject({ headSequence: logs.length, logBytes: logs.length * 1_000 })
      await vault.remove()
    }
    const last = await newVault(bob)
    await last.push({ logs: Array.from({ length: 40 }, (_, index) => thousand(index)) })
    expect(await codeOf(last.pushNew())).toBe('QUOTA_EXCEEDED')
  })
})

test('an account that goes while its vaults are in use leaves nothing of them behind', async () => {
  await using environment = await environmentOf('postgres')
  await using server = await startServer(environment.env)
  await using database = Object.assign(new Database({ connectionString: environment.env['DATABASE_URL'] ?? '' }), {
    [Symbol.asyncDispose]: () => database.end(),
  })
  await database.connect()
  const bob = await signUp(server.url, 'bob')
  const vaults = await Promise.all(Array.from({ length: 4 }, () => newVault(bob)))
  for (const vault of vaults) await vault.pushNew(3)
  const outcomes = await Promise.all(
    vaults.flatMap((vault, index) => [
      codeOf(vault.pushNew(2)),
      codeOf(index % 2 ? vault.remove() : vault.rotate(1)),
      codeOf(vaultOf(bob).store()),
      ...(index === 1 ? [codeOf(deleteAccount(bob))] : []),
      codeOf(vault.pushNew(2)),
      codeOf(vaultOf(bob).store()),
    ]),
  )
  const expected = [null, 'NOT_FOUND', 'TOKEN_REVOKED', 'UNAUTHENTICATED']
  expect(outcomes.filter(code => !expected.includes(code))).toEqual([])
  const { rows } = await database.query(`
    select (select count(*) from vaults) vaults, (select count(*) from vault_logs) logs, (select count(*) from vault_usage) usage,
      (select count(*) from changes where stream_id like 'vault%') changes`)
  expect(rows).toEqual([{ vaults: '0', logs: '0', usage: '0', changes: '0' }])
})
