import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { applyWrites, type Write } from '../../src/merge/last-writer-wins.ts'
import { type Person, refusalOf, sharedServers, signUp } from '../harness/client.ts'
import { modes } from '../harness/modes.ts'
import { createDocument, deleteDocument, pushDelta, readChanges, readDocument, readField, restoreDocument } from '../harness/operations.ts'

type Clock = Record<string, number>
interface Step {
  readonly clientId: string
  readonly counter: number
  readonly writes: readonly { readonly path: string; readonly value: number | null; readonly ageMs: number }[]
}

const clients = ['a', 'b', 'constructor']
const paths = ['x', 'y', 'z']
const stepArbitrary: fc.Arbitrary<Step> = fc.record({
  clientId: fc.constantFrom(...clients),
  counter: fc.integer({ min: 1, max: 6 }),
  writes: fc.uniqueArray(
    fc.record({
      path: fc.constantFrom(...paths),
      value: fc.option(fc.integer({ min: 0, max: 3 })),
      // Few different times, so that many writes have the same.
      ageMs: fc.integer({ min: 0, max: 2 }),
    }),
    { minLength: 1, maxLength: 3, selector: write => write.path },
  ),
})
const clockArbitrary: fc.Arbitrary<Clock> = fc
  .tuple(...clients.map(() => fc.integer({ min: 0, max: 7 })))
  .map(counters => Object.fromEntries(clients.map((client, index) => [client, counters[index] ?? 0]).filter(([, counter]) => counter !== 0)) as Clock)

