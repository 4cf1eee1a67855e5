import fc from 'fast-check'
import { buildSchema, type GraphQLScalarType, getVariableValues, type OperationDefinitionNode, parse } from 'graphql'
import { expect, test } from 'vitest'
import { coerceVariables } from '../../src/graph/execution/variables.ts'

const schema = buildSchema(/* GraphQL */ `
  scalar Even
  enum Color {
    RED
    GREEN
  }
  input Inner {
    id: ID!
    color: Color = GREEN
    more: [Inner!]
  }
  input Choice @oneOf {
    number: Int
    color: Color
  }
  input Outer {
    number: Int
    float: Float! = 0.5
    flag: Boolean!
    even: Even
    inner: Inner
    inners: [Inner]
    choice: Choice
  }
  type Query {
    field(outer: Outer, grid: [[Int!]!], color: Color): Int
  }
`)
const even = schema.getType('Even') as GraphQLScalarType
even.parseValue = value => {
  if (typeof value !== 'number') throw new Error('This is no number.')
  return value % 2 === 0 ? { half: value / 2 } : undefined
}

const operationOf = (definitions: string) => parse(`query (${definitions}) { __typename }`).definitions[0] as OperationDefinitionNode
const operations = [
  operationOf('$outer: Outer!, $grid: [[Int!]!], $color: Color = RED, $colors: [Color!]! = [RED]'),
  operationOf('$outer: Outer, $grid: [[Int!]!]!, $color: Color!, $colors: [Color]'),
  operationOf('$__proto__: Outer, $outer: Outer'),
  operationOf('$outer: Query, $color: Nothing'),
]

type Value = fc.Arbitrary<unknown>
const strange = fc.constantFrom<unknown>(null, undefined, 'RED', '', 1, 2.5, true, [], {}, [null], { id: 1 }, new Set([1]), new Date(0))
/** Mostly what it should be. */
const mostly = (value: Value): Value => fc.oneof({ weight: 30, arbitrary: value }, { weight: 1, arbitrary: strange })
const object = (required: Record<string, Value>, optional: Record<string, Value>): Value =>
  mostly(
    fc
      .tuple(fc.record(required), fc.record(optional, { requiredKeys: [] }), mostly(fc.constant({})))
      .map(([one, other, more]) => ({ ...one, ...other, ...(more as object) })),
  )
const int = mostly(fc.integer({ min: -5, max: 5 }))
const color = mostly(fc.constantFrom('RED', 'GREEN'))
const list = (item: Value): Value => mostly(fc.array(item, { maxLength: 3 }))
const innermost = object({ id: int }, { color })
const inner = object({ id: int }, { color, more: list(innermost) })
const outer = object(
  { flag: mostly(fc.boolean()) },
  { number: int, float: int, even: mostly(fc.constant(4)), inner, inners: list(inner), choice: object({}, { number: int, color }) },
)
const variables = fc.record({ outer, grid: list(list(int)), color, colors: list(color), ['__proto__']: outer }, { requiredKeys: [] })

test('variables are coerced as by graphql-js, and refused with the same errors', () => {
  let taken = 0
  let refused = 0
  fc.assert(
    fc.property(variables, fc.constantFrom(...operations), (given, operation) => {
      const ours = coerceVariables(schema, operation, given, { maxErrors: 3 })
      const byTheBook = getVariableValues(schema, operation.variableDefinitions ?? [], given, { maxErrors: 3 })
      expect(ours).toStrictEqual(byTheBook)
      expect(JSON.stringify(ours)).toBe(JSON.stringify(byTheBook))
      if (byTheBook.errors) refused += 1
      else taken += 1
    }),
    { numRuns: 2_000 },
  )
  expect(taken).toBeGreaterThan(200)
  expect(refused).toBeGreaterThan(200)
})

test('a type that is used first within itself is coerced in all its depth', () => {
  const operation = operationOf('$inner: Inner!')
  const given = { inner: { id: 1, more: [{ id: 'b', more: [{ id: 'c', color: 'RED', more: null }] }] } }
  expect(coerceVariables(schema, operation, given, { maxErrors: 1 })).toEqual({
    coerced: { inner: { id: '1', color: 'GREEN', more: [{ id: 'b', color: 'GREEN', more: [{ id: 'c', color: 'RED', more: null }] }] } },
  })
})
