import { beforeAll, describe, expect, test } from 'vitest'
import { type Person, sharedServers, signUp } from '../harness/client.ts'
import { pushVaultLogs, readLogs, storeVaultKey } from '../vaults/operations.ts'

describe('a vault in which one device wrote nearly everything', () => {
  const servers = sharedServers('embedded')
  const pushes = 6
  const perPush = 1_000
  let ann: Person
  beforeAll(async () => {
    ann = await signUp(servers.one.url)
    await ann.run(storeVaultKey, { input: { vaultId: 'long', encryptedVaultKey: 'AAAA', salt: 's', nonce: 'n' } })
    for (let push = 0; push < pushes; push++) {
      const logs = Array.from({ length: perPush }, (_, index) => ({ encryptedData: 'AAAA', nonce: String(index), haexTimestamp: String(push) }))
      await ann.run(pushVaultLogs, { input: { vaultId: 'long', deviceId: 'laptop', logs } })
    }
    await ann.run(pushVaultLogs, {
      input: { vaultId: 'long', deviceId: 'phone', logs: [{ encryptedData: 'BBBB', nonce: 'n', haexTimestamp: 't' }] },
    })
  }, 120_000)

  test('is not looked through whole for one page of what the others wrote, and pages lead to that all the same', async () => {
    const pages: { count: number; endSequence: number | null }[] = []
    for (let afterSequence = 0, isMore = true; isMore; ) {
      const logs = (await ann.run(readLogs, { id: 'long', afterSequence, first: 100, excludeDeviceId: 'laptop' })).vault?.logs
      if (!logs) throw new Error('There is no such vault.')
      pages.push({ count: logs.nodes.length, endSequence: Number(logs.endSequence) })
      isMore = logs.hasMore
      afterSequence = Number(logs.endSequence)
    }
    expect(pages).toEqual([
      { count: 0, endSequence: 5_000 },
      { count: 1, endSequence: pushes * perPush + 1 },
    ])
  })
})
