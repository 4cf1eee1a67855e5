import { describe, expect, test } from 'vitest'
import { password, signUp } from '../harness/client.ts'
import type { Server } from '../harness/server.ts'
import { among, range, useTwoNodes } from './two-nodes.ts'

describe('chats that people join, leave, write to, and lose their accounts in, on two nodes at once', () => {
  const nodes = useTwoNodes({ RATE_LIMIT_PER_MIN: '0' })
  const { servers, codes, call, count } = nodes

  test('hold together, and nobody is left half in one', async () => {
    const people = await Promise.all(range(6).map(index => signUp((servers[index % 2] as Server).url, `p${index}`)))
    const chats: string[] = []
    const messages: { id: string; chatId: string }[] = []
    for (const maker of people.slice(0, 3)) {
      const memberIds = people.filter(other => other !== maker).map(({ id }) => id)
      const made = (await call(maker, 'createChat', '{ chat { id } }', { memberIds, historyVisible: maker !== people[0] })) as {
        chat: { id: string }
      }
      chats.push(made.chat.id)
    }
    codes.clear()
    const until = Date.now() + 6_000
    const worker = async () => {
      while (Date.now() < until) {
        const [by, other, chatId] = [among(people), among(people), among(chats)]
        const message = messages.length > 0 ? among(messages) : null
        const act = Math.floor(Math.random() * 12)
        if (act < 5) {
          const key = Math.random() < 0.3 ? { idempotencyKey: `key of mine ${Math.floor(Math.random() * 50)}` } : {}
          const sent = await call(by, 'sendMessage', '{ message { id } }', { chatId, content: 'said', replyToId: message?.id, ...key })
          if (sent) messages.push({ id: (sent as { message: { id: string } }).message.id, chatId })
        } else if (act === 5 && message) await call(by, 'markRead', '{ unreadCount }', { chatId: message.chatId, messageId: message.id })
        else if (act === 6 && message) await call(by, 'deleteMessage', '{ deletedId }', { id: message.id })
        else if (act === 7 && message) await call(by, 'editMessage', '{ message { id } }', { id: message.id, content: 'changed' })
        else if (act === 8) await call(by, 'removeChatMember', '{ removedUserId }', { chatId, userId: other.id })
        else if (act === 9) await call(by, 'addChatMembers', '{ chat { id } }', { chatId, userIds: [other.id, among(people).id] })
        else if (act === 10)
          await call(by, 'setAccess', '{ member { access } }', { resourceId: chatId, userId: other.id, access: among(['READ', 'WRITE', 'ADMIN']) })
        else await call(by, 'removeAccess', '{ removedUserId }', { resourceId: chatId, userId: other.id })
      }
    }
    const reaper = async () => {
      for (const person of people.slice(0, 2)) {
        await new Promise(resolve => setTimeout(resolve, 2_000))
        await call(person, 'deleteAccount', '{ deletedId }', { password })
      }
    }
    await Promise.all([...range(8).map(worker), reaper()])
    const gone = people
      .slice(0, 2)
      .map(({ id }) => `'${id}'`)
      .join(',')
    for (const sql of [
      "select 1 from chat_members c full join (select * from memberships where resource_id like 'chat_%') m on m.resource_id = c.chat_id and m.user_id = c.user_id where c.chat_id is null or m.resource_id is null",
      'select 1 from chat_members where chat_id not in (select id from chats)',
      'select 1 from messages where chat_id not in (select id from chats)',
      `select 1 from chat_members where user_id in (${gone})`,
      'select 1 from chats c where message_count <> (select count(*) from messages m where m.chat_id = c.id)',
      'select 1 from chats c where message_count <> coalesce((select max(number) from messages m where m.chat_id = c.id), 0)',
      'select 1 from (select count(*) n, max(sender_number) high from messages group by chat_id, sender_id) s where n <> high',
      "select 1 from chats c where not exists (select 1 from memberships m where m.resource_id = c.id and m.level = 'ADMIN')",
      'select 1 from chat_members where last_read_number > (select message_count from chats where id = chat_id)',
      'select 1 from streams s where head - floor <> (select count(*) from changes c where c.stream_id = s.id)',
      // What an inbox says last of a chat is whether its owner is in it.
      `select 1 from (select distinct on (stream_id, chat) stream_id, coalesce(payload->>'joined', payload->>'left') chat, payload ? 'joined' is_in
         from (select *, coalesce(payload->>'joined', payload->>'left') chat from changes where stream_id like 'inbox:%') c order by stream_id, chat, seq desc) l
       where is_in <> exists (select 1 from chat_members m where 'inbox:' || m.user_id = l.stream_id and m.chat_id = l.chat)
         and substr(stream_id, 7) not in (${gone})`,
    ])
      expect(await count(sql), sql).toBe(0)
    expect([...codes.keys()].filter(name => name.includes('INTERNAL'))).toEqual([])
    expect(codes.get('sendMessage ok')).toBeGreaterThan(20)
  }, 120_000)
})
