import { beforeAll, describe, expect, test } from 'vitest'
import { inChat, newChat } from '../chats/world.ts'
import { type Person, sharedServers, signUp } from '../harness/client.ts'

/** More than any one answer is to hold: all of it is in memory at once, and a few such calls at a time are the end of a server. */
const tooMuch = 40 * 1024 * 1024

describe('one answer with messages', () => {
  const servers = sharedServers('embedded')
  const count = 200
  let ann: Person
  let chatId = ''
  beforeAll(async () => {
    ann = await signUp(servers.one.url, 'ann')
    chatId = await newChat(ann, [await signUp(servers.one.url, 'ben')])
    // Three bytes for each letter.
    for (let sent = 0; sent < count; sent++) await inChat(ann, chatId).send(`${sent} ${'€'.repeat(9_990)}`)
  }, 120_000)

  async function weigh(query: string): Promise<number> {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${ann.accessToken}` }
    const response = await fetch(servers.one.url, { method: 'POST', headers, body: JSON.stringify({ query }) })
    return (await response.arrayBuffer()).byteLength
  }
  const times = (part: (index: number) => string) => Array.from({ length: 49 }, (_, index) => part(index)).join(' ')
  const numberOf = (content: string | null) => Number(content?.split(' ')[0])

  test('holds no fifty pages, and no page fifty times', async () => {
    const page = 'messages(last: 200) { nodes { content } }'
    expect(await weigh(`{ chat(id: "${chatId}") { ${page} } }`)).toBeGreaterThan(3_000_000)
    expect(await weigh(`{ chat(id: "${chatId}") { ${times(index => `a${index}: ${page}`)} } }`)).toBeLessThan(tooMuch)
    expect(await weigh(`{ chat(id: "${chatId}") { messages(last: 200) { nodes { ${times(index => `a${index}: content`)} } } } }`)).toBeLessThan(
      tooMuch,
    )
  })

  test('is shorter than was asked for when they are heavy, and leads to all of them, from either end', async () => {
    const chat = inChat(ann, chatId)
    const forth: number[] = []
    for (let after: string | null = null, isMore = true; isMore; ) {
      const { nodes, pageInfo }: Awaited<ReturnType<typeof chat.page>> = await chat.page({ first: 500, after })
      expect(nodes.length).toBeLessThan(count)
      forth.push(...nodes.map(({ content }) => numberOf(content)))
      after = pageInfo.endCursor
      isMore = pageInfo.hasNextPage
    }
    const back: number[] = []
    for (let before: string | null = null, isMore = true; isMore; ) {
      const { nodes, pageInfo }: Awaited<ReturnType<typeof chat.page>> = await chat.page({ last: 500, before })
      back.unshift(...nodes.map(({ content }) => numberOf(content)))
      before = pageInfo.startCursor
      isMore = pageInfo.hasPreviousPage
    }
    const all = Array.from({ length: count }, (_, index) => index)
    expect([forth, back]).toEqual([all, all])
  })
})
