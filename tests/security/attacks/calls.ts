import {
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLInputType,
  type GraphQLOutputType,
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
} from 'graphql'
import { schema } from '../../../src/schema.ts'

/** A place in the arguments of a root field that takes a scalar: `Mutation.updateNote input.id`. */
export interface Place {
  readonly name: string
  readonly root: 'query' | 'mutation' | 'subscription'
  readonly field: string
  /** Names of the argument and of the input fields below it. */
  readonly path: readonly string[]
  /** Name of the scalar. */
  readonly type: string
}

export const rootFields = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].flatMap(type =>
  Object.values(type?.getFields() ?? {}).map(field => ({ root: String(type?.name).toLowerCase() as Place['root'], field })),
)

/** All places that take a scalar of one of these types, however deep in the inputs. */
export function placesOf(...types: readonly string[]): Place[] {
  return rootFields.flatMap(({ root, field }) => {
    const below = (members: readonly (GraphQLArgument | GraphQLInputField)[], path: readonly string[]): Place[] =>
      members.flatMap(member => {
        const inner = getNamedType(member.type)
        const here = [...path, member.name]
        if (isInputObjectType(inner)) return below(Object.values(inner.getFields()), here)
        const name = `${root[0]?.toUpperCase()}${root.slice(1)}.${field.name} ${here.join('.')}`
        return types.includes(inner.name) ? [{ name, root, field: field.name, path: here, type: inner.name }] : []
      })
    return below(field.args, [])
  })
}

const texts: Readonly<Record<string, string>> = {
  collection: 'own',
  password: 'no such password',
  currentPassword: 'no such password',
  newPassword: 'another horse battery',
  email: 'nobody@example.org',
  mimeType: 'image/png',
  id: '',
}
const scalars: Readonly<Record<string, unknown>> = {
  JSON: { a: 1 },
  Ciphertext: 'QQ==',
  BigInt: 0,
  Int: 1,
  Float: 1,
  Boolean: true,
  VectorClock: { c: 1 },
  DateTime: '2026-01-01T00:00:00.000Z',
  Cursor: 'none',
  Upload: null,
}

const sample = (name: string, type: string): unknown => (type in scalars ? scalars[type] : (texts[name] ?? 'text'))

/** The arguments of a root field: what is required, and `value` at the place. `own` gives ids for the other places. */
export function argumentsOf(place: Place, value: unknown, own: (name: string) => unknown): Record<string, unknown> {
  const found = rootFields.find(({ root, field }) => root === place.root && field.name === place.field)
  const prefix = `${place.root[0]?.toUpperCase()}${place.root.slice(1)}.${place.field} `

  function members(all: readonly (GraphQLArgument | GraphQLInputField)[], path: readonly string[]): Record<string, unknown> {
    return Object.fromEntries(
      all.flatMap(member => {
        const here = [...path, member.name]
        const isOnWay = here.every((name, index) => place.path[index] === name)
        const isRequired = 'astNode' in member && (isRequiredArgument(member as GraphQLArgument) || isRequiredInputField(member as GraphQLInputField))
        return isOnWay || isRequired ? [[member.name, filled(member.type, here, isOnWay)]] : []
      }),
    )
  }
  function filled(given: GraphQLInputType, path: readonly string[], isOnWay: boolean): unknown {
    const type = getNullableType(given)
    if (isListType(type)) return [filled(type.ofType, path, isOnWay)]
    if (isInputObjectType(type)) return members(Object.values(type.getFields()), path)
    if (isOnWay && path.length === place.path.length) return value
    if (isEnumType(type)) return type.getValues()[0]?.name
    return type.name === 'ID' ? own(prefix + path.join('.')) : sample(path.at(-1) ?? '', type.name)
  }
  return members(found?.field.args ?? [], [])
}

/** The operation that asks a root field for what its answer is made of; of a Node, for what a type has. */
export function operationOf(place: Pick<Place, 'root' | 'field'>, nodeType?: string): string {
  const field = rootFields.find(({ root, field: { name } }) => root === place.root && name === place.field)?.field
  if (!field) throw new Error(`There is no ${place.root} ${place.field}.`)
  const declared = field.args.map(({ name, type }) => `$${name}: ${type}`).join(', ')
  const passed = field.args.map(({ name }) => `${name}: $${name}`).join(', ')
  return `${place.root}${declared && ` (${declared})`} { ${field.name}${passed && `(${passed})`} ${selectionOf(field.type, 3, nodeType)} }`
}

function selectionOf(given: GraphQLOutputType, depth: number, nodeType?: string): string {
  const type = getNamedType(given)
  if (isLeafType(type)) return ''
  const named = type.name === 'Node' && nodeType !== undefined ? schema.getType(nodeType) : undefined
  if (named && isObjectType(named)) return `{ __typename ... on ${nodeType} ${selectionOf(named, depth)} }`
  if (!isObjectType(type)) return '{ __typename }'
  const parts = Object.values(type.getFields()).flatMap(({ name, type: inner, args }) => {
    if (args.some(isRequiredArgument)) return []
    const isPage = args.some(argument => argument.name === 'first') ? '(first: 2)' : ''
    if (isLeafType(getNamedType(inner))) return [name]
    return depth > 1 && name !== 'edges' ? [`${name}${isPage} ${selectionOf(inner, depth - 1)}`] : []
  })
  return `{ ${parts.length > 0 ? parts.join(' ') : '__typename'} }`
}
