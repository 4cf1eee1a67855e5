import { beforeAll, describe, expect, test } from 'vitest'
import type { VaultLogInput } from '../generated/graphql.ts'
import { codeOf, type Person, refusalOf, signUp, useServers } from '../harness/client.ts'
import { modes } from '../harness/modes.ts'
import { newVault, sealed, vaultOf } from './world.ts'

const maxLogBytes = 256 * 1024
const sequencesOf = (logs: readonly { readonly sequence: number }[]) => logs.map(log => log.sequence)
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index)

describe.each(modes)('the logs of a vault on %s', mode => {
  const servers = useServers(mode, { nodes: 2, env: { MAX_MESSAGE_BYTES: String(16 * 1024 * 1024) } })
  let ann: Person
  beforeAll(async () => {
    ann = await signUp(servers.one.url, 'ann')
  })

  test('are numbered 1, 2, 3, … and come back as they were given', async () => {
    const vault = await newVault(ann)
    const logs = [sealed(), sealed(), sealed()]
    const pushed = await vault.push({ deviceId: 'laptop', logs })
    expect(pushed.headSequence).toBe(3)
    expect(pushed.logs).toMatchObject(logs.map((log, index) => ({ ...log, sequence: index + 1, deviceId: 'laptop' })))
    expect(new Set(pushed.logs.map(log => log.id)).size).toBe(3)
    for (const { id } of pushed.logs) expect(id).toMatch(/^vlog_[0-9a-f-]{36}$/)
    const other = await vaultOf(ann.at(servers.other.url), vault.vaultId).push({ deviceId: null, logs: [sealed()] })
    expect(other).toMatchObject({ headSequence: 4, logs: [{ sequence: 4, deviceId: null }] })
    expect(await vault.all()).toEqual([...pushed.logs, ...other.logs])
    expect((await vault.read())?.headSequence).toBe(4)
  })

  test('are never decoded or put in order: not what a decoder would change, nor what the texts beside it say', async () => {
    const vault = await newVault(ann)
    // The last characters hold bits that decoders drop, so that another encoder would give back QQ==, QUI= and so on.
    const logs = ['QR==', 'Qf==', 'QUJ=', 'QUK=', '////', '++++', 'AA==', 'A'.repeat(maxLogBytes)].map((encryptedData, index) =>
      sealed({ encryptedData, nonce: ` "ñ\u0301\n${index}\\ `, haexTimestamp: `9999-12-31T23:59:59Z/${index}` }),
    )
    const pushed = await vault.push({ logs })
    expect(pushed.logs.map(({ encryptedData, nonce, haexTimestamp }) => ({ encryptedData, nonce, haexTimestamp }))).toEqual(logs)
    expect(await vault.all()).toEqual(pushed.logs)
    await using feed = await vault.follow(servers.one.wsUrl, (await vault.page({ first: 1 }))?.endCursor)
    expect((await feed.got(logs.length)).slice(1)).toEqual(pushed.logs.slice(1).map(log => ({ __typename: 'VaultLog', ...log })))
  })

  test.each(['Q', 'QQ', 'QQ=', 'QQ===', 'Q===', '=', 'QQ==QQ==', 'QUI=\n', ' QUI=', 'QU-_', 'QU I', 'ＱＵＩ=', 'QQ\0='])(
    'are padded base64, which %j is not',
    async encryptedData => {
      const vault = await newVault(ann)
      expect(await codeOf(vault.push({ logs: [sealed(), sealed({ encryptedData })] }))).toBe('BAD_USER_INPUT')
      expect((await vault.read())?.headSequence).toBe(0)
    },
  )

  const bad: [string, Partial<VaultLogInput>, string, string][] = [
    ['nothing in it', { encryptedData: '' }, 'BAD_USER_INPUT', 'encryptedData'],
    ['more than 256 KiB', { encryptedData: 'A'.repeat(maxLogBytes + 4) }, 'PAYLOAD_TOO_LARGE', 'encryptedData'],
    ['no nonce', { nonce: '' }, 'BAD_USER_INPUT', 'nonce'],
    ['a long nonce', { nonce: 'n'.repeat(129) }, 'BAD_USER_INPUT', 'nonce'],
    ['NUL in its nonce', { nonce: 'a\0' }, 'BAD_USER_INPUT', 'nonce'],
    ['no timestamp', { haexTimestamp: '' }, 'BAD_USER_INPUT', 'haexTimestamp'],
    ['a long timestamp', { haexTimestamp: 't'.repeat(257) }, 'BAD_USER_INPUT', 'haexTimestamp'],
    ['half a pair in its timestamp', { haexTimestamp: '\ud800' }, 'BAD_USER_INPUT', 'haexTimestamp'],
  ]
  test.each(bad)('are refused as a whole for one with %s, by its place', async (_, log, code, field) => {
    const vault = await newVault(ann)
    expect(await refusalOf(vault.push({ logs: [sealed(), sealed(), sealed(log), sealed({ nonce: '' })] }))).toEqual({
      code,
      field: `input.logs.2.${field}`,
    })
    expect(await vault.read()).toMatchObject({ headSequence: 0, logBytes: 0 })
  })

  test('come one to a thousand at a time, from a device with a name of some length, into a vault that is there', async () => {
    const vault = await newVault(ann)
    const count = { code: 'BAD_USER_INPUT', field: 'input.logs' }
    expect(await refusalOf(vault.push({ logs: [] }))).toEqual(count)
    expect(await refusalOf(vault.pushNew(1_001))).toEqual(count)
    for (const deviceId of ['', 'd'.repeat(129), 'a\0'])
      expect(await refusalOf(vault.pushNew(1, deviceId))).toEqual({ code: 'BAD_USER_INPUT', field: 'input.deviceId' })
    expect(await codeOf(vaultOf(ann).pushNew())).toBe('NOT_FOUND')
    const pushed = await vault.pushNew(1_000, '漢'.repeat(128))
    expect(sequencesOf(pushed.logs)).toEqual(range(1, 1_000))
    const longest = { encryptedData: 'QUI=', nonce: '漢'.repeat(128), haexTimestamp: '🌱'.repeat(128) }
    expect(await vault.push({ deviceId: '漢'.repeat(128), logs: [longest] })).toMatchObject({ logs: [{ ...longest, sequence: 1_001 }] })
  })

  test('are stored once, whether a log comes again in its push, in another, or from another device', async () => {
    const vault = await newVault(ann)
    const [a, b, c, d] = [sealed(), sealed(), sealed(), sealed()] as const
    const first = await vault.push({ logs: [a, b, a, { ...a, encryptedData: 'QUI=' }] })
    expect(sequencesOf(first.logs)).toEqual([1, 2, 1, 1])
    expect(first.headSequence).toBe(2)
    const second = await vault.push({ logs: [c, b, { ...b, encryptedData: 'QUI=' }, d, c] })
    expect(sequencesOf(second.logs)).toEqual([3, 2, 2, 4, 3])
    expect(second.logs[1]).toEqual(first.logs[1])
    expect(second.logs[2]).toEqual(first.logs[1])
    // All of it is known: nothing happens.
    expect(sequencesOf((await vault.push({ logs: [d, a] })).logs)).toEqual([4, 1])
    // The same from elsewhere is another log, and so it is without a device; that is one "device" too.
    expect(
      sequencesOf((await vault.push({ deviceId: 'phone', logs: [a, { ...a, nonce: 'other' }, { ...a, haexTimestamp: 'other' }] })).logs),
    ).toEqual([5, 6, 7])
    expect(sequencesOf((await vault.push({ deviceId: null, logs: [a, a] })).logs)).toEqual([8, 8])
    expect(sequencesOf((await vault.push({ deviceId: null, logs: [a] })).logs)).toEqual([8])
    // Texts that would be the same if they were joined are not.
    const joined = [sealed({ haexTimestamp: 'a","b', nonce: 'c' }), sealed({ haexTimestamp: 'a', nonce: 'b","c' })]
    expect(sequencesOf((await vault.push({ logs: joined })).logs)).toEqual([9, 10])
    expect(sequencesOf(await vault.all())).toEqual(range(1, 10))
    expect(sequencesOf((await (await newVault(ann)).push({ logs: [a] })).logs)).toEqual([1])
  })

  test('that are pushed by many at once, the same among them, have no gap and no double', async () => {
    const vault = await newVault(ann)
    const common = Array.from({ length: 5 }, () => sealed())
    const pushes = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        vaultOf(index % 2 ? ann : ann.at(servers.other.url), vault.vaultId).push({ logs: [sealed(), ...common.slice(index % 3), sealed()] }),
      ),
    )
    const all = await vault.all()
    expect(sequencesOf(all)).toEqual(range(1, 12 * 2 + 5))
    expect(new Set(all.map(log => log.nonce)).size).toBe(all.length)
    for (const { logs } of pushes) for (const log of logs) expect(log).toEqual(all[log.sequence - 1])
  })

  test('take effect once for one idempotency key, whatever came after', async () => {
    const vault = await newVault(ann)
    const input = { logs: [sealed(), sealed()], idempotencyKey: `push ${vault.vaultId}` }
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, index) => vaultOf(index % 2 ? ann : ann.at(servers.other.url), vault.vaultId).push(input)),
    )
    for (const answer of answers) expect(answer).toEqual(answers[0])
    await vault.pushNew(3)
    expect(await vault.push(input)).toEqual(answers[0])
    expect(await codeOf(vault.push({ ...input, logs: [sealed()] }))).toBe('IDEMPOTENCY_MISMATCH')
    expect(sequencesOf(await vault.all())).toEqual(range(1, 5))
  })

  test('are read page by page, and a page goes as far as it says', async () => {
    const vault = await newVault(ann)
    expect(await vault.page()).toMatchObject({ nodes: [], hasMore: false, endSequence: null })
    for (const device of ['a', 'b', 'a', 'b', 'b']) await vault.pushNew(30, device)
    await vault.pushNew(2, null)
    const page = async (which: Parameters<typeof vault.page>[0]) => {
      const found = await vault.page(which)
      return { sequences: sequencesOf(found?.nodes ?? []), hasMore: found?.hasMore, endSequence: found?.endSequence }
    }
    expect(await page({})).toEqual({ sequences: range(1, 100), hasMore: true, endSequence: 100 })
    expect(await page({ afterSequence: 100 })).toEqual({ sequences: range(101, 152), hasMore: false, endSequence: 152 })
    expect(await page({ afterSequence: 52, first: 100 })).toEqual({ sequences: range(53, 152), hasMore: false, endSequence: 152 })
    expect(await page({ afterSequence: 152 })).toEqual({ sequences: [], hasMore: false, endSequence: null })
    expect(await page({ first: 30, excludeDeviceId: 'a' })).toEqual({ sequences: range(31, 60), hasMore: true, endSequence: 60 })
    expect(await page({ first: 30, afterSequence: 60, excludeDeviceId: 'a' })).toEqual({ sequences: range(91, 120), hasMore: true, endSequence: 120 })
    expect(await page({ afterSequence: 60, first: 62, excludeDeviceId: 'a' })).toEqual({
      sequences: range(91, 152),
      hasMore: false,
      endSequence: 152,
    })
    expect(await page({ afterSequence: 60, excludeDeviceId: 'b' })).toEqual({
      sequences: [...range(61, 90), 151, 152],
      hasMore: false,
      endSequence: 152,
    })
    expect(sequencesOf(await vault.all({ first: 7, excludeDeviceId: 'b' }))).toEqual([...range(1, 30), ...range(61, 90), 151, 152])
    await vault.pushNew(5, 'b')
    expect(await page({ afterSequence: 152, excludeDeviceId: 'b' })).toEqual({ sequences: [], hasMore: false, endSequence: 157 })
    for (const first of [0, 501, -1]) expect(await refusalOf(vault.page({ first }))).toEqual({ code: 'BAD_USER_INPUT', field: 'first' })
    expect(await refusalOf(vault.page({ excludeDeviceId: 'a\0' }))).toEqual({ code: 'BAD_USER_INPUT', field: 'excludeDeviceId' })
    expect(await refusalOf(vault.page({ afterSequence: 158 }))).toEqual({ code: 'RESYNC_REQUIRED', field: 'afterSequence' })
    expect(await refusalOf(vault.page({ afterSequence: -1 }))).toMatchObject({ code: 'BAD_USER_INPUT' })
  })

  test('come in pages of some weight, however large they are', async () => {
    const vault = await newVault(ann)
    const heavy = () => sealed({ encryptedData: 'A'.repeat(maxLogBytes) })
    for (let push = 0; push < 2; push++) await vault.push({ logs: Array.from({ length: 20 }, heavy) })
    const page = await vault.page({ first: 500 })
    expect(page).toMatchObject({ hasMore: true, endSequence: 16 })
    expect(page?.nodes).toHaveLength(16)
    expect(sequencesOf(await vault.all({ first: 500 }))).toEqual(range(1, 40))
  })

  test('go with their vault, for good: one of the same name begins anew', async () => {
    const vault = await newVault(ann)
    const logs = [sealed(), sealed()]
    const idempotencyKey = `push ${vault.vaultId}`
    await vault.push({ logs, idempotencyKey })
    const before = await vault.read()
    expect(await vault.remove('delete this vault')).toBe(vault.vaultId)
    expect(await vault.remove('delete this vault')).toBe(vault.vaultId)
    expect(await vault.read()).toBeNull()
    for (const use of [() => vault.remove(), () => vault.rotate(1), () => vault.pushNew(), () => vault.push({ logs, idempotencyKey })])
      expect(await codeOf(use())).toBe('NOT_FOUND')

    await vault.store()
    expect(await vault.remove('delete this vault')).toBe(vault.vaultId)
    const after = await vault.read()
    expect(after).toMatchObject({ headSequence: 0, logBytes: 0, key: { version: 1 } })
    expect(after?.createdAt).not.toBe(before?.createdAt)
    expect(await vault.page()).toMatchObject({ nodes: [], hasMore: false, endSequence: null })
    expect(await refusalOf(vault.page({ afterSequence: 2 }))).toEqual({ code: 'RESYNC_REQUIRED', field: 'afterSequence' })
    expect(sequencesOf((await vault.push({ logs: [logs[1] as VaultLogInput, ...logs] })).logs)).toEqual([1, 2, 1])
    expect(await codeOf(vault.push({ logs, idempotencyKey }))).toBe('NOT_FOUND')
  })
})

