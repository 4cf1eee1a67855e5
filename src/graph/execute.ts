import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  execute as executeAtLength,
  type GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  OperationTypeNode,
} from 'graphql'
import { createPlans } from './execution/plan.ts'
import { addError, isPromise, runFields, runInTurn } from './execution/run.ts'
import type { OperationPlan, Run } from './execution/types.ts'
import { coerceVariables } from './execution/variables.ts'
import { fragmentsOf } from './query-size.ts'

const plansOf = new WeakMap<GraphQLSchema, ReturnType<typeof createPlans>>()
const maxCoercionErrors = 50

function plansFor(schema: GraphQLSchema) {
  let plans = plansOf.get(schema)
  if (!plans) {
    plans = createPlans(schema)
    plansOf.set(schema, plans)
  }
  return plans
}

/**
 * As `execute` of graphql-js, by the same rules and with the same errors: what an operation comes to is worked out once for each document
 * and not once for each value, and where nothing has to be waited for there is no promise.
 */
export const execute = (args: ExecutionArgs): ExecutionResult | Promise<ExecutionResult> => executionOf(args)(args.rootValue)

/** The same for an operation that is executed again and again, with one root value after the other: what these have in common is done once. */
export function executionOf(args: Omit<ExecutionArgs, 'rootValue'>): (rootValue: unknown) => ExecutionResult | Promise<ExecutionResult> {
  const { schema, document, contextValue, operationName, fieldResolver, typeResolver, hideSuggestions } = args
  const operation = getOperationAST(document, operationName)
  const type = operation && schema.getRootType(operation.operation)
  if (!type || fieldResolver || typeResolver) return rootValue => executeAtLength({ ...args, rootValue })
  const { coerced, errors } = coerceVariables(schema, operation, args.variableValues ?? {}, {
    maxErrors: maxCoercionErrors,
    ...(hideSuggestions && { hideSuggestions }),
  })
  if (errors) return () => ({ errors })
  const plan = plansFor(schema)(operation, () => fragmentsByName(document), coerced)
  if (!plan) return rootValue => executeAtLength({ ...args, rootValue })

  return rootValue => {
    // An object of its own each time: it is by this that resolvers tell executions apart.
    const variableValues = { ...coerced }
    const run: Run = { schema, plan, contextValue, rootValue, variableValues, infos: new Map(), errors: [], nulled: null }
    const failed = (error: unknown): ExecutionResult => {
      addError(run, error as GraphQLError, undefined)
      return answer(run, null)
    }
    try {
      const root = plan.root(type)
      const data = operation.operation === OperationTypeNode.MUTATION ? runInTurn(run, root, rootValue) : runFields(run, root, rootValue, undefined)
      return isPromise(data) ? data.then(whole => answer(run, whole), failed) : answer(run, data)
    } catch (error) {
      return failed(error)
    }
  }
}

const answer = ({ errors }: Run, data: Record<string, unknown> | null): ExecutionResult => (errors.length === 0 ? { data } : { errors, data })

/** As resolvers are given them. */
const fragmentsByName = (document: DocumentNode): OperationPlan['fragments'] =>
  Object.assign(Object.create(null), Object.fromEntries(fragmentsOf(document)))
