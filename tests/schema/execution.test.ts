import fc from 'fast-check'
import { buildSchema, type ExecutionArgs, type ExecutionResult, execute as executeByTheBook, type GraphQLResolveInfo, parse } from 'graphql'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { execute } from '../../src/graph/execute.ts'

const schema = buildSchema(/* GraphQL */ `
  interface Named {
    name: String
  }
  type Circle implements Named {
    name: String
    must: String!
    circle: Circle
    mustCircle: Circle!
    circles: [Circle]
    mustCircles: [Circle!]!
    grid: [[Int!]]
    words: [String!]
    thing: Thing
    named: Named!
    things: [Thing!]
    color: Color
    sum(x: Int = 3, y: Input, z: [Int!]): Int
  }
  type Square implements Named {
    name: String
    side: Int!
    circle: Circle
  }
  union Thing = Circle | Square
  enum Color {
    RED
    GREEN
  }
  input Input {
    a: Int!
    b: Color = RED
  }
  type Query {
    circle: Circle
    mustCircle: Circle!
    circles: [Circle!]
    thing: Thing
  }
  type Mutation {
    circle: Circle
    mustCircle: Circle!
    thing: Thing
  }
`)

/** A source of choices that are the same for the same seed. */
function chance(seed: number) {
  let state = seed
  return (below: number): number => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) | 0
    return ((state ^ (state >>> 13)) >>> 0) % below
  }
}

const hash = (text: string): number => [...text].reduce((sum, letter) => Math.imul(sum ^ letter.charCodeAt(0), 0x01000193), 0x811c9dc5)

interface Thing {
  readonly id: string
  readonly __typename: string
}

async function later<Value>(ticks: number, value: () => Value): Promise<Value> {
  for (let tick = 0; tick < ticks; tick++) await null
  return value()
}

const fail = (id: string): never => {
  throw new Error(`${id} failed`)
}

/** Values, nulls, errors that are thrown, returned and rejected, at once or some turns later: by where they are, whoever asks. */
function valueAt(id: string, type: string): unknown {
  const pick = chance(hash(id))
  const plain = (): unknown => {
    const item = /^\[(.*)\]!?$/.exec(type)?.[1]
    if (item) return pick(12) === 0 ? 'no list' : Array.from({ length: pick(4) }, (_, index) => valueAt(`${id}/${index}`, item))
    switch (type.replace('!', '')) {
      case 'String':
        return pick(20) === 0 ? { no: 'string' } : `text of ${id}`
      case 'Int':
        return pick(20) === 0 ? 0.5 : pick(100)
      case 'Color':
        return ['RED', 'GREEN', 'BLUE'][pick(pick(10) === 0 ? 3 : 2)]
      case 'Named':
      case 'Thing':
        return { id, __typename: pick(20) === 0 ? 'Query' : ['Circle', 'Square'][pick(2)] }
      default:
        return { id, __typename: 'Circle' }
    }
  }
  switch (pick(24)) {
    case 0:
      return null
    case 1:
      return id.includes('/') && type.startsWith('[') ? undefined : new Error(`${id} is an error`)
    case 2:
      return later(pick(3), () => null)
    case 3:
      return later(pick(3), () => fail(id))
    case 4:
    case 5:
    case 6:
      return later(pick(4), plain)
    default:
      return plain()
  }
}

for (const type of Object.values(schema.getTypeMap())) {
  if (!('getFields' in type) || !['Query', 'Mutation', 'Circle', 'Square'].includes(type.name)) continue
  for (const field of Object.values(type.getFields())) {
    if (!('resolve' in field)) continue
    field.resolve = (source: Thing | { readonly seed: number }, args: object) => {
      const id = `${'id' in source ? source.id : source.seed}.${field.name}${field.name === 'sum' ? JSON.stringify(args) : ''}`
      return hash(id) % 29 === 0 ? fail(id) : valueAt(id, String(field.type))
    }
  }
}

