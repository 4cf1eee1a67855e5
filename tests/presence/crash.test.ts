import { describe, expect, test } from 'vitest'
import { atNode, newChat, peopleOf } from '../chats/world.ts'
import { environmentOf, modes } from '../harness/modes.ts'
import { startServer } from '../harness/server.ts'
import { deviceOf, heardOf, presenceOf, untilHeard, untilOnline } from './world.ts'

/** What a node that is gone has promised of its users holds no longer. */
const crashMs = 15_000

test('who was on a node that crashed is offline within fifteen seconds, and remembered', async () => {
  await using environment = await environmentOf('postgres+redis')
  await using one = await startServer(environment.env)
  await using other = await startServer(environment.env)
  const { ann, ben, cem } = await peopleOf(one.url, 'ann', 'ben', 'cem')
  await newChat(ann, [ben, cem])
  await using anns = await deviceOf(one, ann)
  const heard = anns.presences([ben.id, cem.id])
  await using _bens = await deviceOf(other, ben)
  await using _cems = await deviceOf(other, cem)
  await using _cemsPhone = await deviceOf(one, cem)
  await untilHeard(heard, ben, 'online')
  await untilHeard(heard, cem, 'online')
  await other.kill()
  await untilHeard(heard, ben, 'offline', crashMs)
  const last = heard.items.at(-1)
  expect(last?.lastSeenAt).toEqual(expect.any(String))
  expect(heardOf(heard, cem).at(-1)).toBe('online')
  await using third = await startServer(environment.env)
  // Nodes that notice the same take a moment each before one of them writes it down.
  await expect
    .poll(() => presenceOf(atNode(ann, third.url), ben, cem), { timeout: 10_000 })
    .toEqual([last, { online: true, lastSeenAt: null, user: { id: cem.id } }])
})

test('who was on a node that is stopped and comes back to another was never away, and who does not is offline soon', async () => {
  await using environment = await environmentOf('postgres+redis')
  await using one = await startServer(environment.env)
  await using other = await startServer(environment.env)
  const { ann, ben, cem } = await peopleOf(one.url, 'ann', 'ben', 'cem')
  await newChat(ann, [ben, cem])
  await using anns = await deviceOf(one, ann)
  const heard = anns.presences([ben.id, cem.id])
  await using _bens = await deviceOf(other, ben)
  await using _cems = await deviceOf(other, cem)
  await untilHeard(heard, ben, 'online')
  await untilHeard(heard, cem, 'online')
  const stopped = other.stop()
  await using _bensNext = await deviceOf(one, ben)
  await stopped
  await untilHeard(heard, cem, 'offline', crashMs)
  expect(heardOf(heard, ben).slice(heardOf(heard, ben).indexOf('online'))).toEqual(['online'])
  expect((await presenceOf(ann, cem))[0]?.lastSeenAt).toEqual(expect.any(String))
})

describe.each(modes)('on %s', mode => {
  test('when somebody was last seen is known after the server was stopped and started', async () => {
    await using environment = await environmentOf(mode)
    const before = await startServer(environment.env)
    const { ann, ben } = await peopleOf(before.url, 'ann', 'ben')
    await newChat(ann, [ben])
    const connectedAt = Date.now()
    await using _bens = await deviceOf(before, ben)
    await untilOnline(ann, ben)
    expect((await before.stop()).code).toBe(0)
    await using after = await startServer(environment.env)
    const later = atNode(ann, after.url)
    await untilOnline(later, ben, false)
    const [presence] = await presenceOf(later, ben)
    expect(Date.parse(presence?.lastSeenAt ?? '')).toBeGreaterThanOrEqual(connectedAt)
  })
})
