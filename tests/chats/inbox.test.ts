import { beforeAll, describe, expect, test } from 'vitest'
import { type Person, refusalOf, sharedServers } from '../harness/client.ts'
import { modes } from '../harness/modes.ts'
import { cursorOf, type Event, followInbox, inChat, newChat, peopleOf, shortOf } from './world.ts'

const chatOf = (event: Event): string => ('chatId' in event ? event.chatId : '')

describe.each(modes)('an inbox on %s', mode => {
  const servers = sharedServers(mode)
  let ann: Person
  let ben: Person
  beforeAll(async () => {
    ;({ ann, ben } = await peopleOf(servers.one.url, 'ann', 'ben'))
  })

  test('is there before its first chat, and hears of that at once', async () => {
    const { cem } = await peopleOf(servers.one.url, 'cem')
    await using inbox = await followInbox(servers.other.wsUrl, cem)
    const id = await newChat(ann, [cem, ben])
    await inChat(ann, id).send('welcome')
    const joined = [ann, cem, ben].map(({ id: userId }, index) => `MemberJoined ${userId} ${index ? 'WRITE' : 'ADMIN'}`)
    await inbox.got(4)
    const heard = inbox.items.map(shortOf)
    expect(heard.slice(0, 2)).toEqual(['FeedReady', joined[1]])
    expect(heard.slice(2)).toEqual([joined[2], 'MessageSent welcome'])
    await using again = await followInbox(servers.one.wsUrl, cem, cursorOf(inbox.items[0]))
    expect((await again.got(4)).map(shortOf)).toEqual(heard)
  })

  test('starts at the present, over all chats there are', async () => {
    const { cem } = await peopleOf(servers.one.url, 'cem')
    const ids = await Promise.all([0, 1, 2].map(() => newChat(ann, [cem])))
    for (const id of ids) await inChat(ann, id).send('before')
    await using inbox = await followInbox(servers.other.wsUrl, cem)
    for (const id of ids) await inChat(ann, id).send('after')
    await inbox.got(4)
    expect(new Set(inbox.items.map(event => `${chatOf(event)} ${shortOf(event)}`))).toEqual(
      new Set([' FeedReady', ...ids.map(id => `${id} MessageSent after`)]),
    )
  })

  test('goes on from every one of its cursors, with joining and leaving in between, each chat in order and everything once', async () => {
    const { cem } = await peopleOf(servers.one.url, 'cem')
    const [kept = '', left = '', rejoined = ''] = await Promise.all([0, 1, 2].map(() => newChat(ann, [cem])))
    await using inbox = await followInbox(servers.other.wsUrl, cem)
    const say = (id: string, content: string) => inChat(ann, id).send(content)
    for (const id of [kept, left, rejoined]) await say(id, 'first')
    await inChat(ann, rejoined).takeOut(cem)
    await say(rejoined, 'missed')
    const message = (await say(kept, 'second')).message
    await say(left, 'second')
    await inbox.got(7)
    await inChat(cem, left).leave()
    await say(left, 'missed')
    await inChat(ann, rejoined).add([cem])
    const joined = await newChat(ann, [cem])
    await inChat(ann, kept).edit(message.id, 'second')
    await inChat(cem, kept).read(message.id)
    for (const id of [kept, joined, rejoined]) await say(id, 'last')
    await inbox.got(15)
    const events = inbox.items
    const heardOf = (found: readonly Event[], id: string) => found.filter(event => chatOf(event) === id).map(shortOf)
    const left_ = `MemberLeft ${cem.id}`
    expect(heardOf(events, kept)).toEqual([
      'MessageSent first',
      'MessageSent second',
      'MessageEdited second',
      `MessageRead ${cem.id} ${message.id}`,
      'MessageSent last',
    ])
    expect(heardOf(events, left)).toEqual(['MessageSent first', 'MessageSent second', left_])
    expect(heardOf(events, rejoined)).toEqual(['MessageSent first', left_, `MemberJoined ${cem.id} WRITE`, 'MessageSent last'])
    expect(heardOf(events, joined)).toEqual([`MemberJoined ${cem.id} WRITE`, 'MessageSent last'])
    expect(events).toHaveLength(15)

    for (const [at, event] of events.entries()) {
      await using again = await followInbox(at % 2 ? servers.one.wsUrl : servers.other.wsUrl, cem, cursorOf(event))
      const rest = events.slice(at + 1)
      // What was said in a chat that was left meanwhile is no longer to be read; that it was left is told.
      const expected = [kept, left, rejoined, joined].map(id => {
        const heard = heardOf(rest, id)
        const leaving = heard.lastIndexOf(left_)
        return leaving < 0 ? heard : heard.slice(leaving)
      })
      const wanted = expected.flat().length + 1
      await again.got(wanted)
      expect(
        [kept, left, rejoined, joined].map(id => heardOf(again.items, id)),
        `from event ${at}`,
      ).toEqual(expected)
      expect(again.items).toHaveLength(wanted)
    }
  })

  test('takes no cursor of another inbox, of a chat, or of nobody', async () => {
    const id = await newChat(ann, [ben])
    await using mine = await followInbox(servers.one.wsUrl, ann)
    const { cursor } = await inChat(ann, id).send('x')
    for (const after of [cursorOf(mine.items[0]), cursor, 'nonsense', '']) {
      expect(await refusalOf(followInbox(servers.one.wsUrl, ben, after))).toEqual({ code: 'BAD_USER_INPUT', field: 'after' })
    }
    for (const after of [cursorOf(mine.items[0]), 'nonsense'])
      expect(await refusalOf(inChat(ann, id).follow(servers.one.wsUrl, after))).toEqual({ code: 'BAD_USER_INPUT', field: 'after' })
  })
})