/** An operation that may say everything there is to say: aliases, fragments, directives, arguments, and names that there are not. */
function operationOf(seed: number): string {
  const pick = chance(seed)
  const leaves = [
    'name',
    'must',
    'words',
    'grid',
    'color',
    'side',
    '__typename',
    'nothing',
    'sum',
    'sum(x: 1)',
    'sum(x: $x, y: { a: 1 })',
    'sum(y: $y, z: [1, $x])',
  ]
  const branches = ['circle', 'mustCircle', 'circles', 'mustCircles', 'thing', 'named', 'things']
  const directive = () =>
    pick(5) > 0
      ? ''
      : [' @skip(if: $no)', ' @include(if: $yes)', ' @include(if: $no)', ' @skip(if: false)', ' @skip(if: $missing)'][pick(pick(9) === 0 ? 5 : 4)]
  const alias = () => (pick(4) > 0 ? '' : `${['a', 'b', 'then', '__proto__', 'constructor'][pick(5)]}: `)
  const selections = (depth: number): string => `{ ${Array.from({ length: 1 + pick(4) }, () => selection(depth)).join(' ')} }`
  function selection(depth: number): string {
    const kind = pick(10)
    if (kind === 0) return `... on ${['Circle', 'Square', 'Named', 'Thing'][pick(4)]}${directive()} ${selections(depth)}`
    if (kind === 1) return `...${['F', 'G'][pick(2)]}${directive()}`
    if (kind === 2) return `...${directive()} ${selections(depth)}`
    if (depth === 0 || kind < 6) return `${alias()}${leaves[pick(leaves.length)]}${directive()}`
    return `${alias()}${branches[pick(branches.length)]}${directive()} ${selections(depth - 1)}`
  }
  const root = () => `${alias()}${['circle', 'mustCircle', 'circles', 'thing', '__typename'][pick(4)]}${directive()} ${selections(3)}`
  const variables = '($x: Int = 5, $y: Input, $no: Boolean = false, $yes: Boolean!, $missing: Boolean)'
  const head = pick(4) === 0 ? 'mutation' : 'query'
  const meta = pick(10) === 0 ? '__schema { queryType { name fields { name } } } __type(name: "Thing") { kind possibleTypes { name } }' : ''
  return `${head} ${variables} { ${root()} ${pick(2) ? root() : ''} ${head === 'query' ? meta : ''} }
    fragment F on Circle { name must circle { name } } fragment G on Named { n: name ... on Square { side circle { must } } }`
}

/**
 * Where the null is that an error led to, when that is not its own place. Of several errors below such a null the specification asks
 * for no certain ones: which are told depends on who takes more turns.
 * @see https://spec.graphql.org/October2021/#sec-Handling-Field-Errors
 */
function nullAbove(data: unknown, path: readonly (string | number)[]): readonly (string | number)[] | null {
  let value = data
  for (const [depth, key] of path.entries()) {
    if (value === null) return path.slice(0, depth)
    value = (value as Record<string | number, unknown>)[key]
  }
  return null
}

/** What clients can see of it, the order of keys included. How an error of the schema itself is put is nobody's business: it is masked. */
function told({ data, errors }: ExecutionResult) {
  const places = errors?.map(error => nullAbove(data, error.path ?? []))
  return {
    data: JSON.stringify(data),
    errors: errors
      ?.filter((_, index) => places?.[index] === null)
      .map(error => JSON.stringify({ ...error.toJSON(), message: error.message.replace(/^(?:Runtime Object|Abstract) type .*/, 'No such type.') })),
    nullsOfErrors: new Set(places?.filter(place => place !== null).map(String)),
  }
}

const settle = () => new Promise(resolve => setImmediate(resolve))
const unheard: unknown[] = []

/** By graphql-js, which lets the other items of a list fail unheard when one fails at once, and by ours, which does not. */
async function both(given: Omit<ExecutionArgs, 'schema'>) {
  const args = { ...given, schema }
  const results = []
  for (const run of [executeByTheBook, execute]) {
    const result = run(args)
    results.push({ isPromise: result instanceof Promise, ...told(await result) })
    await settle()
    if (run === executeByTheBook) unheard.length = 0
  }
  return results as [(typeof results)[number], (typeof results)[number]]
}

