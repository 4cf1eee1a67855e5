import { randomUUID } from 'node:crypto'
import type { DocumentNode, ExecutionArgs, ExecutionResult, GraphQLError, OperationTypeNode } from 'graphql'
import type { SubscribePayload } from 'graphql-ws'
import { AppError } from '../../errors.ts'
import type { FrameSink } from '../../feed/fan-out.ts'
import type { ErrorMapper } from '../../graph/errors.ts'
import { tokensOf } from '../../graph/query-size.ts'
import { withMethods } from '../../platform/methods.ts'
import type { Caller } from '../caller.ts'
import type { Drain } from '../drain.ts'
import { closable, isClosable } from '../http/stream.ts'
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

/** What one socket runs. */
export interface Operations {
  /** `sizeBytes` is that of the message the operation came in. */
  prepare(id: string, sent: SubscribePayload, sizeBytes: number, caller: Caller): Promise<Prepared | GraphQLError[]>
  finish(id: string): void
  requestIdOf(id: string): string
  finishAll(): void
}

interface State {
  readonly socket: FrameSink
  readonly running: Map<string, Running>
  heldBytes: number
  heldTokens: number
}

const nothing = () => {}

/** Runs the operations of sockets through the same pipeline as those over HTTP. */
export function createOperations(deps: OperationsDeps): (socket: FrameSink) => Operations {
  const { pipeline, errors, metrics } = deps
  const subscriptionOver = () => metrics.subscriptions.dec({ carrier: 'websocket' })

  async function execute(state: State, id: string, type: OperationTypeNode, startedAt: number, args: ExecutionArgs): Promise<SubscribeResult> {
    const known = state.running.get(id)
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
        known.finished = subscriptionOver
      }
      const operation = { id, socket: state.socket }
      const result = await (deps.subscribeGrouped ? deps.subscribeGrouped(args, operation, pipeline.subscribe) : pipeline.subscribe(args))
      if (Symbol.asyncIterator in result) {
        observe(undefined)
        // Nothing is put around each of ten thousand: of the end, and of what it came by, the library tells.
        if (isClosable(result)) return result
        return closable(
          result,
          () => finish(state, id),
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

  const methods = {
    async prepare(this: State, id: string, sent: SubscribePayload, sizeBytes: number, caller: Caller): Promise<Prepared | GraphQLError[]> {
      const { requestId } = caller
      const startedAt = performance.now()
      const { running } = this
      // A client may complete an operation and use its id again before the old one has ended: the two would be mixed up.
      if (running.has(id)) return errors.toClient(new AppError('CONFLICT', 'The operation with this id has not ended yet.'), requestId)
      let type: OperationType = 'unknown'
      try {
        if (deps.isClosing()) throw new AppError('SHUTTING_DOWN', 'The server is about to stop; connect again.')
        if (deps.maxOperations > 0 && running.size >= deps.maxOperations)
          throw new AppError('QUOTA_EXCEEDED', `One socket may run ${deps.maxOperations} operations at once.`)
        const entry: Running = { requestId, document: null, heldBytes: 0, finished: nothing }
        running.set(id, entry)
        await deps.rates.admit(caller.ip)
        const plan = await pipeline.plan(sent, caller, 'websocket')
        type = plan.operation.operation
        if (type === 'subscription') hold(this, entry, sizeBytes, plan.document)
        const args = await pipeline.admit(plan, await pipeline.contextOf(plan, caller))
        const run = () => execute(this, id, plan.operation.operation, startedAt, args)
        return { args, requestId, run }
      } catch (error) {
        finish(this, id)
        const failed = errors.toClient(error, requestId)
        pipeline.observe('websocket', type, startedAt, failed)
        return failed
      }
    },
    finish(this: State, id: string) {
      finish(this, id)
    },
    requestIdOf(this: State, id: string): string {
      return this.running.get(id)?.requestId ?? randomUUID()
    },
    finishAll(this: State) {
      for (const id of [...this.running.keys()]) finish(this, id)
    },
  }

  return socket => withMethods({ socket, running: new Map<string, Running>(), heldBytes: 0, heldTokens: 0 }, methods)
}

const isHeld = ({ running }: State, document: DocumentNode) => running.values().some(operation => operation.document === document)

function hold(state: State, operation: Running, sizeBytes: number, document: DocumentNode): void {
  if (state.heldBytes + sizeBytes > maxHeldBytes)
    throw new AppError('QUOTA_EXCEEDED', `The subscriptions of one socket may be sent with ${maxHeldBytes} bytes altogether.`)
  const tokens = isHeld(state, document) ? 0 : tokensOf(document)
  if (state.heldTokens + tokens > maxHeldTokens)
    throw new AppError('QUOTA_EXCEEDED', `The texts of the subscriptions of one socket may have ${maxHeldTokens} tokens altogether.`)
  operation.heldBytes = sizeBytes
  operation.document = document
  state.heldBytes += sizeBytes
  state.heldTokens += tokens
}

function finish(state: State, id: string): void {
  const operation = state.running.get(id)
  state.running.delete(id)
  if (!operation) return
  const { heldBytes, document, finished } = operation
  state.heldBytes -= heldBytes
  if (document && !isHeld(state, document)) state.heldTokens -= tokensOf(document)
  finished()
}
