import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Viewer } from '../../src/access/viewer.ts'
import { createAwareness } from '../../src/documents/awareness/service.ts'
import { createLogger } from '../../src/platform/logger.ts'
import { signUp, startWorld } from '../accounts/world.ts'
import { until } from '../harness/wait.ts'
import { openSocket, startNode as startSignals } from '../signals/nodes.ts'

let world: Awaited<ReturnType<typeof startWorld>>

beforeAll(async () => {
  world = await startWorld('embedded')
})
afterAll(() => world?.[Symbol.asyncDispose]())

async function start(ttlSeconds?: number) {
  const people = await Promise.all([signUp(world), signUp(world)])
  const [ann, bob] = (await Promise.all(people.map(({ accessToken }) => world.accounts.authenticate(accessToken)))) as [Viewer, Viewer]
  const { id: documentId } = await world.services.documents.create(ann, { name: 'plan' })
  const letBobIn = () => world.services.members.set(ann, { resourceId: documentId, userId: bob.userId, access: 'READ' })
  const putBobOut = () => world.services.members.remove(ann, { resourceId: documentId, userId: bob.userId })
  await letBobIn()
  const node = await startSignals()
  const awareness = createAwareness({
    signals: node.signals,
    access: world.services.access,
    logger: createLogger('silent'),
    ...(ttlSeconds && { ttlSeconds }),
  })
  return {
    ...{ ann, bob, documentId, awareness, letBobIn, putBobOut },
    async [Symbol.asyncDispose]() {
      awareness[Symbol.dispose]()
      await node[Symbol.asyncDispose]()
    },
  }
}

test('over HTTP a state lasts for its time after the last call; over a socket as long as that', async () => {
  await using place = await start(0.8)
  const { ann, documentId, awareness } = place
  const socket = openSocket('s')
  await awareness.set(ann, { documentId, clientId: 'http', state: 1, clock: 1 }, null)
  await awareness.set(ann, { documentId, clientId: 'socket', state: 1, clock: 1 }, socket)
  await delay(600)
  await awareness.set(ann, { documentId, clientId: 'http', state: 2, clock: 2 }, null)
  await delay(600)
  expect((await awareness.list(documentId)).map(({ clientId }) => clientId)).toEqual(['http', 'socket'])
  await delay(600)
  expect((await awareness.list(documentId)).map(({ clientId }) => clientId)).toEqual(['socket'])
  socket.close()
  await until('nobody there', async () => (await awareness.list(documentId)).length === 0)
})

test('a client that goes over from a socket to HTTP is gone in time, though the socket lives', async () => {
  await using place = await start(0.6)
  const { ann, documentId, awareness } = place
  await awareness.set(ann, { documentId, clientId: 'c', state: 1, clock: 1 }, openSocket('s'))
  await awareness.set(ann, { documentId, clientId: 'c', state: 2, clock: 2 }, null)
  await delay(1_200)
  expect(await awareness.list(documentId)).toEqual([])
})

test('whoever loses access while their call is under way is not there afterwards', async () => {
  await using place = await start()
  const { bob, documentId, awareness, letBobIn, putBobOut } = place
  for (let round = 0; round < 25; round++) {
    const set = awareness.set(bob, { documentId, clientId: 'c', state: round, clock: round }, openSocket(`s${round}`)).catch(() => null)
    await Promise.all([set, putBobOut()])
    await until('nobody there', async () => (await awareness.list(documentId)).length === 0)
    await letBobIn()
  }
})

test('a subscription that loses access before it is open does not open', async () => {
  await using place = await start()
  const { ann, bob, documentId, awareness, letBobIn, putBobOut } = place
  await awareness.set(ann, { documentId, clientId: 'c', state: 'secret', clock: 1 }, null)
  for (let round = 0; round < 15; round++) {
    const [watched] = await Promise.allSettled([awareness.watch(bob, documentId), putBobOut()])
    if (watched.status === 'rejected') expect(watched.reason).toMatchObject({ code: 'NOT_FOUND' })
    else {
      const seen = (async () => {
        for await (const one of watched.value) expect(one.state).toBe('secret')
      })()
      await expect(seen).rejects.toMatchObject({ code: 'FORBIDDEN' })
    }
    await letBobIn()
  }
})
