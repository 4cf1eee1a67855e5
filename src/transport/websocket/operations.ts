import type { DocumentNode, ExecutionArgs, ExecutionResult, GraphQLError } from 'graphql'
import { MessageType, type SubscribePayload } from 'graphql-ws'
import { AppError } from '../../errors.ts'
import type { Failure, FrameSink, OverListener, Served } from '../../feed/fan-out.ts'
import type { ErrorMapper } from '../../graph/errors.ts'
import { tokensOf } from '../../graph/query-size.ts'
import { withMethods } from '../../platform/methods.ts'
import type { Caller } from '../caller.ts'
import type { Drain } from '../drain.ts'
import { closable, isClosable } from '../http/stream.ts'
import type { OperationType, TransportMetrics } from '../metrics.ts'
import type { Pipeline } from '../pipeline.ts'
import type { RateLimits } from '../rate-limits.ts'
import { allOf, type ById, countOf, find, put, take } from './by-id.ts'
import type { Frames } from './frames.ts'

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

/** What the running subscriptions of one socket were sent with is kept as long as they run: query, variables and all. */
const maxHeldBytes = 4 * 1024 * 1024
/** And what their texts were parsed into, which is a hundred times as much; that of the same text is there once. */
const maxHeldTokens = 20_000

interface Running extends OverListener {
  readonly state: State
  readonly id: string
  readonly requestId: string
  /** Of a subscription. */
  document: DocumentNode | null
  heldBytes: number
  finished: () => void
  /** What a subscription yields. */
  source: AsyncIterator<ExecutionResult> | null
  /** Nobody waits for what it says any more: its client has completed it, or is gone. */
  isStopped: boolean
}

/** What one socket runs. */
export interface Operations {
  /** Runs an operation and answers it; resolves when it has been answered, or is subscribed. `sizeBytes` is that of the message it came in. */
  run(id: string, sent: SubscribePayload, sizeBytes: number, caller: Caller): Promise<void>
  /** Whether an operation has this id, and its client waits for it. */
  isAwaited(id: string): boolean
  /** Its client waits for it no longer. */
  complete(id: string): Promise<void>
  /** Of all of them: the socket is gone. */
  completeAll(): Promise<void>
}

interface State {
  readonly frames: Frames
  running: ById<Running>
  heldBytes: number
  heldTokens: number
}

const nothing = () => {}

