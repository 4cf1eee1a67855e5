import { print } from 'graphql'
import { v7 } from 'uuid'
import { describe, expect, test } from 'vitest'
import { atNode, inChat, newChat, peopleOf } from '../chats/world.ts'
import { codeOf, type Person, password, refusalOf, sharedServers } from '../harness/client.ts'
import { modes } from '../harness/modes.ts'
import { createDocument, removeAccess, setAccess } from '../harness/operations.ts'
import { until } from '../harness/wait.ts'
import { deleteAccount, logout, memberPresence, presenceChanges, readPresence } from './operations.ts'
import { deviceOf, heardOf, presenceOf, untilHeard, untilOnline } from './world.ts'

describe.each(modes)('presence on %s', mode => {
  const servers = sharedServers(mode)

  /** Ann, Ben and Cem share a chat; Eve has nothing to do with them. Each test has its own: who goes is away seconds later, and all wait for that together. */
  async function gather() {
    const { ann, ben, cem, eve } = await peopleOf(servers.one.url, 'ann', 'ben', 'cem', 'eve')
    return { ann, ben, cem, eve, chatId: await newChat(ann, [ben, cem]) }
  }

  test.concurrent('is there while a socket is, at every node, and tells afterwards when that was', async () => {
    const { ann, ben, chatId } = await gather()
    const { dan } = await peopleOf(servers.one.url, 'dan')
    await inChat(ann, chatId).add([dan])
    const never = { online: false, lastSeenAt: null, user: { id: dan.id } }
    expect(await presenceOf(ann, dan)).toEqual([never])
    await using anns = await deviceOf(servers.other, ann)
    const heard = anns.presences([dan.id])
    await untilHeard(heard, dan, 'offline')
    const dans = await deviceOf(servers.one, dan)
    await untilHeard(heard, dan, 'online')
    await untilOnline(atNode(ann, servers.other.url), dan)
    const leftAt = Date.now()
    dans.terminate()
    await untilHeard(heard, dan, 'offline')
    const [, , last] = heard.items
    expect(heard.items).toEqual([never, { ...never, online: true }, { ...never, lastSeenAt: expect.any(String) }])
    expect(Date.parse(last?.lastSeenAt ?? '')).toBeGreaterThanOrEqual(leftAt)
    expect(await presenceOf(ann, dan)).toEqual([last])
    expect(await presenceOf(atNode(ann, servers.other.url), dan)).toEqual([last])
    const { chat } = await ben.run(memberPresence, { chatId })
    expect(chat?.members.map(({ presence }) => presence)).toContainEqual(last)
  })

  test.concurrent('stays while one of several devices is there, on whichever node', async () => {
    const { ann, ben, cem } = await gather()
    await using bens = await deviceOf(servers.one, ben)
    const heard = bens.presences([ann.id, cem.id])
    const [phone, laptop, cems] = [await deviceOf(servers.one, ann), await deviceOf(servers.other, ann), await deviceOf(servers.one, cem)]
    await untilHeard(heard, ann, 'online')
    await untilHeard(heard, cem, 'online')
    phone.terminate()
    cems.terminate()
    // By then the phone's going would have been told too.
    await untilHeard(heard, cem, 'offline')
    expect(heardOf(heard, ann).at(-1)).toBe('online')
    const leftAt = Date.now()
    laptop.terminate()
    await untilHeard(heard, ann, 'offline')
    expect(heardOf(heard, ann).slice(-2)).toEqual(['online', 'offline'])
    expect(Date.parse(heard.items.at(-1)?.lastSeenAt ?? '')).toBeGreaterThanOrEqual(leftAt)
    expect(await presenceOf(ben, ann)).toEqual([heard.items.at(-1)])
  })

  test.concurrent('ends, and is remembered, when the devices at two nodes go at the same moment', async () => {
    const { ann, ben } = await gather()
    await using bens = await deviceOf(servers.one, ben)
    const heard = bens.presences([ann.id])
    const [phone, laptop] = [await deviceOf(servers.one, ann), await deviceOf(servers.other, ann)]
    await untilHeard(heard, ann, 'online')
    const leftAt = Date.now()
    phone.terminate()
    laptop.terminate()
    await untilHeard(heard, ann, 'offline')
    for (const url of [servers.one.url, servers.other.url])
      await until('the time', async () => Date.parse((await presenceOf(atNode(ben, url), ann))[0]?.lastSeenAt ?? '') >= leftAt)
  })

  test.concurrent('does not flicker when a device connects again, to the same node or another', async () => {
    const { ann, ben, cem } = await gather()
    await using bens = await deviceOf(servers.other, ben)
    const heard = bens.presences([ann.id, cem.id])
    const [first, cems] = [await deviceOf(servers.one, ann), await deviceOf(servers.one, cem)]
    await untilHeard(heard, ann, 'online')
    await untilHeard(heard, cem, 'online')
    cems.terminate()
    first.terminate()
    const second = await deviceOf(servers.one, ann)
    second.terminate()
    await using _third = await deviceOf(servers.other, ann)
    await untilHeard(heard, cem, 'offline')
    expect(heardOf(heard, ann).slice(heardOf(heard, ann).indexOf('online'))).toEqual(['online'])
  })

  test.concurrent('counts a stream of events as a connection, and a socket without a token as none', async () => {
    const { ann, chatId } = await gather()
    const leave = new AbortController()
    const { fay } = await peopleOf(servers.one.url, 'fay')
    await inChat(ann, chatId).add([fay])
    await using _nobody = await deviceOf(servers.one, null)
    const response = await fetch(servers.other.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream', authorization: `Bearer ${fay.accessToken}` },
      body: JSON.stringify({ query: print(presenceChanges), variables: { userIds: [fay.id] } }),
      signal: leave.signal,
    })
    expect(response.status).toBe(200)
    await untilOnline(ann, fay)
    leave.abort()
    await untilOnline(ann, fay, false)
    expect((await presenceOf(ann, fay))[0]?.lastSeenAt).not.toBeNull()
  })

  test.concurrent('goes with the session that the socket was opened with', async () => {
    const { ann, chatId } = await gather()
    const { gus } = await peopleOf(servers.one.url, 'gus')
    await inChat(ann, chatId).add([gus])
    await using _device = await deviceOf(servers.other, gus)
    await untilOnline(ann, gus)
    await gus.run(logout, { input: {} })
    await untilOnline(ann, gus, false)
  })

  test.concurrent('of strangers, and of who is not there, nothing is told', async () => {
    const { ann, ben, eve } = await gather()
    await using eves = await deviceOf(servers.one, eve)
    const nobody = `user_${v7()}`
    await using _anns = await deviceOf(servers.other, ann)
    await untilOnline(ben, ann)
    const ids = [nobody, ann.id, 'anything', eve.id, ann.id, ben.id]
    const shown = async (person: Person) => (await person.run(readPresence, { userIds: ids })).presence.map(({ user }) => user.id)
    expect(await shown(eve)).toEqual([eve.id])
    expect(await shown(ben)).toEqual([ann.id, ben.id])
    expect(await presenceOf(eve)).toEqual([])
    const heard = eves.presences(ids)
    await untilHeard(heard, eve, 'online')
    const passing = await deviceOf(servers.one, ben)
    await untilOnline(ann, ben)
    passing.terminate()
    await untilOnline(ann, ben, false)
    expect(new Set(heard.items.map(({ user }) => user.id))).toEqual(new Set([eve.id]))
  })

  test.concurrent('is no longer told to who stopped sharing: the last chat, or the last document', async () => {
    const { hal, ida, jon } = await peopleOf(servers.one.url, 'hal', 'ida', 'jon')
    const shared = await newChat(hal, [ida])
    await using hals = await deviceOf(servers.one, hal)
    await using idas = await deviceOf(servers.other, ida)
    await using _jons = await deviceOf(servers.one, jon)
    const { document } = (await hal.run(createDocument, { input: { name: 'plan' } })).createDocument
    await hal.run(setAccess, { input: { resourceId: document.id, userId: ida.id, access: 'READ' } })
    await hal.run(setAccess, { input: { resourceId: document.id, userId: jon.id, access: 'READ' } })
    const [halHears, idaHears] = [hals.presences([ida.id, jon.id]), idas.presences([hal.id, jon.id, ida.id])]
    for (const [heard, person] of [
      [halHears, ida],
      [halHears, jon],
      [idaHears, hal],
      [idaHears, jon],
    ] as const)
      await untilHeard(heard, person, 'online') // prettier-ignore
    // The chat is left.
    await hal.run(removeAccess, { input: { resourceId: document.id, userId: ida.id } })
    await untilHeard(idaHears, jon, 'offline')
    expect(heardOf(idaHears, hal)).toEqual(['online'])
    await inChat(hal, shared).takeOut(ida)
    await untilHeard(idaHears, hal, 'offline')
    await untilHeard(halHears, ida, 'offline')
    expect(idaHears.items.map(({ lastSeenAt }) => lastSeenAt)).toEqual(idaHears.items.map(() => null))
    expect(await presenceOf(ida, hal, jon)).toEqual([])
    hals.terminate()
    await untilOnline(jon, hal, false)
    expect(heardOf(idaHears, hal)).toEqual(['online', 'offline'])
    expect(heardOf(idaHears, ida)).toEqual(['online'])
    expect([halHears.end, idaHears.end]).toEqual([expect.any(String), null])
  })

  test.concurrent('of an account that is deleted is forgotten', async () => {
    const { ann, chatId } = await gather()
    const { kim } = await peopleOf(servers.one.url, 'kim')
    await inChat(ann, chatId).add([kim])
    await using anns = await deviceOf(servers.other, ann)
    const heard = anns.presences([kim.id])
    await using _device = await deviceOf(servers.one, kim)
    await untilHeard(heard, kim, 'online')
    await kim.run(deleteAccount, { input: { password } })
    await untilHeard(heard, kim, 'offline')
    expect(heard.items.at(-1)?.lastSeenAt).toBeNull()
    expect(await presenceOf(ann, kim)).toEqual([])
  })

  test.concurrent('is asked for of a hundred users, and of no more', async () => {
    const { ann } = await gather()
    const ids = (count: number) => Array.from({ length: count }, () => `user_${v7()}`)
    expect(await presenceOf(ann, ...ids(100).map(id => ({ ...ann, id })))).toEqual([])
    const refused = { code: 'BAD_USER_INPUT', field: 'userIds' }
    expect(await refusalOf(ann.ask(readPresence, { userIds: ids(101) }))).toEqual(refused)
    expect(await codeOf(ann.ask(readPresence, { userIds: ['a\0b'] }))).toBe('BAD_USER_INPUT')
    await using device = await deviceOf(servers.one, ann)
    const heard = device.presences(ids(101))
    await until('the refusal', () => heard.end)
    expect(heard.end).toBe('BAD_USER_INPUT')
  })
})
