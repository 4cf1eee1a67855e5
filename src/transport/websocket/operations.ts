import { randomUUID } from 'node:crypto'
import { type ExecutionArgs, type ExecutionResult, GraphQLError, getOperationAST, type OperationTypeNode } from 'graphql'
import type { SubscribePayload } from 'graphql-ws'
import { AppError } from '../../errors.ts'
import { asidesFor, withAsides } from '../../graph/asides.ts'
import type { Context } from '../../graph/context.ts'
import type { ErrorMapper } from '../../graph/errors.ts'
import type { QueryLimits } from '../../graph/limits.ts'
import type { Caller } from '../caller.ts'
import type { Drain } from '../drain.ts'
import { closable } from '../http/stream.ts'
import type { TransportMetrics } from '../metrics.ts'
import type { PersistedOperations } from '../persisted-operations.ts'
import type { RateLimits } from '../rate-limits.ts'
import type { Yoga } from '../yoga.ts'
import type { FrameSink } from './frames.ts'

/** An operation on a socket: `id` is the client's, in every frame that belongs to it. */
export interface SocketOperation {
  readonly id: string
  readonly socket: FrameSink
}

export type SubscribeArgs = ExecutionArgs
export type SubscribeResult = AsyncIterable<ExecutionResult> | ExecutionResult

/**
 * Starts a subscription in place of `subscribe`, which is the pipeline's own. It may write the `next` frames of the
 * operation to its socket itself, and answer with an iterable that yields nothing until it completes or throws.
 */
export type SubscribeGrouped = (
  args: SubscribeArgs,
  operation: SocketOperation,
  subscribe: (args: SubscribeArgs) => Promise<SubscribeResult>,
) => Promise<SubscribeResult> | SubscribeResult

export interface OperationsDeps {
  readonly yoga: Yoga
  readonly errors: ErrorMapper
  readonly limits: QueryLimits
  readonly rates: RateLimits
  readonly persisted: PersistedOperations
  readonly metrics: TransportMetrics
  readonly drain: Drain
  readonly subscribeGrouped: SubscribeGrouped | undefined
  readonly maxOperations: number
  /** @throws SIGNATURE_REQUIRED, SIGNATURE_INVALID, REPLAYED */
  checkSignature(operation: SubscribePayload): void
  isClosing(): boolean
}

export interface Prepared {
  readonly args: ExecutionArgs
  readonly requestId: string
  run(): Promise<SubscribeResult>
}

/** What the running subscriptions of one socket were sent with is kept as long as they run: query, variables and all. */
const maxHeldBytes = 4 * 1024 * 1024

interface Running {
  readonly requestId: string
  heldBytes: number
  finished: () => void
}

