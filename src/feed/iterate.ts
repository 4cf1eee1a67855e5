/**
 * The iterable that a reader is handed: `take` gives what comes next, null at the end. Not a generator, whose `return` would wait for
 * what `next` waits for.
 */
export function iterate(take: () => Promise<object | null>, close: () => void) {
  let last: Promise<unknown> = Promise.resolve()
  const step = () => stepOf(take, close)

  return {
    /** One after the other, as for any iterator; nobody waits for long, since `close` settles all of them. */
    next(): Promise<IteratorResult<object>> {
      const mine = last.then(step, step)
      last = mine
      return mine
    },
    async return(): Promise<IteratorResult<object>> {
      close()
      return { value: undefined, done: true }
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}

/** What comes next, as iterators say it. */
export async function stepOf(take: () => Promise<object | null>, close: () => void): Promise<IteratorResult<object>> {
  try {
    const value = await take()
    return value ? { value, done: false } : { value: undefined, done: true }
  } catch (error) {
    close()
    throw error
  }
}
