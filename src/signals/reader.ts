import { keyText, type Signal } from './signal.ts'

/**
 * Hands signals to one reader at the reader's pace. For each key only the newest is kept, so a slow reader
 * costs no more than the topic holds. `return` works while `next` waits, which a generator's does not.
 */
export interface SignalReader extends AsyncIterableIterator<Signal> {
  offer(signal: Signal): void
  /** Ends it: the reader's next read rejects. */
  fail(error: unknown): void
  end(): void
  return(): Promise<IteratorResult<Signal>>
}

type Waiter = PromiseWithResolvers<IteratorResult<Signal>>

const done: IteratorResult<Signal> = { done: true, value: undefined }

export function createReader(onEnd: () => void): SignalReader {
  const pending = new Map<string, Signal>()
  /** Keys whose end the reader has to be told of. */
  const shown = new Set<string>()
  const waiters: Waiter[] = []
  let isEnded = false
  let failure: { error: unknown } | null = null

  function take(): Signal | null {
    const [first] = pending
    if (!first) return null
    const [key, signal] = first
    pending.delete(key)
    if (signal.state === null) shown.delete(key)
    else shown.add(key)
    return signal
  }

  function finish(): void {
    if (isEnded) return
    isEnded = true
    pending.clear()
    shown.clear()
    onEnd()
  }

  function end(): void {
    finish()
    for (const waiter of waiters.splice(0)) waiter.resolve(done)
  }

  return {
    offer(signal) {
      if (isEnded) return
      const key = keyText(signal.key)
      if (signal.state === null && !shown.has(key)) pending.delete(key)
      else pending.set(key, signal)
      const waiter = waiters[0] && pending.size > 0 ? waiters.shift() : undefined
      const value = waiter && take()
      if (waiter && value) waiter.resolve({ done: false, value })
    },
    fail(error) {
      if (isEnded) return
      finish()
      const waiter = waiters.shift()
      if (waiter) waiter.reject(error)
      else failure = { error }
      end()
    },
    end,
    next() {
      if (failure) {
        const { error } = failure
        failure = null
        return Promise.reject(error)
      }
      const value = take()
      if (value) return Promise.resolve({ done: false, value })
      if (isEnded) return Promise.resolve(done)
      const waiter: Waiter = Promise.withResolvers()
      waiters.push(waiter)
      return waiter.promise
    },
    return() {
      failure = null
      end()
      return Promise.resolve(done)
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}

/** What a reader gets, as something else. Not by a generator, whose `return` would wait for `next`. */
export function mapped<To>(reader: SignalReader, map: (signal: Signal) => To): AsyncIterableIterator<To> {
  return {
    async next() {
      const { done, value } = await reader.next()
      return done ? { done, value: undefined } : { done: false, value: map(value) }
    },
    async return() {
      await reader.return()
      return { done: true, value: undefined }
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}
