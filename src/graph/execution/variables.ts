import {
  type GraphQLInputObjectType,
  type GraphQLInputType,
  type GraphQLSchema,
  getVariableValues,
  isInputObjectType,
  isInputType,
  isLeafType,
  isListType,
  isNonNullType,
  type OperationDefinitionNode,
  typeFromAST,
  valueFromAST,
} from 'graphql'

interface Given {
  readonly maxErrors: number
  readonly hideSuggestions?: boolean
}

type Values = Readonly<Record<string, unknown>>
/** Gives a value as resolvers get it, or `refused`. */
type Coerce = (value: unknown) => unknown

/** Something is not as its type says, or not such that it is looked at here. */
const refused = Symbol('refused')

/**
 * As `getVariableValues` of graphql-js, which also says what is wrong where something is. Where nothing is, no place has to be
 * named: thousands of items cost a tenth, and are ordinary objects, which whoever works with them reads faster.
 */
export function coerceVariables(schema: GraphQLSchema, { variableDefinitions = [] }: OperationDefinitionNode, given: Values, options: Given) {
  const coerced: Record<string, unknown> = {}
  for (const definition of variableDefinitions) {
    const name = definition.variable.name.value
    const type = typeFromAST(schema, definition.type)
    const isGiven = Object.hasOwn(given, name)
    if (!isGiven && type && !isNonNullType(type) && !definition.defaultValue) continue
    // An assignment to that name would be another thing.
    const value =
      !isInputType(type) || name === '__proto__'
        ? refused
        : isGiven
          ? coerceOf(type)(given[name])
          : definition.defaultValue
            ? valueFromAST(definition.defaultValue, type)
            : refused
    if (value === refused) return getVariableValues(schema, variableDefinitions, given, options)
    coerced[name] = value
  }
  return { coerced }
}

const known = new WeakMap<GraphQLInputType, Coerce>()

function coerceOf(type: GraphQLInputType): Coerce {
  let coerce = known.get(type)
  if (!coerce) {
    coerce = coercing(type)
    known.set(type, coerce)
  }
  return coerce
}

function coercing(type: GraphQLInputType): Coerce {
  if (isNonNullType(type)) {
    const inner = coerceOf(type.ofType)
    return value => (value == null ? refused : inner(value))
  }
  if (isListType(type)) return orNull(listOf(coerceOf(type.ofType)))
  if (isInputObjectType(type)) return orNull(objectOf(type))
  if (!isLeafType(type)) return () => refused
  return orNull(value => {
    try {
      const parsed = type.parseValue(value)
      return parsed === undefined ? refused : parsed
    } catch {
      return refused
    }
  })
}

const orNull =
  (coerce: Coerce): Coerce =>
  value =>
    value == null ? null : coerce(value)

function listOf(coerceItem: Coerce): Coerce {
  return value => {
    if (!Array.isArray(value)) return refused
    const items = Array.from<unknown>({ length: value.length })
    for (let index = 0; index < value.length; index++) {
      const item = coerceItem(value[index])
      if (item === refused) return refused
      items[index] = item
    }
    return items
  }
}

function objectOf(type: GraphQLInputObjectType): Coerce {
  // When it is first used, since a type may be within itself.
  let fields: readonly { readonly name: string; readonly isRequired: boolean; readonly byDefault: unknown; readonly coerce: Coerce }[] | null = null
  return given => {
    if (typeof given !== 'object' || given === null || Array.isArray(given) || type.isOneOf) return refused
    fields ??= Object.values(type.getFields()).map(({ name, type, defaultValue }) => ({
      name,
      isRequired: isNonNullType(type),
      byDefault: defaultValue,
      coerce: coerceOf(type),
    }))
    const coerced: Record<string, unknown> = {}
    let met = 0
    for (const { name, isRequired, byDefault, coerce } of fields) {
      const value = (given as Values)[name]
      if (value === undefined) {
        if (byDefault !== undefined) coerced[name] = byDefault
        else if (isRequired) return refused
        continue
      }
      const result = coerce(value)
      if (result === refused) return refused
      coerced[name] = result
      met += 1
    }
    // What has more than that has a field that there is not.
    return Object.keys(given).length === met ? coerced : refused
  }
}
