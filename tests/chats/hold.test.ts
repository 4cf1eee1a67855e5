import { describe, expect, test } from 'vitest'
import { newId } from '../../src/platform/ids.ts'
import { startServices, viewerOf } from '../feed/service-node.ts'
import { environmentOf, modes } from '../harness/modes.ts'
import { until } from '../harness/wait.ts'

const from = { ip: '192.0.2.1', userAgent: null }

describe.each(modes)('a membership that is held on %s', mode => {
  test('outlives late word of an earlier one’s end, and ends with itself', async () => {
    await using environment = await environmentOf(mode)
    await using services = await startServices(environment.env)
    const { access, accounts, chats, chatMembers, feed } = services
    const register = async (name: string) => {
      const { user } = await accounts.register({ email: `${name}@example.org`, password: 'correct horse battery' }, from)
      return viewerOf(user.id)
    }
    const [ann, ben] = [await register('ann'), await register('ben')]
    const chatId = await chats.create(ann, { id: newId('chat'), memberIds: [ben.userId] })
    const ends: string[] = []
    const held = await chatMembers.hold(ben, chatId, code => ends.push(code))
    expect(held.standing).toMatchObject({ userId: ben.userId, hiddenNumber: 0 })

    let heard = 0
    access.onRevoked(() => {
      heard += 1
    })
    const lateWord = () => feed.transact(tx => access.revoke(tx, { userId: ben.userId, resourceId: chatId }))
    for (let times = 1; times <= 3; times++) {
      await lateWord()
      await until('the word', () => heard === times)
      // As long as a look at the rows takes, and no other was begun before it.
      await chatMembers.standingOf(ben, chatId)
    }
    expect(ends).toEqual([])

    // Who came again is another member, so that what was held of the first one ends.
    await chatMembers.remove(ann, { chatId, userId: ben.userId })
    await chatMembers.add(ann, { chatId, userIds: [ben.userId] })
    await until('the end', () => ends.length > 0)
    expect(ends).toEqual(['FORBIDDEN'])

    const again: string[] = []
    const second = await chatMembers.hold(ben, chatId, code => again.push(code))
    second.release()
    await lateWord()
    await chatMembers.remove(ann, { chatId, userId: ben.userId })
    await until('both words', () => heard === 6)
    await expect(chatMembers.hold(ben, chatId, code => again.push(code))).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect([ends, again]).toEqual([['FORBIDDEN'], []])
  })
})
