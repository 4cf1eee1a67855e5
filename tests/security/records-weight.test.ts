import { beforeAll, describe, expect, test } from 'vitest'
import { collectionOf, iso } from '../collections/world.ts'
import { type Person, sharedServers, signUp } from '../harness/client.ts'

/** More than any one answer is to hold: all of it is in memory at once, and a few such calls at a time are the end of a server. */
const tooMuch = 40 * 1024 * 1024

describe('one answer with records', () => {
  const servers = sharedServers('embedded')
  let ann: Person
  const ids: string[] = []
  beforeAll(async () => {
    ann = await signUp(servers.one.url)
    const box = collectionOf(ann, 'heavy')
    for (let index = 0; index < 12; index++) ids.push((await box.put(`k${index}`, 'x'.repeat(250_000))).record.id)
  })

  /** The size of the answer, and the codes of its errors. */
  async function ask(query: string, variables: object = {}): Promise<{ bytes: number; text: string }> {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${ann.accessToken}` }
    const response = await fetch(servers.one.url, { method: 'POST', headers, body: JSON.stringify({ query, variables }) })
    let bytes = 0
    let text = ''
    for await (const chunk of response.body ?? []) {
      bytes += chunk.byteLength
      if (text.length < 10_000) text += Buffer.from(chunk).toString('latin1')
    }
    return { bytes, text }
  }
  const times = (count: number, part: (index: number) => string) => Array.from({ length: count }, (_, index) => part(index)).join(' ')

  test('holds no fifty pages, and no page fifty times', async () => {
    const page = (index: number) => `a${index}: records(collection: "heavy") { nodes { value } }`
    expect((await ask(`{ ${times(50, page)} }`)).bytes).toBeLessThan(tooMuch)
    expect((await ask(`{ records(collection: "heavy") { nodes { ${times(50, index => `a${index}: value`)} } } }`)).bytes).toBeLessThan(tooMuch)
  })

  test('holds no hundred copies of a record, named by its id or its key', async () => {
    const named = JSON.stringify(Array.from({ length: 100 }, (_, index) => ids[index % ids.length]))
    expect((await ask(`{ nodes(ids: ${named}) { ... on Record { value } } }`)).bytes).toBeLessThan(tooMuch)
  })

  test('holds what a batch lost to once', async () => {
    const items = Array.from({ length: 20 }, (_, index) => ({ collection: 'heavy', key: `k${index % 12}`, value: 1, updatedAt: iso(1) }))
    const query = `mutation ($input: PutRecordsInput!) { putRecords(input: $input) { results { conflict { existing { ${times(40, index => `a${index}: value`)} } } } } }`
    expect((await ask(query, { input: { items } })).bytes).toBeLessThan(tooMuch)
  })

  test('holds one page whole, with all that lists show of it', async () => {
    const { bytes, text } = await ask('{ records(collection: "heavy") { nodes { id key value version } } }')
    expect(bytes).toBeGreaterThan(12 * 250_000)
    expect(text).not.toContain('errors')
  })
})
