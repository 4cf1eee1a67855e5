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
  world.services.access.onRevoked(what => {
    if ('resourceId' in what) revoked.add(`${what.userId} ${what.resourceId}`)
  })
})
afterAll(() => world?.[Symbol.asyncDispose]())

/** `pause` runs between the check and what it allows: the moment in which something else can happen. */
async function start({ ttlSeconds, pause = async () => {} }: { ttlSeconds?: number; pause?: () => Promise<void> } = {}) {
  const people = await Promise.all([signUp(world), signUp(world)])
  const [ann, bob] = (await Promise.all(people.map(({ accessToken }) => world.accounts.authenticate(accessToken, '127.0.0.1')))) as [Viewer, Viewer]
  const { id: documentId } = await world.services.documents.create(ann, { name: 'plan' })
  const letBobIn = () => world.services.members.set(ann, { resourceId: documentId, userId: bob.userId, access: 'READ' })
  const putBobOut = () => world.services.members.remove(ann, { resourceId: documentId, userId: bob.userId })
  await letBobIn()
  const node = await startSignals()
  const set: typeof node.signals.set = async (...parameters) => {
    await pause()
    return node.signals.set(...parameters)
  }
  const watch: typeof node.signals.watch = async (...parameters) => {
    await pause()
    return node.signals.watch(...parameters)
  }
  const awareness = createAwareness({
    signals: { ...node.signals, set, watch },
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

const revoked = new Set<string>()
/** Resolves when this node has heard that the user lost the document. */
const heardOfRevocation = ({ userId }: Viewer, documentId: string) => until('the revocation', () => revoked.has(`${userId} ${documentId}`))

test('over HTTP a state lasts for its time after the last call; over a socket as long as that', async () => {
  await using place = await start({ ttlSeconds: 0.8 })
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
  await using place = await start({ ttlSeconds: 0.6 })
  const { ann, documentId, awareness } = place
  await awareness.set(ann, { documentId, clientId: 'c', state: 1, clock: 1 }, openSocket('s'))
  await awareness.set(ann, { documentId, clientId: 'c', state: 2, clock: 2 }, null)
  await delay(1_200)
  expect(await awareness.list(documentId)).toEqual([])
})

test('whoever loses access while their call is under way is not there afterwards', async () => {
  let putOut = async () => {}
  await using place = await start({ pause: () => putOut() })
  const { bob, documentId, awareness, putBobOut } = place
  putOut = async () => {
    await putBobOut()
    await heardOfRevocation(bob, documentId)
  }
  await awareness.set(bob, { documentId, clientId: 'c', state: 'x', clock: 1 }, openSocket('s'))
  putOut = async () => {}
  expect(await awareness.list(documentId)).toEqual([])
  await expect(awareness.set(bob, { documentId, clientId: 'c', state: 'x', clock: 2 }, openSocket('s'))).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

test('a subscription whose reader loses access before it is open tells nothing', async () => {
  let putOut = async () => {}
  await using place = await start({ pause: () => putOut() })
  const { ann, bob, documentId, awareness, putBobOut } = place
  await awareness.set(ann, { documentId, clientId: 'c', state: 'secret', clock: 1 }, null)
  putOut = async () => {
    await putBobOut()
    await heardOfRevocation(bob, documentId)
  }
  const watched = await awareness.watch(bob, documentId)
  putOut = async () => {}
  await expect(watched.next()).rejects.toMatchObject({ code: 'FORBIDDEN' })
  expect((await watched.next()).done).toBe(true)
  await expect(awareness.watch(bob, documentId)).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

test('however calls and revocations meet, nobody without access stays', async () => {
  await using place = await start()
  const { bob, documentId, awareness, letBobIn, putBobOut } = place
  for (let round = 0; round < 25; round++) {
    const set = awareness.set(bob, { documentId, clientId: 'c', state: round, clock: round }, openSocket(`s${round}`)).catch(() => null)
    await Promise.all([set, putBobOut()])
    await until('nobody there', async () => (await awareness.list(documentId)).length === 0)
    await letBobIn()
  }
})