describe.each(modes)('the quota of vaults on %s', mode => {
  const quota = 20_000
  const servers = useServers(mode, { nodes: 2, env: { VAULT_QUOTA_BYTES: String(quota) } })
  /** Weighs 1,000 bytes: its texts, and 128 for itself. */
  const thousand = (index = Math.floor(Math.random() * 900)) =>
    sealed({ encryptedData: 'A'.repeat(800), nonce: 'n'.repeat(36), haexTimestamp: `${100 + index}${'t'.repeat(33)}` })

  test('counts the logs of all vaults of a user, what is stored once once, and is given back with a vault', async () => {
    const bob = await signUp(servers.one.url, 'bob')
    const [one, other] = [await newVault(bob), await newVault(bob)]
    const logs = Array.from({ length: 12 }, (_, index) => thousand(index))
    await one.push({ logs })
    await one.push({ logs })
    expect((await one.read())?.logBytes).toBe(12_000)
    const refused = await other.push({ logs: logs.slice(0, 9) }).catch(error => error)
    expect(refused.errors[0].extensions).toMatchObject({ code: 'QUOTA_EXCEEDED', field: 'input.logs', leftBytes: 8_000 })
    expect((await other.read())?.headSequence).toBe(0)
    await other.push({ logs: logs.slice(0, 8) })
    expect(await codeOf(other.push({ logs: [sealed()] }))).toBe('QUOTA_EXCEEDED')
    // What is there already needs no room.
    expect((await other.push({ logs: logs.slice(0, 8) })).headSequence).toBe(8)
    await one.remove()
    await other.push({ logs: logs.slice(8) })
    expect((await other.read())?.logBytes).toBe(12_000)
    await (await newVault(await signUp(servers.one.url))).push({ logs })
  })

  test('holds in a race over several vaults', async () => {
    const bob = await signUp(servers.one.url, 'bob')
    const vaults = await Promise.all(Array.from({ length: 3 }, () => newVault(bob)))
    const outcomes = await Promise.all(
      Array.from({ length: 30 }, (_, index) => {
        const { vaultId } = vaults[index % 3] ?? { vaultId: '' }
        return codeOf(vaultOf(index % 2 ? bob : bob.at(servers.other.url), vaultId).push({ logs: [thousand(index)] }))
      }),
    )
    expect(outcomes.filter(code => code === null)).toHaveLength(20)
    expect(outcomes.filter(code => code === 'QUOTA_EXCEEDED')).toHaveLength(10)
    const sizes = await Promise.all(vaults.map(async vault => (await vault.read())?.logBytes ?? 0))
    expect(sizes.reduce((sum, size) => sum + size)).toBe(quota)
  })
})
