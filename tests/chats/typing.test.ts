import { v7 } from 'uuid'
import { beforeAll, describe, expect, test } from 'vitest'
import { codeOf, makeAdmin, type Person, refusalOf, sharedServers, useServers } from '../harness/client.ts'
import { modes } from '../harness/modes.ts'
import { until } from '../harness/wait.ts'
import { readTyping, setTyping } from '../presence/operations.ts'
import { type Device, deviceOf, heardOf, untilHeard } from '../presence/world.ts'
import { atNode, inChat, newChat, peopleOf } from './world.ts'

const typing = (chatId: string, isTyping = true) => ({ input: { chatId, isTyping } })
const typers = async (person: Person, chatId: string) => (await person.run(readTyping, { chatId })).chat?.typing.map(({ id }) => id)

describe.each(modes)('signals of a chat on %s', mode => {
  // So long that whatever ends in a test did not end by itself.
  const servers = useServers(mode, { nodes: 2, env: { TYPING_TIMEOUT_MS: '120000' } })
  let ann: Person
  let ben: Person
  let cem: Person
  beforeAll(async () => {
    ;({ ann, ben, cem } = await peopleOf(servers.one.url, 'ann', 'ben', 'cem'))
  })

  /** A chat of Ann's with Ben, who listens at one node, and a device of Ann's at the other. */
  async function start() {
    const chatId = await newChat(ann, [ben])
    const stack = new AsyncDisposableStack()
    const [anns, bens] = [stack.use(await deviceOf(servers.other, ann)), stack.use(await deviceOf(servers.one, ben))]
    const heard = bens.signals(chatId)
    await untilHeard(heard, ann, 'online')
    return { chatId, anns, bens, heard, [Symbol.asyncDispose]: () => stack.disposeAsync() }
  }

  test('tell the others who types and who stops, once each, and not who does', async () => {
    await using place = await start()
    const { chatId, anns, bens, heard } = place
    await using phone = await deviceOf(servers.one, ann)
    const own = phone.signals(chatId)
    await untilHeard(own, ben, 'online')
    expect(await anns.run(setTyping, typing(chatId))).toEqual({ setTyping: { isTyping: true } })
    await untilHeard(heard, ann, 'types')
    await anns.run(setTyping, typing(chatId))
    expect(await typers(ben, chatId)).toEqual([ann.id])
    expect(await typers(atNode(ann, servers.other.url), chatId)).toEqual([])
    await anns.run(setTyping, typing(chatId, false))
    await untilHeard(heard, ann, 'types no more')
    expect(await typers(ben, chatId)).toEqual([])
    await bens.run(setTyping, typing(chatId))
    await untilHeard(own, ben, 'types')
    expect(heardOf(heard, ann)).toEqual(['online', 'types', 'types no more'])
    expect(heardOf(own, ann)).toEqual([])
    expect(heardOf(heard, ben)).toEqual([])
    expect(heard.items.filter(item => 'isTyping' in item).map(({ chatId: named }) => named)).toEqual([chatId, chatId])
  })

  test('leave no trace in the log', async () => {
    await using place = await start()
    const { chatId, anns, heard } = place
    const before = (await ann.run(readTyping, { chatId })).chat?.cursor
    await anns.run(setTyping, typing(chatId))
    await untilHeard(heard, ann, 'types')
    expect((await ann.run(readTyping, { chatId })).chat?.cursor).toBe(before)
  })

  test('say that typing is over when the message is sent, from whichever device', async () => {
    await using place = await start()
    const { chatId, anns, heard } = place
    await anns.run(setTyping, typing(chatId))
    await ann.run(setTyping, typing(chatId))
    await untilHeard(heard, ann, 'types')
    await inChat(ann, chatId).send('there')
    await untilHeard(heard, ann, 'types no more')
    expect(await typers(ben, chatId)).toEqual([])
    await anns.run(setTyping, typing(chatId))
    await untilHeard(heard, ann, 'types')
  })

  test('say that typing is over when the socket goes, but not while another device types', async () => {
    await using place = await start()
    const { chatId, anns, heard } = place
    await using phone = await deviceOf(servers.one, ann)
    await phone.run(setTyping, typing(chatId))
    await anns.run(setTyping, typing(chatId))
    await untilHeard(heard, ann, 'types')
    anns.terminate()
    await phone.run(setTyping, typing(chatId))
    expect(await typers(ben, chatId)).toEqual([ann.id])
    phone.terminate()
    await untilHeard(heard, ann, 'types no more')
    expect(heardOf(heard, ann).filter(word => word.startsWith('types'))).toEqual(['types', 'types no more'])
  })

  test('tell who of the members comes and goes', async () => {
    await using place = await start()
    const { anns, heard } = place
    anns.terminate()
    await untilHeard(heard, ann, 'offline')
    await using _again = await deviceOf(servers.one, ann)
    await untilHeard(heard, ann, 'online')
    expect(heardOf(heard, ann)).toEqual(['online', 'offline', 'online'])
    expect(heard.items.map(item => ('online' in item && item.lastSeenAt ? 'seen' : null))).toEqual([null, 'seen', null])
  })

  test('tell of who joins later, and to them', async () => {
    await using place = await start()
    const { chatId, anns, heard } = place
    await using cems = await deviceOf(servers.other, cem)
    expect(heardOf(heard, cem)).toEqual([])
    await inChat(ann, chatId).add([cem])
    await untilHeard(heard, cem, 'online')
    await cems.run(setTyping, typing(chatId))
    await anns.run(setTyping, typing(chatId))
    await untilHeard(heard, cem, 'types')
    const late = cems.signals(chatId)
    await untilHeard(late, ann, 'types')
    expect(heardOf(late, ann)).toEqual(['online', 'types'])
  })

  test('end for who is taken out, who is heard of no more', async () => {
    await using place = await start()
    const { chatId, anns, heard } = place
    // Somebody whom no node remembers.
    const { cem } = await peopleOf(servers.one.url, 'cem')
    await inChat(ann, chatId).add([cem])
    await using cems = await deviceOf(servers.other, cem)
    const cemHears = cems.signals(chatId)
    for (const person of [ann, ben]) await untilHeard(cemHears, person, 'online')
    // What is said in two topics comes in any order.
    await untilHeard(heard, cem, 'online')
    await cems.run(setTyping, typing(chatId))
    await untilHeard(heard, cem, 'types')
    await inChat(ann, chatId).takeOut(cem)
    await until('the end', () => cemHears.end)
    expect(cemHears.end).toBe('FORBIDDEN')
    await untilHeard(heard, cem, 'types no more')
    expect(await typers(ben, chatId)).toEqual([])
    await anns.run(setTyping, typing(chatId))
    await untilHeard(heard, ann, 'types')
    cems.terminate()
    expect(heardOf(cemHears, ann)).toEqual(['online'])
    expect(heardOf(heard, cem)).toEqual(['online', 'types', 'types no more'])
    await inChat(ann, chatId).add([cem])
    await using _back = await deviceOf(servers.one, cem)
    await untilHeard(heard, cem, 'online')
  })

  test('are for members: others neither see nor say anything, and readers do not type', async () => {
    const { dan, eve } = await peopleOf(servers.one.url, 'dan', 'eve')
    const chatId = await newChat(ann, [ben])
    await inChat(ann, chatId).add([dan], 'READ')
    expect(await codeOf(dan.ask(setTyping, typing(chatId)))).toBe('FORBIDDEN')
    expect(await codeOf(eve.ask(setTyping, typing(chatId)))).toBe('NOT_FOUND')
    expect(await codeOf(eve.ask(setTyping, typing(`chat_${v7()}`)))).toBe('NOT_FOUND')
    expect(await codeOf(ann.ask(setTyping, typing('a\0b')))).toBe('BAD_USER_INPUT')
    await using eves = await deviceOf(servers.one, eve)
    const heard = eves.signals(chatId)
    await until('the refusal', () => heard.end)
    expect(heard.end).toBe('NOT_FOUND')
    expect((await eve.run(readTyping, { chatId })).chat).toBeNull()
    await makeAdmin(servers.one, eve)
    expect(await refusalOf(eve.ask(setTyping, typing(chatId)))).toEqual({ code: 'NOT_PARTICIPANT' })
  })

  test('leave nothing running behind them, and work when they are opened again', async () => {
    await using place = await start()
    const { chatId, anns } = place
    for (let round = 0; round < 5; round++) {
      const passing: Device = await deviceOf(servers.one, ben)
      const heard = passing.signals(chatId)
      await untilHeard(heard, ann, 'online')
      await passing[Symbol.asyncDispose]()
    }
    await anns.run(setTyping, typing(chatId))
    await using bens = await deviceOf(servers.one, ben)
    await untilHeard(bens.signals(chatId), ann, 'types')
  })
})

describe.each(['embedded', 'postgres+redis'] as const)('typing on %s', mode => {
  const servers = sharedServers(mode)

  test.concurrent.each(['over a socket', 'over HTTP'])('ends by itself three seconds after it was last said, %s', async way => {
    const { ann, ben } = await peopleOf(servers.one.url, 'ann', 'ben')
    const chatId = await newChat(ann, [ben])
    await using anns = await deviceOf(servers.other, ann)
    await using bens = await deviceOf(servers.one, ben)
    const heard = bens.signals(chatId)
    await untilHeard(heard, ann, 'online')
    const say = () => (way === 'over HTTP' ? ann.run(setTyping, typing(chatId)) : anns.run(setTyping, typing(chatId)))
    await say()
    await untilHeard(heard, ann, 'types')
    const saidAgainAt = performance.now()
    await say()
    await untilHeard(heard, ann, 'types no more')
    expect(performance.now() - saidAgainAt).toBeGreaterThan(2_950)
    expect(heardOf(heard, ann)).toEqual(['online', 'types', 'types no more'])
    expect(await typers(ben, chatId)).toEqual([])
  })
})
