import { describe, expect, test } from 'vitest'
import { codeOf, sharedServers, signUp } from '../harness/client.ts'
import { createDocument } from '../harness/operations.ts'
import { openSocket } from '../transport/raw-socket.ts'

describe('what nobody in their right mind would send', () => {
  const servers = sharedServers('embedded')
  const deep = (levels: number) => '['.repeat(levels) + ']'.repeat(levels)

  test('variables in an address that are no JSON are refused, and are no fault of the server', async () => {
    for (const fault of ['variables={', 'extensions=[', 'variables=undefined']) {
      const response = await fetch(`${servers.one.url}?query=${encodeURIComponent('{ viewer { id } }')}&${fault}`)
      const { errors } = (await response.json()) as { errors: readonly { extensions: { code: string } }[] }
      expect([fault, response.status, errors[0]?.extensions.code]).toEqual([fault, 400, 'BAD_USER_INPUT'])
    }
  })

  test('a variable that the subscription does not declare changes nothing, however deep it is', async () => {
    const ann = await signUp(servers.one.url)
    const { id } = (await ann.run(createDocument, { input: {} })).createDocument.document
    using socket = await openSocket(servers.one.wsUrl)
    await socket.init({ token: ann.accessToken })
    const query = 'subscription ($id: ID!) { documentChanges(documentId: $id) { __typename } }'
    socket.send(`{"id":"1","type":"subscribe","payload":{"query":"${query}","variables":{"id":"${id}","more":${deep(100_000)}}}}`)
    expect(await socket.next()).toMatchObject({ type: 'next', payload: { data: { documentChanges: { __typename: 'FeedReady' } } } })
  })

  test('a default value of a variable costs what the value itself would', async () => {
    const ann = await signUp(servers.one.url)
    const query = (declared: string) => `query (${declared}) { documents(first: $n) { nodes { members(first: $n) { nodes { access } } } } }`
    const ask = (body: object) => codeOf(ann.post(JSON.stringify(body)))
    expect(await ask({ query: query('$n: Int'), variables: { n: 500 } })).toBe('QUERY_TOO_COMPLEX')
    expect(await ask({ query: query('$n: Int = 500') })).toBe('QUERY_TOO_COMPLEX')
    expect(await ask({ query: query('$n: Int = 500'), variables: { n: 5 } })).toBeNull()
  })
})