/** Runs the operations of one socket through the same pipeline as those over HTTP. */
export function createOperations(deps: OperationsDeps, socket: FrameSink, callerOf: (requestId: string) => Caller) {
  const { yoga, errors, limits, metrics } = deps
  const running = new Map<string, Running>()
  let heldBytes = 0

  function hold(operation: Running, sizeBytes: number): void {
    if (heldBytes + sizeBytes > maxHeldBytes)
      throw new AppError('QUOTA_EXCEEDED', `The subscriptions of one socket may be sent with ${maxHeldBytes} bytes altogether.`)
    operation.heldBytes = sizeBytes
    heldBytes += sizeBytes
  }

  /** `sizeBytes` is that of the message the operation came in. */
  async function prepare(id: string, sent: SubscribePayload, sizeBytes: number): Promise<Prepared | GraphQLError[]> {
    const requestId = randomUUID()
    const startedAt = performance.now()
    // A client may complete an operation and use its id again before the old one has ended: the two would be mixed up.
    if (running.has(id)) return errors.toClient(new AppError('CONFLICT', 'The operation with this id has not ended yet.'), requestId)
    try {
      if (deps.isClosing()) throw new AppError('SHUTTING_DOWN', 'The server is about to stop; connect again.')
      if (deps.maxOperations > 0 && running.size >= deps.maxOperations)
        throw new AppError('QUOTA_EXCEEDED', `One socket may run ${deps.maxOperations} operations at once.`)
      const entry: Running = { requestId, heldBytes: 0, finished: () => undefined }
      running.set(id, entry)
      const caller = callerOf(requestId)
      await deps.rates.admit(caller.ip)
      deps.checkSignature(sent)
      const payload = deps.persisted.resolve(sent)
      const enveloped = yoga.getEnveloped({ caller, http: null, params: payload })
      const document = enveloped.parse(payload.query)
      const faults = enveloped.validate(enveloped.schema, document)
      if (faults.length > 0) throw new AggregateError(faults, 'The operation is not valid.')
      const operation = getOperationAST(document, payload.operationName)
      if (!operation) throw new GraphQLError('Could not determine what operation to execute.')
      const cost = limits.checkCost(enveloped.schema, document, payload.operationName, payload.variables)
      if (operation.operation === 'subscription') hold(entry, sizeBytes)
      const asides = asidesFor(payload.extensions, cost)
      const args: ExecutionArgs = {
        schema: enveloped.schema,
        document,
        contextValue: { ...(await enveloped.contextFactory()), ...(asides && { asides }) },
        variableValues: payload.variables ?? {},
        operationName: payload.operationName ?? null,
      }
      await deps.rates.count(args)
      const run = () => execute(id, operation.operation, startedAt, args, enveloped)
      return { args, requestId, run }
    } catch (error) {
      finish(id)
      const mapped = errors.toClient(error, requestId)
      observe('unknown', startedAt, mapped)
      return mapped
    }
  }

  type Enveloped = ReturnType<Yoga['getEnveloped']>

  async function execute(
    id: string,
    type: OperationTypeNode,
    startedAt: number,
    args: ExecutionArgs,
    enveloped: Enveloped,
  ): Promise<SubscribeResult> {
    const known = running.get(id)
    const requestId = known?.requestId ?? randomUUID()
    const subscribe = async (given: SubscribeArgs) => (await enveloped.subscribe(given)) as SubscribeResult
    try {
      if (type !== 'subscription') {
        const finished = deps.drain.begin()
        // Not before its last frame is on its way: a client that has the answer and misses the `complete` asks again.
        if (known) known.finished = () => setImmediate(finished)
        else finished()
        const { asides } = args.contextValue as Context
        const result = withAsides(mapped((await enveloped.execute(args)) as ExecutionResult, requestId), asides)
        observe(type, startedAt, result.errors)
        return result
      }
      if (known) {
        metrics.subscriptions.inc({ carrier: 'websocket' })
        known.finished = () => metrics.subscriptions.dec({ carrier: 'websocket' })
      }
      const result = await (deps.subscribeGrouped ? deps.subscribeGrouped(args, { id, socket }, subscribe) : subscribe(args))
      if (Symbol.asyncIterator in result) {
        observe(type, startedAt, undefined)
        return closable(
          result,
          () => finish(id),
          error => errors.toClient(error, requestId)[0],
        )
      }
      const single = mapped(result, requestId)
      observe(type, startedAt, single.errors)
      return single
    } catch (error) {
      const failed = errors.toClient(error, requestId)
      observe(type, startedAt, failed)
      return { errors: failed }
    }
  }

  function mapped(result: ExecutionResult, requestId: string): ExecutionResult {
    return result.errors?.length ? { ...result, errors: result.errors.flatMap(error => errors.toClient(error, requestId)) } : result
  }

  function observe(type: OperationTypeNode | 'unknown', startedAt: number, failed: readonly GraphQLError[] | undefined): void {
    const outcome = String(failed?.[0]?.extensions['code'] ?? 'ok')
    metrics.operations.observe({ type, outcome, carrier: 'websocket' }, (performance.now() - startedAt) / 1000)
  }

  function finish(id: string): void {
    const operation = running.get(id)
    running.delete(id)
    heldBytes -= operation?.heldBytes ?? 0
    operation?.finished()
  }

  return {
    prepare,
    finish,
    requestIdOf: (id: string): string => running.get(id)?.requestId ?? randomUUID(),
    finishAll() {
      for (const id of [...running.keys()]) finish(id)
    },
  }
}
