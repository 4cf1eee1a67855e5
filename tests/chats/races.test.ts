import fc from 'fast-check'
import { Client as Connection } from 'pg'
import { expect, test } from 'vitest'
import { graphql } from '../generated/index.ts'
import { type Person, password, refusalOf } from '../harness/client.ts'
import { environmentOf } from '../harness/modes.ts'
import { removeAccess, setAccess } from '../harness/operations.ts'
import { startServer } from '../harness/server.ts'
import { addChatMembers } from './operations.ts'
import { atNode, inChat, newChat, peopleOf } from './world.ts'

const leaveForGood = graphql(/* GraphQL */ `
  mutation ChatsLeaveForGood($input: DeleteAccountInput!) {
    deleteAccount(input: $input) {
      deletedId
    }
  }
`)

const acts = ['add', 'add', 'take out', 'leave', 'set', 'remove', 'send'] as const

test('whoever lets in, takes out and leaves at once, in many chats on two nodes: rows, rights and inboxes agree', async () => {
  await using environment = await environmentOf('postgres+redis')
  await using one = await startServer(environment.env)
  await using two = await startServer(environment.env)
  const database = new Connection({ connectionString: environment.env['DATABASE_URL'] })
  await database.connect()
  try {
    const { ann, ...others } = await peopleOf(one.url, 'ann', 'ben', 'cem', 'dan', 'eve', 'fay')
    const people: Person[] = Object.values(others)
    const chats = await Promise.all(Array.from({ length: 5 }, () => newChat(ann, people)))
    const steps = fc.sample(
      fc.record({
        act: fc.constantFrom(...acts),
        chat: fc.nat(chats.length - 1),
        who: fc.nat(people.length - 1),
        node: fc.boolean(),
        turned: fc.boolean(),
      }),
      { numRuns: 240, seed: 4 },
    )
    const run = async ({ act, chat, who, node, turned }: (typeof steps)[number]): Promise<unknown> => {
      const url = node ? one.url : two.url
      const id = chats[chat] ?? ''
      const person = atNode(people[who] ?? ann, url)
      const admin = atNode(ann, url)
      const target = { resourceId: id, userId: person.id }
      if (act === 'add') {
        const userIds = people.map(({ id: userId }) => userId)
        return admin.run(addChatMembers, { input: { chatId: id, userIds: turned ? userIds.toReversed() : userIds } })
      }
      if (act === 'take out') return inChat(admin, id).takeOut(person)
      if (act === 'leave') return inChat(person, id).leave()
      if (act === 'set') return admin.run(setAccess, { input: { ...target, access: turned ? 'ADMIN' : 'READ' } })
      if (act === 'remove') return admin.run(removeAccess, { input: target })
      return inChat(person, id).send('x')
    }
    const goodbye = (who: number) => people[who]?.run(leaveForGood, { input: { password } }) ?? Promise.resolve()
    const refusals: (string | undefined)[] = []
    for (let at = 0; at < steps.length; at += 16) {
      const batch = steps.slice(at, at + 16).map(run)
      // Two accounts go in the middle of it all; whoever is let in then may be one of them.
      if (at === 112) batch.push(goodbye(4))
      if (at === 176) batch.push(goodbye(3))
      for (const refusal of await Promise.all(batch.map(refusalOf))) refusals.push(refusal?.code)
    }
    const expected = ['NOT_FOUND', 'NOT_PARTICIPANT', 'FORBIDDEN', 'CONFLICT', 'TOKEN_REVOKED', undefined]
    expect(refusals.filter(code => !expected.includes(code as string))).toEqual([])
    expect(refusals.filter(code => code === undefined).length).toBeGreaterThan(50)

    const pairs = async (query: string) => (await database.query<{ pair: string }>(`${query} order by 1`)).rows.map(({ pair }) => pair)
    const members = await pairs(`select chat_id || ' ' || user_id as pair from chat_members`)
    expect(await pairs(`select resource_id || ' ' || user_id as pair from memberships where resource_id like 'chat\\_%'`)).toEqual(members)
    // The last word of each inbox on a chat, and of each chat on a member.
    expect(
      await pairs(`select chat || ' ' || user_id as pair from (
        select distinct on (1, 2) substr(stream_id, 7) as user_id, coalesce(payload ->> 'joined', payload ->> 'left') as chat, payload ? 'joined' as is_in
        from changes where kind = 'belonging' order by 1, 2, seq desc) said where is_in`),
    ).toEqual(members)
    expect(
      await pairs(`select stream_id || ' ' || user_id as pair from (
        select distinct on (1, 2) stream_id, payload ->> 'userId' as user_id, kind from changes where kind in ('joined', 'left') order by 1, 2, seq desc) said
        where kind = 'joined'`),
    ).toEqual(members)
    for (const gone of [3, 4]) expect(members.filter(pair => pair.endsWith(people[gone]?.id ?? 'nobody'))).toEqual([])
    const { rows: lost } = await database.query(
      `select c.id from chats c where not exists (select from memberships m where m.resource_id = c.id and m.level = 'ADMIN')`,
    )
    expect(lost).toEqual([])
  } finally {
    await database.end()
  }
}, 120_000)
