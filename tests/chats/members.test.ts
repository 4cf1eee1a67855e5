import { v7 } from 'uuid'
import { beforeAll, describe, expect, test } from 'vitest'
import { graphql } from '../generated/index.ts'
import { codeOf, makeAdmin, type Person, password, refusalOf, sharedServers } from '../harness/client.ts'
import { followFeed } from '../harness/follow.ts'
import { modes } from '../harness/modes.ts'
import { removeAccess, setAccess } from '../harness/operations.ts'
import { until } from '../harness/wait.ts'
import {
  addChatMembers,
  deleteMessage,
  editMessage,
  markRead,
  readNode,
  removeChatMember,
  sendMessage,
  updateChat,
  viewedEvents,
} from './operations.ts'
import { atNode, cursorOf, followInbox, inChat, listOf, newChat, peopleOf, shortOf } from './world.ts'

const deleteAccount = graphql(/* GraphQL */ `
  mutation ChatsDeleteAccount($input: DeleteAccountInput!) {
    deleteAccount(input: $input) {
      deletedId
    }
  }
`)

describe.each(modes)('the members of a chat on %s', mode => {
  const servers = sharedServers(mode)
  let ann: Person
  let ben: Person
  let cem: Person
  let dan: Person
  beforeAll(async () => {
    ;({ ann, ben, cem, dan } = await peopleOf(servers.one.url, 'ann', 'ben', 'cem', 'dan'))
  })
  const levels = async (id: string, by = ann) => (await inChat(by, id).look())?.members.map(({ user, access }) => [user.id, access])

  test('are let in by who manages it, and read what was before', async () => {
    const id = await newChat(ann, [ben])
    const { message } = await inChat(ann, id).send('before')
    await using inbox = await followInbox(servers.other.wsUrl, cem)
    await using feed = await inChat(ben, id).follow(servers.other.wsUrl)
    expect(await refusalOf(ben.ask(addChatMembers, { input: { chatId: id, userIds: [cem.id] } }))).toEqual({ code: 'FORBIDDEN' })
    expect(await refusalOf(cem.ask(addChatMembers, { input: { chatId: id, userIds: [cem.id] } }))).toEqual({ code: 'NOT_FOUND' })
    const chat = await inChat(ann, id).add([cem, ben, cem, dan], 'READ')
    expect(chat.members.map(({ user, access }) => [user.id, access])).toEqual([
      [ann.id, 'ADMIN'],
      [ben.id, 'WRITE'],
      [cem.id, 'READ'],
      [dan.id, 'READ'],
    ])
    for (const reader of [inbox, feed])
      expect((await reader.got(3)).map(shortOf)).toEqual(['FeedReady', `MemberJoined ${cem.id} READ`, `MemberJoined ${dan.id} READ`])
    expect((await inChat(cem, id).page()).nodes.map(({ id }) => id)).toEqual([message.id])
    expect(await codeOf(cem.ask(sendMessage, { input: { chatId: id, content: 'x' } }))).toBe('FORBIDDEN')
    const nobody = `user_${v7()}`
    for (const [userIds, refusal] of [
      [[cem.id, nobody], { code: 'NOT_FOUND', field: 'input.userIds.1' }],
      [[], { code: 'BAD_USER_INPUT', field: 'input.userIds' }],
      [Array.from({ length: 501 }, () => nobody), { code: 'BAD_USER_INPUT', field: 'input.userIds' }],
    ] as const)
      expect(await refusalOf(ann.ask(addChatMembers, { input: { chatId: id, userIds: [...userIds] } }))).toEqual(refusal)
  })

  test('who come without history read nothing from before, by whichever way', async () => {
    const id = await newChat(ann, [ben], { historyVisible: false })
    const me = inChat(ann, id)
    const old = (await me.send('old')).message
    const older = (await me.send('also old', { replyToId: old.id })).message
    const { cursor } = await me.send('the last of the old')
    await inChat(ben, id).read(old.id)
    await me.add([cem])
    const his = inChat(cem, id)
    // A cursor from before, as somebody else may hand it over.
    await using feed = await his.follow(servers.other.wsUrl, cursor)
    await using inbox = await followInbox(servers.other.wsUrl, cem)
    expect((await his.page()).nodes).toEqual([])
    expect(await his.look()).toMatchObject({ lastMessage: null, unreadCount: 0 })
    for (const { id } of [old, older]) {
      expect((await cem.run(readNode, { id })).node).toBeNull()
      expect(await refusalOf(cem.ask(deleteMessage, { input: { id } }))).toEqual({ code: 'NOT_FOUND' })
      expect(await refusalOf(cem.ask(markRead, { input: { chatId: old.chatId, messageId: id } }))).toEqual({
        code: 'NOT_FOUND',
        field: 'input.messageId',
      })
      expect(await refusalOf(cem.ask(sendMessage, { input: { chatId: old.chatId, content: 'x', replyToId: id } }))).toEqual({
        code: 'NOT_FOUND',
        field: 'input.replyToId',
      })
    }
    expect((await his.look())?.members.map(({ lastRead, readAt }) => [lastRead, readAt])).toEqual([
      [null, null],
      [null, null],
      [null, null],
    ])
    const answer = (await me.send('new', { replyToId: older.id })).message
    expect(answer.replyTo).toMatchObject({ id: older.id, replyTo: { id: old.id } })
    const { message } = await his.send('newer', { replyToId: answer.id })
    expect(message.replyTo).toMatchObject({ id: answer.id, replyTo: null })
    // What happens now to what was then is not told either.
    await me.edit(old.id, 'old as ever')
    await me.remove(older.id)
    await inChat(ben, id).read(older.id)
    expect((await me.page({ first: 1 })).nodes.map(({ readBy }) => readBy.map(({ user }) => user.id))).toEqual([[ben.id]])
    await his.read(message.id)
    await ann.run(updateChat, { input: { id, title: 'told' } })
    const told = [`MemberJoined ${cem.id} WRITE`, 'MessageSent new', 'MessageSent newer', `MessageRead ${cem.id} ${message.id}`, 'ChatUpdated told']
    expect((await feed.got(6)).map(shortOf)).toEqual(['FeedReady', ...told])
    expect((await inbox.got(5)).map(shortOf)).toEqual(['FeedReady', ...told.slice(1)])
    const [sent] = feed.items.filter(event => event.__typename === 'MessageSent')
    expect(sent?.message.replyTo).toBeNull()
    const [updated] = feed.items.filter(event => event.__typename === 'ChatUpdated')
    expect(updated?.chat.members.map(({ lastRead }) => lastRead?.id ?? null)).toEqual([null, null, message.id])
    const page = await his.page({ last: 10 })
    expect(page.nodes.map(({ content }) => content)).toEqual(['new', 'newer'])
    expect(page.pageInfo).toMatchObject({ hasPreviousPage: false, hasNextPage: false })
    expect((await his.page({ last: 10, before: (await me.page({ first: 1 })).edges[0]?.cursor ?? '' })).nodes).toEqual([])
    // Reading what is new says nothing of what is old.
    expect((await me.page({ first: 1 })).nodes[0]?.readBy.map(({ user }) => user.id)).toEqual([ben.id])
    await ann.run(updateChat, { input: { id, historyVisible: true } })
    await me.add([dan])
    expect((await inChat(dan, id).page()).nodes).toHaveLength(5)
    expect((await his.page()).nodes).toHaveLength(2)
  })

  test('who ask the same get the same, but for what depends on who asks and on what they may see', async () => {
    const id = await newChat(ann, [ben], { historyVisible: false })
    const old = (await inChat(ann, id).send('old')).message
    await inChat(ann, id).add([cem], 'READ')
    const viewed = (person: Person) => followFeed(servers.one.wsUrl, person.accessToken, viewedEvents, { chatId: id }, data => data.chatEvents)
    await using hers = await viewed(ann)
    await using his = await viewed(ben)
    await using theirs = await viewed(cem)
    const feeds = await Promise.all([ann, ben, cem].map(person => inChat(person, id).follow(servers.one.wsUrl)))
    await inChat(ann, id).send('new', { replyToId: old.id })
    await ann.run(updateChat, { input: { id, title: 'told' } })
    const got = await Promise.all([hers, his, theirs].map(feed => feed.got(3)))
    expect(got.map(([, , event]) => event)).toEqual(
      [
        [0, 'ADMIN'],
        [2, 'WRITE'],
        [1, 'READ'],
      ].map(([unreadCount, viewerAccess]) => ({ __typename: 'ChatUpdated', chat: { unreadCount, viewerAccess } })),
    )
    const answered = await Promise.all(
      feeds.map(async feed => (await feed.got(3)).flatMap(event => (event.__typename === 'MessageSent' ? [event.message.replyTo?.id ?? null] : []))),
    )
    expect(answered).toEqual([[old.id], [old.id], [null]])
    for (const feed of feeds) await feed[Symbol.asyncDispose]()
  })

  test('who are taken out stop hearing at once, on every node and every socket; their inbox goes on without that chat', async () => {
    const [id, other] = [await newChat(ann, [ben, cem]), await newChat(ann, [cem])]
    const hers = inChat(cem, id)
    await using here = await hers.follow(servers.one.wsUrl)
    await using there = await hers.follow(servers.other.wsUrl)
    await using inbox = await followInbox(servers.other.wsUrl, cem)
    await using others = await inChat(ben, id).follow(servers.other.wsUrl)
    await inChat(ann, id).send('to all')
    for (const feed of [here, there, inbox]) await feed.got(2)
    const before = cursorOf(inbox.items.at(-1))
    expect(await inChat(ann, id).takeOut(cem)).toBe(cem.id)
    await until('the end of both feeds', () => here.end && there.end)
    await inChat(ann, id).send('without her')
    await inChat(ann, other).send('elsewhere')
    expect([here.end, there.end]).toEqual(['FORBIDDEN', 'FORBIDDEN'])
    const heard = ['MessageSent to all', `MemberLeft ${cem.id}`, 'MessageSent elsewhere']
    expect((await inbox.got(4)).map(shortOf)).toEqual(['FeedReady', ...heard])
    expect((await others.got(4)).map(shortOf)).toEqual(['FeedReady', 'MessageSent to all', `MemberLeft ${cem.id}`, 'MessageSent without her'])
    await using again = await followInbox(servers.one.wsUrl, cem, before)
    expect((await again.got(3)).map(shortOf)).toEqual(['FeedReady', ...heard.slice(1)])
    expect(await hers.look()).toBeNull()
    expect(await codeOf(hers.follow(servers.other.wsUrl))).toBe('NOT_FOUND')
    expect(await codeOf(cem.ask(sendMessage, { input: { chatId: id, content: 'x' } }))).toBe('NOT_FOUND')
    expect((await listOf(cem)).nodes.map(({ id }) => id)).not.toContain(id)
    for (const feed of [here, there]) expect(feed.items.map(shortOf)).not.toContain('MessageSent without her')
  })

  test('who come again are members anew, whatever word of their leaving is still on its way', async () => {
    const id = await newChat(ann, [ben, cem], { historyVisible: false })
    await using inbox = await followInbox(servers.other.wsUrl, cem)
    for (let round = 1; round <= 5; round++) {
      await inChat(ann, id).takeOut(cem)
      await inChat(ann, id).send(`between ${round}`)
      await inChat(ann, id).add([cem])
      await inChat(ann, id).send(`round ${round}`)
      // Who is taken out again before their node has opened the chat is owed nothing of it.
      await inbox.got(1 + 3 * round)
    }
    expect(inbox.items.map(shortOf).slice(1)).toEqual(
      [1, 2, 3, 4, 5].flatMap(round => [`MemberLeft ${cem.id}`, `MemberJoined ${cem.id} WRITE`, `MessageSent round ${round}`]),
    )
    expect((await inChat(cem, id).page()).nodes.map(({ content }) => content)).toEqual(['round 5'])
    expect(inbox.end).toBeNull()
  })

  test('come, go and change by the access of the chat’s id as well, with the same rows and events', async () => {
    const id = await newChat(ann, [ben])
    await using feed = await inChat(ben, id).follow(servers.other.wsUrl)
    await using inbox = await followInbox(servers.other.wsUrl, cem)
    const set = (userId: string, access: 'READ' | 'WRITE' | 'ADMIN') => ann.run(setAccess, { input: { resourceId: id, userId, access } })
    await set(cem.id, 'READ')
    await set(cem.id, 'WRITE')
    await set(cem.id, 'WRITE')
    await inChat(cem, id).send('by a member')
    expect(await refusalOf(ann.ask(setAccess, { input: { resourceId: id, userId: ann.id, access: 'READ' } }))).toEqual({
      code: 'CONFLICT',
      field: 'input.userId',
    })
    await ann.run(removeAccess, { input: { resourceId: id, userId: cem.id } })
    expect(await refusalOf(ann.ask(removeAccess, { input: { resourceId: id, userId: cem.id } }))).toEqual({
      code: 'NOT_FOUND',
      field: 'input.userId',
    })
    const told = [`MemberJoined ${cem.id} READ`, 'ChatUpdated null', 'MessageSent by a member', `MemberLeft ${cem.id}`]
    expect((await feed.got(5)).map(shortOf)).toEqual(['FeedReady', ...told])
    expect((await inbox.got(5)).map(shortOf)).toEqual(['FeedReady', ...told])
    expect(await inChat(cem, id).look()).toBeNull()
    await ann.run(removeAccess, { input: { resourceId: id, userId: ann.id } })
    expect(await levels(id, ben)).toEqual([[ben.id, 'ADMIN']])
  })

  test('leave at will; the next one manages, and with the last one the chat goes', async () => {
    const id = await newChat(ann, [ben, cem])
    await ann.run(setAccess, { input: { resourceId: id, userId: ben.id, access: 'READ' } })
    await using feed = await inChat(ben, id).follow(servers.other.wsUrl)
    const { message } = await inChat(ann, id).send('bye')
    expect(await inChat(ann, id).leave()).toBe(ann.id)
    expect((await feed.got(4)).map(shortOf)).toEqual(['FeedReady', 'MessageSent bye', `MemberLeft ${ann.id}`, 'ChatUpdated null'])
    expect(await levels(id, ben)).toEqual([
      [ben.id, 'READ'],
      [cem.id, 'ADMIN'],
    ])
    expect(await refusalOf(ann.ask(removeChatMember, { input: { chatId: id, userId: ann.id } }))).toEqual({ code: 'NOT_FOUND' })
    expect(await refusalOf(ben.ask(removeChatMember, { input: { chatId: id, userId: cem.id } }))).toEqual({ code: 'FORBIDDEN' })
    expect(await refusalOf(cem.ask(removeChatMember, { input: { chatId: id, userId: ann.id } }))).toEqual({
      code: 'NOT_PARTICIPANT',
      field: 'input.userId',
    })
    await Promise.all([inChat(cem, id).leave(), inChat(atNode(ben, servers.other.url), id).leave()])
    for (const person of [ann, ben, cem]) {
      expect(await inChat(person, id).look()).toBeNull()
      expect((await person.run(readNode, { id: message.id })).node).toBeNull()
    }
  })

  test('who lost WRITE change nothing they said, but may take it back', async () => {
    const id = await newChat(ann, [ben])
    const { message } = await inChat(ben, id).send('said')
    await ann.run(setAccess, { input: { resourceId: id, userId: ben.id, access: 'READ' } })
    expect(await codeOf(ben.ask(editMessage, { input: { id: message.id, content: 'unsaid' } }))).toBe('FORBIDDEN')
    expect(await inChat(ben, id).remove(message.id)).toBe(message.id)
  })

  test('leave with their account; what they said stays, without their name', async () => {
    const { eve } = await peopleOf(servers.one.url, 'eve')
    const [id, alone] = [await newChat(eve, [ann, ben]), await newChat(eve, [cem])]
    await inChat(cem, alone).leave()
    const { message } = await inChat(eve, id).send('remember me')
    await using feed = await inChat(ann, id).follow(servers.other.wsUrl)
    await using inbox = await followInbox(servers.other.wsUrl, ann)
    await eve.run(deleteAccount, { input: { password } })
    await inChat(ann, id).send('she is gone')
    const told = [`MemberLeft ${eve.id}`, 'ChatUpdated null', 'MessageSent she is gone']
    expect((await feed.got(4)).map(shortOf)).toEqual(['FeedReady', ...told])
    expect((await inbox.got(4)).map(shortOf)).toEqual(['FeedReady', ...told])
    expect((await inChat(ann, id).page({ first: 1 })).nodes[0]).toMatchObject({
      id: message.id,
      content: 'remember me',
      sender: { id: eve.id, displayName: null },
    })
    // Who came in the same moment come in the order of their ids.
    const [heir = '', next = ''] = [ann.id, ben.id].sort()
    expect(new Map((await levels(id)) as [string, string][])).toEqual(
      new Map([
        [heir, 'ADMIN'],
        [next, 'WRITE'],
      ]),
    )
    expect((await cem.run(readNode, { id: alone })).node).toBeNull()
    expect(await refusalOf((heir === ann.id ? ann : ben).ask(addChatMembers, { input: { chatId: id, userIds: [eve.id] } }))).toEqual({
      code: 'NOT_FOUND',
      field: 'input.userIds.0',
    })
  })

  test('are not joined by the administrator of the server, who reads and moderates all the same', async () => {
    const { root } = await peopleOf(servers.one.url, 'root')
    await makeAdmin(servers.one, root)
    const id = await newChat(ann, [ben])
    const { message } = await inChat(ann, id).send('seen')
    await using feed = await inChat(root, id).follow(servers.one.wsUrl)
    expect(await inChat(root, id).look()).toMatchObject({ viewerAccess: 'ADMIN', unreadCount: 0, lastMessage: { content: 'seen' } })
    expect(await codeOf(root.ask(sendMessage, { input: { chatId: id, content: 'x' } }))).toBe('NOT_PARTICIPANT')
    expect(await codeOf(root.ask(markRead, { input: { chatId: id, messageId: message.id } }))).toBe('NOT_PARTICIPANT')
    expect(await codeOf(root.ask(sendMessage, { input: { chatId: `chat_${v7()}`, content: 'x' } }))).toBe('NOT_FOUND')
    expect(await codeOf(root.ask(removeChatMember, { input: { chatId: id, userId: root.id } }))).toBe('NOT_PARTICIPANT')
    await inChat(root, id).remove(message.id)
    await inChat(root, id).takeOut(ben)
    expect((await feed.got(3)).map(shortOf)).toEqual(['FeedReady', `MessageDeleted ${message.id}`, `MemberLeft ${ben.id}`])
    expect((await listOf(root)).nodes).toEqual([])
  })
})
