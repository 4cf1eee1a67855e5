import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  GraphQLError,
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type ParseOptions,
  parse,
  type SelectionSetNode,
  type Source,
  type ValueNode,
} from 'graphql'
import { AppError } from '../errors.ts'

export interface QueryLimits {
  /** Parses, and gives up early on documents with too many tokens. */
  parse(source: string | Source, options?: ParseOptions): DocumentNode
  /** Faults that the text alone shows: nesting, aliases, repetition, directives. Remembered per document. */
  check(document: DocumentNode): readonly GraphQLError[]
  /** @throws QUERY_TOO_COMPLEX when these variables make the operation return too much */
  checkCost(schema: GraphQLSchema, document: DocumentNode, operationName?: string | null, variables?: Readonly<Record<string, unknown>> | null): void
}

export interface QueryLimitsConfig {
  readonly MAX_QUERY_TOKENS: number
  readonly MAX_QUERY_DEPTH: number
  readonly MAX_QUERY_ALIASES: number
  readonly MAX_QUERY_COST: number
}

const maxRootFields = 50
const maxDirectives = 50
/** What a list is taken to hold when the query does not say: the default page. */
const assumedItems = 50
/** More than any page holds; what is asked beyond it is refused by the field itself. */
const maxItems = 500

export const tooComplex = (what: string, limit: number, actual: number): AppError =>
  new AppError('QUERY_TOO_COMPLEX', `The operation has ${what} ${actual}; at most ${limit} is allowed.`, { limit, actual })

export function createQueryLimits(config: QueryLimitsConfig): QueryLimits {
  const checked = new WeakMap<DocumentNode, readonly GraphQLError[]>()
  const costs = new WeakMap<DocumentNode, Map<string, number>>()

  function faults(document: DocumentNode): GraphQLError[] {
    const { depth, aliases, directives, rootFields } = measure(document)
    const found: AppError[] = []
    if (depth > config.MAX_QUERY_DEPTH) found.push(tooComplex('a depth of', config.MAX_QUERY_DEPTH, depth))
    if (aliases > config.MAX_QUERY_ALIASES) found.push(tooComplex('a number of aliases of', config.MAX_QUERY_ALIASES, aliases))
    if (directives > maxDirectives) found.push(tooComplex('a number of directives of', maxDirectives, directives))
    if (rootFields > maxRootFields) found.push(tooComplex('a number of root fields of', maxRootFields, rootFields))
    return found.map(error => new GraphQLError(error.message, { originalError: error }))
  }

  return Object.freeze({
    parse: (source, options) => parseWithin(config.MAX_QUERY_TOKENS, source, options),
    check(document) {
      const known = checked.get(document)
      if (known) return known
      const found = faults(document)
      checked.set(document, found)
      return found
    },
    checkCost(schema, document, operationName, variables) {
      const operation = operationOf(document, operationName)
      if (!operation) return
      const name = operation.name?.value ?? ''
      const known = costs.get(document)?.get(name)
      const { cost, fixed } = known === undefined ? costOf(schema, document, operation, variables ?? {}) : { cost: known, fixed: false }
      if (fixed) costs.set(document, (costs.get(document) ?? new Map<string, number>()).set(name, cost))
      if (cost > config.MAX_QUERY_COST) throw tooComplex('an estimated cost of', config.MAX_QUERY_COST, cost)
    },
  } satisfies QueryLimits)
}

function parseWithin(limit: number, source: string | Source, options?: ParseOptions): DocumentNode {
  try {
    return parse(source, { ...options, maxTokens: limit })
  } catch (error) {
    // The parser calls itself for each level, and tokens that are all brackets reach the end of its stack before their limit.
    if (error instanceof RangeError) {
      const tooDeep = new AppError('QUERY_TOO_COMPLEX', 'The operation is nested too deeply.')
      throw new GraphQLError(tooDeep.message, { originalError: tooDeep })
    }
    if (!(error instanceof GraphQLError) || !/more (that|than) \d+ tokens/.test(error.message)) throw error
    throw new GraphQLError(error.message, {
      originalError: new AppError('QUERY_TOO_COMPLEX', `The operation has more than ${limit} tokens.`, { limit, actual: limit + 1 }),
    })
  }
}

interface Measures {
  readonly depth: number
  readonly aliases: number
  readonly directives: number
  readonly rootFields: number
}

/** Counts with fragments spread out, each measured only once: a bomb of nested fragments costs no more than its text. */
function measure(document: DocumentNode): Measures {
  const fragments = fragmentsOf(document)
  const known = new Map<string, Measures>()
  const nothing: Measures = { depth: 0, aliases: 0, directives: 0, rootFields: 0 }

  function ofFragment(name: string): Measures {
    const found = known.get(name)
    if (found) return found
    known.set(name, nothing)
    const fragment = fragments.get(name)
    const measures = fragment ? ofSelections(fragment.selectionSet) : nothing
    known.set(name, measures)
    return measures
  }

  function ofSelections(selections: SelectionSetNode): Measures {
    const total = { ...nothing }
    for (const selection of selections.selections) {
      const isField = selection.kind === Kind.FIELD
      const inner =
        selection.kind === Kind.FRAGMENT_SPREAD
          ? ofFragment(selection.name.value)
          : selection.selectionSet
            ? ofSelections(selection.selectionSet)
            : nothing
      total.depth = Math.max(total.depth, inner.depth + (isField ? 1 : 0))
      total.aliases += inner.aliases + (isField && selection.alias ? 1 : 0)
      total.directives += inner.directives + (selection.directives?.length ?? 0)
      total.rootFields += isField ? 1 : inner.rootFields
    }
    return total
  }

  const all = document.definitions
    .filter(one => one.kind === Kind.OPERATION_DEFINITION)
    .map(one => ({ one, measures: ofSelections(one.selectionSet) }))
  return all.reduce(
    (most, { one, measures }) => ({
      depth: Math.max(most.depth, measures.depth),
      aliases: Math.max(most.aliases, measures.aliases),
      directives: Math.max(most.directives, measures.directives + (one.directives?.length ?? 0)),
      rootFields: Math.max(most.rootFields, measures.rootFields),
    }),
    nothing,
  )
}

/** An estimate of how many fields come back. `fixed`: no variable has a say in it. */
function costOf(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode, variables: Readonly<Record<string, unknown>>) {
  const fragments = fragmentsOf(document)
  const known = new Map<string, number>()
  let fixed = true

  function number(value: ValueNode | undefined, count: (value: unknown) => number | null): number | null {
    if (value?.kind === Kind.VARIABLE) {
      fixed = false
      return count(variables[value.name.value])
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
    const isPaged = field.args.some(argument => argument.name === 'first' || argument.name === 'ids')
    return isPaged || isList(field) ? assumedItems : 1
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

const fragmentsOf = (document: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> =>
  new Map(document.definitions.filter(one => one.kind === Kind.FRAGMENT_DEFINITION).map(one => [one.name.value, one]))

function operationOf(document: DocumentNode, name?: string | null): OperationDefinitionNode | undefined {
  const all = document.definitions.filter(one => one.kind === Kind.OPERATION_DEFINITION)
  return name ? all.find(one => one.name?.value === name) : all[0]
}
