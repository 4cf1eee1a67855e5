import { beforeAll, describe, expect, test } from 'vitest'
import { apiKey, keeperOf } from '../admin/world.ts'
import { type Client, clientOf, type Person, password, signUp, useServers } from '../harness/client.ts'
import { modes } from '../harness/modes.ts'
import { createDocument, removeAccess, setAccess } from '../harness/operations.ts'
import { until } from '../harness/wait.ts'
import { faultsOf, followAudit, wholeLog } from './follow.ts'
import { auditLog, login } from './operations.ts'
import { call } from './scene.ts'

const key = { 'x-admin-api-key': apiKey }
const newest = async (keeper: Client) => (await keeper.run(auditLog, { first: 1 })).auditLog.nodes[0]?.cursor ?? null

describe.each(modes)('the audit log of two nodes on %s', mode => {
  const servers = useServers(mode, { nodes: 2, env: { ADMIN_API_KEY: apiKey, SIGN_IN_RATE_LIMIT_PER_MIN: '0', TRUSTED_PROXIES: '127.0.0.0/8,::1' } })
  let keeper: Client
  let alice: Person
  let bob: Person
  const documents: string[] = []

  beforeAll(async () => {
    keeper = keeperOf(servers.one.url)
    alice = await signUp(servers.one.url)
    bob = await signUp(servers.other.url)
    for (let index = 0; index < 8; index++) documents.push((await alice.run(createDocument, { input: {} })).createDocument.document.id)
  })

  test('holds as a chain after two hundred grants and sign-ins at once, each of them in it once, and tells of them in their order', async () => {
    const after = await newest(keeper)
    await using here = followAudit(servers.one.wsUrl, key, after)
    await using there = followAudit(servers.other.wsUrl, key, after)
    await Promise.all(
      Array.from({ length: 200 }, (_, index) => {
        const { url } = index % 2 === 0 ? servers.one : servers.other
        if (index % 10 === 9) return clientOf(url).run(login, { input: { email: alice.email, password } })
        const input = { resourceId: documents[index % 7] ?? '', userId: bob.id }
        return index % 4 === 3 ? alice.at(url).ask(removeAccess, { input }) : alice.at(url).run(setAccess, { input: { ...input, access: 'WRITE' } })
      }),
    )
    const log = await wholeLog(keeper)
    expect(faultsOf(log)).toEqual([])
    const added = log.slice(log.findIndex(({ cursor }) => cursor === after) + 1)
    const count = (action: string) => added.filter(entry => entry.action === action).length
    expect(count('access-granted')).toBe(140)
    expect(count('sign-in')).toBe(20)
    expect(count('access-revoked')).toBeGreaterThan(0)
    for (const reader of [here, there]) {
      await until('all of them', () => reader.entries.length >= added.length)
      expect(reader.entries).toEqual(added)
    }
  })

  test('tells from the moment of subscribing on, and from where a reader stopped', async () => {
    await using early = followAudit(servers.other.wsUrl, key, null)
    await until('the reader to listen', async () => {
      await alice.run(setAccess, { input: { resourceId: documents[0] ?? '', userId: bob.id, access: 'READ' } })
      return early.entries.length > 0
    })
    const last = early.entries.at(-1)
    await early[Symbol.asyncDispose]()
    for (const access of ['WRITE', 'ADMIN', 'READ'] as const)
      await alice.run(setAccess, { input: { resourceId: documents[1] ?? '', userId: bob.id, access } })
    await using late = followAudit(servers.one.wsUrl, key, last?.cursor ?? null)
    const missed = () => late.entries.filter(({ target }) => target === documents[1])
    await until('what was missed', () => missed().length >= 3)
    expect(late.entries.map(({ seq }) => Number(seq))).toEqual(late.entries.map((_, index) => Number(last?.seq) + 1 + index))
    expect(missed().map(({ details }) => (details as { access: string }).access)).toEqual(['WRITE', 'ADMIN', 'READ'])
  })

  test('is read by administrators alone, and by them only as long as they are', async () => {
    const admin = await signUp(servers.one.url)
    const role = (to: 'ADMIN' | 'USER') => call(keeper, `mutation { setRole(input: { userId: "${admin.id}", role: ${to} }) { user { role } } }`)
    await using stranger = followAudit(servers.other.wsUrl, { token: bob.accessToken }, null)
    await until('the refusal', () => stranger.end)
    expect(stranger.end).toBe('FORBIDDEN')
    await role('ADMIN')
    const after = await newest(keeper)
    await using reader = followAudit(servers.other.wsUrl, { token: admin.accessToken }, after)
    await using other = followAudit(servers.other.wsUrl, key, after)
    await alice.run(setAccess, { input: { resourceId: documents[2] ?? '', userId: bob.id, access: 'READ' } })
    await until('an entry', () => reader.entries.length > 0)
    await role('USER')
    await until('the end', () => reader.end)
    expect(reader.end).toMatch(/^(closed 4403|TOKEN_REVOKED|FORBIDDEN)$/)
    await alice.run(setAccess, { input: { resourceId: documents[3] ?? '', userId: bob.id, access: 'READ' } })
    await until('what comes after', () => other.entries.some(({ target }) => target === documents[3]))
    expect(other.end).toBeNull()
    expect(reader.entries.some(({ target }) => target === documents[3])).toBe(false)
  })

  test('is not flooded by who is refused again and again, and shows the address as plain text', async () => {
    const before = (await wholeLog(keeper)).length
    const from = (ip: string) => clientOf(servers.one.url, 'no.token.at-all', { 'x-forwarded-for': ip })
    const answers = await Promise.all(Array.from({ length: 400 }, (_, index) => from(`203.0.113.${index % 4}`).post('{"query":"{ viewer { id } }"}')))
    expect(new Set(answers.map(({ errors }) => errors[0]?.extensions.code))).toEqual(new Set(['UNAUTHENTICATED']))
    const forged = '203.0.113.9 \\n{"level":60,"msg":"all is well"}\u2028'
    await clientOf(servers.one.url, 'no.token', { 'x-forwarded-for': encodeURI(forged) }).post('{"query":"{ viewer { id } }"}')
    const added = () => wholeLog(keeper).then(log => log.slice(before).filter(({ action }) => action === 'sign-in-refused'))
    await until('the first of each', async () => new Set((await added()).map(({ ip }) => ip)).size >= 4)
    expect((await added()).length).toBeLessThanOrEqual(10)
    const log = await wholeLog(keeper)
    expect(faultsOf(log)).toEqual([])
    for (const { ip, target, details } of log) expect(`${ip} ${target} ${JSON.stringify(details)}`).not.toMatch(/[\p{Cc}\u2028\u2029]/u)
    expect(servers.one.logs.filter(({ msg }) => msg === 'all is well')).toEqual([])
  })
})
