import { randomUUID } from 'node:crypto'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Services } from '../../src/services.ts'
import { range, startWorld, type World } from './node.ts'
import { outcomeOf, startServices, viewerOf } from './service-node.ts'

const ann = viewerOf('user_ann')
const bob = viewerOf('user_bob')

describe('a repeatable call, on two nodes', () => {
  let world: World
  let nodes: [Services, Services]
  beforeAll(async () => {
    world = await startWorld('postgres')
    nodes = [await startServices(world.env), await startServices(world.env)]
    await world.database.db.execute(sql`create table works (key text)`)
    await world.database.db.execute(
      sql`insert into users (id, role, created_at) values (${ann.userId}, 'USER', now()), (${bob.userId}, 'USER', now())`,
    )
  })
  afterAll(async () => {
    for (const node of nodes ?? []) await node[Symbol.asyncDispose]()
    await world?.[Symbol.asyncDispose]()
  })

  const call = (node: Services, key: string | null, input: unknown = {}, scope = ann.userId, mutation = 'work') =>
    node.feed.once({ scope, mutation, key, input }, async tx => {
      await tx.execute(sql`insert into works values (${key})`)
      return { id: randomUUID(), nested: { at: null, list: [1, 'two'] } }
    })
  const countOf = async (key: string) => (await world.database.db.execute(sql`select from works where key = ${key}`)).rowCount

  test('sent at once to both nodes: it takes effect once, and each gets the first answer', async () => {
    const key = randomUUID()
    const answers = await Promise.all(range(1, 12).map(count => call(nodes[(count % 2) as 0 | 1], key, { a: 1, b: [2] })))
    expect(new Set(answers.map(answer => JSON.stringify(answer))).size).toBe(1)
    expect(await countOf(key)).toBe(1)
    expect(await call(nodes[0], key, { b: [2], a: 1 })).toEqual(answers[0])
  })

  test('with other arguments it is refused and does nothing, at once or later', async () => {
    const key = randomUUID()
    const answers = await Promise.all(range(1, 6).map(count => outcomeOf(call(nodes[(count % 2) as 0 | 1], key, { count }))))
    expect(answers.filter(answer => answer === 'IDEMPOTENCY_MISMATCH')).toHaveLength(5)
    expect(await countOf(key)).toBe(1)
    expect(await outcomeOf(call(nodes[1], key, { count: 7 }))).toBe('IDEMPOTENCY_MISMATCH')
  })

  test('keys of other users and of other mutations are other keys; without a key nothing is remembered', async () => {
    const key = randomUUID()
    await Promise.all([call(nodes[0], key), call(nodes[1], key, {}, bob.userId), call(nodes[0], key, {}, ann.userId, 'other work')])
    expect(await countOf(key)).toBe(3)
    const [first, second] = await Promise.all([call(nodes[0], null), call(nodes[0], null)])
    expect(first).not.toEqual(second)
  })

  test('a call that failed leaves its key free', async () => {
    const key = randomUUID()
    const failing = nodes[0].feed.once({ scope: ann.userId, mutation: 'work', key, input: {} }, async tx => {
      await tx.execute(sql`insert into works values (${key})`)
      throw new Error('on purpose')
    })
    await expect(failing).rejects.toThrow('on purpose')
    expect(await countOf(key)).toBe(0)
    await call(nodes[1], key, { other: 'arguments' })
    expect(await countOf(key)).toBe(1)
  })

  test.each(['', 'short', 'x'.repeat(129), 'nul \0 byte', '\ud800 alone'])('%j is no key', async key => {
    expect(await outcomeOf(call(nodes[0], key))).toBe('BAD_USER_INPUT')
  })

  describe('pushes that go in together', () => {
    let documentId: string
    beforeAll(async () => {
      documentId = (await nodes[0].documents.create(ann, {})).id
    })

    let counter = 0
    const pushOf = (path: string, idempotencyKey: string | null, id = documentId, value: unknown = path) => {
      counter += 1
      return { documentId: id, clientId: 'laptop', clock: { laptop: counter }, writes: [{ path, value }], idempotencyKey }
    }
    /** The whole answer; what a push entered the feed as is read only when it is asked for. */
    const answerTo = async (node: 0 | 1, input: ReturnType<typeof pushOf>) => {
      const answer = await nodes[node].documents.push(ann, input)
      return { ...answer, delta: await answer.delta() }
    }
    const headOf = async (id = documentId) => (await nodes[0].documents.load(id)).head

    test('repeats within a batch, across batches and across nodes take effect once and get the first answer', async () => {
      const before = await headOf()
      const inputs = range(1, 10).map(number => pushOf(`repeated ${number}`, randomUUID()))
      const answers = await Promise.all(
        range(1, 4).flatMap(round => inputs.map(async input => ({ input, answer: await answerTo((round % 2) as 0 | 1, input) }))),
      )
      expect(await headOf()).toBe(before + 10)
      for (const input of inputs) {
        const mine = answers.filter(given => given.input === input).map(({ answer }) => JSON.stringify(answer))
        expect(mine).toHaveLength(4)
        expect(new Set(mine).size).toBe(1)
      }
      expect(await answerTo(1, inputs[0]!)).toEqual(answers.find(({ input }) => input === inputs[0])?.answer)
    })

    test.each(['', 'short', 'nul \0 byte', '\ud800 alone'])('%j is no key, and no fault of the others', async key => {
      const outcomes = await Promise.all(
        [pushOf('with a key', key), pushOf('one', null), pushOf('two', null)].map(input => outcomeOf(nodes[0].documents.push(ann, input))),
      )
      expect(outcomes).toMatchObject(['BAD_USER_INPUT', { applied: true }, { applied: true }])
    })

    test('an error of one is its own', async () => {
      const key = randomUUID()
      const before = await headOf()
      const outcomes = await Promise.all([
        outcomeOf(nodes[0].documents.push(ann, pushOf('fine 1', randomUUID()))),
        outcomeOf(nodes[0].documents.push(ann, pushOf('fine 2', key))),
        outcomeOf(nodes[0].documents.push(ann, pushOf('same key, other write', key))),
        outcomeOf(nodes[0].documents.push(bob, pushOf('a stranger', randomUUID()))),
        outcomeOf(nodes[0].documents.push(ann, pushOf('fine 3', null))),
      ])
      expect(outcomes.map(outcome => (typeof outcome === 'string' ? outcome : outcome.applied))).toEqual([
        true,
        true,
        'IDEMPOTENCY_MISMATCH',
        'NOT_FOUND',
        true,
      ])
      expect(await headOf()).toBe(before + 3)
    })

    test('one key for two documents at once: one of them gets it, the other is told', async () => {
      const others = await Promise.all(range(1, 4).map(() => nodes[0].documents.create(ann, {})))
      for (const round of range(1, 10)) {
        const key = randomUUID()
        const outcomes = await Promise.all(
          others.map(({ id }, index) => outcomeOf(nodes[(index % 2) as 0 | 1].documents.push(ann, pushOf(`round ${round}`, key, id)))),
        )
        expect(outcomes.filter(outcome => outcome === 'IDEMPOTENCY_MISMATCH')).toHaveLength(3)
      }
      const heads = await Promise.all(others.map(({ id }) => headOf(id)))
      expect(heads.reduce((sum, head) => sum + head, 0)).toBe(10)
    })

    test('a retry gets the first answer even when the document was deleted meanwhile, and a new push does not get in', async () => {
      const { id } = await nodes[0].documents.create(ann, {})
      const input = pushOf('before the end', randomUUID(), id)
      const first = await answerTo(0, input)
      await nodes[0].documents.remove(ann, { id })
      expect(await answerTo(1, input)).toEqual(first)
      expect(await outcomeOf(nodes[1].documents.push(ann, pushOf('after the end', randomUUID(), id)))).toBe('CONFLICT')
    })

    test('who lost access gets no answer of earlier', async () => {
      const { id } = await nodes[0].documents.create(ann, {})
      await world.database.db.execute(sql`insert into memberships values (${id}, ${bob.userId}, 'WRITE', now())`)
      const input = pushOf('of the past', randomUUID(), id)
      await nodes[0].documents.push(bob, input)
      await nodes[0].members.remove(ann, { resourceId: id, userId: bob.userId })
      expect(await outcomeOf(nodes[0].documents.push(bob, input))).toBe('NOT_FOUND')
    })

    test('a repeat of a push that lost says so again', async () => {
      const winner = { ...pushOf('contended', null), writes: [{ path: 'contended', value: 1, timestamp: new Date() }] }
      await nodes[0].documents.push(ann, winner)
      const loser = { ...pushOf('contended', randomUUID()), writes: [{ path: 'contended', value: 2, timestamp: new Date(0) }] }
      const first = await answerTo(0, loser)
      expect(first).toMatchObject({ applied: false, delta: null, superseded: [{ path: 'contended', value: 1 }] })
      expect(await answerTo(1, loser)).toEqual(first)
    })
  })
})
