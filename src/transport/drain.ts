/** Counts what is in flight, so that a server that stops can wait for it. */
export interface Drain {
  /** Call the answer once when the work is done. */
  begin(): () => void
  /** Resolves when nothing is in flight. */
  idle(): Promise<void>
}

export function createDrain(): Drain {
  let count = 0
  let waiting: (() => void)[] = []

  return {
    begin() {
      count += 1
      let isOver = false
      return () => {
        if (isOver) return
        isOver = true
        count -= 1
        if (count > 0) return
        for (const resolve of waiting) resolve()
        waiting = []
      }
    },
    idle: () => (count === 0 ? Promise.resolve() : new Promise(resolve => waiting.push(resolve))),
  }
}
