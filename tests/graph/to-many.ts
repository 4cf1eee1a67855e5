import {
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isAbstractType,
  isCompositeType,
  isLeafType,
  isListType,
  isObjectType,
  isRequiredArgument,
} from 'graphql'

type Field = GraphQLField<unknown, unknown>

/** What a list of `Thing` is wrapped into: it is looked at with the field that gives it. */
const isWrapping = ({ name }: GraphQLNamedType): boolean => /^PageInfo$|(Connection|Edge)$/.test(name)

/** Every type of which one operation, or one event, may give many. */
export function typesInLists(schema: GraphQLSchema): GraphQLObjectType[] {
  const seen = new Set<string>()
  const found = new Set<GraphQLObjectType>()
  function walk(type: GraphQLOutputType, inList: boolean): void {
    const isMany = inList || isListType(getNullableType(type))
    const named = getNamedType(type)
    if (isLeafType(named) || seen.has(`${named.name} ${isMany}`)) return
    seen.add(`${named.name} ${isMany}`)
    if (isAbstractType(named)) {
      for (const possible of schema.getPossibleTypes(named)) walk(possible, isMany)
    } else if (isObjectType(named)) {
      if (isMany && !isWrapping(named)) found.add(named)
      for (const field of Object.values(named.getFields())) walk(field.type, isMany)
    }
  }
  for (const root of [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]) if (root) walk(root, false)
  return [...found].sort((a, b) => a.name.localeCompare(b.name))
}

const leavesOf = (fields: readonly Field[]): string[] =>
  fields.filter(({ type, args }) => isLeafType(getNamedType(type)) && !args.some(isRequiredArgument)).map(({ name }) => name)

/** What to ask of a field: all that has nothing below it, and of a connection the page as well. */
function selectionOf(type: GraphQLNamedType): string {
  if (!isCompositeType(type)) return ''
  if (!isObjectType(type)) return '{ __typename }'
  const fields = Object.values(type.getFields())
  const wrapped = isWrapping(type) ? fields.filter(field => isCompositeType(getNamedType(field.type))) : []
  return `{ ${[...leavesOf(fields), ...wrapped.map(field => `${field.name} ${selectionOf(getNamedType(field.type))}`)].join(' ')} }`
}

/** One thing to ask of many objects at once. */
export interface Asked {
  readonly name: string
  readonly selection: string
  /** Whether it gives more objects, of which there have to be some. */
  readonly isDeep: boolean
}

/** All fields of a type: those with nothing below them together, every other one by itself. `args`: what some of them need, by name. */
export function askedOf(type: GraphQLObjectType, args: Readonly<Record<string, string>>): Asked[] {
  const fields = Object.values(type.getFields())
  const leaves = leavesOf(fields)
  const others = fields.filter(({ name }) => !leaves.includes(name))
  const argsOf = ({ name, args: own }: Field): string => {
    const given = args[`${type.name}.${name}`] ?? (own.some(arg => arg.name === 'first') ? 'first: 2' : '')
    return given && `(${given})`
  }
  return [
    { name: `${type.name}: ${leaves.join(', ')}`, selection: leaves.map(name => `found_${name}: ${name}`).join(' '), isDeep: false },
    ...others.map(field => ({
      name: `${type.name}.${field.name}`,
      selection: `found: ${field.name}${argsOf(field)} ${selectionOf(getNamedType(field.type))}`,
      isDeep: isCompositeType(getNamedType(field.type)),
    })),
  ]
}

/** What answered to the names that `askedOf` gives, wherever it is. */
export function foundIn(value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null) return []
  if (Array.isArray(value)) return value.flatMap(foundIn)
  return Object.entries(value).flatMap(([key, inner]) => (key.startsWith('found') ? [inner] : foundIn(inner)))
}

/** Whether there is nothing in what a field gave: no object, or an empty list. */
export function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined) return true
  if (Array.isArray(value)) return value.length === 0
  return typeof value === 'object' && 'nodes' in value && Array.isArray(value.nodes) && value.nodes.length === 0
}
