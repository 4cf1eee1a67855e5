import { beforeAll, describe, expect, test } from 'vitest'
import { graphql } from '../generated/index.ts'
import { type Person, sharedServers, signUp } from '../harness/client.ts'

const createNote = graphql(/* GraphQL */ `
  mutation WeightCreate($input: CreateNoteInput!) {
    createNote(input: $input) {
      note {
        id
      }
    }
  }
`)
const updateNote = graphql(/* GraphQL */ `
  mutation WeightUpdate($input: UpdateNoteInput!) {
    updateNote(input: $input) {
      note {
        id
      }
    }
  }
`)

/** More than any one answer is to hold: all of it is in memory at once, and a few such calls at a time are the end of a server. */
const tooMuch = 32 * 1024 * 1024

describe('one answer, however it is asked for', () => {
  const servers = sharedServers('embedded')
  let ann: Person
  let noteId = ''
  beforeAll(async () => {
    ann = await signUp(servers.one.url)
    noteId = await makeNote('x'.repeat(1_000_000))
  })

  const makeNote = async (content: string) => (await ann.run(createNote, { input: { content } })).createNote.note.id

  async function weigh(query: string): Promise<number> {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${ann.accessToken}` }
    const response = await fetch(servers.one.url, { method: 'POST', headers, body: JSON.stringify({ query }) })
    let bytes = 0
    for await (const chunk of response.body ?? []) bytes += chunk.byteLength
    return bytes
  }
  const times = (count: number, part: (index: number) => string) => Array.from({ length: count }, (_, index) => part(index)).join(' ')

  test('holds no hundred copies of a note that is named a hundred times', async () => {
    const ids = JSON.stringify(Array.from({ length: 100 }, () => noteId))
    expect(await weigh(`{ nodes(ids: ${ids}) { ... on Note { content } } }`)).toBeLessThan(tooMuch)
  })

  test('holds no fifty copies of a content that is asked for under fifty names', async () => {
    expect(await weigh(`{ note(id: "${noteId}") { ${times(50, index => `a${index}: content`)} } }`)).toBeLessThan(tooMuch)
    expect(await weigh(`{ ${times(50, index => `a${index}: note(id: "${noteId}") { content }`)} }`)).toBeLessThan(tooMuch)
  })

  test('holds not all revisions of all notes of a page', async () => {
    for (let made = 0; made < 12; made++) {
      const id = await makeNote('')
      for (let version = 0; version < 3; version++) await ann.run(updateNote, { input: { id, content: String(version).repeat(1_000_000) } })
      await ann.run(updateNote, { input: { id, content: '' } })
    }
    expect(await weigh('{ notes(first: 50) { nodes { revisions(first: 50) { nodes { content } } } } }')).toBeLessThan(tooMuch)
  }, 60_000)
})
