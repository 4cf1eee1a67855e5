import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Viewer } from '../../src/access/viewer.ts'
import { until } from '../harness/wait.ts'
import { codeOf, type Node, signUp, startNode, startWorld } from './world.ts'

const home = '192.0.2.1'
const elsewhere = '198.51.100.1'

describe('a token that was good a moment ago', () => {
  let node: Awaited<ReturnType<typeof startWorld>>
  let other: Node
  beforeAll(async () => {
    node = await startWorld('postgres+redis', { ADMIN_IP_ALLOWLIST: '192.0.2.0/24' })
    other = await startNode(node.env)
  })
  afterAll(async () => {
    await other[Symbol.asyncDispose]()
    await node[Symbol.asyncDispose]()
  })

  const signedIn = async () => {
    const { accessToken, user, session } = await signUp(node)
    return { token: accessToken, user, sessionId: session.id, viewer: await node.accounts.authenticate(accessToken, home) }
  }

  test('is known again, where nobody has to be asked, by itself alone', async () => {
    const { accessToken } = await signUp(node)
    expect(node.accounts.recall(accessToken, home)).toBeNull()
    const viewer = await node.accounts.authenticate(accessToken, home)
    expect(node.accounts.recall(accessToken, home)).toEqual(viewer)
    // Not by another node, and no other token that says the same.
    expect(other.accounts.recall(accessToken, home)).toBeNull()
    const [head, claims, signature = ''] = accessToken.split('.')
    const forged = [head, claims, `${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`].join('.')
    for (const token of [forged, accessToken.slice(0, -1), '']) {
      expect(node.accounts.recall(token, home)).toBeNull()
      expect(await codeOf(node.accounts.authenticate(token, home))).toBe('UNAUTHENTICATED')
    }
  })

  test('speaks for whoever its user is from where it comes, each time anew', async () => {
    const { token, user, viewer } = await signedIn()
    const heard: unknown[] = []
    await other.accounts.authenticate(token, home)
    expect(await other.accounts.userOf(viewer)).toMatchObject({ id: user.id, role: 'USER' })
    other.services.access.onRevoked(what => heard.push(what))
    const link = new URL((await node.accounts.setupLink('http://localhost')) ?? '')
    const claiming = node.accounts.recall(token, home) as Viewer
    expect(claiming.role).toBe('USER')
    await node.accounts.claimAdmin(claiming, { token: link.hash.replace('#token=', '') })
    await node.accounts.authenticate(token, home)
    expect(node.accounts.recall(token, home)).toMatchObject({ userId: user.id, role: 'ADMIN', ip: home })
    expect(node.accounts.recall(token, elsewhere)).toMatchObject({ userId: user.id, role: 'USER', ip: elsewhere })
    // What is remembered of a user who changes is forgotten on all nodes, and nothing of theirs ends.
    await until('the other node hears', () => heard.length > 0)
    expect(heard).toEqual([{ changedUserId: user.id }])
    expect(other.accounts.recall(token, home)).toBeNull()
    expect(await other.accounts.userOf(viewer)).toMatchObject({ id: user.id, role: 'ADMIN' })
    expect((await other.accounts.authenticate(token, home)).role).toBe('ADMIN')
  })

  test('is not after its session was ended, on whichever node', async () => {
    const { token, viewer } = await signedIn()
    await other.accounts.authenticate(token, home)
    await other.accounts.logout(await other.accounts.authenticate(token, home), null)
    // Where it was ended, it is over before that is answered.
    expect(other.accounts.recall(token, home)).toBeNull()
    await until('it is forgotten', () => node.accounts.recall(token, home) === null)
    for (const each of [node, other]) {
      expect(each.accounts.recall(token, home)).toBeNull()
      expect(await codeOf(each.accounts.authenticate(token, home))).toBe('TOKEN_REVOKED')
    }
    expect(viewer.sessionId).not.toBeNull()
  })

  test('is not after its end, though nobody said so', async () => {
    const { token } = await signedIn()
    expect(node.accounts.recall(token, home)).not.toBeNull()
    const life = (node.accounts.recall(token, home) as Viewer).expiresAt.getTime() - node.clock.now().getTime()
    node.clock.forward(life + 1)
    expect(node.accounts.recall(token, home)).toBeNull()
    expect(await codeOf(node.accounts.authenticate(token, home))).toBe('TOKEN_EXPIRED')
  })
})
