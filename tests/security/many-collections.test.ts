import { beforeAll, describe, expect, test } from 'vitest'
import { putRecords } from '../collections/operations.ts'
import { type Person, sharedServers, signUp } from '../harness/client.ts'

/** As many as a user may have. */
const most = 10_000

describe('the list of somebody who has all the collections they may have', () => {
  const servers = sharedServers('embedded')
  let ann: Person
  beforeAll(async () => {
    ann = await signUp(servers.one.url)
    const collections = Array.from({ length: most }, (_, index) => `collection ${index}`)
    while (collections.length > 0)
      await ann.run(putRecords, { input: { items: collections.splice(0, 100).map(collection => ({ collection, key: 'k', value: 1 })) } })
  }, 120_000)

  const ask = (query: string) => ann.post(JSON.stringify({ query }))
  const times = (count: number, part: (index: number) => string) => Array.from({ length: count }, (_, index) => part(index)).join(' ')

  test('is shown whole, with all that hangs on it', async () => {
    const { data, errors } = await ask('{ collections { id name recordCount viewerAccess owner { id } members(first: 1) { nodes { access } } } }')
    expect(errors).toEqual([])
    expect(data?.['collections']).toHaveLength(most)
  }, 60_000)

  test('is not shown fifty times in one answer, nor anything of it', async () => {
    const codeOf = async (query: string) => (await ask(query)).errors[0]?.extensions.code
    expect(await codeOf(`{ ${times(50, index => `a${index}: collections { id name recordCount }`)} }`)).toBe('QUERY_TOO_COMPLEX')
    expect(await codeOf(`{ collections { ${times(50, index => `a${index}: recordCount`)} } }`)).toBe('QUERY_TOO_COMPLEX')
  }, 60_000)

  test('costs no more to measure when fragments spread fragments', async () => {
    const bomb = times(40, index => `fragment F${index} on Collection { ...F${index + 1} ...F${index + 1} }`)
    const { errors } = await ask(`{ collections { ...F0 } } ${bomb} fragment F40 on Collection { id }`)
    expect(errors[0]?.extensions.code).toBe('QUERY_TOO_COMPLEX')
  })
})
