import { afterAll, beforeAll, expect, test } from 'vitest'
import { createRetention } from '../../src/feed/retention.ts'
import { systemClock } from '../../src/platform/clock.ts'
import type { Services } from '../../src/services.ts'
import { until } from '../harness/wait.ts'
import { range, silent, startWorld, type World } from './node.ts'
import { startServices, viewerOf } from './service-node.ts'

let world: World
let nodes: [Services, Services]
beforeAll(async () => {
  // Each node has a bus of its own here: they learn of each other by looking at the log alone, and do so when told.
  world = await startWorld('postgres', { HEAL_INTERVAL_MS: '3600000' })
  const env = { ...world.env, HEAL_INTERVAL_MS: '3600000' }
  nodes = [await startServices(env), await startServices(env)]
})
afterAll(async () => {
  for (const node of nodes ?? []) await node[Symbol.asyncDispose]()
  await world?.[Symbol.asyncDispose]()
})

const revoke = (node: Services, ...userIds: string[]) =>
  node.feed.transact(async tx => {
    for (const userId of userIds) await node.access.revoke(tx, { userId })
  })

function watch(node: Services, userId: string) {
  const codes: string[] = []
  node.access.watch(viewerOf(userId), null, code => codes.push(code))
  return codes
}

test('a listener that fails keeps nobody from hearing of a revocation', async () => {
  const forget = nodes[1].access.onRevoked(() => {
    throw new Error('on purpose')
  })
  const codes = watch(nodes[1], 'user_one')
  await revoke(nodes[0], 'user_one')
  await nodes[1].feed.heal()
  await until('the end', () => codes.length > 0)
  expect(codes).toEqual(['TOKEN_REVOKED'])
  forget()
})

test('a node that missed revocations for good ends all that is open, and hears of the next ones', async () => {
  const open = watch(nodes[1], 'user_two')
  await revoke(nodes[0], ...range(1, 300).map(number => `user_${number}`), 'user_two')
  await createRetention({ database: world.database, clock: systemClock, logger: silent, retentionDays: 0, maxChanges: 5, onPrune: {} }).sweep()
  await revoke(nodes[0], ...range(1, 20).map(number => `user_${number}`))
  await createRetention({ database: world.database, clock: systemClock, logger: silent, retentionDays: 0, maxChanges: 5, onPrune: {} }).sweep()
  await nodes[1].feed.heal()
  await until('the end', () => open.length > 0)
  expect(open).toEqual(['RESYNC_REQUIRED'])
  const later = watch(nodes[1], 'user_three')
  await revoke(nodes[0], 'user_three')
  await nodes[1].feed.heal()
  await until('the next one', () => later.length > 0)
  expect(later).toEqual(['TOKEN_REVOKED'])
})
