import { expect, test } from 'vitest'
import { newChat, peopleOf } from '../chats/world.ts'
import { environmentOf } from '../harness/modes.ts'
import { startRedis } from '../harness/redis.ts'
import { startServer } from '../harness/server.ts'
import { deviceOf, heardOf, untilHeard } from './world.ts'

/** Redis is looked for again and again, with pauses. */
const recoveryMs = 40_000

test('who comes while Redis is away is there once it is back, and who was there before stays, though it forgot everything', async () => {
  await using redis = await startRedis()
  await using environment = await environmentOf('postgres')
  const env = { ...environment.env, REDIS_URL: redis.url }
  await using one = await startServer(env)
  await using other = await startServer(env)
  const { ann, ben, cem } = await peopleOf(one.url, 'ann', 'ben', 'cem')
  await newChat(ann, [ben, cem])
  await using anns = await deviceOf(one, ann)
  await using _bens = await deviceOf(other, ben)
  const heard = anns.presences([ben.id, cem.id])
  await untilHeard(heard, ben, 'online')
  await untilHeard(heard, cem, 'offline')
  await redis.kill()
  await using _cems = await deviceOf(other, cem)
  await redis.restart()
  await untilHeard(heard, cem, 'online', recoveryMs)
  await untilHeard(heard, ben, 'online', recoveryMs)
  expect(heardOf(heard, ben).slice(heardOf(heard, ben).indexOf('online'))).toEqual(['online'])
})
