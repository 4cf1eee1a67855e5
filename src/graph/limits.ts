import { type DocumentNode, GraphQLError, type GraphQLSchema, type OperationDefinitionNode, type ParseOptions, parse, type Source } from 'graphql'
import { AppError } from '../errors.ts'
import { costOf } from './query-cost.ts'
import { measure } from './query-size.ts'

export interface QueryLimits {
  /** Parses, and gives up early on documents with too many tokens. */
  parse(source: string | Source, options?: ParseOptions): DocumentNode
  /** Faults that the text alone shows: nesting, aliases, repetition, directives. */
  check(document: DocumentNode): readonly GraphQLError[]
  /** What these variables make the operation cost. @throws QUERY_TOO_COMPLEX when that is too much */
  checkCost(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode, variables: Readonly<Record<string, unknown>>): Cost
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
  /** Of operations that cost the same whatever their variables. */
  const fixedCosts = new WeakMap<OperationDefinitionNode, Cost>()

  function check(document: DocumentNode): GraphQLError[] {
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
    check,
    checkCost(schema, document, operation, variables) {
      const known = fixedCosts.get(operation)
      if (known) return known
      const { cost, fixed } = costOf(schema, document, operation, variables)
      if (cost > config.MAX_QUERY_COST) throw tooComplex('an estimated cost of', config.MAX_QUERY_COST, cost)
      const found = { requested: cost, limit: config.MAX_QUERY_COST }
      if (fixed) fixedCosts.set(operation, found)
      return found
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
