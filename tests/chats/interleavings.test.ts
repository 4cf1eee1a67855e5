import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Person, refusalOf, sharedServers } from '../harness/client.ts'
import { modes } from '../harness/modes.ts'
import { until } from '../harness/wait.ts'
import { atNode, type Event, followInbox, inChat, newChat, peopleOf, shortOf } from './world.ts'

interface Step {
  readonly act: 'send' | 'edit' | 'delete' | 'read' | 'join' | 'leave'
  readonly who: number
  readonly node: number
  readonly pick: number
}

const step: fc.Arbitrary<Step> = fc.record({
  act: fc.constantFrom('send', 'send', 'send', 'edit', 'delete', 'read', 'read', 'join', 'leave'),
  who: fc.nat(3),
  node: fc.nat(1),
  pick: fc.nat(1_000),
})

/** What two readers have to agree on; the texts are as each of them met them. */
const traceOf = (event: Event): string => {
  if (event.__typename === 'MessageSent' || event.__typename === 'MessageEdited') return `${event.__typename} ${event.message.id}`
  return shortOf(event)
}

/** Counts anew, from the log alone, what each has not read. */
function recount(events: readonly Event[]): (userId: string) => number {
  const messages: { id: string; sender: string; gone: boolean }[] = []
  const joinedAt = new Map<string, number>()
  const readTo = new Map<string, number>()
  for (const event of events) {
    if (event.__typename === 'MessageSent') messages.push({ id: event.message.id, sender: event.message.sender.id, gone: false })
    else if (event.__typename === 'MessageDeleted') for (const message of messages) message.gone ||= message.id === event.messageId
    if (event.__typename === 'MemberJoined') {
      joinedAt.set(event.member.user.id, messages.length)
      readTo.delete(event.member.user.id)
    }
    if (event.__typename === 'MessageRead') readTo.set(event.receipt.user.id, messages.findIndex(({ id }) => id === event.receipt.messageId) + 1)
  }
  return userId => {
    const from = Math.max(joinedAt.get(userId) ?? 0, readTo.get(userId) ?? 0)
    return messages.slice(from).filter(({ sender, gone }) => sender !== userId && !gone).length
  }
}

describe.each(modes)('on %s', mode => {
  const servers = sharedServers(mode)

  test('any interleaving of sends, edits, deletes, reads, joins and leaves ends with equal logs, and unread counts that equal a recount', async () => {
    const { ann, ...rest } = await peopleOf(servers.one.url, 'ann', 'ben', 'cem', 'dan')
    const people = [ann, rest.ben, rest.cem, rest.dan]
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 12, maxLength: 48 }), fc.integer({ min: 1, max: 8 }), async (steps, together) => {
        const id = await newChat(ann, [rest.ben])
        await using here = await inChat(ann, id).follow(servers.one.wsUrl)
        await using there = await inChat(ann, id).follow(servers.other.wsUrl)
        await using inbox = await followInbox(servers.other.wsUrl, ann)
        const sent: string[] = []
        const act = async ({ act, who, node, pick }: Step): Promise<unknown> => {
          const url = node ? servers.one.url : servers.other.url
          const person = atNode(people[who] ?? ann, url)
          const me = inChat(person, id)
          const message = sent[pick % Math.max(1, sent.length)] ?? ''
          if (act === 'send') return sent.push((await me.send(`said ${pick}`)).message.id)
          if (act === 'edit') return me.edit(message, `edited ${pick}`)
          if (act === 'delete') return me.remove(message)
          if (act === 'read') return me.read(message)
          // Ann stays, so that there is somebody who has seen everything.
          if (act === 'join') return inChat(atNode(ann, url), id).add([person])
          return person.id === ann.id ? null : me.leave()
        }
        for (let at = 0; at < steps.length; at += together) {
          const refusals = await Promise.all(steps.slice(at, at + together).map(one => refusalOf(act(one))))
          for (const refusal of refusals) if (refusal) expect(['NOT_FOUND', 'FORBIDDEN', 'CONFLICT', 'NOT_PARTICIPANT']).toContain(refusal.code)
        }
        const end = (await inChat(ann, id).send('the end')).message.id
        const hasEnded = (events: readonly Event[]) => events.some(event => traceOf(event) === `MessageSent ${end}`)
        const feeds = [here, there, inbox]
        await until('the end of all feeds', () => feeds.every(feed => hasEnded(feed.items)))

        await using whole = await inChat(ann, id).follow(servers.other.wsUrl, (here.items[0] as { cursor: string }).cursor)
        await until('the whole log', () => hasEnded(whole.items))
        for (const feed of [there, inbox, whole]) expect(feed.items.slice(1).map(traceOf)).toEqual(here.items.slice(1).map(traceOf))
        expect(whole.items.map(event => 'cursor' in event && event.cursor)).toEqual(here.items.map(event => 'cursor' in event && event.cursor))

        const left = recount([
          ...[ann, rest.ben].map(({ id: userId }) => ({ __typename: 'MemberJoined', member: { user: { id: userId } } }) as Event),
          ...whole.items,
        ])
        const chat = await inChat(ann, id).look()
        for (const { user } of chat?.members ?? []) {
          const person = people.find(one => one.id === user.id) as Person
          expect((await inChat(atNode(person, servers.other.url), id).look())?.unreadCount, person.email).toBe(left(user.id))
        }
      }),
      { numRuns: mode === 'embedded' ? 6 : 10 },
    )
  }, 180_000)
})
