import { beforeAll, describe, expect, test } from 'vitest'
import { codeOf, type Person, sharedServers, signUp } from '../harness/client.ts'
import { createDocument, createSnapshot, pushDelta } from '../harness/operations.ts'

/** More than any one answer is to hold: all of it is in memory at once, and a few such calls at a time are the end of a server. */
const tooMuch = 40 * 1024 * 1024

describe('one answer with documents', () => {
  const servers = sharedServers('embedded')
  let ann: Person
  const ids: string[] = []
  beforeAll(async () => {
    ann = await signUp(servers.one.url, 'ann')
    const values = Array.from({ length: 3 }, (_, index) => ({ path: `p${index}`, value: 'x'.repeat(255 * 1024) }))
    const fields = Object.fromEntries(values.map(({ path, value }) => [path, value]))
    // What compresses well weighs nothing where it is stored, and all of it here.
    for (let made = 0; made < 24; made++) ids.push((await ann.run(createDocument, { input: { fields } })).createDocument.document.id)
    const writes = values.map(({ path, value }) => ({ path: `more ${path}`, value }))
    for (let counter = 1; counter <= 3; counter++) {
      const more = writes.map(write => ({ ...write, path: `${counter} ${write.path}` }))
      await ann.run(pushDelta, { input: { documentId: ids[0] ?? '', clientId: 'laptop', clock: { laptop: counter }, writes: more } })
    }
    for (let made = 0; made < 20; made++) await ann.run(createSnapshot, { input: { documentId: ids[0] ?? '' } })
  }, 120_000)

  async function weigh(query: string): Promise<number> {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${ann.accessToken}` }
    const response = await fetch(servers.one.url, { method: 'POST', headers, body: JSON.stringify({ query }) })
    return (await response.arrayBuffer()).byteLength
  }
  const times = (part: (index: number) => string) => Array.from({ length: 49 }, (_, index) => part(index)).join(' ')
  const named = () => `ids: ${JSON.stringify(ids)}`

  test('holds a document whole, and not fifty times', async () => {
    expect(await weigh(`{ document(id: "${ids[0]}") { fields } }`)).toBeGreaterThan(3_000_000)
    expect(await weigh(`{ document(id: "${ids[0]}") { ${times(index => `a${index}: fields`)} } }`)).toBeLessThan(tooMuch)
    expect(await weigh(`{ ${times(index => `a${index}: document(id: "${ids[0]}") { fields }`)} }`)).toBeLessThan(tooMuch)
    expect(await weigh(`{ document(id: "${ids[0]}") { ${times(index => `a${index}: field(path: "p0") { value }`)} } }`)).toBeLessThan(tooMuch)
  })

  test('holds not all of a list of documents', async () => {
    expect(await weigh('{ documents(first: 50) { nodes { id } } }')).toBeLessThan(10_000)
    expect(await weigh('{ documents(first: 50) { nodes { fields } } }')).toBeLessThan(16 * 1024 * 1024 + 10_000)
    expect(await weigh(`{ nodes(${named()}) { ... on Document { fields } } }`)).toBeLessThan(16 * 1024 * 1024 + 10_000)
  })

  test('holds no fifty pages of changes', async () => {
    expect(
      await weigh(`{ document(id: "${ids[0]}") { ${times(index => `a${index}: changes(first: 50) { nodes { writes { value } } }`)} } }`),
    ).toBeLessThan(tooMuch)
  })

  test('holds not the changes of all documents, and reads none of them beyond what it holds', async () => {
    const query = '{ documents(first: 50) { nodes { changes(first: 1) { nodes { cursor } } } } }'
    expect(await codeOf(ann.post(JSON.stringify({ query })))).toBe('QUERY_TOO_COMPLEX')
    expect(await weigh('{ documents(first: 10) { nodes { changes(first: 50) { nodes { writes { value } } } } } }')).toBeGreaterThan(7_000_000)
  })

  test('holds not all snapshots of a document, and no snapshot fifty times', async () => {
    const page = 'snapshots(first: 50) { nodes { id fields } pageInfo { hasNextPage } }'
    expect(await weigh(`{ document(id: "${ids[0]}") { ${page} } }`)).toBeLessThan(tooMuch)
    expect(await weigh(`{ document(id: "${ids[0]}") { snapshots(first: 1) { nodes { ${times(index => `a${index}: fields`)} } } } }`)).toBeLessThan(
      tooMuch,
    )
  })
})
