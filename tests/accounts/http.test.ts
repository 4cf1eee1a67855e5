import { print } from 'graphql'
import { createClient } from 'graphql-ws'
import { describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { type Client, clientOf, codeOf, makeAdmin, password, refusalOf, signUp, useServers } from '../harness/client.ts'
import { modes } from '../harness/modes.ts'
import { claimAdmin, createDocument, refreshSession, register, renewConnection, setAccess } from '../harness/operations.ts'
import { until } from '../harness/wait.ts'
import {
  deleteAccount,
  findByEmail,
  login,
  logout,
  membersOf,
  nodeTypes,
  readUser,
  revokeSession,
  verifyToken,
  whereAmI,
  whoAmI,
} from './operations.ts'

async function emailOf(client: Client, id: string): Promise<string | null | undefined> {
  const { node } = await client.run(readUser, { id })
  return node && 'email' in node ? node.email : undefined
}

const newDocument = async (client: Client, name: string) => (await client.run(createDocument, { input: { name } })).createDocument.document.id

describe.each(modes)('accounts over HTTP on %s', mode => {
  const servers = useServers(mode, { nodes: 2 })

  test('the whole way: sign in, look around, refresh, sign out', async () => {
    const person = await signUp(servers.one.url)
    const other = person.at(servers.other.url)
    expect(await other.run(whoAmI, {})).toEqual({ viewer: { id: person.id, email: person.email, role: 'USER' } })
    const again = await clientOf(servers.other.url).run(login, { input: { email: person.email, password, deviceName: 'Phone' } })
    expect(again.login).toEqual({ session: { current: true, device: { name: 'Phone' } }, user: { email: person.email } })
    const { sessions, devices } = await person.run(whereAmI, {})
    expect(sessions.map(({ current }) => current)).toEqual([false, true])
    const { nodes } = await person.run(nodeTypes, { ids: [sessions[0]!.id, devices[0]!.id, person.id] })
    expect(nodes.map(node => node?.__typename)).toEqual(['Session', 'Device', 'User'])
    const { refreshSession: fresh } = await clientOf(servers.one.url).run(refreshSession, { input: { refreshToken: person.refreshToken } })
    const verdict = await clientOf(servers.other.url).run(verifyToken, { input: { token: fresh.accessToken } })
    expect(verdict.verifyToken).toEqual({ valid: true, reason: null, user: { id: person.id, email: person.email } })
    expect(await person.run(logout, { input: { everywhere: true } })).toEqual({ logout: { endedSessions: 2 } })
    await until('the other node refuses', async () => (await codeOf(other.run(whoAmI, {}))) === 'TOKEN_REVOKED')
  })

  test('strangers see neither the address nor the sessions of someone; those who share something see the address', async () => {
    const [owner, stranger] = [await signUp(servers.one.url), await signUp(servers.one.url)]
    expect(await emailOf(stranger, owner.id)).toBeUndefined()
    expect(await emailOf(owner, owner.id)).toBe(owner.email)
    expect(await stranger.run(nodeTypes, { ids: [owner.sessionId] })).toEqual({ nodes: [null] })
    expect(await codeOf(stranger.run(revokeSession, { input: { id: owner.sessionId } }))).toBe('NOT_FOUND')
    const found = await stranger.run(findByEmail, { email: owner.email.toUpperCase() })
    expect(found).toEqual({ userByEmail: { id: owner.id, email: owner.email } })
    expect(await emailOf(stranger, owner.id)).toBeUndefined()
    const resourceId = await newDocument(owner, 'shared')
    await owner.run(setAccess, { input: { resourceId, userId: stranger.id, access: 'READ' } })
    expect(await emailOf(stranger, owner.id)).toBe(owner.email)
    expect(await emailOf(owner, stranger.id)).toBe(stranger.email)
  })

  test('an administrator sees addresses, and only the set-up link makes one', async () => {
    const [admin, someone] = [await signUp(servers.one.url), await signUp(servers.one.url)]
    expect(await codeOf(someone.run(claimAdmin, { input: { token: 'made up' } }))).toBe('FORBIDDEN')
    await makeAdmin(servers.one, admin)
    expect((await admin.run(whoAmI, {})).viewer?.role).toBe('ADMIN')
    expect(await emailOf(admin, someone.id)).toBe(someone.email)
    expect(await emailOf(someone, admin.id)).toBeUndefined()
  })

  test('an account goes with what it alone was a member of, and leaves what it shared', async () => {
    const [gone, left] = [await signUp(servers.one.url), await signUp(servers.one.url)]
    const [own, shared] = [await newDocument(gone, 'own'), await newDocument(gone, 'shared')]
    await gone.run(setAccess, { input: { resourceId: shared, userId: left.id, access: 'ADMIN' } })
    expect(await codeOf(gone.run(deleteAccount, { input: { password: 'a wrong password' } }))).toBe('INVALID_CREDENTIALS')
    expect(await gone.run(deleteAccount, { input: { password } })).toEqual({ deleteAccount: { deletedId: gone.id } })
    expect(await codeOf(gone.run(whoAmI, {}))).toBe('TOKEN_REVOKED')
    const { document } = await left.run(membersOf, { id: shared })
    expect(document).toEqual({ name: 'shared', members: { nodes: [{ user: { id: left.id } }] } })
    expect(await left.run(nodeTypes, { ids: [own] })).toEqual({ nodes: [null] })
  })

  test('faults are told by code and field', async () => {
    const anonymous = clientOf(servers.one.url)
    const person = await signUp(servers.one.url)
    const refusedRegistration = (email: string, chosen: string) => refusalOf(anonymous.run(register, { input: { email, password: chosen } }))
    expect(await refusedRegistration(person.email, password)).toEqual({ code: 'EMAIL_TAKEN', field: 'input.email' })
    expect(await refusedRegistration('none', password)).toEqual({ code: 'BAD_USER_INPUT', field: 'input.email' })
    expect(await refusedRegistration('new@example.org', 'short')).toEqual({ code: 'BAD_USER_INPUT', field: 'input.password' })
    expect(await codeOf(anonymous.run(login, { input: { email: person.email, password: 'a wrong password' } }))).toBe('INVALID_CREDENTIALS')
    expect(await codeOf(anonymous.run(whereAmI, {}))).toBe('UNAUTHENTICATED')
    expect(await codeOf(anonymous.run(logout, {}))).toBe('UNAUTHENTICATED')
    expect(await codeOf(anonymous.run(findByEmail, { email: person.email }))).toBe('UNAUTHENTICATED')
    expect(await anonymous.run(whoAmI, {})).toEqual({ viewer: null })
    expect(await codeOf(clientOf(servers.one.url, 'x.y.z').run(whoAmI, {}))).toBe('UNAUTHENTICATED')
    expect(await codeOf(person.run(renewConnection, { input: { accessToken: person.accessToken } }))).toBe('CONFLICT')
  })
})

describe('a socket whose token runs out', () => {
  const servers = useServers('postgres', { env: { JWT_EXPIRES_IN: '3s' } })

  test('is closed, unless it was renewed with a token of the same user', async () => {
    const [renewed, other] = [await signUp(servers.one.url), await signUp(servers.one.url)]
    const closed: string[] = []
    const socketOf = (name: string, token: string) =>
      createClient({
        url: servers.one.wsUrl,
        webSocketImpl: WebSocket,
        retryAttempts: 0,
        lazy: false,
        connectionParams: { token },
        onNonLazyError: () => {},
        on: { closed: () => void closed.push(name) },
      })
    const [kept, lost] = [socketOf('renewed', renewed.accessToken), socketOf('other', other.accessToken)]
    const renew = async (accessToken: string) => {
      const operation = { query: print(renewConnection), variables: { input: { accessToken } } }
      for await (const result of kept.iterate<{ renewConnection: { expiresAt: string } }>(operation)) return result
      throw new Error('There was no answer.')
    }
    expect((await renew(other.accessToken)).errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'input.accessToken' })
    // The new token ends later than the old one by this.
    await new Promise(resolve => setTimeout(resolve, 1_500))
    const { refreshSession: fresh } = await clientOf(servers.one.url).run(refreshSession, { input: { refreshToken: renewed.refreshToken } })
    expect((await renew(fresh.accessToken)).data).toEqual({ renewConnection: { expiresAt: fresh.expiresAt } })
    await until('a socket is closed', () => closed.length > 0)
    expect(closed).toEqual(['other'])
    await until('the other is closed at the end of its new token', () => closed.length > 1)
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(fresh.expiresAt))
    await Promise.all([kept.dispose(), lost.dispose()])
  })
})
