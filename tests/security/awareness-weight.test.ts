import { expect, test } from 'vitest'
import { sharedServers, signUp } from '../harness/client.ts'
import { createDocument } from '../harness/operations.ts'

const servers = sharedServers('embedded')

test('one answer holds not fifty times what everybody in a document says of themselves', async () => {
  const ann = await signUp(servers.one.url)
  const { id } = (await ann.run(createDocument, { input: {} })).createDocument.document
  const query = 'mutation ($input: SetAwarenessInput!) { setAwareness(input: $input) { awareness { clock } } }'
  for (let client = 0; client < 32; client++) {
    const input = { documentId: id, clientId: `client ${client}`, state: 'x'.repeat(16_000), clock: 1 }
    expect((await ann.post(JSON.stringify({ query, variables: { input } }))).errors).toEqual([])
  }
  const read = (names: number) =>
    ann.post(
      JSON.stringify({ query: `{ document(id: "${id}") { ${Array.from({ length: names }, (_, at) => `a${at}: awareness { state }`).join(' ')} } }` }),
    )
  expect((await read(1)).data?.['document']).toMatchObject({ a0: { length: 32 } })
  expect((await read(49)).errors[0]?.extensions.code).toBe('QUERY_TOO_COMPLEX')
})
