import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  type ParseOptions,
  parse,
  type Source,
} from 'graphql'
import { AppError } from '../errors.ts'
import { costOf } from './query-cost.ts'
import { measure } from './query-size.ts'

export interface QueryLimits {
  /** Parses, and gives up early on documents with too many tokens. */
  parse(source: string | Source, options?: ParseOptions): DocumentNode
  /** Faults that the text alone shows: nesting, aliases, repetition, directives. Remembered per document. */
  check(document: DocumentNode): readonly GraphQLError[]
  /** What these variables make the operation cost. @throws QUERY_TOO_COMPLEX when that is too much */
  checkCost(schema: GraphQLSchema, document: DocumentNode, operationName?: string | null, variables?: Readonly<Record<string, unknown>> | null): Cost
}

/** In fields that may come back. */
export interface Cost {
  readonly requested: number
  readonly limit: number
}

export interface QueryLimitsConfig {
  readonly MAX_QUERY_TOKENS: number
  readonly MAX_QUERY_DEPTH: number
  readonly MAX_QUERY_ALIASES: number
  readonly MAX_QUERY_COST: number
}

const maxRootFields = 50
const maxDirectives = 50

const tooComplex = (what: string, limit: number, actual: number): AppError =>
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
      if (!operation) return { requested: 0, limit: config.MAX_QUERY_COST }
      const name = operation.name?.value ?? ''
      const known = costs.get(document)?.get(name)
      const { cost, fixed } = known === undefined ? costOf(schema, document, operation, variables ?? {}) : { cost: known, fixed: false }
      if (fixed) costs.set(document, (costs.get(document) ?? new Map<string, number>()).set(name, cost))
      if (cost > config.MAX_QUERY_COST) throw tooComplex('an estimated cost of', config.MAX_QUERY_COST, cost)
      return { requested: cost, limit: config.MAX_QUERY_COST }
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

function operationOf(document: DocumentNode, name?: string | null): OperationDefinitionNode | undefined {
  const all = document.definitions.filter(one => one.kind === Kind.OPERATION_DEFINITION)
  return name ? all.find(one => one.name?.value === name) : all[0]
}
