import { beforeAll, describe, expect, test } from 'vitest'
import { type Person, sharedServers, signUp } from '../harness/client.ts'
import { pushVaultLogs, storeVaultKey } from '../vaults/operations.ts'

/** More than any one answer is to hold: all of it is in memory at once, and a few such calls at a time are the end of a server. */
const tooMuch = 40 * 1024 * 1024

describe('one answer with logs of a vault', () => {
  const servers = sharedServers('embedded')
  let ann: Person
  beforeAll(async () => {
    ann = await signUp(servers.one.url)
    await ann.run(storeVaultKey, { input: { vaultId: 'heavy', encryptedVaultKey: 'AAAA', salt: 's', nonce: 'n' } })
    for (let pushed = 0; pushed < 6; pushed++) {
      const logs = Array.from({ length: 4 }, (_, index) => ({
        encryptedData: 'A'.repeat(240_000),
        nonce: `${pushed}.${index}`,
        haexTimestamp: String(pushed),
      }))
      await ann.run(pushVaultLogs, { input: { vaultId: 'heavy', logs } })
    }
  })

  async function weigh(query: string): Promise<number> {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${ann.accessToken}` }
    const response = await fetch(servers.one.url, { method: 'POST', headers, body: JSON.stringify({ query }) })
    return (await response.arrayBuffer()).byteLength
  }
  const times = (part: (index: number) => string) => Array.from({ length: 49 }, (_, index) => part(index)).join(' ')

  test('holds no fifty pages, and no page fifty times', async () => {
    const page = 'logs { nodes { encryptedData } }'
    expect(await weigh(`{ vault(id: "heavy") { ${page} } }`)).toBeGreaterThan(3_000_000)
    expect(await weigh(`{ vault(id: "heavy") { ${times(index => `a${index}: ${page}`)} } }`)).toBeLessThan(tooMuch)
    expect(await weigh(`{ vault(id: "heavy") { logs { nodes { ${times(index => `a${index}: encryptedData`)} } } } }`)).toBeLessThan(tooMuch)
  })
})