describe.each(modes)('catching up on %s', mode => {
  const servers = sharedServers(mode)
  let ann: Person
  beforeAll(async () => {
    ann = await signUp(servers.one.url, 'ann')
  })
  const newDocument = async () => (await ann.run(createDocument, { input: {} })).createDocument.document
  const inputOf = (documentId: string, { clientId, counter, writes }: Step, base: number) => ({
    input: {
      documentId,
      clientId,
      clock: { [clientId]: counter },
      writes: writes.map(({ path, value, ageMs }) => ({
        path,
        ...(value === null ? { delete: true } : { value }),
        timestamp: new Date(base - ageMs).toISOString(),
      })),
    },
  })
  const push = async (documentId: string, step: Step, base: number) => (await ann.run(pushDelta, inputOf(documentId, step, base))).pushDelta
  const writesOf = ({ clientId, counter, writes }: Step, base: number): Write[] =>
    writes.map(({ path, value, ageMs }) => ({ path, value, deleted: value === null, timestamp: base - ageMs, counter, clientId }))
  const simple = (clientId: string, counter: number, path = `${clientId}${counter}`): Step => ({
    clientId,
    counter,
    writes: [{ path, value: counter, ageMs: 0 }],
  })

  /** All pages of what is missing, and how many there were. */
  async function missing(id: string, what: { after?: string; since?: Clock }, first: number) {
    const seen: { cursor: string; clientId: string; counter: number; paths: string[] }[] = []
    let pages = 0
    for (let after = what.after; ; pages++) {
      const { document } = await ann.run(readChanges, { id, first, ...(what.since && { since: what.since }), ...(after !== undefined && { after }) })
      if (!document) throw new Error('The document is gone.')
      const { edges, pageInfo } = document.changes
      expect(edges.length).toBeLessThanOrEqual(first)
      expect(edges.map(edge => edge.cursor)).toEqual(edges.map(edge => edge.node.cursor))
      seen.push(
        ...edges.map(({ cursor, node }) => ({
          cursor,
          clientId: node.clientId,
          counter: node.clock[node.clientId] ?? 0,
          paths: node.writes.map(write => write.path),
        })),
      )
      if (!pageInfo.hasNextPage) return { seen, pages: pages + 1 }
      if (pageInfo.endCursor == null) throw new Error('There is more, and no cursor to go on from.')
      after = pageInfo.endCursor
    }
  }

  test('by cursor gives every change behind it, once and in order, page by page', async () => {
    const { id, cursor } = await newDocument()
    const base = Date.now()
    for (let counter = 1; counter <= 7; counter++) await push(id, simple('a', counter), base)
    const { seen, pages } = await missing(id, { after: cursor }, 3)
    expect(seen.map(({ counter }) => counter)).toEqual([1, 2, 3, 4, 5, 6, 7])
    expect(pages).toBe(3)
    expect((await missing(id, { after: seen[4]?.cursor ?? '' }, 50)).seen.map(({ counter }) => counter)).toEqual([6, 7])
    expect((await missing(id, { after: seen[6]?.cursor ?? '' }, 50)).seen).toEqual([])
  })

  test('goes on through deletions and restorations, which are no deltas, even when they fill a page', async () => {
    const { id, cursor } = await newDocument()
    const base = Date.now()
    await push(id, simple('a', 1), base)
    for (let count = 0; count < 3; count++) {
      await ann.run(deleteDocument, { input: { id } })
      await ann.run(restoreDocument, { input: { id } })
    }
    await push(id, simple('a', 2), base)
    for (const first of [1, 2, 5]) {
      expect((await missing(id, { after: cursor }, first)).seen.map(({ counter }) => counter)).toEqual([1, 2])
      expect((await missing(id, { since: {} }, first)).seen.map(({ counter }) => counter)).toEqual([1, 2])
      expect((await missing(id, { since: { a: 1 } }, first)).seen.map(({ counter }) => counter)).toEqual([2])
    }
  })

  test('by vector clock gives what comes late even to who has seen later pushes of that client', async () => {
    const { id } = await newDocument()
    const base = Date.now()
    await push(id, simple('a', 3), base)
    await push(id, simple('a', 1), base)
    await push(id, simple('a', 3, 'again'), base)
    await push(id, simple('a', 4), base)
    expect((await missing(id, { since: { a: 3 } }, 50)).seen.map(({ paths: [path] }) => path)).toEqual(['a1', 'again', 'a4'])
    expect((await missing(id, { since: { a: 4, b: 9 } }, 50)).seen.map(({ paths: [path] }) => path)).toEqual(['a1', 'again'])
  })

  test('of a list of documents gives for each what it gives alone, whatever is asked beside it', async () => {
    const base = Date.now()
    const ben = await signUp(servers.one.url, 'ben')
    for (let count = 0; count < 4; count++) {
      const { id } = (await ben.run(createDocument, { input: { fields: count === 2 ? {} : { start: count } } })).createDocument.document
      for (let counter = 1; counter <= count; counter++) await ben.run(pushDelta, inputOf(id, simple('a', counter), base))
    }
    const clock = '{ a: 1, server: 1 }'
    const fields = `id a: changes(first: 1) { ...page } b: changes(first: 2, since: { a: 1 }) { ...page } c: changes(first: 9, since: ${clock}) { ...page }`
    const fragment = 'fragment page on DocumentDeltaConnection { nodes { cursor writes { path } } pageInfo { hasNextPage } }'
    interface Page {
      readonly nodes: readonly { readonly writes: readonly { readonly path: string }[] }[]
      readonly pageInfo: { readonly hasNextPage: boolean }
    }
    interface Document extends Record<'a' | 'b' | 'c', Page> {
      readonly id: string
    }
    const { data } = await ben.post(JSON.stringify({ query: `{ documents(first: 4) { nodes { ${fields} } } } ${fragment}` }))
    const { nodes = [] } = (data?.['documents'] ?? {}) as { nodes?: Document[] }
    const shown = ({ nodes, pageInfo }: Page) => [...nodes.map(({ writes: [write] }) => write?.path), ...(pageInfo.hasNextPage ? ['more'] : [])]
    expect(nodes.map(({ a, b, c }) => [a, b, c].map(shown))).toEqual([
      [
        ['start', 'more'],
        ['start', 'a2', 'more'],
        ['a2', 'a3'],
      ],
      [['a1', 'more'], ['a2'], ['a2']],
      [['start', 'more'], ['start'], []],
      [['start'], ['start'], []],
    ])
    for (const node of nodes) {
      const alone = await ben.post(JSON.stringify({ query: `{ document(id: "${node.id}") { ${fields} } } ${fragment}` }))
      expect(alone.data?.['document']).toEqual(node)
    }
    // A cursor is of one document: it does not lead into the others.
    const own = (await ben.run(readDocument, { id: nodes[3]?.id ?? '' })).document?.cursor
    const { errors } = await ben.post(JSON.stringify({ query: `{ documents { nodes { changes(after: "${own}") { nodes { cursor } } } } }` }))
    expect(errors.map(({ extensions }) => extensions.code)).toEqual(['BAD_USER_INPUT'])
  })

  test('refuses pages out of bounds, clocks that are none and cursors that are foreign, forged or garbage', async () => {
    const [mine, other] = await Promise.all([newDocument(), newDocument()])
    const refusal = (variables: object) => refusalOf(ann.ask(readChanges, { id: mine.id, ...variables }))
    const bad = (field: string) => ({ code: 'BAD_USER_INPUT', field })
    for (const first of [0, 501, -1]) {
      const query = `{ document(id: "${mine.id}") { changes(first: ${first}) { pageInfo { hasNextPage } } } }`
      expect(await refusalOf(ann.post(JSON.stringify({ query })))).toEqual(bad('first'))
    }
    for (const after of ['', 'x', other.cursor, `${mine.cursor}x`, mine.cursor.slice(1), mine.cursor.toUpperCase()])
      expect(await refusal({ after }), after).toEqual(bad('after'))
    for (const since of [{ a: -1 }, { a: 0.5 }, { a: 2 ** 53 }, { '': 1 }, { a: '1' }, ['a']])
      expect((await refusal({ since }))?.code, JSON.stringify(since)).toBe('BAD_USER_INPUT')
  })

  test('gives exactly what a model of the log says, for any clock, cursor and page size', async () => {
    const scenario = fc.record({
      steps: fc.array(fc.oneof({ weight: 8, arbitrary: stepArbitrary }, { weight: 1, arbitrary: fc.constant('toggle' as const) }), {
        minLength: 1,
        maxLength: 12,
      }),
      since: clockArbitrary,
      start: fc.nat(),
      first: fc.integer({ min: 1, max: 5 }),
    })
    await fc.assert(
      fc.asyncProperty(scenario, async ({ steps, since, start, first }) => {
        const { id } = await newDocument()
        const base = Date.now() - 1_000
        const fields = new Map<string, Write>()
        const highest = new Map<string, number>()
        const log: { clientId: string; counter: number; isLate: boolean; paths: string[]; cursor: string }[] = []
        for (const step of steps) {
          if (step === 'toggle') {
            await ann.run(deleteDocument, { input: { id } })
            await ann.run(restoreDocument, { input: { id } })
            continue
          }
          const { applied } = applyWrites(fields, writesOf(step, base))
          const { clientId, counter } = step
          const isLate = counter <= (highest.get(clientId) ?? 0)
          highest.set(clientId, Math.max(counter, highest.get(clientId) ?? 0))
          const answer = await push(id, step, base)
          expect(answer.delta?.writes.map(write => write.path) ?? []).toEqual(applied.map(write => write.path))
          if (answer.delta) log.push({ clientId, counter, isLate, paths: applied.map(write => write.path), cursor: answer.delta.cursor })
        }
        const shown = ({ clientId, counter, paths: written, cursor }: (typeof log)[number]) => ({ cursor, clientId, counter, paths: written })
        const lacking = log.filter(
          ({ clientId, counter, isLate }) => isLate || counter > (Object.hasOwn(since, clientId) ? (since[clientId] ?? 0) : 0),
        )
        expect((await missing(id, { since }, first)).seen).toEqual(lacking.map(shown))
        const at = log.length > 0 ? start % log.length : 0
        const from = log[at]
        if (from) expect((await missing(id, { after: from.cursor }, first)).seen).toEqual(log.slice(at + 1).map(shown))
        expect((await ann.run(readDocument, { id })).document?.clock).toEqual(Object.fromEntries(highest))
      }),
      { numRuns: 8 },
    )
  })

  test('two documents that get the same pushes in any order end with the same fields, those of the merge alone', async () => {
    const scenario = fc
      .array(stepArbitrary, { minLength: 2, maxLength: 14 })
      .chain(steps => fc.record({ steps: fc.constant(steps), order: fc.shuffledSubarray([...steps.keys()], { minLength: steps.length }) }))
    await fc.assert(
      fc.asyncProperty(scenario, async ({ steps, order }) => {
        const base = Date.now() - 1_000
        const [one, other] = await Promise.all([newDocument(), newDocument()])
        const fields = new Map<string, Write>()
        for (const step of steps) applyWrites(fields, writesOf(step, base))
        for (const step of steps) await push(one.id, step, base)
        // At once, so that some of them go into the log together.
        await Promise.all(order.flatMap(index => (steps[index] ? [push(other.id, steps[index], base)] : [])))
        const expected = Object.fromEntries([...fields.values()].filter(field => !field.deleted).map(({ path, value }) => [path, value]))
        for (const { id } of [one, other]) {
          expect((await ann.run(readDocument, { id })).document?.fields).toEqual(expected)
          for (const path of paths) {
            const field = (await ann.run(readField, { id, path })).document?.field
            const model = fields.get(path)
            expect(field && { ...field, timestamp: Date.parse(field.timestamp) }).toEqual(model ?? null)
          }
        }
      }),
      { numRuns: 8 },
    )
  })
})
