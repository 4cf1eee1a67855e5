import type { ExecutionResult } from 'graphql'
import type { Access } from '../../access/access.ts'
import { endOf, type Identity } from '../../access/viewer.ts'
import { AppError, type ErrorCode, errorCodes } from '../../errors.ts'
import { callAt, cancelAt } from '../timer.ts'

export interface Closable<Item> extends AsyncIterableIterator<Item> {
  /** Ends it with this error, which the reader gets in place of the next item. */
  fail(error: unknown): void
}

export const isClosable = <Item>(source: AsyncIterable<Item>): source is Closable<Item> => 'fail' in source

/** Can be ended at any time. Ending it does not wait for the source, which may be waiting for an event that never comes. */
export function closable<Item>(source: AsyncIterable<Item>, onEnd: () => void, mapError = (error: unknown) => error): Closable<Item> {
  const iterator = source[Symbol.asyncIterator]()
  let waiting: PromiseWithResolvers<IteratorResult<Item>> | null = null
  let last: { readonly error: unknown } | null = null
  let isOver = false

  function end(): void {
    if (isOver) return
    isOver = true
    onEnd()
    Promise.resolve(iterator.return?.()).catch(() => undefined)
    if (waiting) deliver(waiting)
    waiting = null
  }

  function deliver(reader: PromiseWithResolvers<IteratorResult<Item>>): void {
    if (last) reader.reject(last.error)
    else reader.resolve({ done: true, value: undefined })
    last = null
  }

  return {
    [Symbol.asyncIterator]() {
      return this
    },
    next() {
      const reader = Promise.withResolvers<IteratorResult<Item>>()
      if (isOver) {
        deliver(reader)
        return reader.promise
      }
      waiting = reader
      iterator.next().then(
        result => {
          if (waiting !== reader) return
          waiting = null
          if (result.done) end()
          reader.resolve(result)
        },
        error => {
          if (waiting !== reader) return
          waiting = null
          end()
          reader.reject(mapError(error))
        },
      )
      return reader.promise
    },
    async return() {
      end()
      return { done: true, value: undefined }
    },
    fail(error) {
      if (isOver) return
      last = { error }
      end()
    },
  }
}

/** A subscription over HTTP, which ends with an error as soon as what its reader proved does, or is revoked. */
export function untilSignedOut(
  source: AsyncIterable<ExecutionResult>,
  identity: Identity,
  access: Pick<Access, 'watch'>,
  onEnd: () => void,
): Closable<ExecutionResult> {
  const signOut = (code: ErrorCode = 'TOKEN_EXPIRED') => stream.fail(new AppError(code, errorCodes[code]))
  const end = endOf(identity)
  if (end) callAt(end, signOut)
  const unwatch = identity.viewer ? access.watch(identity.viewer, null, signOut) : () => undefined
  const stream = closable(source, () => {
    if (end) cancelAt(end, signOut)
    unwatch()
    onEnd()
  })
  return stream
}
