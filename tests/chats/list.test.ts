import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Person, refusalOf, sharedServers } from '../harness/client.ts'
import { modes } from '../harness/modes.ts'
import { listChats, readMessages } from './operations.ts'
import { inChat, listOf, newChat, peopleOf } from './world.ts'

describe.each(modes)('lists on %s', mode => {
  const servers = sharedServers(mode)
  let ann: Person
  let ben: Person
  beforeAll(async () => {
    ;({ ann, ben } = await peopleOf(servers.one.url, 'ann', 'ben'))
  })

  test('of messages are read from both ends, as Relay has it', async () => {
    const id = await newChat(ann, [ben])
    const count = 23
    await Promise.all(Array.from({ length: count }, () => inChat(ann, id).send('x')))
    const all = (await inChat(ben, id).page({ first: 500 })).edges
    expect(all).toHaveLength(count)
    const ids = all.map(({ node }) => node.id)
    const placeOf = (id: string | undefined) => (id === undefined ? undefined : ids.indexOf(id))
    const place = fc.option(fc.integer({ min: 0, max: count - 1 }), { nil: undefined })
    const size = fc.integer({ min: 1, max: 30 })
    await fc.assert(
      fc.asyncProperty(place, place, size, fc.boolean(), async (after, before, asked, isFirst) => {
        const cursor = (at: number | undefined) => (at === undefined ? null : (all[at]?.cursor ?? null))
        const { nodes, pageInfo } = await inChat(ben, id).page({
          after: cursor(after),
          before: cursor(before),
          ...(isFirst ? { first: asked } : { last: asked }),
        })
        const [low, high] = [after === undefined ? 0 : after + 1, before ?? count]
        const range = ids.slice(low, Math.max(low, high))
        const wanted = isFirst ? range.slice(0, asked) : range.slice(-asked)
        expect(nodes.map(node => node.id)).toEqual(wanted)
        const ends = { startCursor: cursor(placeOf(wanted[0])), endCursor: cursor(placeOf(wanted.at(-1))) }
        expect(pageInfo).toMatchObject(ends)
        if (wanted.length > 0) expect(pageInfo).toEqual({ ...ends, hasPreviousPage: wanted[0] !== ids[0], hasNextPage: wanted.at(-1) !== ids.at(-1) })
      }),
      { numRuns: 40 },
    )
  })

  test('of messages are the newest fifty when nothing is asked for, and lose none while others write', async () => {
    const id = await newChat(ann, [ben])
    await Promise.all(Array.from({ length: 60 }, (_, index) => inChat(ann, id).send(`${index}`)))
    const seen: string[] = []
    const newest = await inChat(ben, id).page()
    expect(newest.nodes).toHaveLength(50)
    expect(newest.pageInfo).toMatchObject({ hasPreviousPage: true, hasNextPage: false })
    for (let page = await inChat(ben, id).page({ last: 7 }); ; ) {
      seen.unshift(...page.nodes.map(node => node.id))
      if (!page.pageInfo.hasPreviousPage) break
      await inChat(ann, id).send('meanwhile')
      page = await inChat(ben, id).page({ last: 7, before: page.pageInfo.startCursor ?? null })
    }
    expect(new Set(seen).size).toBe(60)
    const on = await inChat(ben, id).page({ after: newest.pageInfo.endCursor ?? null })
    expect(on.nodes.map(({ content }) => content)).toEqual(Array.from({ length: 8 }, () => 'meanwhile'))
  })

  test('of messages refuse what makes no page', async () => {
    const id = await newChat(ann, [ben])
    for (const [args, field] of [
      [{ first: 1, last: 1 }, 'last'],
      [{ first: 0 }, 'first'],
      [{ first: 501 }, 'first'],
      [{ last: -1 }, 'last'],
      [{ last: 501 }, 'last'],
      [{ after: 'nonsense' }, 'after'],
      [{ before: Buffer.from('message 1e9').toString('base64url') }, 'before'],
      [{ before: Buffer.from('message 99999999999999999').toString('base64url') }, 'before'],
    ] as const)
      expect(await refusalOf(ann.ask(readMessages, { id, ...args }))).toEqual({ code: 'BAD_USER_INPUT', field })
    const far = Buffer.from('message 999999999999999').toString('base64url')
    expect((await inChat(ann, id).page({ after: far })).nodes).toEqual([])
    expect((await inChat(ann, id).page({ first: 10, before: far })).nodes).toEqual([])
  })

  test('of chats have the latest activity first, page by page, with their last message', async () => {
    const { cem } = await peopleOf(servers.one.url, 'cem')
    const ids: string[] = []
    for (let index = 0; index < 7; index++) ids.push(await newChat(cem, [ann], { title: `chat ${index}` }))
    await newChat(ann, [ben])
    await inChat(ann, ids[2] ?? '').send('latest')
    await inChat(cem, ids[5] ?? '').add([ben])
    const order = [5, 2, 6, 4, 3, 1, 0].map(index => ids[index])
    const found: string[] = []
    for (let after: string | null = null; ; ) {
      const { nodes, pageInfo }: Awaited<ReturnType<typeof listOf>> = await listOf(cem, { first: 3, after })
      found.push(...nodes.map(({ id }) => id))
      expect(pageInfo.hasPreviousPage).toBe(after !== null)
      if (!pageInfo.hasNextPage) break
      after = pageInfo.endCursor ?? null
    }
    expect(found).toEqual(order)
    const { nodes } = await listOf(cem)
    expect(nodes.map(({ lastMessage }) => lastMessage?.content ?? null)).toEqual([null, 'latest', null, null, null, null, null])
    expect(nodes.map(({ unreadCount }) => unreadCount)).toEqual([0, 1, 0, 0, 0, 0, 0])
    for (const [args, field] of [
      [{ first: 0 }, 'first'],
      [{ first: 501 }, 'first'],
      [{ after: 'x' }, 'after'],
      [{ after: Buffer.from('99999999999999999 chat_x').toString('base64url') }, 'after'],
    ] as const)
      expect(await refusalOf(cem.ask(listChats, args))).toEqual({ code: 'BAD_USER_INPUT', field })
  })
})
