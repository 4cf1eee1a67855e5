import { describe, expect, test } from 'vitest'
import { codeOf, sharedServers, signUp } from '../harness/client.ts'
import { createDocument } from '../harness/operations.ts'

const give = (resourceId: string, userId: string, access: string) =>
  JSON.stringify({
    query: 'mutation ($input: SetAccessInput!) { setAccess(input: $input) { member { access } } }',
    variables: { input: { resourceId, userId, access } },
  })

const take = (resourceId: string, userId: string) =>
  JSON.stringify({
    query: 'mutation ($input: RemoveAccessInput!) { removeAccess(input: $input) { removedUserId } }',
    variables: { input: { resourceId, userId } },
  })

describe('rights that were taken away', () => {
  const servers = sharedServers('embedded')

  test('who made a document and was taken out of it does not read it by making it again', async () => {
    const [ann, ben] = [await signUp(servers.one.url, 'ann'), await signUp(servers.one.url, 'ben')]
    const input = { idempotencyKey: 'one document', fields: { title: 'ours' } }
    const { id } = (await ann.run(createDocument, { input })).createDocument.document
    expect((await ann.run(createDocument, { input })).createDocument.document.id).toBe(id)
    expect(await codeOf(ann.post(give(id, ben.id, 'ADMIN')))).toBeNull()
    expect(await codeOf(ben.post(take(id, ann.id)))).toBeNull()
    expect(await codeOf(ann.ask(createDocument, { input }))).toBe('NOT_FOUND')
  })
})
