import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { freshRedisUrl } from '../harness/modes.ts'
import { startRedis } from '../harness/redis.ts'
import { follow, openSocket, startNode, until } from './nodes.ts'

const ann = { owner: 'user_ann', client: 'laptop' }

test('what the sockets of a killed node held is gone after its time, and everybody hears of it', async () => {
  const url = await freshRedisUrl()
  await using first = await startNode(url)
  await using second = await startNode(url)
  const watchers = [follow(await first.signals.watch('t')), follow(await second.signals.watch('t'))]
  const holding = spawn(process.execPath, [join(import.meta.dirname, 'holding-process.ts'), url, '1.5'], { stdio: ['ignore', 'pipe', 'inherit'] })
  try {
    await once(holding.stdout, 'data')
    await delay(2_500)
    for (const { states } of watchers) expect(states()).toEqual({ 'user_ann/laptop': 'held' })
    holding.kill('SIGKILL')
    await until(() => watchers.every(({ heard }) => heard.at(-1)?.state === null))
    expect(await second.signals.list('t')).toEqual([])
    for (const { heard } of watchers) expect(heard).toHaveLength(2)
  } finally {
    holding.kill('SIGKILL')
  }
})

test('while Redis is away nothing hangs or throws, and afterwards all is as it should be', async () => {
  await using redis = await startRedis()
  await using one = await startNode(redis.url, 200)
  await using other = await startNode(redis.url, 200)
  const socket = openSocket('s1')
  await one.signals.set('t', ann, 'held', { clock: 1, ttlSeconds: 30, heldBy: socket })
  const early = follow(await other.signals.watch('t'))
  await until(() => early.heard.length === 1)

  await redis.stop()
  await until(() => other.redis?.status !== 'ready')
  expect(await other.signals.list('t')).toMatchObject([{ key: ann, state: 'held' }])
  expect(await other.signals.list('unwatched')).toEqual([])
  const during = follow(await one.signals.watch('t'))
  await expect(one.signals.set('t', { owner: 'user_bob', client: 'c' }, 'x', { clock: 1, ttlSeconds: 30 })).rejects.toThrow()

  await redis.restart()
  await until(() => during.states()['user_ann/laptop'] === 'held')
  expect(early.states()).toEqual({ 'user_ann/laptop': 'held' })
  await one.signals.set('t', ann, 'moved', { clock: 2, ttlSeconds: 30, heldBy: socket })
  await until(() => [early, during].every(({ states }) => states()['user_ann/laptop'] === 'moved'))
  socket.close()
  await until(() => [early, during].every(({ states }) => Object.keys(states()).length === 0))
})
