import { randomBytes } from 'node:crypto'
import { fetchExchange, Client as UrqlClient } from '@urql/core'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Person, sharedServers, signUp } from '../harness/client.ts'
import { modes } from '../harness/modes.ts'
import { linkAttachment, readAttachment, uploadAttachment } from './attachments-operations.ts'
import { newNote, sealed } from './attachments-world.ts'

describe.each(modes)('attachments by urql on %s', mode => {
  const servers = sharedServers(mode)
  let ann: Person
  beforeAll(async () => {
    ann = await signUp(servers.one.url, 'ann')
  })

  test('are uploaded as files among the variables, read and downloaded', async () => {
    const client = new UrqlClient({
      url: servers.one.url,
      exchanges: [fetchExchange],
      preferGetMethod: false,
      fetchOptions: { headers: { authorization: `Bearer ${ann.accessToken}`, 'graphql-require-preflight': 'urql' } },
    })
    const bytes = randomBytes(300_000)
    const file = new File([bytes], 'anything.png', { type: 'image/png' })
    const { data, error } = await client.mutation(uploadAttachment, { input: { ...sealed, noteId: await newNote(ann), file } })
    expect(error).toBeUndefined()
    const { id, sizeBytes } = data?.uploadAttachment.attachment ?? { id: '', sizeBytes: 0 }
    expect(sizeBytes).toBe(bytes.length)
    const read = await client.query(readAttachment, { id })
    expect(read.data?.node).toMatchObject({ encryptedData: bytes.toString('base64') })
    const link = await client.query(linkAttachment, { id })
    const downloadUrl = link.data?.node && 'downloadUrl' in link.data.node ? link.data.node.downloadUrl : ''
    expect(Buffer.from(await (await fetch(new URL(downloadUrl, servers.one.url))).arrayBuffer()).equals(bytes)).toBe(true)

    const refused = await client.mutation(uploadAttachment, { input: { ...sealed, mimeType: 'text/html', noteId: await newNote(ann), file } })
    expect(refused.error?.graphQLErrors[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'input.mimeType' })
  })
})
