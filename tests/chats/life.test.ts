import { v7 } from 'uuid'
import { beforeAll, describe, expect, test } from 'vitest'
import { codeOf, type Person, refusalOf, sharedServers } from '../harness/client.ts'
import { modes } from '../harness/modes.ts'
import { createChat, deleteMessage, editMessage, readNode, sendMessage, updateChat } from './operations.ts'
import { atNode, inChat, newChat, peopleOf, shortOf } from './world.ts'

describe.each(modes)('a chat on %s', mode => {
  const servers = sharedServers(mode)
  let ann: Person
  let ben: Person
  let cem: Person
  beforeAll(async () => {
    ;({ ann, ben, cem } = await peopleOf(servers.one.url, 'ann', 'ben', 'cem'))
  })

  test('is made with its members: its maker manages, the others write', async () => {
    const id = `chat_${v7()}`
    const input = { id, title: 'Tides', memberIds: [ben.id, ann.id, ben.id] }
    const { chat } = (await ann.run(createChat, { input })).createChat
    expect(chat).toMatchObject({ id, title: 'Tides', historyVisible: true, viewerAccess: 'ADMIN', unreadCount: 0, lastMessage: null })
    expect(chat.members.map(({ user, access }) => [user.id, access])).toEqual([
      [ann.id, 'ADMIN'],
      [ben.id, 'WRITE'],
    ])
    expect(await inChat(ben, id).look()).toMatchObject({ id, title: 'Tides', viewerAccess: 'WRITE' })
    expect(await inChat(cem, id).look()).toBeNull()
    expect(await refusalOf(cem.ask(createChat, { input: { ...input, memberIds: [ben.id] } }))).toEqual({ code: 'ALREADY_EXISTS', field: 'input.id' })
  })

  test('is not made for nobody, for too many, or for who is not there', async () => {
    const refusal = (input: object) => refusalOf(ann.ask(createChat, { input: { memberIds: [ben.id], ...input } }))
    const nobody = `user_${v7()}`
    expect(await refusal({ memberIds: [] })).toEqual({ code: 'BAD_USER_INPUT', field: 'input.memberIds' })
    expect(await refusal({ memberIds: [ann.id] })).toEqual({ code: 'BAD_USER_INPUT', field: 'input.memberIds' })
    expect(await refusal({ memberIds: [ben.id, cem.id, ben.id, nobody] })).toEqual({ code: 'NOT_FOUND', field: 'input.memberIds.3' })
    expect(await refusal({ memberIds: Array.from({ length: 501 }, () => `user_${v7()}`) })).toEqual({
      code: 'BAD_USER_INPUT',
      field: 'input.memberIds',
    })
    for (const title of ['', 'x'.repeat(201), 'a\0b', '\ud800'])
      expect(await refusal({ title })).toEqual({ code: 'BAD_USER_INPUT', field: 'input.title' })
    for (const id of ['chat_1', `msg_${v7()}`, `chat_${v7().toUpperCase()}`])
      expect(await refusal({ id })).toEqual({ code: 'BAD_USER_INPUT', field: 'input.id' })
  })

  test('made twice with one idempotency key is one chat', async () => {
    const input = { title: 'once', memberIds: [ben.id], idempotencyKey: `key ${v7()}` }
    const [one, two] = await Promise.all([ann.run(createChat, { input }), ann.at(servers.other.url).run(createChat, { input })])
    expect(one.createChat.chat.id).toBe(two.createChat.chat.id)
    expect(await codeOf(ann.ask(createChat, { input: { ...input, title: 'twice' } }))).toBe('IDEMPOTENCY_MISMATCH')
  })

  test('changes its title by who manages it, and tells of it when it did', async () => {
    const id = await newChat(ann, [ben], { title: 'before' })
    await using feed = await inChat(ben, id).follow(servers.other.wsUrl)
    const update = async (input: object) => (await ann.run(updateChat, { input: { id, ...input } })).updateChat.chat
    expect(await update({ title: 'after' })).toMatchObject({ title: 'after', historyVisible: true })
    expect(await update({ title: 'after' })).toMatchObject({ title: 'after' })
    expect(await update({ historyVisible: false })).toMatchObject({ title: 'after', historyVisible: false })
    expect(await update({ title: null })).toMatchObject({ title: null, historyVisible: false })
    expect(await refusalOf(ben.ask(updateChat, { input: { id, title: 'mine' } }))).toEqual({ code: 'FORBIDDEN' })
    expect(await refusalOf(cem.ask(updateChat, { input: { id, title: 'mine' } }))).toEqual({ code: 'NOT_FOUND' })
    await inChat(ann, id).send('the end')
    const events = await feed.got(5)
    expect(events.map(shortOf).slice(0, 1)).toEqual(['FeedReady'])
    expect(events.map(({ __typename }) => __typename)).toEqual(['FeedReady', 'ChatUpdated', 'ChatUpdated', 'ChatUpdated', 'MessageSent'])
  })

  test('carries messages to its members on every node, in one order and exactly once', async () => {
    const id = await newChat(ann, [ben])
    await using there = await inChat(ben, id).follow(servers.other.wsUrl)
    await using here = await inChat(ann, id).follow(servers.one.wsUrl)
    const contents = Array.from({ length: 40 }, (_, index) => `message ${index}`)
    const sent = await Promise.all(contents.map((content, index) => inChat(index % 2 ? ann : atNode(ben, servers.other.url), id).send(content)))
    const [one, two] = [await here.got(41), await there.got(41)]
    expect(one.slice(1)).toEqual(two.slice(1))
    expect(new Set(one.map(shortOf))).toEqual(new Set(['FeedReady', ...contents.map(content => `MessageSent ${content}`)]))
    expect(new Set(one.slice(1).map(event => 'cursor' in event && event.cursor))).toEqual(new Set(sent.map(({ cursor }) => cursor)))
    expect((await inChat(ann, id).page()).nodes.map(({ content }) => `MessageSent ${content}`)).toEqual(one.slice(1).map(shortOf))
  })

  test('is read further from the cursor of a message that was sent', async () => {
    const id = await newChat(ann, [ben])
    const me = inChat(ann, id)
    const { cursor } = await me.send('one')
    await me.send('two')
    await me.send('three')
    await using feed = await inChat(ben, id).follow(servers.other.wsUrl, cursor)
    expect((await feed.got(3)).map(shortOf)).toEqual(['FeedReady', 'MessageSent two', 'MessageSent three'])
  })

  test('takes ids of the client, and each only once', async () => {
    const [id, elsewhere] = [await newChat(ann, [ben]), await newChat(ben, [cem])]
    const chosen = `msg_${v7()}`
    const { message } = await inChat(ann, id).send('mine', { id: chosen })
    expect(message).toMatchObject({ id: chosen, chatId: id, content: 'mine', sender: { id: ann.id }, editedAt: null, deletedAt: null, readBy: [] })
    for (const [person, chatId] of [
      [ann, id],
      [ben, elsewhere],
    ] as const)
      expect(await refusalOf(person.ask(sendMessage, { input: { id: chosen, chatId, content: 'again' } }))).toEqual({
        code: 'ALREADY_EXISTS',
        field: 'input.id',
      })
    const raced = `msg_${v7()}`
    const outcomes = await Promise.all(
      [id, elsewhere, id, elsewhere].map((chatId, index) =>
        codeOf(ben.at(index % 2 ? servers.one.url : servers.other.url).ask(sendMessage, { input: { id: raced, chatId, content: 'raced' } })),
      ),
    )
    expect(outcomes.toSorted()).toEqual(['ALREADY_EXISTS', 'ALREADY_EXISTS', 'ALREADY_EXISTS', null])
    expect(await codeOf(ann.ask(sendMessage, { input: { id: `chat_${v7()}`, chatId: id, content: 'x' } }))).toBe('BAD_USER_INPUT')
  })

  test('refuses text that is none, too long, or that no database keeps', async () => {
    const id = await newChat(ann, [ben])
    const { message } = await inChat(ann, id).send('x'.repeat(10_000))
    for (const content of ['', ' ', '\n\t\u00a0\u3000', '\u200b\u2060', 'x'.repeat(10_001), 'a\0b', 'a\ud800']) {
      const bad = { code: 'BAD_USER_INPUT', field: 'input.content' }
      expect(await refusalOf(ann.ask(sendMessage, { input: { chatId: id, content } }))).toEqual(bad)
      expect(await refusalOf(ann.ask(editMessage, { input: { id: message.id, content } }))).toEqual(bad)
    }
    const odd = '  👩‍👩‍👧 <b>&amp;</b> \u202egnp.exe\n{{}} \\u0000 \'";-- '
    expect((await inChat(ben, id).send(odd)).message.content).toBe(odd)
    expect((await inChat(ann, id).page({ last: 1 })).nodes[0]?.content).toBe(odd)
  })

  test('keeps a retry from doubling a message, in its own batch and later, at any node', async () => {
    const id = await newChat(ann, [ben])
    const input = { chatId: id, content: 'once', idempotencyKey: `key ${v7()}` }
    const answers = await Promise.all(
      [0, 1, 2, 3, 4, 5].map(index => ann.at(index % 2 ? servers.one.url : servers.other.url).run(sendMessage, { input })),
    )
    const later = await ann.run(sendMessage, { input })
    expect(new Set([...answers, later].map(({ sendMessage: { cursor, message } }) => `${cursor} ${message.id}`)).size).toBe(1)
    expect((await inChat(ben, id).page()).nodes).toHaveLength(1)
    expect(await codeOf(ann.ask(sendMessage, { input: { ...input, content: 'another' } }))).toBe('IDEMPOTENCY_MISMATCH')
    // Keys of different people never meet.
    await ben.run(sendMessage, { input })
    expect((await inChat(ben, id).page()).nodes).toHaveLength(2)
    await inChat(ann, id).remove(later.sendMessage.message.id)
    expect((await ann.run(sendMessage, { input })).sendMessage.message).toMatchObject({ id: later.sendMessage.message.id, content: null })
  })

  test('shows what a message answers, whatever became of it', async () => {
    const [id, other] = [await newChat(ann, [ben]), await newChat(ann, [ben])]
    const first = (await inChat(ann, id).send('question')).message
    const { message } = await inChat(ben, id).send('answer', { replyToId: first.id })
    expect(message.replyTo).toMatchObject({ id: first.id, content: 'question' })
    await inChat(ann, id).remove(first.id)
    expect((await inChat(ben, id).page()).nodes[1]?.replyTo).toMatchObject({ id: first.id, content: null })
    for (const [chatId, replyToId] of [
      [other, first.id],
      [id, `msg_${v7()}`],
    ])
      expect(await refusalOf(ann.ask(sendMessage, { input: { chatId: chatId ?? '', content: 'x', replyToId } }))).toEqual({
        code: 'NOT_FOUND',
        field: 'input.replyToId',
      })
  })

  test('lets a sender change what they said, and nobody else', async () => {
    const id = await newChat(ann, [ben])
    const { message } = await inChat(ben, id).send('bfore')
    await using feed = await inChat(ann, id).follow(servers.other.wsUrl)
    expect(await inChat(ben, id).edit(message.id, 'before')).toMatchObject({ id: message.id, content: 'before', editedAt: expect.any(String) })
    expect((await feed.got(2)).map(shortOf)).toEqual(['FeedReady', 'MessageEdited before'])
    expect(await refusalOf(ann.ask(editMessage, { input: { id: message.id, content: 'x' } }))).toEqual({ code: 'FORBIDDEN' })
    for (const [person, wanted] of [
      [cem, message.id],
      [ann, `msg_${v7()}`],
    ] as const)
      expect(await refusalOf(person.ask(editMessage, { input: { id: wanted, content: 'x' } }))).toEqual({ code: 'NOT_FOUND' })
  })

  test('forgets the text of a deleted message and keeps its place; its sender and who manages delete', async () => {
    const { dan } = await peopleOf(servers.one.url, 'dan')
    const id = await newChat(ann, [ben, dan])
    const [one, two] = [(await inChat(ben, id).send('one')).message.id, (await inChat(ben, id).send('two')).message.id]
    await using feed = await inChat(ann, id).follow(servers.other.wsUrl)
    expect(await codeOf(dan.ask(deleteMessage, { input: { id: one } }))).toBe('FORBIDDEN')
    expect(await codeOf(cem.ask(deleteMessage, { input: { id: one } }))).toBe('NOT_FOUND')
    expect(await inChat(ben, id).remove(one)).toBe(one)
    expect(await inChat(ann, id).remove(two)).toBe(two)
    expect(await inChat(ann, id).remove(two)).toBe(two)
    const { message } = await inChat(ann, id).send('three')
    expect((await feed.got(4)).map(shortOf)).toEqual(['FeedReady', `MessageDeleted ${one}`, `MessageDeleted ${two}`, 'MessageSent three'])
    const { nodes } = await inChat(dan, id).page()
    expect(nodes.map(({ id: found, content }) => [found, content])).toEqual([
      [one, null],
      [two, null],
      [message.id, 'three'],
    ])
    expect(nodes.map(({ deletedAt }) => deletedAt !== null)).toEqual([true, true, false])
    expect(await refusalOf(ben.ask(editMessage, { input: { id: one, content: 'back' } }))).toEqual({ code: 'CONFLICT', field: 'input.id' })
    expect((await ben.run(readNode, { id: one })).node).toMatchObject({ id: one, content: null, chatId: id })
  })

  test('is found by its id, and its messages by theirs, by who is in it', async () => {
    const id = await newChat(ann, [ben], { title: 'found' })
    const { message } = await inChat(ann, id).send('found too')
    expect((await ben.run(readNode, { id })).node).toMatchObject({ id, title: 'found' })
    expect((await ben.run(readNode, { id: message.id })).node).toMatchObject({ id: message.id, content: 'found too' })
    for (const wanted of [id, message.id]) expect((await cem.run(readNode, { id: wanted })).node).toBeNull()
  })
})
