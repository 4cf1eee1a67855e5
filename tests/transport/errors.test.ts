import { createClient } from 'graphql-ws'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { type Answer, ask, codesOf } from './ask.ts'
import { type SmallServer, startSmallServer } from './small-server.ts'

let server: SmallServer
beforeAll(async () => {
  server = await startSmallServer()
})
afterAll(() => server[Symbol.asyncDispose]())

type Result = Pick<Answer, 'errors' | 'data'>

/** The last thing each way of asking says. */
const ways: Record<string, (query: string, variables?: Record<string, unknown>) => Promise<Result>> = {
  'over HTTP': (query, variables) => ask(server.url, query, variables, { accept: 'application/graphql-response+json' }),
  async 'as server-sent events'(query, variables) {
    const { text } = await ask(server.url, query, variables, { accept: 'text/event-stream' })
    return JSON.parse([...text.matchAll(/^data: (.+)$/gm)].at(-1)![1]!)
  },
  async 'over a socket'(query, variables) {
    const client = createClient({ url: server.wsUrl, webSocketImpl: WebSocket, retryAttempts: 0 })
    try {
      let last = {}
      for await (const result of client.iterate({ query, variables: variables ?? null })) last = result
      return last
    } catch (errors) {
      return { errors: errors as NonNullable<Answer['errors']> }
    } finally {
      await client.dispose()
    }
  },
}

describe.each(Object.entries(ways))('an error %s', (name, say) => {
  it('that is meant for the client comes as it is', async () => {
    const { errors, data } = await say('{ fail(code: "RATE_LIMITED") }')
    expect(data).toEqual({ fail: null })
    expect(errors).toEqual([
      {
        message: 'It failed with RATE_LIMITED.',
        path: ['fail'],
        locations: [{ line: 1, column: 3 }],
        extensions: { code: 'RATE_LIMITED', field: 'input.code', retryAfterMs: 1500 },
      },
    ])
  })

  it.each(['{ fail }', '{ throwText }'])('that nobody expected (%s) is masked, and logged once under the id that the client gets', async query => {
    const { errors } = await say(query)
    expect(errors).toHaveLength(1)
    expect(errors![0]!.message).toBe('Unexpected error.')
    const { code, correlationId, ...more } = errors![0]!.extensions
    expect([code, more]).toEqual(['INTERNAL_SERVER_ERROR', {}])
    const lines = server.logs.filter(line => line['correlationId'] === correlationId && line['level'] === 50)
    expect(lines).toHaveLength(1)
    if (query === '{ fail }')
      expect(lines[0]!['err']).toMatchObject({
        message: 'relation "users" has no column "shoe_size"',
        stack: expect.stringContaining('small-server'),
      })
    expect(JSON.stringify(errors)).not.toMatch(/shoe_size|secret|small-server|stack/)
  })

  it.each([
    ['{ nothing }', 'a field that is not there'],
    ['{ hello', 'a syntax error'],
    ['{ hello(name: 3) }', 'an argument of another type'],
    ['query A { hello } query B { hello }', 'two operations and no name'],
    ['subscription { count(to: 1) never }', 'two roots of a subscription'],
  ])('for %s (%s) is BAD_USER_INPUT', async query => {
    const { errors, data } = await say(query)
    expect(data).toBeUndefined()
    expect(new Set(codesOf({ errors: errors! }))).toEqual(new Set(['BAD_USER_INPUT']))
  })

  it.each([
    [{ input: { text: 1 } }, 'input.text'],
    [{ input: { text: 'a', deep: [{ text: 'b' }, { text: 'c', number: 'd' }] } }, 'input.deep.1.number'],
    [{ input: { number: 1 } }, 'input.text'],
    [{ input: { text: 'a', other: 1 } }, 'input'],
    [{ input: null }, 'input'],
    [{}, 'input'],
    [{ input: { text: ' at "evil.path"; ', number: 'x' } }, 'input.number'],
  ])('in variables (%j) is BAD_USER_INPUT and names the field', async (variables, field) => {
    const { errors, data } = await say('query ($input: EchoInput!) { echo(input: $input) }', variables)
    expect(data).toBeUndefined()
    expect(errors!.map(error => error.extensions)).toContainEqual({ code: 'BAD_USER_INPUT', field })
  })

  it('says nothing of the server in production, neither suggestions nor the schema', async () => {
    await using production = await startSmallServer({ NODE_ENV: 'production', JWT_SECRET: 'p8JQv3Zx5W1rTn7Ky9Lm2Bd4Gf6Hs0Ca' })
    const development = server
    server = production
    try {
      const suggestion = await say('{ hallo }')
      expect(suggestion.errors![0]!.message).toBe('Cannot query field "hallo" on type "Query".')
      expect(codesOf({ errors: (await say('{ __schema { types { name } } }')).errors! })).toContain('BAD_USER_INPUT')
      expect((await say('{ __typename hello }')).data).toEqual({ __typename: 'Query', hello: 'Hello, you' })
    } finally {
      server = development
    }
    expect((await say('{ hallo }')).errors![0]!.message).toContain('Did you mean "hello" or')
    expect((await say('{ __schema { queryType { name } } }')).data).toEqual({ __schema: { queryType: { name: 'Query' } } })
  })

  if (name !== 'over HTTP') {
    it('in the middle of a subscription is mapped like any other', async () => {
      const expected = await say('subscription { failAfter(count: 2, code: "RESYNC_REQUIRED") }')
      expect(codesOf({ errors: expected.errors! })).toEqual(['RESYNC_REQUIRED'])
      const unexpected = await say('subscription { failAfter(count: 2) }')
      expect([unexpected.errors![0]!.message, codesOf({ errors: unexpected.errors! })]).toEqual(['Unexpected error.', ['INTERNAL_SERVER_ERROR']])
      const id = unexpected.errors![0]!.extensions['correlationId']
      expect(server.logs.filter(line => line['correlationId'] === id && line['level'] === 50)).toHaveLength(1)
    })
  }

  if (name === 'over HTTP') {
    it('before execution has a status that says so', async () => {
      const statusOf = async (query: string, accept: string) => (await ask(server.url, query, undefined, { accept })).status
      expect(await statusOf('{ nothing }', 'application/graphql-response+json')).toBe(400)
      expect(await statusOf('{ nothing }', 'application/json')).toBe(200)
      expect(await statusOf('{ fail }', 'application/graphql-response+json')).toBe(200)
    })
  }
})

it('no secret from a request reaches the log', async () => {
  await ask(
    server.url,
    'mutation ($password: String!) { secret(password: $password) }',
    { password: 'hunter2-hunter2' },
    { authorization: 'Bearer ann:111111' },
  )
  await ask(server.url, 'mutation ($password: Int!) { secret(password: $password) }', { password: 'hunter2-hunter2' })
  await fetch(`${server.url}?${new URLSearchParams({ query: '{ hello }', variables: '{"password":"hunter2-hunter2"}' })}`)
  await expect.poll(() => server.logs.filter(line => line['msg'] === 'http request').length).toBeGreaterThan(2)
  expect(JSON.stringify(server.logs)).not.toMatch(/hunter2|ann:111111/)
})
