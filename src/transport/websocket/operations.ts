import { randomUUID } from 'node:crypto'
import type { DocumentNode, ExecutionArgs, ExecutionResult, GraphQLError, OperationTypeNode } from 'graphql'
import type { SubscribePayload } from 'graphql-ws'
import { AppError } from '../../errors.ts'
import type { FrameSink } from '../../feed/fan-out.ts'
import type { ErrorMapper } from '../../graph/errors.ts'
import { tokensOf } from '../../graph/query-size.ts'
import type { Caller } from '../caller.ts'
import type { Drain } from '../drain.ts'
import { closable } from '../http/stream.ts'
import type { OperationType, TransportMetrics } from '../metrics.ts'
import type { Pipeline } from '../pipeline.ts'
import type { RateLimits } from '../rate-limits.ts'

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
  readonly pipeline: Pipeline
  readonly errors: ErrorMapper
  readonly rates: RateLimits
  readonly metrics: TransportMetrics
  readonly drain: Drain
  readonly subscribeGrouped: SubscribeGrouped | undefined
  readonly maxOperations: number
  isClosing(): boolean
}

export interface Prepared {
  readonly args: ExecutionArgs
  readonly requestId: string
  run(): Promise<SubscribeResult>
}

/** What the running subscriptions of one socket were sent with is kept as long as they run: query, variables and all. */
const maxHeldBytes = 4 * 1024 * 1024
/** And what their texts were parsed into, which is a hundred times as much; that of the same text is there once. */
const maxHeldTokens = 20_000

interface Running {
  readonly requestId: string
  /** Of a subscription. */
  document: DocumentNode | null
  heldBytes: number
  finished: () => void
}

export type Operations = ReturnType<typeof createOperations>

/** Runs the operations of one socket through the same pipeline as those over HTTP. */
export function createOperations(deps: OperationsDeps, socket: FrameSink, callerOf: (requestId: string) => Caller) {
  const { pipeline, errors, metrics } = deps
  const running = new Map<string, Running>()
  let heldBytes = 0
  let heldTokens = 0
  const isHeld = (document: DocumentNode) => running.values().some(operation => operation.document === document)

  function hold(operation: Running, sizeBytes: number, document: DocumentNode): void {
    if (heldBytes + sizeBytes > maxHeldBytes)
      throw new AppError('QUOTA_EXCEEDED', `The subscriptions of one socket may be sent with ${maxHeldBytes} bytes altogether.`)
    const tokens = isHeld(document) ? 0 : tokensOf(document)
    if (heldTokens + tokens > maxHeldTokens)
      throw new AppError('QUOTA_EXCEEDED', `The texts of the subscriptions of one socket may have ${maxHeldTokens} tokens altogether.`)
    operation.heldBytes = sizeBytes
    operation.document = document
    heldBytes += sizeBytes
    heldTokens += tokens
  }

  function letGo({ heldBytes: sizeBytes, document }: Running): void {
    heldBytes -= sizeBytes
    if (document && !isHeld(document)) heldTokens -= tokensOf(document)
  }

  /** `sizeBytes` is that of the message the operation came in. */
  async function prepare(id: string, sent: SubscribePayload, sizeBytes: number): Promise<Prepared | GraphQLError[]> {
    const requestId = randomUUID()
    const startedAt = performance.now()
    // A client may complete an operation and use its id again before the old one has ended: the two would be mixed up.
    if (running.has(id)) return errors.toClient(new AppError('CONFLICT', 'The operation with this id has not ended yet.'), requestId)
    let type: OperationType = 'unknown'
    try {
      if (deps.isClosing()) throw new AppError('SHUTTING_DOWN', 'The server is about to stop; connect again.')
      if (deps.maxOperations > 0 && running.size >= deps.maxOperations)
        throw new AppError('QUOTA_EXCEEDED', `One socket may run ${deps.maxOperations} operations at once.`)
      const entry: Running = { requestId, document: null, heldBytes: 0, finished: () => undefined }
      running.set(id, entry)
      const caller = callerOf(requestId)
      await deps.rates.admit(caller.ip)
      const plan = await pipeline.plan(sent, caller, 'websocket')
      type = plan.operation.operation
      if (type === 'subscription') hold(entry, sizeBytes, plan.document)
      const args = await pipeline.admit(plan, await pipeline.contextOf(plan, caller))
      const run = () => execute(id, plan.operation.operation, startedAt, args)
      return { args, requestId, run }
    } catch (error) {
      finish(id)
      const failed = errors.toClient(error, requestId)
      pipeline.observe('websocket', type, startedAt, failed)
      return failed
    }
  }

  async function execute(id: string, type: OperationTypeNode, startedAt: number, args: ExecutionArgs): Promise<SubscribeResult> {
    const known = running.get(id)
    const requestId = known?.requestId ?? randomUUID()
    const observe = (failed: readonly GraphQLError[] | undefined) => pipeline.observe('websocket', type, startedAt, failed)
    try {
      if (type !== 'subscription') {
        const finished = deps.drain.begin()
        // Not before its last frame is on its way: a client that has the answer and misses the `complete` asks again.
        if (known) known.finished = () => setImmediate(finished)
        else finished()
        const result = mapped(await pipeline.execute(args), requestId)
        observe(result.errors)
        return result
      }
      if (known) {
        metrics.subscriptions.inc({ carrier: 'websocket' })
        known.finished = () => metrics.subscriptions.dec({ carrier: 'websocket' })
      }
      const result = await (deps.subscribeGrouped ? deps.subscribeGrouped(args, { id, socket }, pipeline.subscribe) : pipeline.subscribe(args))
      if (Symbol.asyncIterator in result) {
        observe(undefined)
        return closable(
          result,
          () => finish(id),
          error => errors.toClient(error, requestId)[0],
        )
      }
      const single = mapped(result, requestId)
      observe(single.errors)
      return single
    } catch (error) {
      const failed = errors.toClient(error, requestId)
      observe(failed)
      return { errors: failed }
    }
  }

  function mapped(result: ExecutionResult, requestId: string): ExecutionResult {
    return result.errors?.length ? { ...result, errors: result.errors.flatMap(error => errors.toClient(error, requestId)) } : result
  }

  function finish(id: string): void {
    const operation = running.get(id)
    running.delete(id)
    if (!operation) return
    letGo(operation)
    operation.finished()
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
