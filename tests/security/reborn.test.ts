import { describe, expect, test } from 'vitest'
import { newId } from '../../src/platform/ids.ts'
import { codeOf, follow, password, refusalOf, sharedServers, signUp } from '../harness/client.ts'
import { modes } from '../harness/modes.ts'
import { createDocument, pushDelta, readDocument } from '../harness/operations.ts'

describe.each(modes)('a document that goes with its account, %s', mode => {
  const servers = sharedServers(mode)
  const deletion = JSON.stringify({ query: `mutation { deleteAccount(input: { password: "${password}" }) { deletedId } }` })

  test('and is made again under its id: nobody takes its changes for those they knew', async () => {
    const [ann, ben] = [await signUp(servers.one.url, 'ann'), await signUp(servers.one.url, 'ben')]
    const id = newId('doc')
    const push = (by: typeof ann, counter: number) =>
      by.run(pushDelta, {
        input: { documentId: id, clientId: 'laptop', clock: { laptop: counter }, writes: [{ path: `${counter}`, value: counter }] },
      })
    await ann.run(createDocument, { input: { id } })
    for (const counter of [1, 2, 3]) await push(ann, counter)
    const cursor = (await ann.run(readDocument, { id })).document?.cursor ?? ''
    expect(await codeOf(ann.post(deletion))).toBeNull()

    await ben.run(createDocument, { input: { id } })
    for (const counter of [1, 2, 3, 4]) await push(ben, counter)
    expect(await refusalOf(follow(servers.one.wsUrl, ben.accessToken, id, cursor))).toEqual({ code: 'RESYNC_REQUIRED', field: 'after' })
    await using reader = await follow(servers.one.wsUrl, ben.accessToken, id)
    await push(ben, 5)
    expect(await reader.got(2)).toMatchObject([{ __typename: 'FeedReady' }, { writes: [{ path: '5' }] }])
  })
})
