import { setImmediate as turn } from 'node:timers/promises'
import { GraphQLInt, GraphQLNonNull, GraphQLObjectType, GraphQLSchema, GraphQLString, parse } from 'graphql'
import { expect, test } from 'vitest'
import { createFanOut } from '../../src/feed/fan-out.ts'
import { createErrorMapper } from '../../src/graph/errors.ts'
import { createGroupedSubscribe } from '../../src/graph/grouping.ts'
import { createReader, mapped } from '../../src/signals/reader.ts'
import { until } from '../harness/wait.ts'
import { silent } from './node.ts'

interface Said {
  readonly word: string
}

/** Readers of what is said, over sockets that can be held up; and how often it was looked at. */
function startTalk() {
  let looks = 0
  const readers = new Set<ReturnType<typeof createReader>>()
  const Word = new GraphQLObjectType<Said, { viewer: { userId: string } }>({
    name: 'Word',
    fields: {
      word: {
        type: GraphQLString,
        args: { times: { type: GraphQLInt } },
        resolve({ word }, { times }) {
          looks += 1
          if (word === 'fail') throw new Error('No.')
          return word.repeat(times ?? 1)
        },
      },
      mine: { type: GraphQLString, extensions: { directives: { perViewer: {} } }, resolve: (_, __, { viewer }) => viewer.userId },
    },
  })
  const schema = new GraphQLSchema({
    query: new GraphQLObjectType({ name: 'Query', fields: { none: { type: GraphQLInt } } }),
    subscription: new GraphQLObjectType({
      name: 'Subscription',
      fields: {
        said: {
          type: new GraphQLNonNull(Word),
          subscribe() {
            const reader = createReader(() => readers.delete(reader))
            readers.add(reader)
            return mapped(reader, ({ state }) => state)
          },
          resolve: said => said,
        },
      },
    }),
  })
  const subscribe = createGroupedSubscribe({
    schema,
    fanOut: createFanOut(),
    errors: createErrorMapper({ logger: silent, hideSuggestions: false }),
  })
  const documents = new Map<string, ReturnType<typeof parse>>()

  async function join(text: string, { userId = 'ann', variables = {} }: { userId?: string; variables?: object } = {}) {
    const document = documents.get(text) ?? parse(text)
    documents.set(text, document)
    const frames: { readonly id: string; readonly payload: { readonly data: unknown; readonly errors?: unknown } }[] = []
    let held: (() => void)[] | null = null
    const put = (head: Uint8Array, body: Uint8Array) => void frames.push(JSON.parse(Buffer.concat([head, body]).toString()))
    const id = `of "${userId}" – ☂`
    const socket = {
      send: put,
      deliver(head: Uint8Array, body: Uint8Array) {
        put(head, body)
        return held ? new Promise<void>(resolve => held?.push(resolve)) : Promise.resolve()
      },
      isIdle: () => held === null,
      isBehind: () => false,
      hasDrained: () => true,
    }
    const contextValue = { viewer: { userId, role: 'USER' }, admin: null, requestId: 'r' }
    const source = await subscribe({ schema, document, contextValue, variableValues: variables as Record<string, unknown> }, { id, socket })
    if (!(Symbol.asyncIterator in source)) throw new Error('It did not start.')
    const iterator = source[Symbol.asyncIterator]()
    const over = iterator.next()
    return {
      frames,
      over,
      words: () => frames.map(({ payload }) => (payload.data as { said: Said } | null)?.said.word),
      stop: () => iterator.return?.(),
      stall() {
        held = []
      },
      resume() {
        for (const resolve of held ?? []) resolve()
        held = null
      },
      id,
    }
  }

  return {
    join,
    looks: () => looks,
    say(word: string, by = 'bob') {
      const state: Said = { word }
      for (const reader of readers) reader.offer({ key: { owner: by, client: '' }, state, clock: 0 })
    },
    openCount: () => readers.size,
  }
}

test('what is said is looked at once for a thousand readers who ask the same', async () => {
  const { join, say, looks } = startTalk()
  const all = await Promise.all(Array.from({ length: 1_000 }, (_, index) => join('subscription { said { word } }', { userId: `user${index % 7}` })))
  say('one')
  await until('one', () => all.every(({ frames }) => frames.length === 1))
  say('two')
  await until('two', () => all.every(({ frames }) => frames.length === 2))
  expect(looks()).toBe(2)
  for (const { id, frames } of all) expect(frames).toEqual(['one', 'two'].map(word => ({ id, type: 'next', payload: { data: { said: { word } } } })))
})

test('those who ask something else, and viewers where it depends on them, get an answer of their own', async () => {
  const { join, say, looks } = startTalk()
  const timed = 'subscription ($times: Int) { said { word(times: $times) } }'
  const [once, twice, ann, bob] = await Promise.all([
    join(timed, { variables: { times: 1, ignored: 'x' } }),
    join(timed, { variables: { times: 2 } }),
    join('subscription { said { word mine } }', { userId: 'ann' }),
    join('subscription { said { word mine } }', { userId: 'bob' }),
    join(timed, { variables: { times: 1, ignored: 'y' } }),
  ])
  say('a')
  await until('them', () => [once, twice, ann, bob].every(({ frames }) => frames.length === 1))
  expect([once, twice].map(({ words }) => words())).toEqual([['a'], ['aa']])
  expect([ann, bob].map(({ frames }) => frames[0]?.payload.data)).toEqual(['ann', 'bob'].map(mine => ({ said: { word: 'a', mine } })))
  expect(looks()).toBe(4)
})

test('a reader that is held up gets the newest and not what was before it, and holds nobody up', async () => {
  const { join, say } = startTalk()
  const [slow, quick] = [await join('subscription { said { word } }'), await join('subscription { said { word } }')]
  slow.stall()
  for (const word of ['one', 'two', 'three', 'four']) {
    say(word)
    await turn()
  }
  expect(slow.words()).toEqual(['one'])
  expect(quick.words()).toEqual(['one', 'two', 'three', 'four'])
  slow.resume()
  await until('the newest', () => slow.frames.length === 2)
  expect(slow.words()).toEqual(['one', 'four'])
})

test('an error is told to each, and who has gone is sent nothing more', async () => {
  const { join, say, openCount } = startTalk()
  const [left, stays] = [await join('subscription { said { word } }'), await join('subscription { said { word } }')]
  say('fail')
  await until('it', () => stays.frames.length === 1)
  const masked = { message: 'Unexpected error.', extensions: { code: 'INTERNAL_SERVER_ERROR', correlationId: 'r' } }
  expect([left, stays].map(({ frames }) => frames[0]?.payload.errors)).toEqual([[expect.objectContaining(masked)], [expect.objectContaining(masked)]])
  await left.stop()
  expect(await left.over).toEqual({ done: true, value: undefined })
  say('more')
  await until('more', () => stays.frames.length === 2)
  expect(left.frames.length).toBe(1)
  expect(openCount()).toBe(1)
})
