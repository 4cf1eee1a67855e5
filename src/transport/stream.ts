import type { ExecutionResult } from 'graphql'
import type { Access } from '../access/access.ts'
import type { Viewer } from '../access/viewer.ts'
import { AppError, type ErrorCode, errorCodes } from '../errors.ts'
import { callAt } from './timer.ts'

/**
 * A subscription over HTTP that ends with an error as soon as its viewer's token does, or is revoked.
 * Ending it does not wait for the source, which may be waiting for an event that never comes.
 */
export function untilSignedOut(
  source: AsyncIterable<ExecutionResult>,
  viewer: Viewer | null,
  access: Pick<Access, 'watch'>,
  onEnd: () => void,
): AsyncIterableIterator<ExecutionResult> {
  const iterator = source[Symbol.asyncIterator]()
  let waiting: PromiseWithResolvers<IteratorResult<ExecutionResult>> | null = null
  let lastError: AppError | null = null
  let isOver = false

  const cancelTimer = viewer ? callAt(viewer.expiresAt, () => end('TOKEN_EXPIRED')) : () => undefined
  const unwatch = viewer ? access.watch(viewer, null, end) : () => undefined

  function end(code: ErrorCode): void {
    if (isOver) return
    lastError = new AppError(code, errorCodes[code])
    close()
    if (waiting) deliver()
  }

  function close(): void {
    if (isOver) return
    isOver = true
    cancelTimer()
    unwatch()
    onEnd()
    Promise.resolve(iterator.return?.()).catch(() => undefined)
  }

  function deliver(): void {
    const error = lastError
    lastError = null
    if (error) waiting?.reject(error)
    else waiting?.resolve({ done: true, value: undefined })
    waiting = null
  }

  return {
    [Symbol.asyncIterator]() {
      return this
    },
    next() {
      const mine = Promise.withResolvers<IteratorResult<ExecutionResult>>()
      waiting = mine
      if (isOver) deliver()
      else
        iterator.next().then(
          result => {
            if (result.done) close()
            if (waiting === mine) waiting = null
            mine.resolve(result)
          },
          error => {
            close()
            if (waiting === mine) waiting = null
            mine.reject(error)
          },
        )
      return mine.promise
    },
    async return() {
      close()
      if (waiting) deliver()
      return { done: true, value: undefined }
    },
  }
}
