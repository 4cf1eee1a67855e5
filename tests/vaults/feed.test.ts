import { describe, expect, test } from 'vitest'
import { codeOf, password, refusalOf, sharedServers, signUp } from '../harness/client.ts'
import { environmentOf, modes } from '../harness/modes.ts'
import { startServer } from '../harness/server.ts'
import { logsOf, newVault, sealed, vaultOf } from './world.ts'

describe.each(modes)('the feed of a vault on %s', mode => {
  const servers = sharedServers(mode)
  const deletion = JSON.stringify({ query: `mutation { deleteAccount(input: { password: "${password}" }) { deletedId } }` })

  test('tells every log as the pages show it, on every node: history first, then what comes', async () => {
    const ann = await signUp(servers.one.url, 'ann')
    const vault = await newVault(ann)
    const start = (await vault.read())?.cursor
    await vault.pushNew(3)
    await using fromStart = await vault.follow(servers.one.wsUrl, start)
    await using live = await vault.follow(servers.other.wsUrl)
    expect(live.items).toEqual([{ __typename: 'FeedReady', cursor: (await vault.read())?.cursor }])
    const phone = vaultOf(ann.at(servers.other.url), vault.vaultId)
    const known = sealed()
    await phone.push({ deviceId: 'phone', logs: [known, sealed(), known] })
    await phone.push({ deviceId: 'phone', logs: [known] })
    await vault.pushNew(1, null)
    const all = await vault.all()
    expect(all).toHaveLength(6)
    expect(logsOf(await fromStart.got(7))).toMatchObject(all)
    expect(logsOf(await live.got(4))).toMatchObject(all.slice(3))
    await using resumed = await vault.follow(servers.one.wsUrl, all[1]?.cursor)
    expect(logsOf(await resumed.got(5))).toMatchObject(all.slice(2))
    expect((await vault.read())?.cursor).toBe(all[5]?.cursor)
    expect((await vault.page({ afterSequence: 2, first: 2 }))?.endCursor).toBe(all[3]?.cursor)
    expect((await vault.page({ afterSequence: 6 }))?.endCursor).toBe(all[5]?.cursor)
  })

  test('carries more than the bus does', async () => {
    const vault = await newVault(await signUp(servers.one.url, 'ann'))
    await using feed = await vault.follow(servers.other.wsUrl)
    const logs = Array.from({ length: 3 }, () => sealed({ encryptedData: 'A'.repeat(256 * 1024) }))
    const pushed = await vault.push({ logs })
    await vault.pushNew(1)
    expect(logsOf(await feed.got(5)).slice(0, 3)).toMatchObject(pushed.logs)
  })

  test('takes cursors of its own vault only', async () => {
    const ann = await signUp(servers.one.url, 'ann')
    const [vault, other] = [await newVault(ann), await newVault(ann)]
    const foreign = (await other.read())?.cursor
    for (const cursor of [foreign, 'no cursor'])
      expect(await refusalOf(vault.follow(servers.one.wsUrl, cursor))).toEqual({ code: 'BAD_USER_INPUT', field: 'after' })
    expect(await codeOf(vaultOf(ann).follow(servers.one.wsUrl))).toBe('NOT_FOUND')
    expect(await codeOf(vaultOf({ ...ann, accessToken: null }, vault.vaultId).follow(servers.one.wsUrl))).toBe('UNAUTHENTICATED')
  })

  test('ends with its vault, and does not go on with one that is made under the same id', async () => {
    const vault = await newVault(await signUp(servers.one.url, 'ann'))
    await vault.pushNew(2)
    const cursors = (await vault.all()).map(log => log.cursor)
    await using here = await vault.follow(servers.one.wsUrl, cursors[0])
    await using there = await vault.follow(servers.other.wsUrl)
    await vault.remove()
    expect([await here.ended(), await there.ended()]).toEqual(['FORBIDDEN', 'FORBIDDEN'])
    expect(await codeOf(vault.follow(servers.one.wsUrl))).toBe('NOT_FOUND')

    await vault.store()
    const start = (await vault.read())?.cursor
    await vault.pushNew(5)
    for (const cursor of cursors)
      expect(await refusalOf(vault.follow(servers.other.wsUrl, cursor))).toEqual({ code: 'RESYNC_REQUIRED', field: 'after' })
    await using anew = await vault.follow(servers.other.wsUrl, start)
    expect(logsOf(await anew.got(6))).toMatchObject(await vault.all())
    expect(logsOf(anew.items).map(log => log.sequence)).toEqual([1, 2, 3, 4, 5])
    expect(logsOf(here.items).length + logsOf(there.items).length).toBe(1)
  })

  test('ends with the session and with the account', async () => {
    const ann = await signUp(servers.one.url, 'ann')
    const vault = await newVault(ann)
    await vault.pushNew(1)
    await using feed = await vault.follow(servers.other.wsUrl)
    expect(await codeOf(ann.post(deletion))).toBeNull()
    expect(await feed.ended()).toMatch(/TOKEN_REVOKED|closed 4403/)
  })
})

test.each(modes)('on %s old changes leave the feed, but not the vault, which says where to go on', async mode => {
  await using environment = await environmentOf(mode)
  await using server = await startServer({ ...environment.env, FEED_MAX_CHANGES: '10', CLEANUP_INTERVAL_MS: '100', VAULT_QUOTA_BYTES: '0' })
  const vault = await newVault(await signUp(server.url, 'ann'))
  const start = (await vault.read())?.cursor
  await vault.pushNew(40)
  await expect.poll(() => refusalOf(vault.follow(server.wsUrl, start)), { timeout: 10_000 }).toEqual({ code: 'RESYNC_REQUIRED', field: 'after' })
  const all = await vault.all({ first: 7 })
  expect(all.map(log => log.sequence)).toEqual(Array.from({ length: 40 }, (_, index) => index + 1))
  await using feed = await vault.follow(server.wsUrl, (await vault.page({ afterSequence: 33 }))?.endCursor)
  await vault.pushNew(2)
  expect(logsOf(await feed.got(3)).map(log => log.sequence)).toEqual([41, 42])
})
