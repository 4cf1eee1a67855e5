import { describe, expect, test } from 'vitest'
import { auditActions } from '../../src/audit/action.ts'
import { apiKey, keeperOf } from '../admin/world.ts'
import type { AuditAllFragment } from '../generated/graphql.ts'
import { password, signUp, useServers } from '../harness/client.ts'
import { modes } from '../harness/modes.ts'
import { until } from '../harness/wait.ts'
import { accountCases } from './account-cases.ts'
import { adminCases } from './admin-cases.ts'
import { auditLog, auditNode } from './operations.ts'
import { adminPassword, env, type Scene } from './scene.ts'
import { thingCases } from './thing-cases.ts'

describe.each(modes)('the audit log on %s', mode => {
  const servers = useServers(mode, { env })
  let kept: Scene | null = null
  const sceneOf = async (): Promise<Scene> => {
    const { one, other } = servers
    kept ??= {
      one,
      other,
      alice: await signUp(one.url, 'alice'),
      bob: await signUp(one.url, 'bob'),
      keeper: keeperOf(one.url),
      secrets: new Set([password, apiKey, adminPassword, 'secret of a note']),
    }
    return kept
  }

  test.each(Object.entries({ ...accountCases, ...adminCases, ...thingCases }))('tells of %s', async (_, [action, act]) => {
    const scene = await sceneOf()
    const expected = await act(scene)
    const look = async () => (await scene.keeper.run(auditLog, { action, first: 20 })).auditLog.nodes
    if (!action.endsWith('-refused')) expect(await look()).toContainEqual(expect.objectContaining(expected))
    // What is refused is told of a moment later, so that whoever is refused does not wait for it.
    else
      await until(`${action} in the log`, async () =>
        (await look()).some(entry => {
          try {
            expect(entry).toMatchObject(expected)
            return true
          } catch {
            return false
          }
        }),
      )
  })

  test('tells of every action there is, in pages that hold each entry once, and holds no secret', async () => {
    const { keeper, secrets, alice } = await sceneOf()
    const found: AuditAllFragment[] = []
    for (let after: string | null = null; ; ) {
      const page: { nodes: readonly AuditAllFragment[]; pageInfo: { hasNextPage: boolean; endCursor?: string | null } } = (
        await keeper.run(auditLog, { first: 7, after })
      ).auditLog
      found.push(...page.nodes)
      if (!page.pageInfo.hasNextPage) break
      after = page.pageInfo.endCursor ?? null
    }
    const seqs = found.map(({ seq }) => Number(seq))
    expect(seqs).toEqual(seqs.map((_, index) => seqs.length - index))
    expect([...new Set(found.map(({ action }) => action))].sort()).toEqual(Object.keys(auditActions).sort())
    const all = JSON.stringify(found)
    for (const secret of secrets) expect(all.includes(secret), `${secret.slice(0, 30)} is in the log`).toBe(false)

    const mine = (await keeper.run(auditLog, { actorId: alice.id, action: 'deleted', first: 500 })).auditLog.nodes
    expect(mine).toEqual(found.filter(entry => entry.actorId === alice.id && entry.action === 'deleted'))
    expect(mine.length).toBeGreaterThan(3)
    expect(mine[0]?.actor?.id).toBe(alice.id)
    const { id = '', action, target } = found[0] ?? {}
    expect((await keeper.run(auditNode, { id })).node).toEqual({ action, target })
    expect((await alice.run(auditNode, { id })).node).toBeNull()
    expect((await keeper.ask(auditLog, { action: 'no such thing' })).errors[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'action' })
    expect((await keeper.ask(auditLog, { after: 'made up' })).errors[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'after' })
  })
})
