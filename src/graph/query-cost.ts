import {
  type DocumentNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql'
import { fragmentsOf } from './query-size.ts'

/** What a page is taken to hold when the query does not say. */
const defaultPage = 50
/** What a list without pages is taken to hold, such as the writes of one push. */
const plainItems = 5
/** More than any page holds; what is asked beyond it is refused by the field itself. */
const maxItems = 500

/** An estimate of how many fields come back. `fixed`: no variable has a say in it. */
export function costOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
) {
  const fragments = fragmentsOf(document)
  const known = new Map<string, number>()
  const defaults = new Map(operation.variableDefinitions?.map(({ variable, defaultValue }) => [variable.name.value, defaultValue]))
  let fixed = true

  function number(value: ValueNode | undefined, count: (value: unknown) => number | null): number | null {
    if (value?.kind === Kind.VARIABLE) {
      fixed = false
      const name = value.name.value
      return Object.hasOwn(variables, name) ? count(variables[name]) : number(defaults.get(name), count)
    }
    if (value?.kind === Kind.INT) return count(Number(value.value))
    if (value?.kind === Kind.LIST) return count(value.values)
    return null
  }

  function itemsOf(field: GraphQLField<unknown, unknown>, args: ReadonlyMap<string, ValueNode>): number {
    const pages = ['first', 'last'].map(name => number(args.get(name), value => (typeof value === 'number' ? value : null)))
    const ids = number(args.get('ids'), value => (Array.isArray(value) ? value.length : null))
    const asked = Math.max(...[...pages, ids].map(value => value ?? -1))
    if (asked >= 0) return Math.min(asked, maxItems)
    if (field.args.some(argument => argument.name === 'first' || argument.name === 'ids')) return defaultPage
    return isList(field) ? plainItems : 1
  }

  function ofFragment(name: string): number {
    const found = known.get(name)
    if (found !== undefined) return found
    known.set(name, 0)
    const fragment = fragments.get(name)
    const type = fragment && schema.getType(fragment.typeCondition.name.value)
    const cost = fragment && isCompositeType(type) ? ofSelections(fragment.selectionSet, type, false) : 0
    known.set(name, cost)
    return cost
  }

  /** `counted`: a page above has already been multiplied by its size, so the list of edges below it is not again. */
  function ofSelections(selections: SelectionSetNode, type: GraphQLCompositeType, counted: boolean): number {
    let cost = 0
    for (const selection of selections.selections) {
      if (selection.kind === Kind.FRAGMENT_SPREAD) cost += ofFragment(selection.name.value)
      else if (selection.kind === Kind.INLINE_FRAGMENT) {
        const inner = selection.typeCondition ? schema.getType(selection.typeCondition.name.value) : type
        if (isCompositeType(inner)) cost += ofSelections(selection.selectionSet, inner, counted)
      } else {
        const field = 'getFields' in type ? type.getFields()[selection.name.value] : undefined
        if (!field) {
          cost += 1
          continue
        }
        const args = new Map((selection.arguments ?? []).map(argument => [argument.name.value, argument.value]))
        const inner = getNamedType(field.type)
        const isPart = counted && (field.name === 'edges' || field.name === 'nodes')
        const items = isPart ? 1 : itemsOf(field, args)
        const isConnection = isObjectType(inner) && inner.name.endsWith('Connection')
        cost += 1 + items * (selection.selectionSet && isCompositeType(inner) ? ofSelections(selection.selectionSet, inner, isConnection) : 0)
      }
    }
    return cost
  }

  const root = schema.getRootType(operation.operation)
  const cost = root ? ofSelections(operation.selectionSet, root, false) : 0
  return { cost, fixed }
}

const isList = (field: GraphQLField<unknown, unknown>): boolean => isListType(isNonNullType(field.type) ? field.type.ofType : field.type)
