import { expect, test } from 'vitest'
import { modes } from '../harness/modes.ts'
import { until } from '../harness/wait.ts'
import { codeOf, from, type Node, newEmail, password, signUp, startNode, startWorld } from './world.ts'

const home = from('192.0.2.1')

const base = 'http://localhost:4000'
const tokenOf = (link: string | null) => new URLSearchParams(new URL(link!).hash.slice(1)).get('token')!
const roleOf = async (node: Node, accessToken: string) => (await node.accounts.authenticate(accessToken, '127.0.0.1')).role

async function verificationToken(node: Node, email: string): Promise<string> {
  const line = await until('the mail', () => node.logs.find(line => line.includes('Verify your e-mail') && line.includes(email)))
  return /code, it is: ([\w-]+)/.exec((JSON.parse(line) as { msg: string }).msg)![1]!
}

test.each(modes)('on %s, the set-up link makes one user ADMIN, once, whoever tries at the same time', async mode => {
  await using node = await startWorld(mode)
  const [first, second] = [await node.accounts.setupLink(base), await node.accounts.setupLink(base)]
  expect(first).toMatch(/^http:\/\/localhost:4000\/setup#token=[\w-]{43}$/)
  const people = await Promise.all(Array.from({ length: 6 }, () => signUp(node)))
  const viewers = await Promise.all(people.map(({ accessToken }) => node.accounts.authenticate(accessToken, '127.0.0.1')))
  expect(viewers.map(({ role }) => role)).toEqual(viewers.map(() => 'USER'))
  expect(await codeOf(node.accounts.claimAdmin(viewers[0]!, { token: 'made up' }))).toBe('FORBIDDEN')
  const claims = await Promise.all(
    viewers.map((viewer, index) => codeOf(node.accounts.claimAdmin(viewer, { token: tokenOf(index % 2 ? first : second) }))),
  )
  expect(claims.filter(code => code === null)).toHaveLength(1)
  expect(claims.filter(code => code === 'FORBIDDEN')).toHaveLength(5)
  const roles = await Promise.all(people.map(({ accessToken }) => roleOf(node, accessToken)))
  expect(roles.indexOf('ADMIN')).toBe(claims.indexOf(null))
  expect(roles.filter(role => role === 'ADMIN')).toHaveLength(1)
  expect(await node.accounts.setupLink(base)).toBeNull()
})

test('a set-up token that was used is no good after its administrator is gone', async () => {
  await using node = await startWorld('postgres')
  const [used, unused] = [tokenOf(await node.accounts.setupLink(base)), tokenOf(await node.accounts.setupLink(base))]
  const admin = await node.accounts.authenticate((await signUp(node)).accessToken, '127.0.0.1')
  await node.accounts.claimAdmin(admin, { token: used })
  await node.accounts.deleteAccount(admin, { password }, { ip: '192.0.2.1', userAgent: null })
  const next = await node.accounts.authenticate((await signUp(node)).accessToken, '127.0.0.1')
  for (const token of [used, unused]) expect(await codeOf(node.accounts.claimAdmin(next, { token }))).toBe('FORBIDDEN')
  expect(await codeOf(node.accounts.claimAdmin(next, { token: tokenOf(await node.accounts.setupLink(base)) }))).toBeNull()
})

test('whoever registers first is no ADMIN', async () => {
  await using node = await startWorld('postgres')
  const { user, accessToken } = await signUp(node)
  expect(user.role).toBe('USER')
  expect(await roleOf(node, accessToken)).toBe('USER')
})

test('ADMIN_EMAIL makes ADMIN whoever verified that address, and nobody who only claims it', async () => {
  const email = newEmail('admin')
  await using node = await startWorld('postgres', { ADMIN_EMAIL: email.toUpperCase() })
  expect(await node.accounts.setupLink(base)).toBeNull()
  const { user, accessToken } = await signUp(node, email)
  expect(user.role).toBe('USER')
  expect(await roleOf(node, accessToken)).toBe('USER')
  const verified = await node.accounts.verifyEmail({ token: await verificationToken(node, email) }, home)
  expect(verified.user.role).toBe('ADMIN')
  expect(await roleOf(node, accessToken)).toBe('ADMIN')
  const other = await signUp(node)
  await node.accounts.verifyEmail({ token: await verificationToken(node, other.user.email!) }, home)
  expect(await roleOf(node, other.accessToken)).toBe('USER')
})

test('without ADMIN_EMAIL its former holder is an ordinary user again', async () => {
  const email = newEmail('admin')
  await using node = await startWorld('postgres', { ADMIN_EMAIL: email })
  const { accessToken } = await signUp(node, email)
  await node.accounts.verifyEmail({ token: await verificationToken(node, email) }, home)
  await using later = await startNode({ ...node.env, ADMIN_EMAIL: '' })
  expect(await roleOf(node, accessToken)).toBe('ADMIN')
  expect(await roleOf(later, accessToken)).toBe('USER')
})

test('a set-up token is no good once ADMIN_EMAIL names the administrator', async () => {
  await using node = await startWorld('postgres')
  const token = tokenOf(await node.accounts.setupLink(base))
  await using later = await startNode({ ...node.env, ADMIN_EMAIL: newEmail('admin') })
  const { accessToken } = await signUp(later)
  expect(await codeOf(later.accounts.claimAdmin(await later.accounts.authenticate(accessToken, '127.0.0.1'), { token }))).toBe('FORBIDDEN')
})
