import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  NoSchemaIntrospectionCustomRule,
  type OperationDefinitionNode,
  specifiedRules,
  subscribe,
  validate,
} from 'graphql'
import type { Identity } from '../access/viewer.ts'
import type { Config } from '../config.ts'
import { asidesFor, withAsides } from '../graph/asides.ts'
import type { Context } from '../graph/context.ts'
import { execute } from '../graph/execute.ts'
import type { QueryLimits } from '../graph/limits.ts'
import type { Caller, PartialContext } from './caller.ts'
import { createDocumentCache } from './document-cache.ts'
import type { OperationType, TransportMetrics } from './metrics.ts'
import type { PersistedOperations } from './persisted-operations.ts'
import type { RateLimits, Tell } from './rate-limits.ts'
import { checkShape, type WellFormed } from './well-formed.ts'

/** An operation that was understood: signed where it has to be, well-formed, valid and within the limits that its text shows. */
export interface Plan {
  readonly document: DocumentNode
  readonly operation: OperationDefinitionNode
  readonly sent: WellFormed
}

export type Carrier = 'http' | 'websocket'

/** What every operation goes through, whatever carries it: each carrier calls these one after the other. Where nothing has to be asked, there is no promise. */
export interface Pipeline {
  /** @throws SIGNATURE_REQUIRED and the like, PERSISTED_QUERY_NOT_FOUND and the like, BAD_USER_INPUT, QUERY_TOO_COMPLEX */
  plan(sent: unknown, caller: Caller, carrier: Carrier): Promise<Plan> | Plan
  /** What its resolvers know. @throws QUERY_TOO_COMPLEX for what its variables make it cost, and what keeps the caller from being identified */
  contextOf(plan: Plan, caller: Caller): Promise<Context> | Context
  /** Counts it. @throws RATE_LIMITED, QUERY_TOO_COMPLEX */
  admit(plan: Plan, context: Context, tell?: Tell): Promise<ExecutionArgs> | ExecutionArgs
  execute(args: ExecutionArgs): Promise<ExecutionResult> | ExecutionResult
  subscribe(args: ExecutionArgs): Promise<AsyncIterable<ExecutionResult> | ExecutionResult>
  /** Notes how long it took, and how it ended. */
  observe(carrier: Carrier, type: OperationType, startedAt: number, errors: readonly GraphQLError[] | undefined): void
}

export interface PipelineDeps {
  readonly schema: GraphQLSchema
  readonly config: Pick<Config, 'INTROSPECTION' | 'NODE_ENV'>
  readonly limits: QueryLimits
  readonly rates: RateLimits
  readonly persisted: PersistedOperations
  readonly metrics: Pick<TransportMetrics, 'operations'>
  createContext(partial: PartialContext): Context
}

/** What a text came to: once for all who send it. */
interface Read {
  readonly document: DocumentNode | null
  readonly faults: readonly GraphQLError[]
}

export function createPipeline({ schema, config, limits, rates, persisted, metrics, createContext }: PipelineDeps): Pipeline {
  const mayIntrospect = (config.INTROSPECTION ?? (config.NODE_ENV === 'production' ? 'off' : 'on')) === 'on'
  const rules = mayIntrospect ? specifiedRules : [...specifiedRules, NoSchemaIntrospectionCustomRule]
  const known = createDocumentCache<Read>()

  function readAnew(text: string): Read {
    try {
      const document = limits.parse(text)
      // Before the rules of the specification, some of which take quadratic time.
      const beyond = limits.check(document)
      return { document, faults: beyond.length > 0 ? beyond : validate(schema, document, rules) }
    } catch (error) {
      if (error instanceof GraphQLError) return { document: null, faults: [error] }
      throw error
    }
  }

  function documentOf(text: string): DocumentNode {
    let read = known.get(text)
    if (!read) {
      read = readAnew(text)
      known.set(text, read)
    }
    if (read.document === null || read.faults.length > 0) throw new AggregateError(read.faults, 'The operation is not valid.')
    return read.document
  }

  function understand(given: unknown, carrier: Carrier): Plan {
    const sent = checkShape(persisted.resolve(given), carrier === 'http')
    const document = documentOf(sent.query)
    const operation = getOperationAST(document, sent.operationName)
    if (!operation)
      throw new GraphQLError('Could not determine what operation to execute.', { extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } } })
    return { document, operation, sent }
  }

  return {
    plan(given, caller, carrier) {
      // Before anything else looks at it or changes it.
      const checking = caller.checkSignature(given as object)
      return checking ? checking.then(() => understand(given, carrier)) : understand(given, carrier)
    },
    contextOf({ document, operation, sent }, caller) {
      const cost = limits.checkCost(schema, document, operation, sent.variables)
      const asides = asidesFor(sent.extensions, cost)
      const { requestId, ip, userAgent, connection } = caller
      const contextFor = ({ viewer, admin }: Identity) => createContext({ requestId, ip, userAgent, connection, viewer, admin, asides })
      const identity = caller.identity()
      return identity instanceof Promise ? identity.then(contextFor) : contextFor(identity)
    },
    admit({ document, operation, sent }, context, tell) {
      const args = { schema, document, contextValue: context, variableValues: sent.variables, operationName: sent.operationName }
      const counting = rates.count({ schema, document, operation }, context, tell)
      return counting ? counting.then(() => args) : args
    },
    execute(args) {
      const { asides } = args.contextValue as Context
      const result = execute(args)
      return result instanceof Promise ? result.then(each => withAsides(each, asides)) : withAsides(result, asides)
    },
    subscribe: async args => (await subscribe(args)) as AsyncIterable<ExecutionResult> | ExecutionResult,
    observe(carrier, type, startedAt, errors) {
      const outcome = String(errors?.[0]?.extensions['code'] ?? 'ok')
      metrics.operations.observe((performance.now() - startedAt) / 1000, type, outcome, carrier)
    },
  }
}

/** When a caller who was refused may come again. */
export function retryIn({ errors }: ExecutionResult): number | null {
  const retryAfterMs = errors?.find(({ extensions }) => extensions['code'] === 'RATE_LIMITED')?.extensions['retryAfterMs']
  return typeof retryAfterMs === 'number' ? retryAfterMs : null
}
