import { v7 } from 'uuid'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Person, refusalOf, sharedServers } from '../harness/client.ts'
import { modes } from '../harness/modes.ts'
import { markRead } from './operations.ts'
import { atNode, inChat, listOf, newChat, peopleOf, shortOf } from './world.ts'

describe.each(modes)('reading a chat on %s', mode => {
  const servers = sharedServers(mode)
  let ann: Person
  let ben: Person
  let cem: Person
  beforeAll(async () => {
    ;({ ann, ben, cem } = await peopleOf(servers.one.url, 'ann', 'ben', 'cem'))
  })
  const say = async (person: Person, id: string, ...contents: string[]) => {
    const ids: string[] = []
    for (const content of contents) ids.push((await inChat(person, id).send(content)).message.id)
    return ids
  }
  const unread = async (person: Person, id: string) => (await inChat(person, id).look())?.unreadCount

  test('counts what others said and one has not read: not what is one’s own, deleted, or from before', async () => {
    const id = await newChat(ann, [ben])
    const [one = '', two = '', three = ''] = await say(ann, id, 'one', 'two', 'three')
    const [, mine = ''] = await say(ben, id, 'mine', 'mine too')
    await inChat(ann, id).add([cem])
    expect(await Promise.all([ann, ben, cem].map(person => unread(person, id)))).toEqual([2, 3, 0])
    const [four = ''] = await say(ann, id, 'four')
    expect(await Promise.all([ann, ben, cem].map(person => unread(person, id)))).toEqual([2, 4, 1])
    await inChat(ann, id).remove(two)
    await inChat(ben, id).remove(mine)
    expect(await Promise.all([ann, ben, cem].map(person => unread(person, id)))).toEqual([1, 3, 1])
    expect((await inChat(ben, id).read(one)).unreadCount).toBe(2)
    expect((await inChat(ben, id).read(two)).unreadCount).toBe(2)
    expect((await inChat(ben, id).read(three)).unreadCount).toBe(1)
    expect((await inChat(ben, id).read(four)).unreadCount).toBe(0)
    expect((await inChat(cem, id).read(one)).unreadCount).toBe(1)
    await inChat(ann, id).remove(four)
    expect(await Promise.all([ann, ben, cem].map(person => unread(person, id)))).toEqual([1, 0, 0])
    // Who comes again begins anew, and their own from before are still their own.
    await inChat(ben, id).leave()
    await say(ann, id, 'while away')
    await inChat(ann, id).add([ben])
    await say(ben, id, 'back')
    await say(ann, id, 'welcome')
    expect(await unread(ben, id)).toBe(1)
    expect((await listOf(ben)).nodes.find(chat => chat.id === id)?.unreadCount).toBe(1)
  })

  test('never goes back, and is told only when it went on', async () => {
    const id = await newChat(ann, [ben])
    const [one = '', two = '', three = ''] = await say(ann, id, 'one', 'two', 'three')
    await using feed = await inChat(ann, id).follow(servers.other.wsUrl)
    const first = await inChat(ben, id).read(two)
    expect(first).toMatchObject({ unreadCount: 1, receipt: { messageId: two, user: { id: ben.id } } })
    for (const older of [one, two]) expect(await inChat(atNode(ben, servers.other.url), id).read(older)).toEqual(first)
    expect(await inChat(ben, id).read(three)).toMatchObject({ unreadCount: 0, receipt: { messageId: three } })
    await say(ann, id, 'the end')
    expect((await feed.got(4)).map(shortOf)).toEqual([
      'FeedReady',
      `MessageRead ${ben.id} ${two}`,
      `MessageRead ${ben.id} ${three}`,
      'MessageSent the end',
    ])
    expect(feed.items[1]).toMatchObject({ receipt: first.receipt })
    expect((await inChat(ann, id).look())?.members.map(({ lastRead }) => lastRead?.id ?? null)).toEqual([null, three])
  })

  test('said many times at once, on several nodes, ends at the furthest, and its events only go on', async () => {
    const id = await newChat(ann, [ben])
    const ids = await say(ann, id, ...Array.from({ length: 12 }, (_, index) => `${index}`))
    await using feed = await inChat(ann, id).follow(servers.other.wsUrl)
    const order = [5, 11, 2, 7, 0, 9, 10, 1, 3]
    await Promise.all(order.map((at, index) => inChat(atNode(ben, index % 2 ? servers.one.url : servers.other.url), id).read(ids[at] ?? '')))
    await say(ann, id, 'the end')
    const last = await feed.got(2)
    const { lastRead } = (await inChat(ann, id).look())?.members[1] ?? {}
    expect(lastRead?.id).toBe(ids[11])
    await using again = await inChat(ann, id).follow(servers.one.wsUrl, 'cursor' in (last[0] ?? {}) ? (last[0] as { cursor: string }).cursor : null)
    await again.got(3)
    const read = again.items.flatMap(event => (event.__typename === 'MessageRead' ? [ids.indexOf(event.receipt.messageId)] : []))
    expect(read).toEqual(read.toSorted((a, b) => a - b))
    expect(new Set(read).size).toBe(read.length)
    expect(read.at(-1)).toBe(11)
  })

  test('is seen at the messages by all but who sent them', async () => {
    const id = await newChat(ann, [ben, cem])
    const [one = '', two = ''] = await say(ann, id, 'one', 'two')
    const [three = ''] = await say(ben, id, 'three')
    await inChat(ben, id).read(three)
    await inChat(cem, id).read(one)
    const readers = async (person: Person) => (await inChat(person, id).page()).nodes.map(({ readBy }) => readBy.map(({ user }) => user.id))
    for (const person of [ann, ben, cem]) expect(await readers(person)).toEqual([[ben.id, cem.id], [ben.id], []])
    await inChat(cem, id).read(two)
    expect(await readers(ann)).toEqual([[ben.id, cem.id], [ben.id, cem.id], []])
    const [receipt] = (await inChat(ann, id).page({ first: 1 })).nodes[0]?.readBy ?? []
    expect(receipt).toMatchObject({ messageId: three, user: { id: ben.id } })
    await inChat(ben, id).leave()
    expect(await readers(ann)).toEqual([[cem.id], [cem.id], []])
  })

  test('goes no further than there is something, in this very chat', async () => {
    const [id, other] = [await newChat(ann, [ben]), await newChat(ann, [ben])]
    const [there = ''] = await say(ann, other, 'there')
    const [here = ''] = await say(ann, id, 'here')
    for (const [person, messageId, refusal] of [
      [ben, there, { code: 'NOT_FOUND', field: 'input.messageId' }],
      [ben, `msg_${v7()}`, { code: 'NOT_FOUND', field: 'input.messageId' }],
      [ben, 'a\0b', { code: 'BAD_USER_INPUT', field: 'input.messageId' }],
      [cem, here, { code: 'NOT_FOUND' }],
    ] as const)
      expect(await refusalOf(person.ask(markRead, { input: { chatId: id, messageId } }))).toEqual(refusal)
  })
})