/** Runs the operations of sockets through the same pipeline as those over HTTP. */
export function createOperations(deps: OperationsDeps): (frames: Frames) => Operations {
  const { pipeline, errors, metrics } = deps
  const subscriptionOver = () => metrics.subscriptions.dec({ carrier: 'websocket' })

  function begin(operation: Running): void {
    const { state } = operation
    if (deps.isClosing()) throw new AppError('SHUTTING_DOWN', 'The server is about to stop; connect again.')
    if (deps.maxOperations > 0 && countOf(state.running) >= deps.maxOperations)
      throw new AppError('QUOTA_EXCEEDED', `One socket may run ${deps.maxOperations} operations at once.`)
    state.running = put(state.running, operation)
  }

  /** Its result; or why it is none, for the client. */
  async function resultOf(operation: Running, sent: SubscribePayload, sizeBytes: number, caller: Caller): Promise<SubscribeResult | GraphQLError[]> {
    const startedAt = performance.now()
    let type: OperationType = 'unknown'
    const observe = (failed: readonly GraphQLError[] | undefined) => pipeline.observe('websocket', type, startedAt, failed)
    let args: ExecutionArgs
    try {
      begin(operation)
      await deps.rates.admit(caller.ip)
      const plan = await pipeline.plan(sent, caller, 'websocket')
      type = plan.operation.operation
      if (type === 'subscription') hold(operation, sizeBytes, plan.document)
      args = await pipeline.admit(plan, await pipeline.contextOf(plan, caller))
    } catch (error) {
      const failed = errors.toClient(error, operation.requestId)
      observe(failed)
      return failed
    }
    try {
      const result = await execute(operation, type, args)
      observe('errors' in result ? result.errors : undefined)
      return result
    } catch (error) {
      const failed = errors.toClient(error, operation.requestId)
      observe(failed)
      return { errors: failed }
    }
  }

  async function execute(operation: Running, type: OperationType, args: ExecutionArgs): Promise<SubscribeResult> {
    const { state, id, requestId } = operation
    if (type !== 'subscription') {
      const finished = deps.drain.begin()
      // Not before its last frame is on its way: a client that has the answer and misses the `complete` asks again.
      onFinish(operation, () => setImmediate(finished))
      return mapped(await pipeline.execute(args), requestId)
    }
    metrics.subscriptions.inc({ carrier: 'websocket' })
    onFinish(operation, subscriptionOver)
    const { subscribe } = pipeline
    const result = await (deps.subscribeGrouped ? deps.subscribeGrouped(args, { id, socket: state.frames }, subscribe) : subscribe(args))
    if (!(Symbol.asyncIterator in result)) return mapped(result, requestId)
    // Nothing is put around each of ten thousand.
    return isClosable(result) ? result : closable(result, nothing)
  }

  function mapped(result: ExecutionResult, requestId: string): ExecutionResult {
    return result.errors?.length ? { ...result, errors: result.errors.flatMap(error => errors.toClient(error, requestId)) } : result
  }

  function refuse({ frames }: State, id: string, failed: readonly GraphQLError[]): void {
    frames.sendText(JSON.stringify({ id, type: MessageType.Error, payload: failed }))
  }

  const ofOperations = {
    over(this: Running, failure: Failure | null): void {
      const { state, id, requestId } = this
      if (!failure) {
        complete(this)
        return
      }
      if (!this.isStopped) refuse(state, id, errors.toClient(failure.error, requestId))
      finish(this)
    },
  }

  function complete(operation: Running): void {
    finish(operation)
    const { state, id, isStopped } = operation
    if (!isStopped) state.frames.sendText(JSON.stringify({ id, type: MessageType.Complete }))
  }

  /** Resolves when it has left: an operation whose answers nobody reads goes on running. */
  async function deliver({ state, id, requestId }: Running, result: ExecutionResult): Promise<void> {
    await state.frames.deliverText(JSON.stringify({ id, type: MessageType.Next, payload: mapped(result, requestId) }))
  }

  async function deliverAll(operation: Running, source: AsyncIterator<ExecutionResult>): Promise<void> {
    try {
      for (let next = await source.next(); !next.done; next = await source.next()) await deliver(operation, next.value)
    } catch (error) {
      source.return?.().catch(nothing)
      operation.over({ error })
      return
    }
    complete(operation)
  }

  const methods = {
    async run(this: State, id: string, sent: SubscribePayload, sizeBytes: number, caller: Caller): Promise<void> {
      const { requestId } = caller
      // A client may complete an operation and use its id again before the old one has ended: the two would be mixed up.
      if (find(this.running, id)) {
        refuse(this, id, errors.toClient(new AppError('CONFLICT', 'The operation with this id has not ended yet.'), requestId))
        return
      }
      const operation: Running = withMethods(
        { state: this, id, requestId, document: null, heldBytes: 0, finished: nothing, source: null, isStopped: false },
        ofOperations,
      )
      const result = await resultOf(operation, sent, sizeBytes, caller)
      try {
        if (Array.isArray(result)) operation.over({ error: result })
        else if (Symbol.asyncIterator in result) {
          const source = result[Symbol.asyncIterator]()
          operation.source = source
          if (operation.isStopped) source.return?.().catch(nothing)
          // Of ten thousand silent subscriptions none is waited for.
          if (isServed(result)) result.onOver(operation)
          else void deliverAll(operation, source)
        } else {
          if (!operation.isStopped) await deliver(operation, result)
          complete(operation)
        }
      } catch (error) {
        finish(operation)
        throw error
      }
    },
    isAwaited(this: State, id: string): boolean {
      return find(this.running, id)?.isStopped === false
    },
    async complete(this: State, id: string): Promise<void> {
      const operation = find(this.running, id)
      if (operation) await stop(operation)
    },
    async completeAll(this: State): Promise<void> {
      const all = [...allOf(this.running)]
      try {
        await Promise.all(all.map(stop))
      } finally {
        for (const operation of all) finish(operation)
      }
    },
  }

  return frames => withMethods({ frames, running: null, heldBytes: 0, heldTokens: 0 } satisfies State as State, methods)
}

async function stop(operation: Running): Promise<void> {
  if (operation.isStopped) return
  operation.isStopped = true
  await operation.source?.return?.()
}

const isServed = (result: AsyncIterable<unknown>): result is Served => 'onOver' in result

const isHeld = ({ running }: State, document: DocumentNode) => allOf(running).some(operation => operation.document === document)

function hold(operation: Running, sizeBytes: number, document: DocumentNode): void {
  const { state } = operation
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

const isRunning = (operation: Running) => find(operation.state.running, operation.id) === operation

function onFinish(operation: Running, listener: () => void): void {
  if (isRunning(operation)) operation.finished = listener
  else listener()
}

function finish(operation: Running): void {
  if (!isRunning(operation)) return
  const { state, heldBytes, document, finished } = operation
  state.running = take(state.running, operation)
  state.heldBytes -= heldBytes
  if (document && !isHeld(state, document)) state.heldTokens -= tokensOf(document)
  finished()
}