const hear = (error: unknown) => unheard.push(error)
const listeners = process.listeners('unhandledRejection')
beforeAll(() => {
  process.removeAllListeners('unhandledRejection').on('unhandledRejection', hear)
})
afterAll(() => {
  process.off('unhandledRejection', hear)
  for (const listener of listeners) process.on('unhandledRejection', listener)
})

describe('an operation comes to the same as by graphql-js', () => {
  test('whatever it says, and whatever its resolvers do', async () => {
    const counts = { data: 0, errors: 0 }
    await fc.assert(
      fc.asyncProperty(fc.integer(), fc.integer(), fc.constantFrom(true, false), async (seed, shape, yes) => {
        const text = operationOf(shape)
        const document = parse(text)
        // The second time by a plan that is known.
        for (const rootValue of [{ seed }, { seed: seed + 1 }]) {
          const variableValues = { yes, ...(seed % 3 === 0 && { x: 7, y: { a: 2 } }), ...(seed % 5 === 0 && { no: !yes }) }
          const [expected, found] = await both({ document, rootValue, variableValues })
          // Fields of mutations wait for each other anyway.
          if (text.startsWith('mutation')) expected.isPromise = found.isPromise
          counts.data += expected.data === 'null' || expected.data === undefined ? 0 : 1
          counts.errors += expected.errors ? 1 : 0
          expect(found).toEqual(expected)
        }
      }),
      { numRuns: 1_000 },
    )
    expect(unheard).toEqual([])
    expect(counts.data).toBeGreaterThan(200)
    expect(counts.errors).toBeGreaterThan(200)
  }, 120_000)

  test.each([
    ['variables that do not fit', 'query ($yes: Boolean!, $y: Input) { circle { sum(y: $y) } }', { y: { a: 'x', c: 1 } }],
    ['a kind of operation that there is not', 'subscription { circle { name } }', {}],
    ['no operation', 'fragment F on Circle { name }', {}],
    ['several operations and no name', 'query A { circle { name } } query B { circle { must } }', {}],
    [
      'more conditions than a plan is made for',
      'query ($a: Boolean!, $b: Boolean!, $c: Boolean!, $d: Boolean!, $e: Boolean!) { circle { a: name @skip(if: $a) b: name @skip(if: $b) c: name @skip(if: $c) d: name @skip(if: $d) e: name @skip(if: $e) } }',
      { a: true, b: false, c: true, d: false, e: false },
    ],
  ])('%s', async (_, text, variableValues) => {
    const [expected, found] = await both({ document: parse(text), rootValue: { seed: 3 }, variableValues })
    expect(found).toEqual(expected)
  })
})

test('what operations come to is kept, until it is too much', () => {
  const schema = buildSchema('type Query { a: Query b: Query c: Query d: Query e: Query f: Query name: String }')
  const fieldNodes: GraphQLResolveInfo['fieldNodes'][] = []
  for (const field of Object.values(schema.getQueryType()?.getFields() ?? {}))
    field.resolve = (_source, _args, _context, info) => {
      if (field.name === 'name') fieldNodes.push(info.fieldNodes)
      return field.name === 'name' ? 'Ann' : {}
    }
  // Six levels of six fields each, twice: once for each value of the condition.
  const level = (inner: string) => `{ ${['a', 'b', 'c', 'd', 'e', 'f'].map(name => `${name} ${inner}`).join(' ')} }`
  const wide = `query ($no: Boolean!) ${level('{ ...F5 }')} fragment F0 on Query { __typename @skip(if: $no) } ${[1, 2, 3, 4, 5].map(at => `fragment F${at} on Query ${level(`{ ...F${at - 1} }`)}`).join(' ')}`
  const [small, large] = [parse('{ name }'), parse(wide)]

  for (let run = 0; run < 2; run++) expect(execute({ schema, document: small })).toEqual({ data: { name: 'Ann' } })
  expect(fieldNodes[1]).toBe(fieldNodes[0])
  for (const no of [true, false]) expect(execute({ schema, document: large, variableValues: { no } })).not.toHaveProperty('errors')
  for (let run = 0; run < 2; run++) expect(execute({ schema, document: small })).toEqual({ data: { name: 'Ann' } })
  expect(fieldNodes[2]).not.toBe(fieldNodes[0])
  expect(fieldNodes[3]).toBe(fieldNodes[2])
})
