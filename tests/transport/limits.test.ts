import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { createClient } from 'graphql-ws'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { ask } from './ask.ts'
import { type SmallServer, startSmallServer } from './small-server.ts'

let server: SmallServer
beforeAll(async () => {
  server = await startSmallServer({ MAX_QUERY_TOKENS: '800', MAX_QUERY_DEPTH: '8', MAX_QUERY_ALIASES: '10', MAX_QUERY_COST: '5000' })
})
afterAll(() => server[Symbol.asyncDispose]())

const nested = (depth: number) => `${'{ self '.repeat(depth - 1)}{ hello }${' }'.repeat(depth - 1)}`
const times = (count: number, text: (at: number) => string) => Array.from({ length: count }, (_, at) => text(at)).join(' ')
const edges = (first: string, inner: string) => `users${first} { edges { node { ${inner} } } }`

async function overSocket(query: string, variables?: Record<string, unknown>) {
  const client = createClient({ url: server.wsUrl, webSocketImpl: WebSocket, retryAttempts: 0 })
  try {
    for await (const { errors, data } of client.iterate({ query, variables: variables ?? null })) return { errors, data }
  } catch (errors) {
    return { errors: errors as { extensions?: Record<string, unknown>; message: string }[] }
  } finally {
    await client.dispose()
  }
}

const refused: [string, string, number, number, Record<string, unknown>?][] = [
  ['depth', nested(9), 8, 9],
  ['depth in fragments', `{ self { ...A } } fragment A on Query { self { ...B } } fragment B on Query ${nested(7)}`, 8, 9],
  ['aliases', `{ ${times(11, at => `a${at}: hello`)} }`, 10, 11],
  ['aliases in fragments', `{ ${times(4, () => '...A')} } fragment A on Query { a: hello b: hello c: hello }`, 10, 12],
  ['repeated root fields', `{ ${times(51, () => 'hello')} }`, 50, 51],
  ['directives', `{ hello ${times(51, () => '@skip(if: false)')} }`, 50, 51],
  ['tokens', `{ ${times(900, () => 'hello')} }`, 800, 801],
  ['cost of pages in pages', `{ ${edges('(first: 50)', 'friends(first: 50) { edges { node { id } } }')} }`, 5000, 7651],
  ['cost of what is left out', `{ ${edges('', 'friends { edges { node { id } } }')} }`, 5000, 7651],
  ['cost by variables', `query ($n: Int) { ${edges('(first: $n)', 'friends(first: $n) { edges { node { id } } }')} }`, 5000, 120601, { n: 200 }],
  ['cost of ids', 'query ($ids: [ID!]!) { nodes(ids: $ids) { friends { edges { node { id } } } } }', 5000, 15101, { ids: new Array(100).fill('a') }],
]

describe('an operation above a limit', () => {
  it.each(refused)('on %s is refused over HTTP and sockets, and says by how much', async (_, query, limit, actual, variables) => {
    const overHttp = await ask(server.url, query, variables)
    for (const { errors, data } of [overHttp, (await overSocket(query, variables))!] as {
      errors: { message: string; extensions: unknown }[]
      data?: unknown
    }[]) {
      expect(data).toBeUndefined()
      expect(errors.map(error => error.extensions)).toContainEqual({ code: 'QUERY_TOO_COMPLEX', limit, actual })
      expect(errors[0]!.message).toContain(String(limit))
    }
  })

  it('is refused each time it is sent, and harmless variables pass each time', async () => {
    const query = `query ($n: Int) { ${edges('(first: $n)', 'friends(first: $n) { edges { node { id } } }')} }`
    for (let round = 0; round < 2; round += 1) {
      expect((await ask(server.url, query, { n: 200 })).errors).toHaveLength(1)
      expect((await ask(server.url, query, { n: 10 })).errors).toBeUndefined()
      expect((await ask(server.url, nested(9))).errors).toHaveLength(1)
    }
  })

  it('holds for subscriptions too', async () => {
    const query = `subscription ($n: Int!) { count(to: $n) ${times(60, () => '@skip(if: false)')} }`
    expect(((await overSocket(query, { n: 1 })) as { errors: { extensions: unknown }[] }).errors[0]!.extensions).toMatchObject({
      code: 'QUERY_TOO_COMPLEX',
    })
  })
})

describe('an operation below the limits', () => {
  it.each([
    ['depth', nested(8)],
    ['aliases', `{ ${times(10, at => `a${at}: hello`)} }`],
    ['root fields', `{ ${times(50, () => 'hello')} }`],
    ['cost', `{ ${edges('(first: 10)', 'friends(first: 10) { edges { node { id } } }')} }`],
    ['ids', '{ nodes(ids: ["a", "b"]) { friends { edges { node { id } } } } }'],
  ])('on %s passes', async (_, query) => {
    expect((await ask(server.url, query)).errors).toBeUndefined()
  })
})

describe('a hostile document', () => {
  it.each([
    ['fragments that hold each other', '{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }'],
    ['a fragment that holds itself in a field', '{ ...A } fragment A on Query { self { ...A } }'],
    [
      'a bomb of fragments',
      `{ ...F0 } ${times(25, at => `fragment F${at} on Query { ...F${at + 1} ...F${at + 1} }`)} fragment F25 on Query { a: hello }`,
    ],
    [
      'a bomb of fragments in fields',
      `{ ...F0 } ${times(20, at => `fragment F${at} on Query { self { ...F${at + 1} } a${at}: self { ...F${at + 1} } }`)} fragment F20 on Query { hello }`,
    ],
    ['a field in hundreds of fragments', `{ ${times(190, () => '...F')} } fragment F on Query { hello }`],
    ['deep literals of the wrong kind', `{ echo(input: ${'{ text: 1, deep: ['.repeat(50)}${'] }'.repeat(50)}) }`],
    ['deep lists', `{ nodes(ids: ${'['.repeat(390)}${']'.repeat(390)}) { id } }`],
  ])('with %s is refused', async (_, query) => {
    const { errors } = await ask(server.url, query)
    expect(errors!.every(error => ['BAD_USER_INPUT', 'QUERY_TOO_COMPLEX'].includes(String(error.extensions['code'])))).toBe(true)
  })

  it('of many large texts does not stay in memory', async () => {
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc') as () => void
    const send = (at: number) => ask(server.url, `{ hello(name: "${at}${'x'.repeat(500_000)}") }`)
    await send(0)
    collect()
    const before = process.memoryUsage().heapUsed
    for (let at = 1; at < 60; at += 1) await send(at)
    collect()
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(8_000_000)
  })
})
